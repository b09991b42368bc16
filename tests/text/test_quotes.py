from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hardwon.text.quotes import find_quote, keyed_hash, shorten


def test_only_white_space_may_differ() -> None:
    text = "He said:\n  run   pnpm\n\ttest, not npm."
    span = find_quote("run pnpm test", text)
    assert span is not None
    assert text[slice(*span)] == "run   pnpm\n\ttest"
    assert find_quote("Run pnpm test", text) is None
    assert find_quote("run pnpm  tests", text) is None
    assert find_quote(" ", text) is None
    assert find_quote("", text) is None


@given(st.text(), st.text(min_size=1), st.text())
def test_what_is_there_is_found(before: str, quote: str, after: str) -> None:
    span = find_quote(quote, before + quote + after)
    assert (span is None) == (not quote.strip())
    if span:
        assert (before + quote + after)[slice(*span)].split() == quote.split()


@given(st.text(), st.integers(0, 40))
def test_shortened_to_one_line_within_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert len(short.splitlines()) <= 1
    whole = " ".join(text.split())
    assert short == whole or short.endswith("…") or limit == 0


def test_cut_at_a_word() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("one\n two", 12) == "one two"
    assert shorten("abcdefghijkl", 5) == "abcd…"


def test_the_hash_depends_on_key_and_text() -> None:
    assert keyed_hash(b"k", "x") == keyed_hash(b"k", "x")
    assert len({keyed_hash(b"k", "x"), keyed_hash(b"l", "x"), keyed_hash(b"k", "y")}) == 3
    assert keyed_hash(b"k" * 200, "\ud800")
