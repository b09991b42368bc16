"""What stands already, joined with what happened: instruction files against the rules that sessions prove.

Four relations, in the order of what a person should do first:

* `causes`: the instruction teaches the form that fails. A skill cannot outvote a file that is always loaded: fix the file.
* `contradicted`: the instruction says the opposite of what the user asked for since.
* `broken`: the instruction says what the rule says, and was not followed all the same in these sessions.
* `stale`: the instruction names a command that failed every time it was run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from hardwon.corpus import Corpus
from hardwon.corpus.commands import Commands, Form
from hardwon.model import Rule, SimpleCommand, Standing
from hardwon.model.trajectory import Value
from hardwon.shell.parse import parse
from hardwon.text.words import content_stems

Relation = Literal["causes", "contradicted", "broken", "stale"]
_CODE = re.compile(r"`([^`\n]{2,200})`")
_NEGATED = re.compile(r"\b(?:never|don'?t|do not|avoid|not|instead of|rather than|no longer)\b", re.IGNORECASE)
_ORDER: dict[Relation, int] = {"causes": 0, "contradicted": 1, "broken": 2, "stale": 3}
_LEAST_STALE = 3


class Verdict(Value, frozen=True):
    """One instruction against one rule: relation, how many sessions show it, and the edit that would mend it (may be "")."""

    relation: Relation
    path: str
    line: int
    text: str
    sessions: int
    rule: str = ""
    detail: str = ""
    edit: str = ""


def judge(rules: Iterable[Rule], standing: Sequence[Standing], corpus: Corpus) -> list[Verdict]:
    """All verdicts, the most pressing first; for one instruction and relation only the strongest."""
    found: dict[tuple[str, str, Relation], Verdict] = {}
    for rule in rules:
        for instruction in standing:
            verdict = _against(rule, instruction)
            if verdict is not None:
                key = (verdict.path, verdict.text, verdict.relation)
                if key not in found or found[key].sessions < verdict.sessions:
                    found[key] = verdict
    commands = Commands(corpus)
    for instruction in standing:
        stale = _stale(instruction, commands)
        if stale is not None and not any(k[1] == instruction.text for k in found):
            found[(stale.path, stale.text, "stale")] = stale
    return sorted(found.values(), key=lambda v: (_ORDER[v.relation], -v.sessions, v.path, v.line))


def _against(rule: Rule, instruction: Standing) -> Verdict | None:
    facts = rule.facts
    relation: Relation | None = None
    if rule.kind == "error_recovery":
        relation = _command_relation(facts, instruction)
    elif "wanted" in facts:
        relation = _direction_relation(str(facts["wanted"]), str(facts["unwanted"]), instruction.text)
    elif facts.get("stems") and set(facts["stems"]) <= content_stems(instruction.text):
        relation = "broken"
    if relation is None:
        return None
    edit = _edit(rule, instruction) if relation in ("causes", "contradicted") else ""
    return Verdict(relation, instruction.path, instruction.line, instruction.text, rule.support, rule.id, rule.mark, edit)


def spans(text: str) -> list[str]:
    """What an instruction puts into code: its commands and names."""
    return [s.strip() for s in _CODE.findall(text)]


def _command_relation(facts: dict[str, object], instruction: Standing) -> Relation | None:
    code = spans(instruction.text)
    if not code:
        return None
    commands = [c for s in code for c in parse(s)]
    negated = bool(_NEGATED.search(instruction.text))
    removed = [str(x) for x in facts.get("removed", ()) or ()]  # type: ignore[attr-defined]
    working = str(facts.get("working") or facts.get("remedy") or "")
    failing = str(facts.get("failing") or "")
    if working and any(working.rstrip("… ") in s for s in code):
        return "broken"
    if not negated and (any(s in removed for s in code) or (failing and any(_same(c, failing) for c in commands))):
        return "causes"
    return None


def _same(command: SimpleCommand, text: str) -> bool:
    other = parse(text.rstrip("… "))
    return bool(other) and command.key == other[-1].key and set(other[-1].flags) <= set(command.flags)


def _direction_relation(wanted: str, unwanted: str, text: str) -> Relation | None:
    words = {w.strip("`'\".,:;()").lower() for w in text.split()}
    if wanted.lower() in words:
        return "broken"
    return "contradicted" if unwanted.lower() in words and not _NEGATED.search(text) else None


def _stale(instruction: Standing, commands: Commands) -> Verdict | None:
    """A command of the instruction that was run in several sessions and never worked."""
    for span in spans(instruction.text):
        for command in parse(span):
            tally = commands.tally([Form(command.key, "", frozenset(command.flags))])
            if tally.ok == 0 and len(tally.sessions_failed) >= _LEAST_STALE and " " in command.key:
                detail = f"`{command.key}` failed in {len(tally.sessions_failed)} sessions, {tally.failed} of {tally.total} times"
                return Verdict(
                    "stale", instruction.path, instruction.line, instruction.text, len(tally.sessions_failed), "", detail
                )
    return None


def _edit(rule: Rule, instruction: Standing) -> str:
    """The proposed edit as a unified diff of one line: the instruction, and what the rule says after it."""
    return f"@@ {instruction.path}:{instruction.line} @@\n-{instruction.text}\n+{instruction.text} Exception: {rule.text}"
