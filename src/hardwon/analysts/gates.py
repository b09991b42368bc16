"""*What it notices*: commits or pushes that a hook stopped because of a check that the agent could have run: in two or more
independent pieces of work, with different causes, and hardly ever where that check had passed since the last edit.

*Why it matters*: which checks the hook runs is a fact of this project; agents run the tests, and learn of the type errors when the
commit comes back with a page of output.

*Example*: the hook stops six commits with "error TS2322" while `npm test` was green → Run `npm run typecheck` before `git commit`:
6 of 55 commits without it since the last edit were stopped by type errors, 0 of 29 with it.

*When it is wrong*: what stopped the commit lay in files that another session left there, so that a check would have told no more.
One cause counts once, however many sessions it met; commits that another check stopped say nothing and are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hardwon.corpus import Corpus, Member
from hardwon.corpus.edits import code_edit
from hardwon.corpus.evidence import ordered, reference
from hardwon.model import Attempt, Finding, Rejection, SimpleCommand
from hardwon.model.trajectory import Value
from hardwon.shell.checks import CheckKind, kind_of_key
from hardwon.shell.fixing import is_fixing
from hardwon.shell.programs import check_kind, is_bypassing
from hardwon.signals.failures.search import TOOLS

NAME = "gates"
LEAST = 2
FAILS = 0.05
_GATES = {"commit": "commits", "push": "pushes"}
_FOUND: dict[CheckKind, str] = {
    "types": "type errors",
    "lint": "lint errors",
    "format": "unformatted files",
    "test": "failing tests",
    "build": "build errors",
}
"""Kinds of check, the most particular first, and how what they find is told."""
_KINDS = {tool.name: tool.kinds for tool in TOOLS}


def analyse(corpus: Corpus) -> tuple[list[Finding], list[Rejection]]:
    """Checks to run before a commit or a push.

    Returns:
        findings of kind `error_recovery`; rejections: one cause only, or stopped as often with the check as without.
    """
    findings: list[Finding] = []
    rejections: list[Rejection] = []
    own = _own_commands(corpus)
    passages: dict[tuple[str, str], list[_Passage]] = defaultdict(list)
    for member in corpus.members:
        for passage in _passages(member):
            passages[(member.session.project, passage.gate)].append(passage)
    for (project, gate), group in sorted(passages.items()):
        for kind in _FOUND:
            stopped = [p for p in group if p.kind(own, project) == kind]
            command = own.get((project, kind), "")
            if stopped and command:
                outcome = _judge(corpus, gate, kind, command, [p for p in group if not p.stopped or p in stopped])
                if isinstance(outcome, Finding):
                    findings.append(outcome)
                else:
                    rejections.append(outcome)
    return findings, rejections


class _Passage(Value, frozen=True):
    """One commit or push: what stopped it, if anything, and the kinds of check that had passed since the last edit (or of which
    nobody can tell)."""

    member: Member
    attempt: Attempt
    gate: str
    stopped: tuple[CheckKind, ...]
    passed: frozenset[str]
    unclear: frozenset[str]

    def kind(self, own: dict[tuple[str, CheckKind], str], project: str) -> CheckKind | None:
        """The kind of check that stopped it: where a tool makes several, the first that the project has a command for."""
        return next((k for k in self.stopped if (project, k) in own), None)


def _passages(member: Member) -> Iterator[_Passage]:
    """The commits and pushes of a session that a hook let through or stopped by a check."""
    passed: set[str] = set()
    unclear: set[str] = set()
    for event in member.events:
        if code_edit(event):
            passed, unclear = set(), set()
        if not isinstance(event, Attempt) or event.command is None:
            continue
        if check := check_kind(event.command):
            (passed.add if event.outcome == "ok" else passed.discard)(check)
            (unclear.add if event.outcome == "unknown" else unclear.discard)(check)
        gate = _gate(event.command)
        stopped = _stopped_by(event) if event.outcome == "failed" else ()
        if gate and not event.transient and (event.outcome == "ok" or stopped):
            yield _Passage(member, event, gate, stopped, frozenset(passed), frozenset(unclear))


def _gate(command: SimpleCommand) -> str:
    """`commit` or `push`, behind any wrapper, where hooks run."""
    words = command.key.split()
    if is_bypassing(command) or "--dry-run" in command.flags or "git" not in words[:-1]:
        return ""
    return words[-1] if words[-1] in _GATES else ""


def _stopped_by(attempt: Attempt) -> tuple[CheckKind, ...]:
    """The kinds of check that speak in the output of a failed commit: by the tool whose line tells most, or by the name of the
    hook. A line that names nothing proves nothing."""
    named = [d.name for d in attempt.diagnostics if d.kind in ("rule", "test", "path")]
    tool = attempt.fingerprint.tool if attempt.fingerprint else ""
    if tool == "pre-commit":
        kinds = {kind for name in named if (kind := kind_of_key(name.lower()))}
        return tuple(k for k in _FOUND if k in kinds)
    return tuple(k for k in _FOUND if named and k in _KINDS.get(tool, ()))


def _own_commands(corpus: Corpus) -> dict[tuple[str, CheckKind], str]:
    """(project, kind) → the command that ran this check in most sessions; one that only looks before one that mends."""
    used: dict[tuple[str, CheckKind], dict[tuple[bool, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for member in corpus.members:
        for attempt in member.attempts:
            command = attempt.command
            kind = check_kind(command) if command and attempt.outcome == "ok" else None
            if command and kind:
                used[(member.session.project, kind)][(is_fixing(command), command.key)].add(member.id)
    return {
        name: min(forms, key=lambda f: (f[0], -len(forms[f]), len(f[1]), f[1]))[1]
        for name, forms in used.items()
    }  # fmt: skip


def _judge(corpus: Corpus, gate: str, kind: CheckKind, command: str, group: list[_Passage]) -> Finding | Rejection:
    known = [p for p in group if kind not in p.unclear]
    fresh, stale = [p for p in known if kind in p.passed], [p for p in known if kind not in p.passed]
    bad, against = [p for p in stale if p.stopped], [p for p in fresh if p.stopped]
    sessions = tuple(sorted({p.member.id for p in bad}))
    subject = f"gate:{gate}:{command}"
    contrast = f", {len(against)} of {len(fresh)} with it" if fresh else ""
    price = f"{len(bad)} of {len(stale)} {_GATES[gate]} without it since the last edit were stopped by {_FOUND[kind]}"
    text = f"Run `{command}` before `git {gate}`: {price}{contrast}."
    if corpus.lineage_count(sessions) < LEAST or len({p.attempt.message for p in bad}) < LEAST:
        return Rejection(text, "one_off", "one cause, or one piece of work", subject, sessions)
    if len(bad) < FAILS * len(stale) or len(against) * len(stale) >= len(bad) * len(fresh) > 0:
        return Rejection(text, "unproven", "stopped as often with it, or hardly ever without it", subject, sessions)
    refs = [reference(corpus, p.member, p.attempt) for p in bad]
    refs += [reference(corpus, p.member, p.attempt, role="counters") for p in against]
    return Finding(
        analyst=NAME,
        kind="error_recovery",
        subject=subject,
        text=text,
        evidence=ordered(refs),
        moment=f"command:git {gate}",
        facts={
            "shape": "remedy" if fresh else "",
            "remedy": command,
            "failed": len(bad),
            "failing_total": len(stale),
            "worked": len(fresh) - len(against),
            "working_total": len(fresh),
            "keys": [f"git {gate}"],
        },
        priority=2.0 * corpus.lineage_count(sessions),
    )
