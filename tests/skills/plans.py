"""Small rules and plans for the tests of this room and of deliver."""

from __future__ import annotations

from hardwon.model import Reference, Rule
from hardwon.skills.plan import SkillPlan


def make_rule(id: str, text: str = "", sessions: int = 3, **more) -> Rule:
    evidence = tuple(
        Reference("step", f"claude:{id}-{n}", f"step-{n}", f"quote {n} of {id}", time=1763000000000) for n in range(sessions)
    )
    given = {
        "kind": "error_recovery", "support": sessions, "lineages": sessions, "days": 2, "since": "2026-11-01", "last": "2026-11-20",
        "mark": f"{sessions} sessions, since 2026-11-01", "evidence": evidence,
    }  # fmt: skip
    return Rule(id=id, text=text or f"Run `make {id}`, not `{id}`.", **{**given, **more})


def make_plan(*rules: Rule, name: str = "check-changes", **more) -> SkillPlan:
    given = {
        "title": "Check changes", "trigger": 'Checks here: tests and lint. Use when the user says "run the tests".',
        "project": "/work/acme", "summary": "",
    }  # fmt: skip
    return SkillPlan(name=name, rules=rules or (make_rule("r1"), make_rule("r2")), **{**given, **more})
