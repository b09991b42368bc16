"""Managed sections: our lines in somebody else's Markdown file, between two marks. Pure functions of bytes.

    <!-- hardwon:begin name=commit version=1.2.0 hash=0f3a… -->
    …
    <!-- hardwon:end -->

Everything is done on bytes, so that what is not ours stays as it is: BOM, CRLF, a missing last line break, even broken UTF-8. The
section goes to the end of the file after one empty line. Taking it out takes that empty line too, so putting in and taking out
gives the same bytes: a file with no final line break gets two breaks before the section and none after it, which is how it is
known again.
"""

from __future__ import annotations

import hashlib
import re

from hardwon.errors import DeliveryError
from hardwon.model.trajectory import Value

_BEGIN = re.compile(
    rb"<!-- hardwon:begin name=(?P<name>[a-z0-9-]+) version=(?P<version>[0-9.]+) hash=(?P<hash>[0-9a-f]+) -->(?P<nl>\r?\n)"
)
_END_MARK = b"<!-- hardwon:end -->"
_ANY_MARK = re.compile(rb"<!--[ \t]*hardwon:")
_BOM = b"\xef\xbb\xbf"


class Section(Value, frozen=True):
    """A managed section as found in a file: its skill, and the bytes of the marks and all between them (`start` to `end`).
    `body` has LF. `edited`: the body is not what the mark says was written."""

    name: str
    version: str
    hash: str
    body: str
    start: int
    end: int
    newline: bytes

    @property
    def edited(self) -> bool:
        """Whether somebody changed the section by hand."""
        return body_hash(self.body) != self.hash


def body_hash(body: str) -> str:
    """The hash that stands in the mark of a section."""
    return hashlib.blake2b(body.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def find_sections(data: bytes, where: str = "") -> tuple[Section, ...]:
    """All managed sections of a file, in order.

    Raises:
        DeliveryError: a mark is damaged, a section is not closed, or two are of one skill; names the line.
    """
    found: list[Section] = []
    at = 0
    while mark := _ANY_MARK.search(data, at):
        found.append(_read_section(data, mark.start(), where))
        at = found[-1].end
        if found[-1].name in {section.name for section in found[:-1]}:
            raise _damaged(data, mark.start(), where, f"a second section of `{found[-1].name}`", "Delete one of the two.")
    return tuple(found)


def put_section(data: bytes, name: str, version: str, body: str, where: str = "") -> bytes:
    """The file with the section of a skill put in, or brought up to date where it stands. `body` has LF and one at its end.

    Raises:
        DeliveryError: the file is no text in UTF-8 or ASCII bytes, or its marks are damaged.
    """
    check_text(data, where)
    old = _section(find_sections(data, where), name)
    newline = old.newline if old else _newline(data)
    begin = f"<!-- hardwon:begin name={name} version={version} hash={body_hash(body)} -->\n"
    block = (begin + body).encode("utf-8", "surrogateescape").replace(b"\n", newline) + _END_MARK
    if old:
        return data[: old.start] + block + data[old.end :]
    if not data.removeprefix(_BOM):
        return data + block + newline
    return data + newline + block + newline if data.endswith(newline) else data + newline * 2 + block


def take_section(data: bytes, name: str, where: str = "") -> bytes:
    """The file without the section of a skill; the same bytes when there is none. Raises DeliveryError as `find_sections`."""
    section = _section(find_sections(data, where), name)
    if section is None:
        return data
    before, after, newline = data[: section.start], data[section.end :], section.newline
    if after.startswith(newline):
        return before.removesuffix(newline) + after.removeprefix(newline)
    if not after:
        return before.removesuffix(newline).removesuffix(newline)
    return before + after


def check_text(data: bytes, where: str = "") -> None:
    """Raises DeliveryError for what is no text that Markdown could be appended to: UTF-16, UTF-32, or bytes of zero."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise DeliveryError("the file is not UTF-8 text", where=where, hint="Save it as UTF-8, or put the text in by hand.")


def _read_section(data: bytes, start: int, where: str) -> Section:
    begin = _BEGIN.match(data, start)
    if begin is None or (start and data[start - 1 : start] != b"\n" and data[:start] != _BOM):
        what = "an end mark without a beginning" if data.startswith(_END_MARK, start) else "a damaged begin mark"
        raise _damaged(data, start, where, what)
    following = _ANY_MARK.search(data, begin.end())
    if following is None:
        raise _damaged(data, start, where, f"the section of `{begin['name'].decode()}` is not closed")
    end = following.start()
    if not data.startswith(_END_MARK, end) or data[end - 1 : end] != b"\n":
        raise _damaged(data, end, where, f"a mark inside the section of `{begin['name'].decode()}`")
    newline = begin["nl"]
    body = data[begin.end() : end].replace(newline, b"\n").decode("utf-8", "surrogateescape")
    name, version, hash = (begin[key].decode() for key in ("name", "version", "hash"))
    return Section(name, version, hash, body, start, end + len(_END_MARK), newline)


def _section(sections: tuple[Section, ...], name: str) -> Section | None:
    return next((section for section in sections if section.name == name), None)


def _newline(data: bytes) -> bytes:
    if data.endswith(b"\r\n"):
        return b"\r\n"
    if data.endswith(b"\n"):
        return b"\n"
    return b"\r\n" if data.count(b"\r\n") * 2 > data.count(b"\n") else b"\n"


_HOW_TO_MEND = "Restore the lines `<!-- hardwon:begin … -->` and `<!-- hardwon:end -->`, or delete the section with both of them."


def _damaged(data: bytes, at: int, where: str, what: str, hint: str = _HOW_TO_MEND) -> DeliveryError:
    line = data.count(b"\n", 0, at) + 1
    return DeliveryError(what, where=f"{where}:{line}" if where else f"line {line}", hint=hint)
