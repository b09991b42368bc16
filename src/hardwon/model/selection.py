"""Which sessions a command speaks of."""

from __future__ import annotations

from hardwon.model.trajectory import Value


class Selection(Value, frozen=True):
    """A filter over sessions; every field that is set must hold. since and until are UTC epoch ms; paths are files or folders to
    read sessions straight from (all of them unless since is given); limit keeps the newest n."""

    ids: tuple[str, ...] = ()
    project: str = ""
    agent: str = ""
    since: int | None = None
    until: int | None = None
    status: str = ""
    min_cost: float | None = None
    min_turns: int | None = None
    match: str = ""
    paths: tuple[str, ...] = ()
    limit: int | None = None
    children: bool = False
    """Include sub-agents' sessions, which otherwise only stand with their parent."""
