"""The tables of failure lines, and the search for them in outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from hardwon.signals.failures.places import MAX_PLACES, Texts
from hardwon.signals.failures.search import HEAD, TAIL, hits, window

LINES = YAML(typ="safe").load(Path(__file__).with_name("lines.yaml"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["line"][:50]) for case in LINES])
def test_line_is_known(case: dict[str, Any]) -> None:
    found = [hit for hit in hits(f"some words before\n{case['line']}\nand behind\n") if hit.line == case["line"]]
    assert case["tool"] in {hit.tool.name for hit in found}
    first = next(hit for hit in found if hit.tool.name == case["tool"])
    assert {d.kind: d.name for d in first.diagnostics} == case["names"]


def test_a_rule_is_found_by_the_line_behind_it() -> None:
    found = hits("F401 [*] `os` imported but unused\n --> app/a.py:1:8\n")
    assert [d.name for hit in found if hit.tool.name == "ruff" for d in hit.diagnostics] == ["F401"]


@pytest.mark.parametrize(
    "line", ["41 passed in 2.03s", "0 errors, 0 warnings", "ok  \tshop/cart\t0.1s", "Found 0 errors.", "the rest is fine"]
)
def test_green_lines_prove_nothing(line: str) -> None:
    assert not any(hit.form.proves for hit in hits(line))


def test_colours_and_carriage_returns_do_not_hide_a_line() -> None:
    assert any(hit.tool.name == "go test" for hit in hits(window("\x1b[31m--- FAIL: TestTotal (0.00s)\x1b[0m\r\nFAIL\r\n")))


def test_only_the_ends_of_a_long_output_are_looked_at() -> None:
    text = "x\n" * HEAD + "--- FAIL: TestMiddle (0.00s)\n" + "x\n" * TAIL + "--- FAIL: TestEnd (0.00s)\n"
    assert [d.name for hit in hits(window(text)) for d in hit.diagnostics] == ["TestEnd"]


@given(st.lists(st.sampled_from(["error: ", "aa", "a", "\n", "✗ ", "ü", "fail"]), max_size=80).map("".join))
def test_fast_and_plain_search_agree(output: str) -> None:
    texts = ["error: ", "aa", "\nerror: ", "✗", "fail", "error"]
    assert Texts(texts).places(output) == Texts(texts, fast=False).places(output)


def test_places_are_kept_from_both_ends() -> None:
    places = Texts(["ab"]).places("ab" * 1000)["ab"]
    assert (places[0], places[-1], len(places)) == (0, 1998, 2 * MAX_PLACES)


@given(st.text(max_size=400))
def test_any_text_can_be_searched(text: str) -> None:
    for hit in hits(window(text)):
        assert hit.line in window(text)
