"""A command that makes another one work is a finding; what merely came in between is not."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import remedies
from hardwon.corpus import Corpus


def remedied(number: int, then: str = "tools/service stop", extra: str = "") -> Maker:
    maker = Maker(number)
    bad = maker.run("tools/migrate.sh", "could not lock the table")
    for line in filter(None, (extra, then)):
        maker.run(line)
    good = maker.run("tools/migrate.sh")
    return maker.recover(bad, good, "remedy", between=tuple(filter(None, (extra, then))))


def test_a_remedy_is_what_all_have_in_common_and_reads_as_an_order() -> None:
    members = [remedied(1, extra="make deps").member(), remedied(2).member(), remedied(3, extra="tools/warm up").member()]
    findings, _ = remedies.analyse(Corpus(members))
    assert findings[0].text == (
        'Run `tools/service stop` before `tools/migrate.sh`: otherwise it fails with "could not lock the table".'
    )
    assert {e.session for e in findings[0].evidence} == {"claude:0001", "claude:0002", "claude:0003"}


def test_a_destructive_remedy_asks_first() -> None:
    members = [remedied(n, then="rm -rf build/leftovers").member() for n in (1, 2)]
    (finding,), _ = remedies.analyse(Corpus(members))
    assert "ask before you run `rm -rf build/leftovers`" in finding.text
