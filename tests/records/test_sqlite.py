from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hardwon.errors import SourceError
from hardwon.records.sqlite import open_readonly


def make(path: Path, *, wal: bool = False) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        if wal:
            connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
    return path


def killed_while_writing(path: Path, spare: Path) -> Path:
    """A database whose last row stands in the WAL alone, as a killed program leaves it."""
    with closing(sqlite3.connect(spare)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.commit()
        shutil.copyfile(spare, path)
        shutil.copyfile(f"{spare}-wal", f"{path}-wal")
    return path


def rows(path: Path) -> list[tuple[object, ...]]:
    with open_readonly(path, busy=0.1) as connection:
        return connection.execute("SELECT * FROM t").fetchall()


def folder(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}


@pytest.mark.parametrize("wal", [False, True])
def test_reads_and_leaves_the_folder_as_it_was(tmp_path: Path, wal: bool) -> None:
    path = make(tmp_path / "a b?%.db", wal=wal)
    before = folder(path)
    assert rows(path) == [(1,)]
    assert folder(path) == before


def test_rows_that_stand_in_the_wal_are_seen(tmp_path: Path) -> None:
    (tmp_path / "spare").mkdir()
    path = killed_while_writing(tmp_path / "a.db", tmp_path / "spare" / "b.db")
    before = folder(path)
    assert rows(path) == [(1,)]
    assert folder(path) == before


def test_a_database_in_use_shows_its_newest_state(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db", wal=True)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("INSERT INTO t VALUES (2)")
        writer.commit()
        assert rows(path) == [(1,), (2,)]


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "spare").mkdir()
    (tmp_path / "home").mkdir()
    path = killed_while_writing(tmp_path / "home" / "a.db", tmp_path / "spare" / "b.db")
    (tmp_path / "home").chmod(0o555)
    try:
        assert rows(path) == [(1,)]
    finally:
        (tmp_path / "home").chmod(0o755)


def test_writing_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db")
    with pytest.raises(SourceError, match="readonly"), open_readonly(path) as connection:
        connection.execute("INSERT INTO t VALUES (2)")


def test_a_locked_database_says_what_to_do(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SourceError, match="Another program holds it"):
            rows(path)


def test_no_database(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"something else entirely, not a database")
    with pytest.raises(SourceError, match="not a SQLite database"):
        rows(tmp_path / "a.db")
    with pytest.raises(SourceError, match="missing"):
        rows(tmp_path / "missing.db")


def test_a_cut_database_is_an_error_and_no_crash(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(SourceError):
        rows(path)


def test_text_that_is_no_utf8(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE t SET x = CAST(x'636166e9' AS TEXT)")
        connection.commit()
    assert rows(path) == [("caf�",)]
