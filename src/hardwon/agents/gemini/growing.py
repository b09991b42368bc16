"""Reading a JSON Lines file on from where an earlier reading ended.

A cursor never stands inside a line: a line that no newline ends yet is read again next time. The rare file whose last line held
records and a break at once, or a whole record without its newline, is read again whole, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from hardwon.model import Gap
from hardwon.records.json import Record, RecordDecoder, read_records

T = TypeVar("T")


class Place(msgspec.Struct, frozen=True):
    """Where a reading ended: the first byte of the first line not fully read; `sure` False: do not go on here, read all again."""

    offset: int = 0
    sure: bool = True


class Following(Generic[T]):
    """Iterates over the records and gaps of a file from a place on, and knows afterwards where it ended (`place`)."""

    def __init__(self, path: Path, decoder: RecordDecoder[T], start: int = 0) -> None:
        self.path, self.decoder, self.start = path, decoder, start
        self.place = Place(start)
        self.gaps: list[Gap] = []

    def __iter__(self) -> Iterator[T]:
        end, record_at = self.start, -1
        sure = True
        for item in read_records(self.path, self.decoder, self.start):
            if isinstance(item, Gap):
                self.gaps.append(item)
                end, sure = item.offset, record_at != item.offset
            else:
                end, sure = _after(item)
                record_at = item.offset
                yield item.value
        self.place = Place(end, sure)


def _after(record: Record[T]) -> tuple[int, bool]:
    """Behind a complete line; before an incomplete one that held a record, which is not to be counted twice."""
    if record.complete:
        return record.offset + record.raw_size + 1, True
    return record.offset, False


def kept_gaps(gaps: tuple[Gap, ...], offset: int) -> tuple[Gap, ...]:
    """Gaps of an earlier reading that lie before the place at which it is gone on: the others will be found again."""
    return tuple(gap for gap in gaps if gap.offset < offset)


def can_go_on(path: Path, place: Place) -> bool:
    """Whether the file is still at least as long as what was read of it (a shorter one was written anew)."""
    try:
        return place.sure and 0 < place.offset <= path.stat().st_size
    except OSError:
        return False
