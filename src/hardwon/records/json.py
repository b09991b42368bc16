"""One line of JSON into records, down a ladder that ends in a named reason and never in a silent loss.

1. typed msgspec: the plain case, and the fast one;
2. `decode_lines`: two records on one line, as writers leave them that were killed or raced;
3. the standard library, which takes lone surrogates, NaN and control characters; what it read is written anew as sound JSON and
   decoded once more, so that types hold and `msgspec.Raw` fields work;
4. `Unreadable` with a reason, carrying the records that stood before the break.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from hardwon.model import Gap
from hardwon.model.trajectory import GapReason
from hardwon.records.lines import CAP, read_lines

T = TypeVar("T")

_SPACE = re.compile(r"[\s\ufeff\x00]*")
_JUNK = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


class Unreadable(Exception):
    """A line that holds something else than the records looked for. `values`: the sound records that stood in it."""

    def __init__(self, reason: GapReason, detail: str, values: list[Any] | None = None) -> None:
        self.reason, self.detail, self.values = reason, detail, values or []
        super().__init__(f"{reason}: {detail}")


class Record(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """A decoded record with the place of its line. `raw_size`: bytes of the line without its newline; two records of one line
    share offset and number. `complete`: the line was ended by a newline, so reading may go on behind it."""

    offset: int
    number: int
    raw_size: int
    value: T
    complete: bool = True


class RecordDecoder(Generic[T]):
    """Decodes lines into records of one type. `repaired` counts lines that had to be mended, by what was wrong with them:
    several (records on one line), encoding (bytes that are no UTF-8), text (surrogates, NaN, BOM, control characters)."""

    def __init__(self, type: Any) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(type)
        self.repaired: dict[str, int] = {}

    def decode(self, raw: bytes) -> list[T]:
        """The records of one line; none for a blank one. Raises Unreadable."""
        try:
            return [self._decoder.decode(raw)]
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._decode_several(raw)

    def _decode_several(self, raw: bytes) -> list[T]:
        if not raw.strip(b" \t\r\n\x00"):
            if b"\x00" in raw:
                raise Unreadable("binary", f"{len(raw):,} zero bytes")
            return []
        try:
            values = self._decoder.decode_lines(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._decode_mended(raw)
        self._count("several")
        return values

    def _decode_mended(self, raw: bytes) -> list[T]:
        text = _text(raw)
        values: list[T] = []
        position, size = _after_space(text, 0), len(text)
        while position < size:
            try:
                value, position = _LENIENT.raw_decode(text, position)
            except (ValueError, RecursionError) as error:
                raise Unreadable(*_why(error, raw, text), values) from None
            try:
                values.append(self._decoder.decode(_sound(value)))
            except (msgspec.MsgspecError, RecursionError) as error:
                raise Unreadable("schema", str(error), values) from None
            position = _after_space(text, position)
        self._count("encoding" if "\ufffd" in text and not _is_utf8(raw) else "text")
        return values

    def _count(self, what: str) -> None:
        self.repaired[what] = self.repaired.get(what, 0) + 1


def read_records(path: Path, decoder: RecordDecoder[T], start: int = 0, cap: int = CAP) -> Iterator[Record[T] | Gap]:
    """The records of a JSON Lines file from byte `start` on; what cannot be read becomes a Gap in its place.

    Raises SourceError when the file cannot be opened.
    """
    for line in read_lines(path, start, cap):
        if isinstance(line, Gap):
            yield line
            continue
        raw, gap = line.raw, None
        try:
            values = decoder.decode(raw)
        except Unreadable as error:
            gap = Gap(str(path), line.offset, len(raw), error.reason, error.detail)
            values = error.values
        for value in values:
            yield Record(line.offset, line.number, len(raw), value, line.complete)
        if gap is not None:
            yield gap


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


_LENIENT = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_float=_finite)
"""Takes control characters in strings; NaN, Infinity and overflowing numbers become null."""


def _text(raw: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    return raw.decode("utf-8", "replace")


def _sound(value: Any) -> bytes:
    """`value` as JSON in UTF-8; pairs of surrogates joined, lone ones replaced by U+FFFD."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _why(error: Exception, raw: bytes, text: str) -> tuple[GapReason, str]:
    """Reason and detail of a failure: junk bytes, an end that is missing, or anything else."""
    if len(_JUNK.findall(raw[:4096])) * 10 > min(len(raw), 4096):
        return "binary", f"{len(raw):,} bytes that are no text"
    if not isinstance(error, json.JSONDecodeError):
        return "broken", str(error) or type(error).__name__
    ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
    return ("truncated" if ended else "broken"), f"{error.msg} at character {error.pos + 1:,}"
