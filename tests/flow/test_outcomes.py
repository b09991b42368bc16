"""Outcomes: labels before rewards before what the events speak for."""

from __future__ import annotations

import random

import msgspec
import pytest

from hardwon.flow.outcomes import infer, outcome
from hardwon.model import Interruption, Report, Session, Utterance, Verification
from hardwon.model.outcomes import Label

SESSION = Session("claude:one", "claude", "one", "/s/one.jsonl", status="completed")


def at(type, ordinal, **fields):
    return type(id=f"e{ordinal}", step=f"s{ordinal}", ordinal=ordinal, **fields)


def says(ordinal, kind, before="report"):
    return at(Utterance, ordinal, text="words", kind=kind, before=before)


def check(ordinal, outcome, check="test"):
    return at(Verification, ordinal, check=check, key=check, outcome=outcome)


OPENING = says(0, "opening", "start")
DONE = at(Report, 5, text="done", done=True)


@pytest.mark.parametrize(
    ("events", "value"),
    [
        ([OPENING], "unknown"),
        ([OPENING, DONE], "unknown"),
        ([OPENING, check(3, "ok"), DONE], "good"),
        ([OPENING, check(3, "failed"), DONE], "bad"),
        ([OPENING, check(2, "failed"), check(3, "ok"), DONE], "good"),
        ([OPENING, check(2, "failed"), check(3, "ok", "lint"), DONE], "bad"),
        ([OPENING, check(2, "failed"), check(3, "unknown"), DONE], "bad"),
        ([OPENING, check(3, "ok"), DONE, says(6, "correction")], "bad"),
        ([OPENING, DONE, says(6, "correction"), says(8, "approval")], "good"),
        ([OPENING, DONE, says(6, "closing")], "good"),
        ([OPENING, check(3, "ok"), at(Interruption, 4)], "bad"),
        ([OPENING, at(Interruption, 2), check(3, "ok"), DONE], "good"),
        ([OPENING, msgspec.structs.replace(check(3, "failed"), sidechain=True)], "unknown"),
    ],
)
def test_what_the_events_speak_for(events, value):
    made = infer(SESSION, events)
    assert (made.value, made.origin) == (value, "inferred")
    assert made.reason and (made.confidence == 0 if value == "unknown" else 0 < made.confidence < 1)


def test_a_correction_that_was_followed_by_a_report_is_trusted_less():
    plain = infer(SESSION, [OPENING, DONE, says(6, "correction")])
    mended = infer(SESSION, [OPENING, DONE, says(6, "correction"), at(Report, 9, done=True)])
    assert mended.value == plain.value == "bad" and mended.confidence < plain.confidence


@pytest.mark.parametrize(("status", "value"), [("running", "unknown"), ("interrupted", "bad"), ("abandoned", "bad")])
def test_the_status_counts(status, value):
    session = msgspec.structs.replace(SESSION, status=status)
    assert infer(session, [OPENING]).value == value


def test_the_order_in_which_events_are_given_changes_nothing():
    events = [OPENING, check(2, "failed"), check(3, "ok"), DONE, says(6, "correction"), at(Report, 9, done=True)]
    expected = infer(SESSION, events)
    for seed in range(20):
        assert infer(SESSION, random.Random(seed).sample(events, len(events))) == expected


def test_a_label_is_put_before_what_is_inferred():
    events = [OPENING, check(3, "failed"), DONE]
    made = outcome(SESSION, events, Label("claude:one", "good", "looks right"))
    assert (made.value, made.reason, made.origin, made.confidence) == ("good", "looks right", "human", 1.0)
    assert outcome(SESSION, events, Label("claude:one", "good", origin="reward")).origin == "reward"
    assert outcome(SESSION, events).value == "bad"
