"""Forgetting sessions: their rows, words, labels and archive go, and they do not come back as they were.

* A source whose sessions are all forgotten stays as a bare name with its size and hash, so that the next scan passes it over;
  if it grows or changes later it is read again, whole.
* A source of several sessions (a database) of which some are forgotten loses its archive for good, as that holds them all; a
  forgotten session there comes back only if it went on after it was forgotten.
* The full-text table is made anew and the database compacted, so that no word of what was forgotten is left on disk.
"""

from __future__ import annotations

import msgspec

from hardwon.errors import UsageError
from hardwon.model import Selection, Source
from hardwon.store import labels
from hardwon.store.archive import Archive
from hardwon.store.db import Store
from hardwon.store.opening import as_store_error
from hardwon.store.rows import Forgotten, SessionRow
from hardwon.store.sources import NEVER, SourceRow
from hardwon.store.writing import Writer


def forget(store: Store, chosen: Selection, everything: bool = False) -> Forgotten:
    """Remove the selected sessions and their sub-agents'. Raises UsageError where the selection is empty and `everything` was not
    said, so that nothing is forgotten by an oversight; StoreError when the home cannot be written."""
    if not everything and chosen == Selection(paths=chosen.paths, children=chosen.children) and not chosen.paths:
        raise UsageError("forget what?", hint="Select sessions: ids, --project, --agent, --since, --path …")
    rows = chosen_rows(store, chosen, everything)
    ids = {(row.root, row.id) for row in rows} | set(_descendants(store, rows))
    if not ids:
        return Forgotten()
    with store.writing() as writer:
        touched = {source for root, id in ids for source in _drop(writer, root, id)}
        labels.drop_orphans(writer.connection, sorted({id for _, id in ids}))
        emptied, archives = _release(store, writer, touched)
        writer.rebuild_words()
    freed = sum(Archive(store.home).remove(row.root, row.source.path) for row in archives)
    _compact(store)
    return Forgotten(tuple(sorted({id for _, id in ids})), tuple(sorted(emptied)), freed)


def chosen_rows(store: Store, chosen: Selection, everything: bool = False) -> list[SessionRow]:
    """The sessions that `forget` would remove (their sub-agents not named); everything: those read with `--path`, too."""
    if not everything:
        return store.sessions(chosen)
    places = [msgspec.structs.replace(chosen, paths=(root,) if root else ()) for root in store.roots()]
    return [row for place in places for row in store.sessions(place)]


def _descendants(store: Store, rows: list[SessionRow]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    waiting = [(row.root, row.id) for row in rows]
    while waiting:
        root, id = waiting.pop()
        query = "SELECT DISTINCT root, id FROM session WHERE root = ? AND parent = ?"
        children = [pair for pair in store.connection.execute(query, (root, id)).fetchall() if pair not in found]
        found += children
        waiting += children
    return found


def _drop(writer: Writer, root: str, id: str) -> list[int]:
    """Remove all rows of a session and remember it. Returns its sources."""
    rows = writer.connection.execute(
        "SELECT key, source, ended, steps FROM session WHERE root = ? AND id = ?", (root, id)
    ).fetchall()
    ended, steps = max((r[2] or 0 for r in rows), default=0), max((r[3] for r in rows), default=0)
    for key, *_ in rows:
        writer.drop_session(key)
    writer.connection.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?, ?)", (root, id, ended, steps))
    return [source for _, source, _, _ in rows if source is not None]


def _release(store: Store, writer: Writer, touched: set[int]) -> tuple[list[str], list[SourceRow]]:
    """Mark sources without sessions as forgotten; returns their paths, and all sources whose archive must go."""
    emptied, archives = [], []
    for key in sorted(touched):
        row = store.source_row(key)
        archives.append(row)
        if store.keys_of(key):
            writer.put_source(msgspec.structs.replace(row, archived=0, raw=NEVER))
            continue
        emptied.append(row.source.path)
        s = row.source
        bare = Source(s.agent, s.path, s.kind, s.size, s.mtime, s.content_hash, s.reader_version)
        writer.put_source(SourceRow(bare, row.root, row.signals_version, row.text_version, forgotten=True, missing=row.missing))
    return emptied, archives


def _compact(store: Store) -> None:
    with as_store_error(store.home):
        store.connection.execute("VACUUM")
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
