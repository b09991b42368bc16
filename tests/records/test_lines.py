from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.errors import SourceError
from hardwon.model import Gap
from hardwon.records import open as opening
from hardwon.records import zstd
from hardwon.records.head import read_head
from hardwon.records.lines import Line, read_lines


def lines(path: Path, **options: int) -> list[Line]:
    found = list(read_lines(path, **options))
    assert not any(isinstance(one, Gap) for one in found)
    return found  # type: ignore[return-value]


@given(
    content=st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\x00", "\u2028".encode(), b"bcdef" * 4])).map(b"".join),
    size=st.integers(1, 9),
)
def test_lines_are_the_bytes_between_newlines(tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int) -> None:
    path = tmp_path_factory.mktemp("lines") / "a"
    path.write_bytes(content)
    before, opening.BLOCK = opening.BLOCK, size
    try:
        found = lines(path)
    finally:
        opening.BLOCK = before
    assert b"".join(line.raw + b"\n" * line.complete for line in found) == content
    for line in found:
        assert content[line.offset : line.offset + len(line.raw)] == line.raw
        assert b"\n" not in line.raw
    assert [line.number for line in found] == list(range(1, len(found) + 1))


@given(
    content=st.lists(st.sampled_from([b"aa\n", b"b", b"\n", b"cccc"])).map(b"".join), cap=st.integers(0, 5), size=st.integers(1, 9)
)
def test_a_long_line_becomes_a_gap_with_its_size(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cap: int, size: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a"
    path.write_bytes(content)
    before, opening.BLOCK = opening.BLOCK, size
    try:
        found = list(read_lines(path, cap=cap))
    finally:
        opening.BLOCK = before
    pieces = content.split(b"\n")
    expected = pieces[:-1] + [last for last in pieces[-1:] if last]
    assert [one.bytes if isinstance(one, Gap) else len(one.raw) for one in found] == [len(piece) for piece in expected]
    assert all(isinstance(one, Gap) == (len(piece) > cap) for one, piece in zip(found, expected, strict=True))


def test_a_line_above_the_cap_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.write(b"first\n")
        for _ in range(48):
            file.write(b"x" * (1 << 20))
        file.write(b"\nlast\n")
    tracemalloc.start()
    first, gap, last = read_lines(path, cap=4 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(gap, Gap)
    assert (gap.offset, gap.bytes, gap.reason) == (6, 48 << 20, "too_long")
    assert (first.raw, last.raw, last.offset) == (b"first", b"last", 7 + (48 << 20))  # type: ignore[union-attr]
    assert peak < 12 << 20


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\n")
    reading = read_lines(path)
    first = next(reading)
    with path.open("ab") as file:
        file.write(b"three\n")
    assert [line.raw for line in (first, *reading)] == [b"one", b"two", b"three"]  # type: ignore[union-attr]


def test_zstd_is_known_by_its_magic_and_has_the_same_offsets(tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed.jsonl"
    content = b"one\n" + b"x" * 3_000_000 + b"\nthree"
    plain.write_bytes(content)
    packed.write_bytes(zstd.compress(content[:100_000]) + zstd.compress(content[100_000:]))
    assert lines(packed) == lines(plain)
    assert lines(packed, start=4) == lines(plain, start=4)


def test_a_cut_zstd_file_gives_what_came_before_and_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(zstd.compress(b"one\ntwo\n") + zstd.compress(os.urandom(5000))[:2000])
    *found, gap = read_lines(path)
    assert isinstance(gap, Gap)
    assert gap.reason == "truncated"
    assert [one.raw for one in found][:2] == [b"one", b"two"]  # type: ignore[union-attr]


def test_garbage_behind_zstd_is_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(zstd.compress(b"one\n") + b"garbage, not a frame")
    line, gap = read_lines(path)
    assert isinstance(line, Line)
    assert isinstance(gap, Gap)
    assert gap.reason == "broken"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo] if hasattr(os, "mkfifo") else [Path.mkdir])
def test_no_regular_file(tmp_path: Path, make) -> None:
    make(tmp_path / "x")
    with pytest.raises(SourceError, match="regular file"):
        list(read_lines(tmp_path / "x"))


def test_head_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "a.zst").write_bytes(zstd.compress(b"hello " * 1000))
    assert read_head(tmp_path / "a.zst", 11) == b"hello hello"
    (tmp_path / "b").write_bytes("\ufeffé".encode("utf-16-le"))
    assert read_head(tmp_path / "b") == "é".encode()
    (tmp_path / "c").write_bytes(b"")
    assert read_head(tmp_path / "c") == b""
    (tmp_path / "d.zst").write_bytes(zstd.MAGIC + b"no frame")
    assert read_head(tmp_path / "d.zst") == b""


@given(st.lists(st.binary(max_size=300), max_size=4))
def test_frames_round_trip(pieces: list[bytes]) -> None:
    data = b"".join(zstd.compress(piece) for piece in pieces)
    assert list(zstd.frames(data)) == pieces
    assert zstd.decompress(data) == b"".join(pieces)


@given(st.binary(max_size=300))
def test_broken_frames_have_one_error(data: bytes) -> None:
    try:
        zstd.decompress(data)
    except zstd.BrokenFrame as error:
        assert str(error)
