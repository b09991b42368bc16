"""The raw traces, compressed."""

from __future__ import annotations

import os
import stat

import pytest

from hardwon.errors import StoreError
from hardwon.records import zstd
from hardwon.store.archive import Archive
from hardwon.store.home import Home


@pytest.fixture
def archive(tmp_path):
    return Archive(Home(tmp_path / "home").make())


def content(archive, length):
    return b"".join(archive.read("", "/a/b.jsonl", length))


def test_frames_follow_each_other(archive):
    length = archive.append("", "/a/b.jsonl", 0, zstd.compress(b"one"))
    length = archive.append("", "/a/b.jsonl", length, zstd.compress(b"two"))
    assert content(archive, length) == b"onetwo"


def test_a_torn_tail_is_cut_off_by_the_next_frame(archive):
    length = archive.append("", "/a/b.jsonl", 0, zstd.compress(b"one"))
    archive.append("", "/a/b.jsonl", length, b"half a frame of a scan that was killed")
    assert content(archive, length) == b"one"
    length = archive.append("", "/a/b.jsonl", length, zstd.compress(b"two"))
    assert content(archive, length) == b"onetwo"


def test_a_rewritten_source_begins_anew(archive):
    archive.append("", "/a/b.jsonl", 0, zstd.compress(b"a longer one, long ago"))
    length = archive.append("", "/a/b.jsonl", 0, zstd.compress(b"new"))
    assert content(archive, length) == b"new"


def test_one_path_read_from_two_places_has_two_archives(archive):
    assert archive.path("", "/a/b.jsonl") != archive.path("/a", "/a/b.jsonl")


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_it_is_private(archive):
    archive.append("", "/a/b.jsonl", 0, b"x")
    path = archive.path("", "/a/b.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path.parent.parent)} == {0o700}


def test_restoring_gives_the_file_its_name_and_folders_and_leaves_nothing(archive):
    length = archive.append("", "/a/b.jsonl", 0, zstd.compress(b"one\n"))
    with archive.restored("", "/a/b.jsonl", length) as path:
        assert path.read_bytes() == b"one\n" and path.parts[-2:] == ("a", "b.jsonl")
    assert not list(archive.folder.glob("scratch-*"))


def test_what_a_killed_scan_left_is_swept(archive):
    (archive.folder / "scratch-1-x").mkdir(parents=True)
    archive.sweep()
    assert not list(archive.folder.glob("scratch-*"))


def test_a_missing_or_short_archive_is_known(archive):
    assert not archive.holds("", "/a/b.jsonl", 10)
    length = archive.append("", "/a/b.jsonl", 0, b"12345")
    assert archive.holds("", "/a/b.jsonl", length) and not archive.holds("", "/a/b.jsonl", length + 1)


def test_a_damaged_archive_is_a_clear_error(archive):
    archive.append("", "/a/b.jsonl", 0, b"12345")
    with pytest.raises(StoreError, match="archive"):
        content(archive, 5)


def test_removing_tells_what_it_freed(archive):
    archive.append("", "/a/b.jsonl", 0, b"12345")
    assert archive.remove("", "/a/b.jsonl") == 5
    assert archive.remove("", "/a/b.jsonl") == 0


def test_a_full_disk_says_so(archive, monkeypatch):
    def full(*_args: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(StoreError, match=r"no space left on device.*Free some space"):
        archive.append("", "/a/b.jsonl", 0, b"x")
