"""Sessions that are one piece of work have one vote, in whatever order they come."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from hardwon.corpus.lineages import Trace, lineages

HOUR = 3_600_000


def groups(traces: list[Trace]) -> set[tuple[str, ...]]:
    return {x.sessions for x in lineages(traces)}


def test_sessions_with_nothing_in_common_stay_apart() -> None:
    assert groups([Trace("a"), Trace("b")]) == {("a",), ("b",)}


def test_a_sub_agent_and_a_fork_join_their_origin() -> None:
    assert groups([Trace("a"), Trace("b", related=["a"]), Trace("c", related=["b"])]) == {("a", "b", "c")}


def test_an_origin_that_is_not_there_joins_nothing() -> None:
    assert groups([Trace("a", related=["gone"]), Trace("b", related=["gone"])]) == {("a",), ("b",)}


def test_copied_records_join() -> None:
    assert groups([Trace("a", records=[1, 2]), Trace("b", records=[2, 3]), Trace("c", records=[4])]) == {("a", "b"), ("c",)}


def test_aborted_twins_join_only_near_in_time_and_in_one_project() -> None:
    text = "Add a flag that prints the version"
    twins = [Trace(n, started=at, project=p, opening=text) for n, at, p in [("a", 0, "p"), ("b", 60_000, "p"), ("c", 0, "q")]]
    assert groups([*twins, Trace("d", started=HOUR, project="p", opening=text)]) == {("a", "b"), ("c",), ("d",)}


def test_sessions_spawned_with_one_long_prompt_join_within_hours() -> None:
    text = "Review the change below for defects. " * 10
    assert groups([Trace("a", started=0, opening=text), Trace("b", started=2 * HOUR, opening=text)]) == {("a", "b")}


def test_short_openings_do_not_join() -> None:
    assert groups([Trace("a", started=0, opening="run tests"), Trace("b", started=1000, opening="run tests")]) == {("a",), ("b",)}


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(st.integers(0, 12), max_size=3)), max_size=12), st.integers(0, 99))
def test_order_does_not_matter(shape: list[tuple[int, list[int]]], seed: int) -> None:
    traces = [Trace(f"s{i}", started=at * 60_000, opening="the same few words", records=r) for i, (at, r) in enumerate(shape)]
    mixed = traces.copy()
    random.Random(seed).shuffle(mixed)
    assert lineages(mixed) == lineages(traces)
