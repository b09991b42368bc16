"""Which sessions are one piece of work, and so have one vote.

A lineage is a projection, never a stored column: the same sessions give the same lineages in whatever order they were scanned.
Five things join two sessions:

* a sub-agent and its parent;
* a fork or resume and what it came from, by the agent's own word (`forked_from`);
* records of the same id in both (copies made by a fork, a resume or a snapshot);
* aborted twins: the same first words within ten minutes in one project;
* sessions spawned with one long prompt (reviewers, fan-outs): the same opening of 200 characters or more within six hours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from hardwon.corpus.groups import Groups
from hardwon.model import Lineage

TWIN_MS = 10 * 60_000
SPAWN_MS = 6 * 3_600_000
SPAWN_CHARS = 200
TWIN_CHARS = 12


class Trace:
    """What lineages need to know of one session: ids it points to, hashes of its records, its opening and its times."""

    __slots__ = ("days", "opening", "project", "records", "related", "session", "started")

    def __init__(
        self,
        session: str,
        *,
        started: int | None = None,
        project: str = "",
        related: Iterable[str] = (),
        records: Iterable[int] = (),
        opening: str = "",
        days: Iterable[str] = (),
    ) -> None:
        self.session, self.started, self.project = session, started, project
        self.related, self.records, self.opening, self.days = tuple(related), tuple(records), opening, tuple(days)


def day(time: int | None) -> str:
    """The UTC date (YYYY-MM-DD) of an epoch time in ms, or "" where there is none."""
    return datetime.fromtimestamp(time / 1000, UTC).date().isoformat() if time is not None else ""


def _join_related(groups: Groups[str], traces: Sequence[Trace]) -> None:
    for trace in traces:
        for other in trace.related:
            groups.join(trace.session, other, "related")


def _join_copies(groups: Groups[str], traces: Sequence[Trace]) -> None:
    first: dict[int, str] = {}
    for trace in traces:
        for record in trace.records:
            seen = first.setdefault(record, trace.session)
            if seen != trace.session:
                groups.join(seen, trace.session, "copied records")


def _join_twins(groups: Groups[str], traces: Sequence[Trace]) -> None:
    by_opening: dict[tuple[str, str], list[Trace]] = {}
    for trace in traces:
        text = " ".join(trace.opening.lower().split())
        if len(text) >= TWIN_CHARS and trace.started is not None:
            by_opening.setdefault((trace.project, text), []).append(trace)
    for (_, text), group in sorted(by_opening.items()):
        group.sort(key=lambda t: (t.started or 0, t.session))
        reach = SPAWN_MS if len(text) >= SPAWN_CHARS else TWIN_MS
        for before, after in pairwise(group):
            if (after.started or 0) - (before.started or 0) <= reach:
                groups.join(before.session, after.session, "same opening")


def lineages(traces: Sequence[Trace]) -> tuple[Lineage, ...]:
    """Group sessions into lineages.

    Args:
        traces: one per session, in any order.

    Returns:
        Lineages sorted by id; every session stands in exactly one. The id is a hash of the smallest session id in it.
    """
    ordered = sorted(traces, key=lambda t: t.session)
    groups = Groups(t.session for t in ordered)
    _join_related(groups, ordered)
    _join_copies(groups, ordered)
    _join_twins(groups, ordered)
    members: dict[str, list[Trace]] = {}
    for trace in ordered:
        members.setdefault(groups.find(trace.session), []).append(trace)
    return tuple(_lineage(root, group, groups.reasons(root)) for root, group in sorted(members.items()))


def _lineage(root: str, group: list[Trace], reasons: set[str]) -> Lineage:
    days = sorted({d for t in group for d in t.days if d})
    digest = hashlib.blake2b(root.encode(), digest_size=6).hexdigest()
    return Lineage(f"l-{digest}", tuple(sorted(t.session for t in group)), ", ".join(sorted(reasons)), tuple(days))
