"""Recoveries of all sessions, joined with their attempts: the material of the analysts that read failures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from hardwon.corpus.commands import Commands, Form, scope_of
from hardwon.corpus.evidence import ordered, reference
from hardwon.corpus.view import Corpus
from hardwon.model import Attempt, Recovery, Reference
from hardwon.model.trajectory import Value
from hardwon.text.masks import mask


class Case(Value, frozen=True):
    """A recovery with no source edit in between, and the two attempts it joins. scope: its project, for a command bound to one."""

    session: str
    project: str
    scope: str
    recovery: Recovery
    failed: Attempt
    worked: Attempt


def cases(corpus: Corpus) -> Iterator[Case]:
    """All recoveries that say something about a command, in order of sessions: no edits between, not transient, not the harness."""
    for member in corpus.members:
        for recovery in member.recoveries:
            failed, worked = member.by_id.get(recovery.failed), member.by_id.get(recovery.worked)
            if not isinstance(failed, Attempt) or not isinstance(worked, Attempt) or recovery.edits_between:
                continue
            if failed.command and worked.command and not failed.transient and not failed.harness_error:
                yield Case(member.id, member.session.project, scope_of(member, worked.command), recovery, failed, worked)


def symptom(group: Iterable[Case]) -> tuple[str, int]:
    """The shortest line of the most frequent kind of failure line, verbatim, and in how many cases that kind stands."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for case in group:
        line = case.recovery.message or case.failed.message
        if line:
            kinds[mask(line)[0]].append(line)
    if not kinds:
        return "", 0
    lines = min(kinds.values(), key=lambda g: (-len(g), min(g)))
    return min(lines, key=lambda x: (len(x), x)), len(lines)


def moment(group: Sequence[Case]) -> str:
    """The command at which a group matters: the most frequent one that worked."""
    keys = Counter(c.recovery.worked_key for c in group)
    return "command:" + min(keys, key=lambda k: (-keys[k], k))


def cost(corpus: Corpus, group: Sequence[Case]) -> float:
    """Independent pieces of work, times the calls that the failure cost in the middle."""
    calls = sorted(c.recovery.calls for c in group)
    return corpus.lineage_count({c.session for c in group}) * float(max(1, calls[len(calls) // 2]))


def evidence(
    corpus: Corpus, commands: Commands, group: Iterable[Case], forms: Iterable[Form] = (), sessions: Iterable[str] = ()
) -> tuple[Reference, ...]:
    """For each case the failure's line and the command that worked; for each further session a failure of one of the forms."""
    refs: list[Reference] = []
    covered: set[str] = set()
    for case in group:
        member = corpus.by_session[case.session]
        covered.add(case.session)
        refs.append(reference(corpus, member, case.failed))
        if case.worked.command:
            refs.append(reference(corpus, member, case.worked, quote=case.worked.command.text.splitlines()[0][:200]))
    wanted = set(sessions)
    for member, attempt, _ in commands.of(forms):
        if member.id in wanted and member.id not in covered and attempt.outcome == "failed":
            covered.add(member.id)
            refs.append(reference(corpus, member, attempt))
    return ordered(refs)
