"""Numbers behind a verdict: what following an instruction cost, in how many of the sessions in which it mattered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import Any

from hardwon.corpus import Corpus, Member
from hardwon.corpus.commands import Commands
from hardwon.corpus.lineages import day
from hardwon.model import Attempt, Rule
from hardwon.model.trajectory import Value

_FAILS = 0.9


class Price(Value, frozen=True):
    """What happened, as the rest of a sentence; sessions that show it, of those in which it could have happened (0: not counted);
    form: the widest form of command that fails so (`rtk bun …`), where one was looked for."""

    detail: str
    sessions: int
    of: int = 0
    form: str = ""


def wrapper_of(facts: Mapping[str, Any]) -> str:
    """The word in front of a command with which it fails and without which it works (`x` in `x make test`), or ""."""
    failing, working = (str(facts.get(k) or "").rstrip("… ").split() for k in ("failing", "working"))
    removed = {str(x) for x in facts.get("removed") or ()}
    bare = list(dropwhile(removed.__contains__, failing))
    return failing[0] if working and len(bare) < len(failing) and bare[: len(working)] == working else ""


class Counts:
    """Sessions and attempts of a corpus, counted for rules."""

    def __init__(self, corpus: Corpus, commands: Commands) -> None:
        self.corpus, self.commands = corpus, commands

    def sessions_of(self, rule: Rule, since: str = "") -> int:
        """Sessions that support a rule and began on a day or later."""
        return len({m.id for m in self._supporting(rule) if _began(m) >= since})

    def possible(self, rule: Rule, since: str = "") -> int:
        """Sessions of the rule's project, begun on a day or later, in which it mattered: its commands were run; for a wish, any."""
        keys = {str(k) for k in rule.facts.get("keys") or ()}
        if rule.moment.startswith("command:"):
            keys.add(rule.moment.partition(":")[2])
        if not keys:
            members = (m for m in self.corpus.members if m.utterances)
        else:
            members = (m for key in sorted(keys) for m, _, _ in self.commands.by_key.get(key, ()))
        return len(
            {
                self.corpus.main_session(m.id)
                for m in members
                if _began(m) >= since and (not rule.project or m.session.project == rule.project)
            }
        )

    def price(self, rule: Rule) -> Price:
        """What it cost to do what a rule is against."""
        facts = rule.facts
        if facts.get("remedy"):
            return self._without(rule)
        if (place := facts.get("place")) and facts.get("refused"):
            key = (facts.get("keys") or ["it"])[0]
            return Price(f"leaves the shell in `{place}`, where `{key}` does not exist", rule.support)
        if facts.get("hidden"):
            return Price(f"a failure came back without a failing exit code {facts['hidden']} times", rule.support)
        if "wanted" in facts:
            return Price(f"you said “{rule.text.rstrip('.')}”", rule.support)
        if facts.get("failing") and facts.get("failing_total"):
            return self._family(rule) if facts.get("failing") else Price(rule.mark, rule.support)
        return Price(rule.mark, rule.support, self.possible(rule, rule.since))

    def _without(self, rule: Rule) -> Price:
        """A command that fails unless another one was run before it."""
        facts = rule.facts
        possible = self.possible(rule, rule.since)
        if not facts.get("failing_total"):
            return Price(rule.mark, rule.support, possible)
        goal = facts.get("goal") or (facts.get("keys") or ["it"])[0]
        runs = f"{facts.get('failed', 0)} of {facts['failing_total']} runs of `{goal}`"
        # where no goal is named, the analyst counted only failures that the remedy would have spared
        why = "without" if facts.get("goal") else "for want of"
        detail = f"{runs} failed {why} `{facts['remedy']}` before them"
        if facts.get("working_total"):
            detail += f", {facts.get('worked', 0)} of {facts['working_total']} worked after it"
        return Price(detail, rule.support, possible)

    def _family(self, rule: Rule) -> Price:
        """All commands that begin like the failing form and fail like it: `rtk bun run test` → `rtk bun …`."""
        facts = rule.facts
        failing = str(facts["failing"]).rstrip("… ").split()
        removed = {str(x) for x in facts.get("removed") or ()}
        detail = f"{facts['failed']} of {facts['failing_total']} calls of `{' '.join(failing)}` failed"
        least = Price(detail, rule.support, self.possible(rule, rule.since))
        if not wrapper_of(facts):
            return least
        for n in range(2, len(failing) + 1):
            tried = [(m, a) for m, a in self._beginning(failing[:n], rule) if a.outcome in ("ok", "failed") and not a.transient]
            failed = [(m, a) for m, a in tried if a.outcome == "failed"]
            if tried and len(failed) >= _FAILS * len(tried):
                bare = [w for w in failing[:n] if w not in removed]
                sessions = {self.corpus.main_session(m.id) for m, _ in failed}
                others = {self.corpus.main_session(m.id) for m, _ in self._beginning(bare, rule) if _began(m) >= rule.since}
                form = " ".join(failing[:n]) + (" …" if n < len(failing) else "")
                detail = f"{len(failed)} of {len(tried)} calls of `{form}` failed"
                return Price(detail, len(sessions), len(sessions | others), form)
        return least

    def _beginning(self, words: Sequence[str], rule: Rule) -> Iterator[tuple[Member, Attempt]]:
        for key in sorted(self.commands.by_key):
            if words and key.split()[:1] == list(words[:1]):
                for member, attempt, command in self.commands.by_key[key]:
                    same_project = not rule.project or member.session.project == rule.project
                    if same_project and command.text.split()[: len(words)] == list(words):
                        yield member, attempt

    def _supporting(self, rule: Rule) -> Iterator[Member]:
        for session in sorted({self.corpus.main_session(e.session) for e in rule.evidence if e.role == "supports"}):
            if session in self.corpus.by_session:
                yield self.corpus.by_session[session]


def _began(member: Member) -> str:
    return day(member.session.started)
