"""A check that fails and passes with nothing changed, in several pieces of work, comes and goes."""

from __future__ import annotations

import pytest
from tests.making import Maker

from hardwon.analysts import flaky
from hardwon.corpus import Corpus
from hardwon.model import Diagnostic


def rerun(number: int, between: tuple[str, ...] = (), test: str = "syncs in time") -> Maker:
    maker = Maker(number)
    bad = maker.run("npm test", f"1) {test}", diagnostics=(Diagnostic("test", test),))
    return maker.recover(bad, maker.run("npm test"), "variant", between=between)


def test_the_same_test_in_two_sessions() -> None:
    (finding,), _ = flaky.analyse(Corpus([rerun(1).member(), rerun(2, ("git status",)).member()]))
    assert (
        finding.text == 'A lone failure of "syncs in time" in `npm test` comes and goes: run it again before you look for a cause.'
    )


@pytest.mark.parametrize(("second", "reason"), [(rerun(2, test="other"), "one_off"), (rerun(2, ("npm install",)), "one_off")])
def test_another_test_or_a_remedy_in_between_is_no_flake(second: Maker, reason: str) -> None:
    findings, rejections = flaky.analyse(Corpus([rerun(1).member(), second.member()]))
    assert not findings
    assert {r.reason for r in rejections} == {reason}
