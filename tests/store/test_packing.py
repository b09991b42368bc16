"""Values into bytes and back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.making import step, trajectory, utterances

from hardwon.model import Session, Step, Trajectory
from hardwon.store import packing


@settings(max_examples=30)
@given(st.lists(st.text(), max_size=400))
def test_a_trajectory_comes_back_as_it_was(texts):
    whole = trajectory(*texts)
    pieces = packing.pack_pieces(whole.steps)
    assert packing.unpack_trajectory(packing.pack_head(whole), [p for _, p in pieces]) == whole


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_grown_trajectory_has_the_pieces_of_a_whole_one(before, after):
    before, after = sorted((before, after))
    steps = [step(i, f"text {i}") for i in range(after)]
    old, new = dict(packing.pack_pieces(steps[:before])), dict(packing.pack_pieces(steps, before))
    assert old | new == dict(packing.pack_pieces(steps))


def test_events_come_back_as_they_were():
    events = utterances(trajectory("one", "two"))
    assert packing.unpack_events(packing.pack_events(events)) == events


def test_a_session_comes_back_as_it_was():
    session = Session("codex:1", "codex", "1", "f", title="é", started=5, cost=0.25, ours=True)
    assert packing.unpack_session(packing.pack_session(session)) == session


def test_records_are_hashed_alike_in_every_session_and_short_ids_are_not():
    one = packing.pack_records([step(0, "a"), step(1, "b")])
    other = packing.pack_records([step(1, "b"), step(2, "c")])
    assert len(set(packing.unpack_records(one)) & set(packing.unpack_records(other))) == 1
    assert packing.unpack_records(packing.pack_records([Step("17", 0, "user")])) == ()


def test_a_trajectory_without_steps_has_no_pieces():
    whole = Trajectory(Session("a:b", "a", "b", "f"))
    assert packing.pack_pieces(whole.steps) == []
    assert packing.unpack_trajectory(packing.pack_head(whole), []) == whole
