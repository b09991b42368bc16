"""Verbatim quotes: finding them again, cutting them for show, and naming raw text by a keyed hash."""

from __future__ import annotations

import hashlib
import re


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Span of `quote` in `text`, letter by letter; only runs of white space may differ. None when it is not there."""
    exact = text.find(quote) if quote.strip() else -1
    if exact >= 0:
        return exact, exact + len(quote)
    pieces = quote.split()
    if not pieces:
        return None
    found = re.search(r"\s+".join(map(re.escape, pieces)), text)
    return found.span() if found else None


def shorten(text: str, limit: int) -> str:
    """`text` on one line of at most `limit` characters, cut at a word and ended with … where it is longer."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    if limit <= 1:
        return "…"[:limit]
    cut = line[:limit]
    at = cut.rfind(" ")
    return (cut[:at] if at >= limit // 2 else cut[: limit - 1]).rstrip() + "…"


def keyed_hash(key: bytes, raw: str) -> str:
    """Hex blake2b-128 of `raw` under `key` (at most 64 bytes): shows that two raw texts are one, tells nothing without the key."""
    return hashlib.blake2b(raw.encode("utf-8", "replace"), key=key[:64], digest_size=16).hexdigest()
