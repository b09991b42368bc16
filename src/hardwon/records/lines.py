"""A file as lines, streaming: memory is bounded by one block and one line of at most `cap` bytes.

Lines end at b"\\n" only: `str.splitlines` would break JSON at U+2028 and U+0085. Offsets count bytes of the decoded content, so
a line of a zstd file has the address it would have in the plain file, and a reader can go on where it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from hardwon.model import Gap
from hardwon.records import zstd
from hardwon.records.open import open_source, read_blocks

CAP = 64 << 20


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line without its newline. `number` counts from 1 at `start`; `complete` is False for a last line that no newline ends
    (its writer may still be writing)."""

    offset: int
    number: int
    raw: bytes
    complete: bool


def read_lines(path: Path, start: int = 0, cap: int = CAP) -> Iterator[Line | Gap]:
    """Lines of `path` from byte `start` on; a line longer than `cap` becomes a Gap with its byte count and is never held whole.

    Raises SourceError when the file cannot be opened. A file that breaks while it is read ends with a Gap.
    """
    with open_source(path) as file:
        splitter = _Splitter(str(path), start, cap)
        try:
            for block in read_blocks(file, start):
                yield from splitter.feed(block)
        except zstd.BrokenFrame as error:
            yield from splitter.finish()
            yield Gap(splitter.source, splitter.offset, 0, "truncated" if error.truncated else "broken", str(error))
        except OSError as error:
            yield from splitter.finish()
            yield Gap(splitter.source, splitter.offset, 0, "unreadable", error.strerror or str(error))
        else:
            yield from splitter.finish()


class _Splitter:
    """Cuts blocks into lines. `offset` is where the line that is being gathered began."""

    def __init__(self, source: str, start: int, cap: int) -> None:
        self.source, self.offset, self.cap = source, start, cap
        self.number = 1
        self.held: list[bytes] = []
        self.size = 0

    def feed(self, block: bytes) -> Iterator[Line | Gap]:
        first, *rest = block.split(b"\n")
        self._hold(first)
        if not rest:
            return
        yield self._end(newline=True)
        last = rest.pop()
        offset, number, cap = self.offset, self.number, self.cap
        for raw in rest:
            size = len(raw)
            yield Line(offset, number, raw, True) if size <= cap else self._gap(offset, size)
            offset += size + 1
            number += 1
        self.offset, self.number = offset, number
        self._hold(last)

    def finish(self) -> Iterator[Line | Gap]:
        if self.size:
            yield self._end(newline=False)

    def _hold(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.cap:
            self.held.clear()
        elif piece:
            self.held.append(piece)

    def _end(self, *, newline: bool) -> Line | Gap:
        offset, size = self.offset, self.size
        if size > self.cap:
            line: Line | Gap = self._gap(offset, size)
        else:
            raw = self.held[0] if len(self.held) == 1 else b"".join(self.held)
            line = Line(offset, self.number, raw, newline)
        self.held, self.size = [], 0
        self.offset, self.number = offset + size + newline, self.number + 1
        return line

    def _gap(self, offset: int, size: int) -> Gap:
        return Gap(self.source, offset, size, "too_long", f"a line of {size:,} bytes; at most {self.cap:,} are read")
