"""Rules whose trigger is long gone become rare cases."""

from __future__ import annotations

from tests.making import DAY, START, Maker

from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.model import Rule
from hardwon.rules.age import aged, is_old


def rule(last: int) -> Rule:
    return Rule("r-1", "x", "knowledge", (), project="/srv/work/shop", last=day(START + last * DAY), mark="3 sessions")


def corpus(*days: int, project: str = "/srv/work/shop") -> Corpus:
    return Corpus(Maker(n, project=project).member() for n in days)


def test_not_seen_for_two_weeks_and_ten_sessions() -> None:
    (old,) = aged([rule(0)], corpus(0, *range(10, 20)))
    assert (old.tier, is_old(old)) == ("edge", True)
    assert old.mark.endswith(f"not seen since {day(START)}")


def test_few_sessions_or_few_days_or_another_project_make_nothing_old() -> None:
    for sessions in (corpus(0, *range(15, 24)), corpus(*range(14)), corpus(0, *range(10, 20), project="/srv/work/other")):
        assert aged([rule(0)], sessions) == (rule(0),)
