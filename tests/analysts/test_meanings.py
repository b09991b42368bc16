"""What a request means here: a rare command that follows its verb, and that the verb does not name."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import meanings
from hardwon.corpus import Corpus


def merged(number: int, *lines: str, ask: str = "merge it") -> Maker:
    maker = Maker(number).say("Add the export", "opening", "start").edit("src/a.py")
    for n in range(4):
        maker.say(f"now part {n}").edit("src/a.py")
    maker.report().say(ask, "closing")
    for line in lines:
        maker.run(line)
    return maker


def test_a_command_that_follows_the_verb_and_hardly_anything_else() -> None:
    members = [*(merged(i, "tracker close 3").member() for i in range(3)), merged(3).member()]
    (finding,), _ = meanings.analyse(Corpus(members))
    assert finding.text == (
        "When the user asks to merge, run `tracker close` as well: it followed 3 of 4 such requests, and 12% of all turns."
    )
    assert {e.session for e in finding.evidence} == {"claude:0000", "claude:0001", "claude:0002"}


def test_the_verbs_own_command_git_and_checks_say_nothing() -> None:
    lines = ("git push", "tools/merge.sh", "npm test")
    assert meanings.analyse(Corpus(merged(i, *lines).member() for i in range(3))) == ([], [])


def test_what_is_done_each_time_unasked_is_nothing_to_gain() -> None:
    assert meanings.analyse(Corpus(merged(i, "tracker close 3").member() for i in range(4))) == ([], [])


def test_a_verb_said_as_often_without_it_means_nothing_more() -> None:
    members = [*(merged(i, "tracker close 3").member() for i in range(3)), *(merged(i).member() for i in range(3, 7))]
    assert meanings.analyse(Corpus(members)) == ([], [])
