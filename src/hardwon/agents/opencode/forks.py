"""Forks in opencode: a fork is a session whose title ends in `(fork #1)` and whose first messages are copies under new ids,
with nothing that names the original. But a copy keeps its time of creation to the millisecond, so the original is the oldest
session of the same project that has a message of the same kind created at that very time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from hardwon.agents.opencode.database import SessionRow, message_times

_FORK = re.compile(r" \(fork #\d+\)\Z")


class Origins:
    """Where forked messages come from, for one database. Times of the sessions of a project are read once, when asked for."""

    def __init__(self, connection: sqlite3.Connection, rows: Iterable[SessionRow]) -> None:
        self.connection = connection
        self.rows = sorted(rows, key=lambda row: (row.created or 0, row.id))
        self.firsts: dict[str, dict[tuple[int, str], str]] = {}

    def of(self, fork: SessionRow) -> dict[tuple[int, str], str]:
        """For a fork: (time, kind) of a message → id of the session it was first recorded in. Empty for any other session."""
        if not _FORK.search(fork.title):
            return {}
        firsts = self._firsts(fork.project)
        own = message_times(self.connection, fork)
        return {key: firsts[key] for key in own if firsts.get(key, fork.id) != fork.id and key[0] < (fork.created or 0)}

    def _firsts(self, project: str) -> dict[tuple[int, str], str]:
        known = self.firsts.get(project)
        if known is None:
            known = self.firsts[project] = {}
            for row in self.rows:
                if row.project == project:
                    for key in message_times(self.connection, row):
                        known.setdefault(key, row.id)
        return known
