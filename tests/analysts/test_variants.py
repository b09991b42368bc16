"""A form that fails and a form that works, in several sessions, is a finding; what recovers by chance, or once, is not."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import variants
from hardwon.corpus import Corpus

REFUSED = "refused: MODE is not set"


def variant(number: int, **fields: object) -> Maker:
    maker = Maker(number)
    bad = maker.run("scripts/check.sh", REFUSED)
    good = maker.run("MODE=ci scripts/check.sh")
    return maker.recover(bad, good, "variant", added=("MODE=ci",), **fields)


def test_a_variant_in_two_sessions_becomes_a_sentence_with_command_and_symptom() -> None:
    findings, _ = variants.analyse(Corpus([variant(1).member(), variant(2).member()]))
    (finding,) = findings
    assert finding.text == f'Run `MODE=ci scripts/check.sh`, not `scripts/check.sh`: it fails with "{REFUSED}".'
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002"}
    assert finding.facts["failed"] == 2
    assert finding.facts["worked"] == 2


def test_another_session_in_which_only_the_failing_form_was_tried_is_evidence_too() -> None:
    alone = Maker(3)
    alone.run("scripts/check.sh", REFUSED)
    (finding,), _ = variants.analyse(Corpus([variant(1).member(), variant(2).member(), alone.member()]))
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002", "claude:0003"}


def test_a_project_script_of_the_same_name_in_another_project_is_another_command() -> None:
    other = Maker(2, project="/srv/work/other")
    bad = other.run("scripts/check.sh", REFUSED)
    other.recover(bad, other.run("MODE=ci scripts/check.sh"), "variant", added=("MODE=ci",))
    findings, rejections = variants.analyse(Corpus([variant(1).member(), other.member()]))
    assert not findings
    assert {r.reason for r in rejections} == {"one_off"}


def test_edits_in_between_make_it_ordinary_work() -> None:
    assert variants.analyse(Corpus([variant(1, edits_between=1).member(), variant(2, edits_between=2).member()])) == ([], [])


def test_a_form_that_mostly_works_is_not_wrong() -> None:
    lucky = []
    for n in range(3, 8):
        maker = Maker(n)
        maker.run("scripts/check.sh")
        lucky.append(maker.member())
    findings, rejections = variants.analyse(Corpus([variant(1).member(), variant(2).member(), *lucky]))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]
