"""What `mine` has to say: as values for machines, and as a page that a person reads in a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.model import Reference, Rejection, Rule
from hardwon.rules import RuleSet
from hardwon.skills.plan import SkillPlan

SHOWN_REJECTIONS = 12
SHOWN_LEADS = 5


@dataclass(frozen=True)
class MineReport:
    """The outcome of a mining.

    sessions, lineages: how many were read; agents: sessions by agent; since, last: UTC dates; rules by priority; rejected with
    reasons; proposals: plans of skills, not yet written; dropped: quotes that were not found again; skills: after they were
    written, name → (path, state); skipped: sources that could not be read.
    """

    sessions: int
    lineages: int
    agents: dict[str, int]
    projects: tuple[str, ...]
    since: str
    last: str
    rules: tuple[Rule, ...]
    rejected: tuple[Rejection, ...]
    proposals: tuple[SkillPlan, ...]
    dropped: int = 0
    skipped: int = 0
    skills: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, corpus: Corpus, rules: RuleSet, plans: Sequence[SkillPlan], dropped: int) -> MineReport:
        """A report on a corpus. Sub-agents' sessions count with their parents."""
        main = sorted({corpus.main_session(m.id) for m in corpus.members})
        members = [corpus.by_session[s] for s in main]
        times = [t for m in members for t in (m.session.started, m.session.ended) if t is not None]
        return cls(
            sessions=len(main),
            lineages=corpus.lineage_count(main),
            agents=dict(sorted(Counter(m.session.agent for m in members).items())),
            projects=tuple(sorted({m.session.project for m in members if m.session.project})),
            since=day(min(times)) if times else "",
            last=day(max(times)) if times else "",
            rules=rules.rules,
            rejected=rules.rejected,
            proposals=tuple(plans),
            dropped=dropped,
        )

    def to_json(self) -> dict[str, Any]:
        """The stable JSON form (docs/json.md): builtins only."""
        return {
            "sessions": self.sessions,
            "lineages": self.lineages,
            "skipped": self.skipped,
            "rules": [rule_json(r) for r in self.rules],
            "rejected": [
                {"text": r.text, "reason": r.reason, "detail": r.detail, "sessions": list(r.sessions)} for r in self.rejected
            ],
            "skills": [
                {
                    "name": p.name,
                    "path": self.skills.get(p.name, ("", ""))[0],
                    "state": self.skills.get(p.name, ("", "preview"))[1],
                    "rules": [r.id for r in p.rules],
                }
                for p in self.proposals
            ],
            "agents": self.agents,
            "since": self.since,
            "last": self.last,
            "dropped_quotes": self.dropped,
        }

    def page(self) -> list[str]:
        """The report as Markdown lines."""
        return [*self._read(), *self._found(), *self._leads(), *self._rejected()]

    def _read(self) -> list[str]:
        if not self.sessions:
            return ["# No sessions here", "", "Nothing was read. `hardwon doctor` shows where Hardwon looks for sessions."]
        agents = ", ".join(f"{n} {a}" for a, n in self.agents.items())
        where = ", ".join(p.rsplit("/", 1)[-1] for p in self.projects[:4]) or "no project"
        lines = [
            f"# {len(self.rules)} rule{_s(len(self.rules))} from {self.sessions} session{_s(self.sessions)}",
            "",
            f"Read {self.sessions} sessions ({agents}) in {where}, {self.since} to {self.last}: {self.lineages} independent pieces of work.",
        ]
        if self.skipped:
            lines.append(f"{self.skipped} source{_s(self.skipped)} could not be read: see `hardwon doctor`.")
        if self.dropped:
            lines.append(
                f"{self.dropped} quote{_s(self.dropped)} could not be found again and {'were' if self.dropped > 1 else 'was'} dropped."
            )
        return lines

    def _found(self) -> list[str]:
        lines: list[str] = []
        for plan in self.proposals:
            state = self.skills.get(plan.name, ("", "preview"))[1]
            lines += ["", f"## {plan.name} ({state}, {len(plan.rules)} rule{_s(len(plan.rules))})"]
            lines += [f"- {r.text} [{r.mark}] `{r.id}`" for r in plan.rules]
        placed = {r.id for p in self.proposals for r in p.rules}
        single = [r for r in self.rules if r.id not in placed]
        if single:
            lines += [
                "",
                "## Rules without a skill yet (too few to make one)",
                *(f"- {r.text} [{r.mark}] `{r.id}`" for r in single),
            ]
        return lines

    def _leads(self) -> list[str]:
        leads = [r for r in self.rejected if r.reason == "one_off" and r.sessions]
        leads.sort(key=lambda r: (-len(r.sessions), r.text))
        if not leads:
            return []
        shown = [f"- {r.text}" for r in leads[:SHOWN_LEADS]]
        rest = f" ({len(leads)}, the first {SHOWN_LEADS})" if len(leads) > SHOWN_LEADS else ""
        return ["", f"## Seen once{rest}: one more session would make this a rule", *shown]

    def _rejected(self) -> list[str]:
        others = [r for r in self.rejected if r.reason != "one_off"]
        if not others:
            return []
        shown = [f"- {r.text or r.subject} ({r.reason.replace('_', ' ')}: {r.detail})" for r in others[:SHOWN_REJECTIONS]]
        rest = f" ({len(others)}, the first {SHOWN_REJECTIONS})" if len(others) > SHOWN_REJECTIONS else ""
        return ["", f"## Not rules{rest}", *shown]


def rule_json(rule: Rule) -> dict[str, Any]:
    """One rule as the contract has it."""
    keys = "id text kind basis status tier scope condition since last priority support lineages days counter mark standing pattern statistics"
    data = {k: msgspec.to_builtins(getattr(rule, k)) for k in keys.split()}
    return data | {"project": rule.project, "evidence": [reference_json(e) for e in rule.evidence]}


def reference_json(ref: Reference) -> dict[str, Any]:
    """One piece of evidence as the contract has it."""
    return {"kind": ref.kind, "session": ref.session, "step": ref.step, "quote": ref.quote, "role": ref.role, "run": ref.run}


def _s(n: int) -> str:
    return "" if n == 1 else "s"
