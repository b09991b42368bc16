"""A failure with a remedy that returns is a finding; what recovers by chance, or once, is not."""

from __future__ import annotations

from hardwon.analysts import failures
from hardwon.corpus import Corpus
from tests.making import Maker

REFUSED = "refused: MODE is not set"


def variant(number: int, **fields: object) -> Maker:
    maker = Maker(number)
    bad = maker.run("scripts/check.sh", REFUSED)
    good = maker.run("MODE=ci scripts/check.sh")
    return maker.recover(bad, good, "variant", added=("MODE=ci",), **fields)


def test_a_variant_in_two_sessions_becomes_a_sentence_with_command_and_symptom() -> None:
    findings, _ = failures.analyse(Corpus([variant(1).member(), variant(2).member()]))
    (finding,) = findings
    assert finding.text == f'Run `MODE=ci scripts/check.sh`, not `scripts/check.sh`: it fails with "{REFUSED}".'
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002"}
    assert finding.facts["failed"] == 2
    assert finding.facts["worked"] == 2


def test_another_session_in_which_only_the_failing_form_was_tried_is_evidence_too() -> None:
    alone = Maker(3)
    alone.run("scripts/check.sh", REFUSED)
    (finding,), _ = failures.analyse(Corpus([variant(1).member(), variant(2).member(), alone.member()]))
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002", "claude:0003"}


def test_a_project_script_of_the_same_name_in_another_project_is_another_command() -> None:
    other = Maker(2, project="/srv/work/other")
    bad = other.run("scripts/check.sh", REFUSED)
    other.recover(bad, other.run("MODE=ci scripts/check.sh"), "variant", added=("MODE=ci",))
    findings, rejections = failures.analyse(Corpus([variant(1).member(), other.member()]))
    assert not findings
    assert {r.reason for r in rejections} == {"one_off"}


def test_edits_in_between_make_it_ordinary_work() -> None:
    assert failures.analyse(Corpus([variant(1, edits_between=1).member(), variant(2, edits_between=2).member()])) == ([], [])


def test_a_form_that_mostly_works_is_not_wrong() -> None:
    lucky = []
    for n in range(3, 8):
        maker = Maker(n)
        maker.run("scripts/check.sh")
        lucky.append(maker.member())
    findings, rejections = failures.analyse(Corpus([variant(1).member(), variant(2).member(), *lucky]))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]


def remedied(number: int, then: str = "tools/service stop", extra: str = "") -> Maker:
    maker = Maker(number)
    bad = maker.run("tools/migrate.sh", "could not lock the table")
    for line in filter(None, (extra, then)):
        maker.run(line)
    good = maker.run("tools/migrate.sh")
    return maker.recover(bad, good, "remedy", between=tuple(filter(None, (extra, then))))


def test_a_remedy_is_what_all_have_in_common_and_reads_as_an_order() -> None:
    members = [remedied(1, extra="make deps").member(), remedied(2).member(), remedied(3, extra="tools/warm up").member()]
    findings, _ = failures.analyse(Corpus(members))
    assert findings[0].text == (
        'Run `tools/service stop` before `tools/migrate.sh`: otherwise it fails with "could not lock the table".'
    )
    assert {e.session for e in findings[0].evidence} == {"claude:0001", "claude:0002", "claude:0003"}


def test_a_destructive_remedy_asks_first() -> None:
    members = [remedied(n, then="rm -rf build/leftovers").member() for n in (1, 2)]
    (finding,), _ = failures.analyse(Corpus(members))
    assert "ask before you run `rm -rf build/leftovers`" in finding.text
