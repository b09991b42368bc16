from __future__ import annotations

import os
import stat

import pytest

from hardwon.skills import files
from hardwon.skills.files import File, content_hash, put_folder, read_folder, remove_folder, write_atomic

ONE = {"a.md": File(b"1"), "sub/run.sh": File(b"2", True)}


def test_a_folder_is_read_back_as_it_was_put(tmp_path):
    put_folder(tmp_path / "x", ONE)
    assert read_folder(tmp_path / "x") == ONE
    put_folder(tmp_path / "x", {"b.md": File(b"3")})
    assert read_folder(tmp_path / "x") == {"b.md": File(b"3")}
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
    remove_folder(tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_folder(tmp_path, monkeypatch):
    put_folder(tmp_path / "x", ONE)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_atomic", full)
    with pytest.raises(OSError, match="No space"):
        put_folder(tmp_path / "x", {"b.md": File(b"3")})
    assert read_folder(tmp_path / "x") == ONE
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_a_failed_replace_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "f").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(5, "I/O error")))
    with pytest.raises(OSError, match="I/O"):
        write_atomic(tmp_path / "f", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"f": b"old"}


def test_modes_are_kept_and_new_files_follow_the_umask(tmp_path):
    old = tmp_path / "old"
    old.write_bytes(b"x")
    old.chmod(0o640)
    write_atomic(old, b"y")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "new", b"z")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_the_hash_tells_names_from_contents():
    assert content_hash({"ab": File(b"c")}) != content_hash({"a": File(b"bc")})
    assert content_hash(ONE) == content_hash(dict(reversed(ONE.items())))


def test_links_are_not_followed(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "secret").write_text("s")
    (tmp_path / "x" / "link").symlink_to(tmp_path / "secret")
    assert read_folder(tmp_path / "x") == {}
