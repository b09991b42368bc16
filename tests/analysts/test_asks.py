"""What is asked for again and again becomes an instruction in the user's words."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import asks
from hardwon.corpus import Corpus


def said(*texts: str) -> Corpus:
    return Corpus(Maker(i).report().say(t).edit("NOTES.md").member() for i, t in enumerate(texts))


def test_other_words_each_time_and_one_finding() -> None:
    corpus = said(
        "please add a release note to the newsletter draft",
        "Thanks! Also put a note into the newsletter draft",
        "make the button blue",
        "can you add a line to the newsletter draft please",
    )
    findings, _ = asks.analyse(corpus)
    (finding,) = findings
    assert {e.session for e in finding.evidence} == {"claude:0000", "claude:0001", "claude:0003"}
    assert "newsletter draft" in finding.text
    assert "please" not in finding.text.lower()


def test_generic_verbs_found_no_rule() -> None:
    findings, rejections = asks.analyse(
        said("commit", "commit the changes", "please commit", "run the tests", "run tests", "run all tests")
    )
    assert not findings
    assert all(r.reason == "generic" for r in rejections)


def test_several_rounds_in_one_piece_of_work_are_one_wish() -> None:
    maker = Maker(1)
    for text in ("add it to the newsletter draft", "put that into the newsletter draft", "update the newsletter draft"):
        maker.report().say(text)
    assert asks.analyse(Corpus([maker.member()]))[0] == []


def test_order_of_sessions_does_not_matter() -> None:
    texts = ["add it to the newsletter draft", "update the newsletter draft with this", "put it in the newsletter draft"]
    members = [Maker(i).report().say(t).member() for i, t in enumerate(texts)]
    assert asks.analyse(Corpus(members)) == asks.analyse(Corpus(reversed(members)))
