"""Rules whose trigger has not been seen lately: they leave the body of a skill and are told as what they are.

A wish grows old, a cause is fixed, a tool is replaced. What has not shown in the last two weeks, though the project went on, is
no advice for every session any more; it stays among the rare cases until it shows again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.model import Rule

DAYS = 14
SESSIONS = 10
NOT_SEEN = "not seen since"


def aged(rules: Iterable[Rule], corpus: Corpus) -> tuple[Rule, ...]:
    """The rules; those last seen more than 14 days and at least 10 sessions of their project ago become rare cases."""
    return tuple(_old(rule) if _is_old(rule, corpus) else rule for rule in rules)


def is_old(rule: Rule) -> bool:
    """Whether `aged` has found a rule to be old."""
    return rule.tier == "edge" and NOT_SEEN in rule.mark


def _old(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, tier="edge", mark=f"{rule.mark}; {NOT_SEEN} {rule.last}")


def _is_old(rule: Rule, corpus: Corpus) -> bool:
    if not rule.last:
        return False
    began = [
        day(m.session.started)
        for m in corpus.members
        if m.session.started is not None
        and m.session.parent not in corpus.by_session
        and (not rule.project or m.session.project == rule.project)
    ]
    newest = max(began, default="")
    later = sum(d > rule.last for d in began)
    return later >= SESSIONS and (date.fromisoformat(newest) - date.fromisoformat(rule.last)).days > DAYS
