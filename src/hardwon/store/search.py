"""Full-text search over redacted text, best first (BM25), each hit with a line of what stands there.

Words are joined by AND, "quoted words" are a phrase, a word that ends in `*` is a prefix, nothing else has a meaning: whatever a
person types is a valid query. A word with punctuation in it (`foo_bar`, `src/app.py`, `E404:`) is the phrase of its pieces.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from hardwon.model import Selection, Step
from hardwon.store import packing, selection
from hardwon.store.digest import indexed_text
from hardwon.store.rows import Hit

SNIPPET_CHARS = 200
_TERMS = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"\w+")


def terms(text: str) -> list[tuple[str, bool]]:
    """The (term, is a prefix) pairs of a query; terms without any letter or digit are left out."""
    found = []
    for match in _TERMS.finditer(text.replace("\0", " ")):
        term = match[1] if match[1] is not None else match[2]
        prefix = match[1] is None and term.endswith("*")
        if _WORD.search(term):
            found.append((term.strip("*") if prefix else term, prefix))
    return found


def fts_query(text: str) -> str:
    """The query in FTS5's syntax, every term quoted; "" where there is nothing to look for."""
    return " AND ".join(f'"{_quoted(term)}"{"*" if prefix else ""}' for term, prefix in terms(text))


def _quoted(term: str) -> str:
    return term.replace('"', '""').encode("utf-8", "replace").decode()


def search(connection: sqlite3.Connection, text: str, chosen: Selection, limit: int) -> list[Hit]:
    """At most `limit` hits in the sessions that `chosen` selects (by all but `match` and `limit`)."""
    query = fts_query(text)
    if not query or limit <= 0:
        return []
    allowed = _allowed(connection, chosen)
    first = [_WORD.findall(term)[0] for term, _ in terms(text)]
    hits = []
    for session, ordinal, score in _found(connection, query):
        if session in allowed and (step := _step(connection, session, ordinal)):
            hits.append(_hit(allowed[session], step, score, first))
            if len(hits) == limit:
                break
    return hits


def sessions_with(connection: sqlite3.Connection, text: str) -> set[int]:
    """Keys of the sessions in which `text` is found, shown or not."""
    query = fts_query(text)
    if not query:
        return set()
    rows = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (query,))
    spans = iter(connection.execute("SELECT first, last, session FROM span ORDER BY first").fetchall())
    keys, span = set(), next(spans, None)
    for (row,) in rows:
        while span and span[1] < row:
            span = next(spans, None)
        if span and span[0] <= row:
            keys.add(span[2])
    return keys


def _allowed(connection: sqlite3.Connection, chosen: Selection) -> dict[int, tuple[str, str, str]]:
    clause, values = selection.where(chosen)
    if chosen.ids:
        clause += f" AND id IN ({','.join('?' * len(chosen.ids))})"
        values = [*values, *chosen.ids]
    rows = connection.execute(f"SELECT key, id, agent, project FROM session WHERE {clause}", values)  # noqa: S608
    return {key: (id, agent, project) for key, id, agent, project in rows}


def _found(connection: sqlite3.Connection, query: str) -> Iterator[tuple[int, int, float]]:
    """(session key, step ordinal, score), best first; rows of steps that were replaced are left out."""
    for row, rank in connection.execute("SELECT rowid, rank FROM words WHERE words MATCH ? ORDER BY rank, rowid", (query,)):
        span = connection.execute(
            "SELECT first, last, session, ordinal FROM span WHERE first <= ? ORDER BY first DESC LIMIT 1", (row,)
        ).fetchone()
        if span and row <= span[1]:
            yield span[2], row - span[0] + span[3], -rank


def _step(connection: sqlite3.Connection, session: int, ordinal: int) -> Step | None:
    start = ordinal - ordinal % packing.PIECE_STEPS
    row = connection.execute("SELECT packed FROM piece WHERE session = ? AND ordinal = ?", (session, start)).fetchone()
    steps = packing.unpack_piece(row[0]) if row else ()
    return steps[ordinal - start] if ordinal - start < len(steps) else None


def _hit(of: tuple[str, str, str], step: Step, score: float, words: list[str]) -> Hit:
    id, agent, project = of
    text = snippet(indexed_text(step), words)
    return Hit(id, step.id, agent, project, text, round(score, 4), step.ordinal, step.time)


def snippet(text: str, words: list[str], size: int = SNIPPET_CHARS) -> str:
    """One line of at most about `size` characters around the first of `words` that stands in `text`."""
    places = [m.start() for w in words if (m := re.search(rf"\b{re.escape(w)}", text, re.IGNORECASE))]
    at = min(places, default=0)
    start = max(0, at - size // 3)
    piece = text[start : start + size]
    line = " ".join(piece.split())
    return f"{'…' if start else ''}{line}{'…' if start + size < len(text) else ''}"
