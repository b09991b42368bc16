"""What an instruction wants and what it forbids, by the words around its code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.model import Standing
from hardwon.rules.claims import contains, enters, spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Use `pnpm test`, never `npm test`", {"pnpm test": True, "npm test": False}),
        ("Never use `a b`; use `c d` instead", {"a b": False, "c d": True}),
        ("Use `x` instead of `y`.", {"x": True, "y": False}),
        ("Instead of `y`, use `x`", {"y": False, "x": True}),
        ("Don't run `npm`, run `pnpm`", {"npm": False, "pnpm": True}),
        ("Do **not** run `foo` or `bar`", {"foo": False, "bar": False}),
        ("Never commit without running `make check`", {"make check": True}),
        ("Always use `make all`. Never use `make some` directly.", {"make all": True, "make some": False}),
    ],
)
def test_wanted_and_forbidden(text: str, expected: dict[str, bool]) -> None:
    assert {s.text: s.wanted for s in spans(Standing("X.md", 1, text))} == expected


def test_a_condition_after_code_limits_it() -> None:
    assert [s.conditional for s in spans(Standing("X.md", 1, "Never run `git push` unless asked"))] == [True]
    assert [s.conditional for s in spans(Standing("X.md", 1, "Never run `git push`"))] == [False]


def test_what_is_shown_as_wrong_is_not_wanted_and_placeholders_are_open() -> None:
    (span,) = spans(Standing("X.md", 1, "`make <target>`", against=True))
    assert (span.wanted, span.open) == (False, True)


def test_a_folder_that_a_command_goes_into_and_stays_in() -> None:
    assert enters(Standing("X.md", 1, "`cd web && make css`")) == "web"
    assert enters(Standing("X.md", 1, "`(cd web && make css)`")) == ""


def test_one_list_of_words_in_another() -> None:
    assert contains(["a", "b", "c"], ["b", "c"]) and not contains(["a", "b", "c"], ["a", "c"]) and not contains(["a"], [])


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    for span in spans(Standing("X.md", 1, text)):
        assert isinstance(span.wanted, bool) and span.commands is not None
