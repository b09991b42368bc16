"""What a program refuses twice is a fact of this machine; what it mostly takes is not."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import usage
from hardwon.corpus import Corpus
from hardwon.model import Diagnostic

UNKNOWN = "Error: unknown flag: --short"
NAMED = (Diagnostic("usage", "--short"),)


def refused(number: int, line: str = "tracker list --short", name: str = "--short") -> Maker:
    maker = Maker(number)
    maker.run(line, f"Error: unknown flag: {name}", diagnostics=(Diagnostic("usage", name),))
    return maker


def test_the_same_name_refused_in_two_sessions() -> None:
    findings, _ = usage.analyse(Corpus([refused(1).member(), refused(2).member()]))
    assert findings[0].text == f'`tracker list` here has no `--short`: the answer is "{UNKNOWN}".'


def test_once_is_a_lead() -> None:
    findings, rejections = usage.analyse(Corpus([refused(1).member()]))
    assert not findings
    assert [r.reason for r in rejections] == ["one_off"]


def test_what_it_took_since_is_not_refused() -> None:
    working = Maker(3)
    for _ in range(3):
        working.run("tracker list --short")
    findings, rejections = usage.analyse(Corpus([refused(1).member(), refused(2).member(), working.member()]))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]


def test_a_name_that_the_command_does_not_have_is_somebody_elses() -> None:
    members = [refused(i, "tracker list", "--short").member() for i in (1, 2)]
    assert usage.analyse(Corpus(members)) == ([], [])


def test_several_names_of_one_strange_program_make_one_rule() -> None:
    lines = [("tracker add --branch x", "--branch"), ("tracker run --base y", "--base"), ("tracker send -q z", "-q")]
    (finding,), _ = usage.analyse(Corpus([refused(i, *pair).member() for i, pair in enumerate(lines)]))
    assert finding.text.startswith("`tracker` is not what you expect: it refused `tracker add … --branch`")
    assert {e.session for e in finding.evidence} == {"claude:0000", "claude:0001", "claude:0002"}
