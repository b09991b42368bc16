from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.text.words import FORM_WORDS, clauses, content_stems, edit_distance, repair, stem, words


def test_paths_flags_and_names_stay_whole() -> None:
    assert words("Run `pnpm test:unit -- --watch` in src/app/a.ts, don't use .env; see #12") == [
        "run", "pnpm", "test:unit", "--watch", "in", "src/app/a.ts", "don't", "use", ".env", "see", "#12",
    ]  # fmt: skip


FAMILIES = [
    "commit commits committed committing",
    "test tests tested testing",
    "fix fixes fixed fixing",
    "run runs running",
    "change changes changed changing",
    "push pushes pushed pushing",
    "update updates updated updating",
    "delete deletes deleted deleting deletion",
    "try tries tried trying",
    "merge merges merged merging",
    "file files",
    "class classes",
]


@pytest.mark.parametrize("family", FAMILIES)
def test_forms_of_one_word_share_a_stem(family: str) -> None:
    assert len({stem(word) for word in family.split()}) == 1


def test_stems_of_other_words_differ() -> None:
    assert len({stem(word) for word in "test text commit comment push pull need status speed file fill".split()}) == 11


def test_content_is_what_remains_without_form_words() -> None:
    assert (
        content_stems("Can you please commit the changes?") == content_stems("commit changes") == {stem("commit"), stem("change")}
    )
    assert all(word == word.lower() for word in FORM_WORDS)


def slow_distance(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    best = min(slow_distance(a[1:], b) + 1, slow_distance(a, b[1:]) + 1, slow_distance(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0]:
        best = min(best, slow_distance(a[2:], b[2:]) + 1)
    return best


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 5))
def test_distance_like_its_definition(a: str, b: str, limit: int) -> None:
    assert edit_distance(a, b, limit) == min(slow_distance(a, b), limit + 1)


def test_repair() -> None:
    known = {"commit", "subagents", "test", "tests", "form", "from"}
    assert repair("comit", known) == "commit"
    assert repair("sibagents", known) == "subagents"
    assert repair("fomr", known) == "form"
    assert repair("tests", known) == "tests"
    assert repair("cat", {"cut"}) == "cat"
    assert repair("a-b-c", {"a-b-d"}) == "a-b-c"


def test_clauses() -> None:
    text = "Yes, and fix it up in the right commit. Then push; don't forget the changelog\n- add tests\n1. run lint, then commit"
    assert clauses(text) == [
        "Yes", "and fix it up in the right commit.", "Then push", "don't forget the changelog", "add tests", "run lint", "then commit",
    ]  # fmt: skip
    assert clauses("edit src/a.ts, e.g. in v1.2") == ["edit src/a.ts, e.g.", "in v1.2"]
    assert clauses(" ;\n") == []


@given(st.text())
def test_any_text(text: str) -> None:
    assert all(word and stem(word) for word in words(text))
    assert all(clause.strip() for clause in clauses(text))
    content_stems(text)
