"""The lines of a JSON Lines session that may still be growing, decoded, with the place to read on from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from hardwon.model import Gap
from hardwon.records.json import RecordDecoder, Unreadable
from hardwon.records.lines import read_lines

T = TypeVar("T")


class Entry(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One line: its records, and the gap that it is wholly or in part. `end` is where the next line begins.

    final: nothing that is written later can change this line. A last line without a newline is not final; neither is the piece of
    one that grew too long to be read.
    """

    offset: int
    end: int
    number: int
    raw: bytes
    values: list[T]
    gap: Gap | None
    final: bool


def read_entries(path: Path, decoder: RecordDecoder[T], start: int = 0, lines_before: int = 0) -> Iterator[Entry[T]]:
    """The lines from byte `start` on, numbered from `lines_before + 1`. Raises SourceError when the file cannot be opened."""
    number = lines_before
    for line in read_lines(path, start):
        number += 1
        if isinstance(line, Gap):
            yield Entry(line.offset, line.offset + line.bytes + 1, number, b"", [], line, line.reason == "too_long")
            continue
        gap, raw, offset = None, line.raw, line.offset
        try:
            values = decoder.decode(raw)
        except Unreadable as error:
            values, gap = error.values, Gap(str(path), offset, len(raw), error.reason, error.detail)
        yield Entry(offset, offset + len(raw) + 1, number, raw, values, gap, line.complete)
