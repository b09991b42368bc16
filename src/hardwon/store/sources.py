"""What the index knows of each file or database that was read."""

from __future__ import annotations

import sqlite3

import msgspec

from hardwon.model import Source

NEVER = -1
"""`raw` of a source that must not be archived any more."""


class SourceRow(msgspec.Struct, frozen=True):
    """A source with what a scan needs to decide whether to read it again.

    signals_version and text_version: of what its events and redacted texts were made with. chain: state of the content hash (see
    `store.content`). archived: true length of its archive; raw: bytes of the source that the archive stands for. missing: the file
    is gone. forgotten: its sessions were forgotten, it comes back only if it changes. key: None before it is stored.
    """

    source: Source
    root: str = ""
    signals_version: int = 0
    text_version: int = 0
    chain: bytes = b""
    archived: int = 0
    raw: int = 0
    missing: bool = False
    forgotten: bool = False
    key: int | None = None


_COLUMNS = (
    "key, root, agent, path, kind, size, mtime, content_hash, reader_version, cursor, "
    "signals_version, text_version, chain, archived, raw, missing, forgotten"
)
_WRITTEN = _COLUMNS.removeprefix("key, ").split(", ")
_INSERT = f"INSERT INTO source ({', '.join(_WRITTEN)}) VALUES ({','.join('?' * len(_WRITTEN))})"  # noqa: S608
_UPDATE = f"UPDATE source SET {', '.join(f'{c} = ?' for c in _WRITTEN)} WHERE key = ?"  # noqa: S608


def read_sources(connection: sqlite3.Connection, root: str) -> dict[str, SourceRow]:
    """Sources of a root, by path."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM source WHERE root = ? ORDER BY path", (root,))  # noqa: S608
    return {row[3]: _source_row(row) for row in rows}


def read_source(connection: sqlite3.Connection, key: int) -> SourceRow:
    """The source with a key, which must be there."""
    return _source_row(connection.execute(f"SELECT {_COLUMNS} FROM source WHERE key = ?", (key,)).fetchone())  # noqa: S608


def _source_row(row: tuple) -> SourceRow:  # type: ignore[type-arg]
    key, root, *of_source, signals, text, chain, archived, raw, missing, forgotten = row
    return SourceRow(Source(*of_source), root, signals, text, chain, archived, raw, bool(missing), bool(forgotten), key)


def write_source(connection: sqlite3.Connection, row: SourceRow) -> int:
    """Insert or replace a source by (root, path). Returns its key, which stays.

    Two plain statements: an upsert with RETURNING opens a savepoint, at which FTS5 writes out what it holds in memory, once for
    each source instead of once for each batch.
    """
    s = row.source
    values = (
        row.root, s.agent, s.path, s.kind, s.size, s.mtime, s.content_hash, s.reader_version, s.cursor,
        row.signals_version, row.text_version, row.chain, row.archived, row.raw, row.missing, row.forgotten,
    )  # fmt: skip
    found = connection.execute("SELECT key FROM source WHERE root = ? AND path = ?", (row.root, s.path)).fetchone()
    if found:
        connection.execute(_UPDATE, (*values, found[0]))
        return int(found[0])
    return int(connection.execute(_INSERT, values).lastrowid or 0)
