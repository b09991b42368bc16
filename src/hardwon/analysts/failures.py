"""*What it notices*: a command that fails the same way in two or more independent pieces of work, and what made the same
goal succeed each time, with no edit of source in between: another form of it, a command before it, a clean-up, another place, another tool.

*Why it matters*: then the command was wrong, not the code, and the next session can start with what works.

*Example*: `scripts/test.sh` fails with "MODE is not set" and `MODE=ci scripts/test.sh` works, in six sessions →
Run `MODE=ci scripts/test.sh`, not `scripts/test.sh`: it fails with "…".

*When it is wrong*: a command that fails now and then for reasons of its own looks remedied by whatever came next. So the failing form
must fail more often than not, the working form must mostly work, and a remedy must have reached its goal when it was tried.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from hardwon.analysts.evidence import ordered, reference
from hardwon.corpus import Corpus, Member
from hardwon.corpus.commands import Commands, Form, masked_tokens, scope_of, shortest_common
from hardwon.model import Attempt, Finding, Reference, Rejection, SimpleCommand
from hardwon.model.events import Recovery
from hardwon.model.trajectory import Value
from hardwon.shell.parse import parse
from hardwon.shell.programs import is_destructive, is_probe
from hardwon.text.masks import mask

NAME = "failures"
LEAST = 2
FAILS = 0.5
WORKS = 0.6


class Case(Value, frozen=True):
    """A recovery with the two attempts it joins."""

    session: str
    scope: str
    recovery: Recovery
    failed: Attempt
    worked: Attempt


def analyse(corpus: Corpus) -> tuple[list[Finding], list[Rejection]]:
    """Failures with a remedy that returned.

    Returns:
        findings of kind `error_recovery`, and rejections: one-offs, and remedies that do not hold up.
    """
    commands = Commands(corpus)
    cases = list(_cases(corpus))
    findings: list[Finding] = []
    rejections: list[Rejection] = []
    groups = [
        *_by_difference([c for c in cases if not _by_remedy(c)]),
        *_by_remedies(corpus, [c for c in cases if _by_remedy(c)]),
    ]
    for remedy, group in groups:
        outcome = _remedied(corpus, commands, remedy, group) if remedy else _changed(corpus, commands, group)
        (findings if isinstance(outcome, Finding) else rejections).append(outcome)  # type: ignore[arg-type]
    return findings, rejections


def _cases(corpus: Corpus) -> Iterable[Case]:
    for member in corpus.members:
        for recovery in member.recoveries:
            failed, worked = member.by_id.get(recovery.failed), member.by_id.get(recovery.worked)
            if not isinstance(failed, Attempt) or not isinstance(worked, Attempt) or recovery.edits_between:
                continue
            if failed.command and worked.command and not failed.transient and not failed.harness_error:
                yield Case(member.id, scope_of(member, worked.command), recovery, failed, worked)


def _by_remedy(case: Case) -> bool:
    return case.recovery.shape in ("remedy", "clean_up")


def _by_difference(cases: list[Case]) -> list[tuple[str, list[Case]]]:
    """Cases with the same difference, joined where also the key or the fingerprint is the same (union–find)."""
    parent = list(range(len(cases)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[tuple[object, ...], int] = {}
    for i, case in enumerate(cases):
        r = case.recovery
        base = (r.shape, case.scope, masked_tokens(r.removed), masked_tokens(r.added))
        for anchor in (("key", r.failed_key, r.worked_key), ("fingerprint", r.fingerprint)):
            if anchor[1]:
                j = first.setdefault((*base, *anchor), i)
                low, high = sorted((find(i), find(j)))
                parent[high] = low
    groups: dict[int, list[Case]] = defaultdict(list)
    for i, case in enumerate(cases):
        groups[find(i)].append(case)
    return [("", g) for _, g in sorted(groups.items())]


def _by_remedies(corpus: Corpus, cases: list[Case]) -> list[tuple[str, list[Case]]]:
    """Cases of one command with one command in between; each case goes to the in-between command with the widest reach."""
    goal: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        goal[(case.scope, case.recovery.worked_key)].append(case)
    result: list[tuple[str, list[Case]]] = []
    for _, group in sorted(goal.items()):
        rest = group
        while rest:
            reach: dict[str, set[str]] = defaultdict(set)
            for case in rest:
                for key in _remedy_keys(case):
                    reach[key].add(corpus.lineage.get(case.session, case.session))
            if not reach:
                break
            best = min(reach, key=lambda k: (-len(reach[k]), k))
            result.append((best, [c for c in rest if best in _remedy_keys(c)]))
            rest = [c for c in rest if best not in _remedy_keys(c)]
    return result


def _between(case: Case) -> list[SimpleCommand]:
    return [c for text in case.recovery.between for c in parse(text) if not is_probe(c)]


def _remedy_keys(case: Case) -> list[str]:
    """Keys of what may be the remedy. For a destructive command or one told by its operand, the operand counts too."""
    return list(dict.fromkeys(mask(c.text)[0] if is_destructive(c) else _told(c) for c in _between(case)))


def _told(command: SimpleCommand) -> str:
    """A remedy's identity: its key, and the first operand where the key is a bare program (`scripts/worker stop`)."""
    return command.key if " " in command.key or not command.operands else f"{command.key} {mask(command.operands[0])[0]}"


def _changed(corpus: Corpus, commands: Commands, cases: list[Case]) -> Finding | Rejection:
    """Another form, place or tool: does the first form fail more often than not, and the second mostly work?"""
    r = cases[0].recovery
    bad = {Form(c.recovery.failed_key, c.scope, frozenset(c.recovery.removed), frozenset(c.recovery.added)) for c in cases}
    good = {Form(c.recovery.worked_key, c.scope, frozenset(c.recovery.added), frozenset(c.recovery.removed)) for c in cases}
    failing, working = commands.tally(bad), commands.tally(good)
    f_text = shortest_common(c.failed.command.text for c in cases if c.failed.command)
    w_text = shortest_common(c.worked.command.text for c in cases if c.worked.command)
    symptom = _symptom(cases)
    sessions = sorted({c.session for c in cases} | (failing.sessions_failed if _telling(r) else set()))
    text = _instead(r.shape, w_text, f_text, symptom)
    subject = f"{r.shape}:{'|'.join(masked_tokens(r.removed))}>{'|'.join(masked_tokens(r.added))}:{min(f.key for f in bad)}"
    facts = {
        "shape": r.shape,
        "failing": f_text,
        "working": w_text,
        "removed": r.removed,
        "added": r.added,
        "failed": failing.failed,
        "failing_total": failing.total,
        "worked": working.ok,
        "working_total": working.total,
        "keys": sorted({f.key for f in bad}),
    }
    problem = _problem(corpus, [c.session for c in cases], failing.failure_rate, working.failure_rate, same=w_text == f_text)
    if problem:
        return Rejection(text, problem[0], problem[1], subject, tuple(sessions))  # type: ignore[arg-type]
    return Finding(
        analyst=NAME,
        kind="error_recovery",
        subject=subject,
        text=text,
        evidence=_evidence(corpus, commands, cases, bad, sessions),
        moment=_moment(cases),
        symptom=symptom,
        facts=facts,
        priority=_cost(corpus, cases),
    )


def _remedied(corpus: Corpus, commands: Commands, remedy: str, cases: list[Case]) -> Finding | Rejection:
    """A command in between: was the goal reached after it, and is it the right one?"""
    key, scope = cases[0].recovery.worked_key, cases[0].scope
    with_it, without = _contrast(commands, Form(key, scope), remedy)
    remedies = [c for case in cases for c in _between(case) if remedy in (_told(c), mask(c.text)[0])]
    r_text = shortest_common(c.text for c in remedies)
    k_text = shortest_common(c.worked.command.text for c in cases if c.worked.command)
    symptom = _symptom(cases)
    destructive = _destructive(remedies)
    text = _before(r_text, k_text, symptom, destructive)
    subject = f"remedy:{remedy}>{key}"
    sessions = sorted({c.session for c in cases})
    facts = {
        "shape": cases[0].recovery.shape,
        "remedy": r_text,
        "goal": k_text,
        "failed": without[1],
        "failing_total": sum(without),
        "worked": with_it[0],
        "working_total": sum(with_it),
        "keys": [key],
    }
    after, before = _rate(with_it), _rate(without)
    problem = _problem(corpus, sessions, max(before, FAILS if len(cases) > 2 else 0), after, same=False)
    if not problem and after >= before > 0:
        problem = (
            "unproven",
            f"fails as often after it ({with_it[1]} of {sum(with_it)}) as without it ({without[1]} of {sum(without)})",
        )
    if problem:
        return Rejection(text, problem[0], problem[1], subject, tuple(sessions))  # type: ignore[arg-type]
    return Finding(
        analyst=NAME,
        kind="error_recovery",
        subject=subject,
        text=text,
        evidence=_evidence(corpus, commands, cases, set(), sessions),
        moment=_moment(cases),
        symptom=symptom,
        facts=facts,
        priority=_cost(corpus, cases),
    )


def _problem(corpus: Corpus, sessions: Iterable[str], fails: float, breaks: float, *, same: bool) -> tuple[str, str] | None:
    """The gate that a group fails, with the reason; None if it holds."""
    reach = corpus.lineage_count(set(sessions))
    if reach < LEAST:
        return "one_off", "seen in one piece of work"
    if same:
        return "transient", "the same command worked when it was run again"
    if fails < FAILS:
        return "unproven", f"the first form fails only {fails:.0%} of the time"
    if breaks > 1 - WORKS:
        return "unproven", f"the other form fails {breaks:.0%} of the time"
    return None


def _contrast(commands: Commands, goal: Form, remedy: str) -> tuple[list[int], list[int]]:
    """[ok, failed] attempts of the goal with the remedy run since the last attempt of it, and without."""
    counts = {True: [0, 0], False: [0, 0]}
    by_session: dict[str, list[tuple[Member, Attempt]]] = defaultdict(list)
    for member, attempt, _ in commands.of([goal]):
        by_session[member.id].append((member, attempt))
    for attempts in by_session.values():
        member = attempts[0][0]
        last = -1
        for _, attempt in attempts:
            if attempt.outcome in ("ok", "failed"):
                ran = any(
                    a.command
                    and last < a.ordinal <= attempt.ordinal
                    and a.id != attempt.id
                    and a.outcome == "ok"
                    and remedy in (_told(a.command), mask(a.command.text)[0])
                    for a in member.attempts
                )
                counts[ran][attempt.outcome == "failed"] += 1
            last = attempt.ordinal
    return counts[True], counts[False]


def _rate(pair: list[int]) -> float:
    return pair[1] / sum(pair) if sum(pair) else 0.0


def _symptom(cases: list[Case]) -> str:
    """The shortest line among the most frequent kind of failure line, verbatim."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        line = case.recovery.message or case.failed.message
        if line:
            kinds[mask(line)[0]].append(line)
    if not kinds:
        return ""
    group = min(kinds.values(), key=lambda g: (-len(g), min(g)))
    return min(group, key=lambda x: (len(x), x))


def _telling(recovery: Recovery) -> bool:
    """Whether the failing form is told by what it has or lacks, so that other failures of it are evidence too."""
    return bool(recovery.removed or recovery.added)


def _evidence(
    corpus: Corpus, commands: Commands, cases: list[Case], forms: set[Form], sessions: list[str]
) -> tuple[Reference, ...]:
    refs: list[Reference] = []
    for case in cases:
        member = corpus.by_session[case.session]
        refs.append(reference(corpus, member, case.failed))
        if case.worked.command:
            refs.append(reference(corpus, member, case.worked, quote=case.worked.command.text[:200]))
    covered = {c.session for c in cases}
    for member, attempt, _ in commands.of(forms):
        if member.id in sessions and member.id not in covered and attempt.outcome == "failed":
            covered.add(member.id)
            refs.append(reference(corpus, member, attempt))
    return ordered(refs)


def _moment(cases: list[Case]) -> str:
    keys = Counter(c.recovery.worked_key for c in cases)
    return "command:" + min(keys, key=lambda k: (-keys[k], k))


def _cost(corpus: Corpus, cases: list[Case]) -> float:
    """Lineages times the calls that a failure cost in the middle."""
    calls = sorted(c.recovery.calls for c in cases)
    return corpus.lineage_count({c.session for c in cases}) * float(max(1, calls[len(calls) // 2]))


def _destructive(commands: Iterable[SimpleCommand | None]) -> bool:
    return any(c is not None and is_destructive(c) for c in commands)


def _instead(shape: str, works: str, fails: str, symptom: str) -> str:
    why = f': it fails with "{symptom}"' if symptom else ": it fails"
    return f"Run `{works}`, not `{fails}`{why}." if fails != works else f"Run `{works}` again{why} at times."


def _before(remedy: str, goal: str, symptom: str, destructive: bool) -> str:
    if destructive:
        why = f' with "{symptom}"' if symptom else ""
        return f"When `{goal}` fails{why}, ask before you run `{remedy}`; then repeat it."
    why = f': otherwise it fails with "{symptom}"' if symptom else ""
    return f"Run `{remedy}` before `{goal}`{why}."
