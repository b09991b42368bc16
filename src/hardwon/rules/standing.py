"""What stands already, joined with what happened: instructions against the rules that sessions prove, and against the commands run.

Five relations, in the order of what a person should do first:

* `causes`: the instruction teaches the form that fails. A skill cannot outvote a file that is always loaded: fix the file.
* `contradicted`: what it says never worked, or the user asked for the opposite since.
* `broken`: it says what the rule says, or forbids something, and was not followed all the same in these sessions.
* `stale`: the command or file that it names is gone.
* `followed`: it is kept; a rule that says the same has nothing to gain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec

from hardwon.corpus import Corpus
from hardwon.corpus.commands import Commands
from hardwon.formats.instructions import demands
from hardwon.model import Rejection, Rule, Standing
from hardwon.model.rules import Scope
from hardwon.model.trajectory import Value
from hardwon.rules.audit import Audit
from hardwon.rules.claims import contains, enters, spans
from hardwon.rules.counts import Counts, wrapper_of
from hardwon.rules.edits import proposed, removal
from hardwon.text.standing import in_plugin, is_skill
from hardwon.text.words import content_stems

Relation = Literal["causes", "contradicted", "broken", "stale", "followed"]
ORDER: dict[Relation, int] = {"causes": 0, "contradicted": 1, "broken": 2, "stale": 3, "followed": 4}
_KEPT = 3
"""Sessions in which a rule could have been broken, and was not, before its instruction counts as followed."""


class Verdict(Value, frozen=True):
    """One instruction against what happened.

    sessions: that show it; of: sessions in which it mattered (0: not counted). since: UTC date they were counted from, or "".
    lines: further lines of the file that say the same. rule: id of the rule that it was held against ("" for a command or file that
    was looked up directly). detail: what happened, as the rest of a sentence. edit: a unified diff, or "".
    """

    relation: Relation
    path: str
    line: int
    text: str
    sessions: int
    of: int = 0
    since: str = ""
    detail: str = ""
    rule: str = ""
    edit: str = ""
    lines: tuple[int, ...] = ()
    scope: Scope = "project"
    project: str = ""
    agent: str = ""
    source: str = "disk"


class Weighed(Value, frozen=True):
    """Rules with `standing` set where an instruction speaks of them; those given up because one says it and is followed; verdicts,
    the most pressing first."""

    rules: tuple[Rule, ...]
    rejected: tuple[Rejection, ...]
    verdicts: tuple[Verdict, ...]


def weigh(
    rules: Iterable[Rule], standing: Sequence[Standing], corpus: Corpus, missing: Callable[[str, str], bool] | None = None
) -> Weighed:
    """Hold every rule against every instruction, and every instruction against the commands that were run.

    Args:
        missing: whether a path is gone from a project's folder (project, path); None where no folder can be looked at.
    """
    commands = Commands(corpus)
    counts = Counts(corpus, commands)
    kept: list[Rule] = []
    given_up: list[Rejection] = []
    verdicts: list[Verdict] = []
    for rule in rules:
        found = _of_rule(rule, [s for s in standing if _speaks_to(s, rule)], counts)
        if found and found[0].relation == "followed":
            sessions = tuple(sorted({e.session for e in rule.evidence if e.role == "supports"}))
            given_up.append(
                Rejection(rule.text, "standing", f"{_address(found[0])} says it {found[0].detail}", rule.subject, sessions)
            )
        else:
            kept.append(msgspec.structs.replace(rule, standing=_summary(found[0])) if found else rule)
        verdicts += found
    known = {(v.path, v.project, line) for v in verdicts for line in (v.line, *v.lines)}
    audit = Audit(corpus, commands, missing)
    for instruction in standing:
        if (instruction.path, instruction.project, instruction.line) not in known and (outcome := audit.of(instruction)):
            edit = removal(instruction) if outcome.relation in ("contradicted", "stale") and not is_skill(instruction.path) else ""
            verdicts.append(_verdict(instruction, outcome.relation, outcome.sessions, detail=outcome.detail, edit=edit))
    return Weighed(tuple(kept), tuple(given_up), _strongest(verdicts))


def judge(rules: Iterable[Rule], standing: Sequence[Standing], corpus: Corpus) -> list[Verdict]:
    """The verdicts alone."""
    return list(weigh(rules, standing, corpus).verdicts)


def _speaks_to(instruction: Standing, rule: Rule) -> bool:
    return not instruction.project or not rule.project or instruction.project == rule.project


def _of_rule(rule: Rule, standing: Sequence[Standing], counts: Counts) -> list[Verdict]:
    """One verdict for each file that teaches what the rule is against; where none does, one for the instruction that says what the
    rule says."""
    against: dict[str, list[tuple[Relation, Standing]]] = {}
    agreeing: list[Standing] = []
    for instruction in standing:
        relation = _relation(rule, instruction)
        if relation in ("causes", "contradicted"):
            against.setdefault(instruction.path, []).append((relation, instruction))
        elif relation == "broken" and not in_plugin(instruction.path):
            agreeing.append(instruction)
    if agreeing and rule.facts.get("remedy"):
        # a file that puts the remedy before the goal does not teach the goal alone
        against = {path: rows for path, rows in against.items() if path not in {a.path for a in agreeing}}
    if against:
        found = [_teaching(rule, rows, counts) for rows in against.values()]
        return sorted(found, key=lambda v: (is_skill(v.path), v.project == "", v.path))
    return [_agreeing(rule, min(agreeing, key=_rank), counts)] if agreeing else []


def _rank(instruction: Standing) -> tuple[bool, bool, str, int]:
    """The instruction to show, of several that say the same: a demand in a file that is always loaded comes first."""
    return (is_skill(instruction.path), not demands(instruction), instruction.path, instruction.line)


def _teaching(rule: Rule, rows: Sequence[tuple[Relation, Standing]], counts: Counts) -> Verdict:
    relation = min((r for r, _ in rows), key=ORDER.__getitem__)
    ordered = sorted((s for r, s in rows if r == relation), key=lambda s: (not _names_form(rule, s), _rank(s)))
    price = counts.price(rule)
    edits = [(s, "" if in_plugin(s.path) else proposed(rule, s, price.form)) for s in ordered]
    first, edit = next((pair for pair in edits if pair[1]), edits[0])
    lines = tuple(sorted({s.line for s in ordered if s.line and s.line != first.line}))
    return _verdict(
        first, relation, price.sessions, of=price.of, since=rule.since, detail=price.detail, rule=rule.id, edit=edit, lines=lines
    )


def _names_form(rule: Rule, instruction: Standing) -> bool:
    """Whether an instruction that a wrapper goes before every command names the wrapper, or a command the failing form itself."""
    removed = [str(x) for x in rule.facts.get("removed") or ()]
    wanted = [s.text for s in spans(instruction) if s.wanted]
    return len(removed) != 1 or any(w in removed for w in wanted) or any(" " in w for w in wanted)


def _agreeing(rule: Rule, instruction: Standing, counts: Counts) -> Verdict:
    since = instruction.since
    broken = counts.sessions_of(rule, since)
    possible = counts.possible(rule, since)
    if not broken and possible >= _KEPT:
        detail = f"since {since}, and it was kept in {possible} of {possible} sessions" if since else "already"
        return _verdict(instruction, "followed", possible, of=possible, since=since, detail=detail, rule=rule.id)
    what = "you had to say so" if rule.kind in ("repeated_ask", "correction") else "not followed"
    if not broken:
        return _verdict(instruction, "broken", 0, of=possible, since=since, detail=f"written {since}, no session yet", rule=rule.id)
    return _verdict(instruction, "broken", broken, of=max(possible, broken), since=since, detail=what, rule=rule.id)


def _relation(rule: Rule, instruction: Standing) -> Relation | None:
    facts = rule.facts
    if "wanted" in facts:
        return _direction(str(facts["wanted"]), str(facts["unwanted"]), instruction)
    if (place := str(facts.get("place") or "")) and facts.get("refused"):
        return "causes" if enters(instruction) == place else None
    if facts.get("remedy"):
        return _remedy(facts, instruction)
    if facts.get("failing"):
        return _variant(facts, instruction)
    if facts.get("hidden"):
        return "causes" if _runs(instruction, facts.get("keys") or ()) else None
    stems = frozenset(facts.get("stems") or ())
    if len(stems) >= 2 and demands(instruction) and stems <= content_stems(instruction.text):
        return "broken"
    return None


def _runs(instruction: Standing, keys: Iterable[Any], having: Iterable[str] = ()) -> bool:
    wanted = {str(k) for k in keys}
    needed = list(having)
    for span in spans(instruction):
        words = span.text.split()
        if span.wanted and all(w in words for w in needed) and any(c.key in wanted for c in span.commands):
            return True
    return False


def _remedy(facts: dict[str, Any], instruction: Standing) -> Relation | None:
    remedy = str(facts["remedy"]).rstrip("… ").split()
    named = [s.text.split() for s in spans(instruction) if s.wanted]
    if any(contains(words, remedy) for words in named):
        return "broken" if demands(instruction) else None
    # a destructive remedy is nothing that a file should have taught
    return "causes" if _runs(instruction, facts.get("keys") or ()) and not facts.get("destructive") else None


def _variant(facts: dict[str, Any], instruction: Standing) -> Relation | None:
    failing, working = (str(facts.get(x) or "").rstrip("… ").split() for x in ("failing", "working"))
    removed, added = ([str(x) for x in facts.get(k) or ()] for k in ("removed", "added"))
    code = spans(instruction)
    wrapper = wrapper_of(facts) != ""
    if wrapper and demands(instruction) and any(s.wanted and s.text == failing[0] for s in code):
        return "causes"
    if removed and _runs(instruction, facts.get("keys") or (), [r for r in removed if r not in facts.get("keys", ())]):
        return "causes"
    forbids = any(not s.wanted and (contains(failing, s.text.split()) or s.text in removed) for s in code)
    says = any(s.wanted and contains(s.text.split(), working) and set(added) <= set(s.text.split()) for s in code)
    if forbids or (says and demands(instruction) and (added or wrapper) and len(working) > 1):
        return "broken"
    return None


def _direction(wanted: str, unwanted: str, instruction: Standing) -> Relation | None:
    words = {w.strip("`'\".,:;()*").lower() for w in instruction.text.split()}
    code = spans(instruction)
    uses = {w.lower() for s in code if s.wanted for w in s.text.split()}
    forbidden = {w.lower() for s in code if not s.wanted for w in s.text.split()}
    if unwanted.lower() in forbidden or (wanted.lower() in words and unwanted.lower() in words):
        return "broken"
    if wanted.lower() in words:
        return "broken" if demands(instruction) else None
    return "contradicted" if unwanted.lower() in uses else None


def _verdict(instruction: Standing, relation: Relation, sessions: int, **fields: Any) -> Verdict:
    text = f"{instruction.context} {instruction.text}" if instruction.context.endswith(":") else instruction.text
    return Verdict(
        relation,
        instruction.path,
        instruction.line,
        text,
        sessions,
        scope=instruction.scope,
        project=instruction.project,
        agent=instruction.agent,
        source=instruction.source,
        **{"since": instruction.since, **fields},
    )


def _summary(verdict: Verdict) -> dict[str, Any]:
    keys = ("path", "line", "text", "relation", "sessions", "since", "detail")
    return {k: getattr(verdict, k) for k in keys}


def _address(verdict: Verdict) -> str:
    return f"{verdict.path}:{verdict.line}" if verdict.line else verdict.path


def _strongest(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """For one instruction and relation only the strongest, the most pressing first."""
    best: dict[tuple[str, str, int, str, str], Verdict] = {}
    for verdict in verdicts:
        key = (verdict.path, verdict.project, verdict.line, verdict.text, verdict.relation)
        if key not in best or best[key].sessions < verdict.sessions:
            best[key] = verdict
    return tuple(sorted(best.values(), key=lambda v: (ORDER[v.relation], is_skill(v.path), -v.sessions, v.path, v.line)))
