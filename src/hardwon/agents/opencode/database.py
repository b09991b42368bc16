"""opencode's SQLite database: which sessions it holds, what changed, and their rows.

Three generations of tables: `session`/`message`/`part`; since 2.x `session_v2` and `session_message` beside them. What one
generation continues stays behind in the other as it was, so of twins the one written last is read. Columns are taken by name, as
far as they are there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import msgspec

OLDER = ("message", "part")
NEWER = "session_message"


class SessionRow(msgspec.Struct, frozen=True):
    """A session as the database describes it. newer: its messages stand in `session_message`. state: changes when anything of
    the session does."""

    id: str
    parent: str
    project: str
    directory: str
    worktree: str
    title: str
    version: str
    created: int | None
    updated: int | None
    permission: str
    cost: float | None
    newer: bool
    state: bytes


def is_opencode(connection: sqlite3.Connection) -> bool:
    """Whether the database has opencode's tables."""
    names = _tables(connection)
    return bool({"session", "session_v2"} & names) and bool({"message", NEWER} & names) and _columns_fit(connection, names)


def session_rows(connection: sqlite3.Connection) -> list[SessionRow]:
    """All sessions, oldest first."""
    names = _tables(connection)
    rows: dict[str, dict[str, Any]] = {}
    for table in ("session", "session_v2"):
        if table in names:
            for row in _dicts(connection, f"SELECT * FROM {table}"):  # noqa: S608 (a name of ours)
                rows[str(row["id"])] = rows.get(str(row["id"]), {}) | {k: v for k, v in row.items() if v is not None}
    worktrees = {str(r["id"]): str(r.get("worktree") or "") for r in _rows_if(connection, names, "project")}
    older = _written(connection, names, "message")
    parts = _written(connection, names, "part")
    newer = _written(connection, names, NEWER)
    found = [_session(row, worktrees, older.get(id), parts.get(id), newer.get(id)) for id, row in rows.items()]
    return sorted(found, key=lambda row: (row.created or 0, row.id))


def older_messages(connection: sqlite3.Connection, session: str) -> Iterator[tuple[str, bytes, list[tuple[str, bytes]]]]:
    """Messages of a session in order: id, data, and its parts as (id, data)."""
    parts: dict[str, list[tuple[str, bytes]]] = {}
    for id, message, data in connection.execute(
        "SELECT id, message_id, CAST(data AS BLOB) FROM part WHERE session_id = ? ORDER BY time_created, id", (session,)
    ):
        parts.setdefault(message, []).append((id, data or b""))
    for id, data in connection.execute(
        "SELECT id, CAST(data AS BLOB) FROM message WHERE session_id = ? ORDER BY time_created, id", (session,)
    ):
        yield id, data or b"", parts.get(id, [])


def newer_messages(connection: sqlite3.Connection, session: str) -> Iterator[tuple[str, str, int | None, bytes]]:
    """Rows of `session_message` of a session in order: id, type, time, data."""
    order = "seq" if "seq" in _columns(connection, NEWER) else "time_created, id"
    yield from connection.execute(
        f"SELECT id, type, time_created, CAST(data AS BLOB) FROM {NEWER} WHERE session_id = ? ORDER BY {order}",  # noqa: S608
        (session,),
    )


def message_times(connection: sqlite3.Connection, session: SessionRow) -> list[tuple[int, str]]:
    """When a session's messages were created and what they are (a fork keeps both)."""
    if session.newer:
        query = f"SELECT time_created, type FROM {NEWER} WHERE session_id = ? ORDER BY time_created"  # noqa: S608
    else:
        query = "SELECT time_created, json_extract(data, '$.role') FROM message WHERE session_id = ? ORDER BY time_created"
    try:
        return [(int(time), str(role)) for time, role in connection.execute(query, (session.id,)) if time is not None]
    except (sqlite3.Error, ValueError, TypeError):
        return []


def _session(
    row: dict[str, Any],
    worktrees: dict[str, str],
    older: tuple[int, int] | None,
    parts: tuple[int, int] | None,
    newer: tuple[int, int] | None,
) -> SessionRow:
    last_older = max(older[1] if older else -1, parts[1] if parts else -1)
    state = blake2b(
        msgspec.msgpack.encode([row.get("time_updated"), row.get("title"), row.get("parent_id"), older, parts, newer]),
        digest_size=8,
    )
    return SessionRow(
        id=str(row["id"]),
        parent=_text(row.get("parent_id")),
        project=_text(row.get("project_id")),
        directory=_text(row.get("directory")),
        worktree=worktrees.get(_text(row.get("project_id")), ""),
        title=_text(row.get("title")),
        version=_text(row.get("version")),
        created=_whole(row.get("time_created")),
        updated=_whole(row.get("time_updated")),
        permission=_text(row.get("permission")),
        cost=row["cost"] if isinstance(row.get("cost"), int | float) else None,
        newer=newer is not None and newer[1] >= last_older,
        state=state.digest(),
    )


def _written(connection: sqlite3.Connection, names: set[str], table: str) -> dict[str, tuple[int, int]]:
    """How many rows each session has in a table, and when one was written last."""
    if table not in names:
        return {}
    columns = _columns(connection, table)
    last = "max(time_updated)" if "time_updated" in columns else "max(time_created)" if "time_created" in columns else "0"
    query = f"SELECT session_id, count(*), {last} FROM {table} GROUP BY session_id"  # noqa: S608 (names of ours)
    return {str(id): (int(n), _whole(at) or 0) for id, n, at in connection.execute(query)}


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def _columns_fit(connection: sqlite3.Connection, names: set[str]) -> bool:
    table = "session_v2" if "session_v2" in names else "session"
    messages = "message" if "message" in names else NEWER
    fits = {"id", "project_id"} <= _columns(connection, table) and {"session_id", "data"} <= _columns(connection, messages)
    return fits and ("part" in names or NEWER in names)


def _dicts(connection: sqlite3.Connection, query: str) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(query)
    keys = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(keys, row, strict=True))


def _rows_if(connection: sqlite3.Connection, names: set[str], table: str) -> Iterator[dict[str, Any]]:
    if table in names:
        yield from _dicts(connection, f"SELECT * FROM {table}")  # noqa: S608 (a name of ours)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
