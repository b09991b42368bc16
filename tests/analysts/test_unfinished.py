"""A last step that has to be asked for is part of the work; a step that is asked for whatever was done is not told by it."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import unfinished
from hardwon.corpus import Corpus


def left(number: int, ask: str = "push") -> Maker:
    maker = Maker(number).say("Add the export", "opening", "start").edit("src/a.py").report()
    maker.say(ask, "closing").run("git push origin HEAD")
    return maker


def done(number: int, then: str = "now the docs") -> Maker:
    maker = Maker(number).say("Add the export", "opening", "start").edit("src/a.py")
    maker.run("git push origin HEAD")
    return maker.report().say(then)


def test_a_step_asked_for_when_left_out_and_never_when_taken() -> None:
    asked = [left(i, t).member() for i, t in enumerate(["push", "please push", "can you push this"])]
    corpus = Corpus([*asked, *(done(i).member() for i in (3, 4, 5))])
    (finding,), _ = unfinished.analyse(corpus)
    assert finding.text == (
        "When a change is finished, offer `git push` in the same turn: the user asked for it after 3 of 3 turns that left it out, "
        "after 0 of 3 that took it unasked."
    )
    assert [e.quote for e in finding.evidence] == ["push", "please push", "can you push this"]


def test_a_step_only_ever_taken_when_asked_for_proves_nothing() -> None:
    findings, rejections = unfinished.analyse(Corpus([left(i).member() for i in range(4)]))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]


def test_two_pieces_of_work_are_too_few() -> None:
    assert unfinished.analyse(Corpus([left(0).member(), left(1).member()])) == ([], [])


def test_a_step_asked_for_as_often_after_it_was_taken_is_no_rule() -> None:
    members = [*(left(i).member() for i in range(3)), *(done(i, "push").member() for i in range(3, 6))]
    findings, rejections = unfinished.analyse(Corpus(members))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]


def test_a_verb_that_no_command_answers_is_no_step() -> None:
    members = [Maker(i).say("x", "opening", "start").edit("a.py").report().say("continue").member() for i in range(4)]
    assert unfinished.analyse(Corpus(members)) == ([], [])
