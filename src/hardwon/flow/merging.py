"""One session that stands in several files (a resume in another folder, a snapshot, a stub), as one trajectory.

The files are taken by start time, then path; a step that an earlier file has already (same id, time and text) is left out, the
others are numbered anew. Title, directory, model and the like come from the longest file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from hardwon.flow.reading import make_digest
from hardwon.model import Session, Step, Trajectory, Usage
from hardwon.store.db import Store
from hardwon.store.writing import Writer

Key = tuple[str, int | None, str]


def merge(trajectories: Sequence[Trajectory]) -> Trajectory:
    """The trajectories of one session as one, whatever order they come in."""
    ordered = sorted(trajectories, key=lambda t: (t.session.started is None, t.session.started or 0, t.session.source))
    longest = max(ordered, key=lambda t: len(t.steps))
    steps: list[Step] = []
    seen: set[Key] = set()
    ids: set[str] = set()
    for trajectory in ordered:
        fresh = [step for step in trajectory.steps if _key(step) not in seen]
        steps += [_renumbered(step, len(steps) + i, ids) for i, step in enumerate(fresh)]
        seen |= {_key(step) for step in fresh}
        ids |= {step.id for step in steps[len(steps) - len(fresh) :]}
    return msgspec.structs.replace(
        longest,
        session=_session(longest, ordered),
        steps=tuple(steps),
        children=tuple(dict.fromkeys(c for t in ordered for c in t.children)),
        gaps=tuple(g for t in ordered for g in t.gaps),
        unknown=_sum(t.unknown for t in ordered),
    )


def _session(longest: Trajectory, ordered: Sequence[Trajectory]) -> Session:
    sessions = [t.session for t in ordered]
    return msgspec.structs.replace(
        longest.session,
        started=min((s.started for s in sessions if s.started is not None), default=None),
        ended=max((s.ended for s in sessions if s.ended is not None), default=None),
        title=longest.session.title or next((s.title for s in sessions if s.title), ""),
        usage=_usage([s.usage for s in sessions if s.usage]),
    )


def _usage(each: Sequence[Usage]) -> Usage | None:
    """The largest of the files' sums: files of one session mostly repeat each other, and nothing may be counted twice."""
    return max(each, key=lambda u: (u.input + u.output, u.cache_read), default=None)


def _key(step: Step) -> Key:
    text = next((p.text or (p.result.text if p.result else "") or (p.call.id if p.call else "") for p in step.parts), "")
    return step.id, step.time, text


def _renumbered(step: Step, ordinal: int, ids: set[str]) -> Step:
    id, n = step.id, 2
    while id in ids:
        id, n = f"{step.id}~{n}", n + 1
    return step if id == step.id and ordinal == step.ordinal else msgspec.structs.replace(step, id=id, ordinal=ordinal)


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return total


def merge_split(store: Store, writer: Writer, root: str, id: str) -> None:
    """Write the merged row of a session that stands in several sources; one that stands alone (again) just counts."""
    keys = store.parts_of(root, id)
    if len(keys) == 1:
        writer.show(keys[0])
        return
    whole = merge([store.trajectory_of(key) for key in keys])
    writer.put_session(make_digest(whole), root, None)
