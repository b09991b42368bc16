"""Other programs' SQLite databases, read without changing a byte of them or of their folder.

`mode=ro` alone is not enough: on a database in WAL mode SQLite makes `-wal` and `-shm` files beside it and leaves them there, and
in a folder that cannot be written it fails. So the way in depends on what lies beside the database
(https://www.sqlite.org/wal.html#read_only_databases):

- no WAL content: nobody writes; opened as `immutable`, and checked afterwards that it stayed so;
- WAL content and its `-shm`: in use, or left by a killed program; `mode=ro` sees the newest state and adds no file;
- WAL content without `-shm`, or `mode=ro` refused: a private copy of both files, removed afterwards. `immutable` would leave out
  what stands in the WAL, and totals would be silently short.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from hardwon.errors import SourceError
from hardwon.records.open import open_source

BUSY_SECONDS = 5.0
MAGIC = b"SQLite format 3\x00"
_WAL_MODE = 2  # byte 18 of the header, https://www.sqlite.org/fileformat2.html#file_format_version_numbers


@contextmanager
def open_readonly(path: Path, busy: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """A read-only connection to `path`, waiting up to `busy` seconds for a lock. Text that is no UTF-8 comes with U+FFFD.

    Raises SourceError when it is no database or cannot be opened, and for every sqlite3.Error that leaves the block.
    """
    try:
        with ExitStack() as stack:
            connection, stamp = _connect(path, busy, stack)
            yield connection
            if stamp is not None and stamp != _stamp(path):
                raise SourceError("the database was written while it was read", where=str(path), hint="Read it again.")
    except sqlite3.Error as error:
        hint = "Another program holds it; try again when it is done." if "locked" in str(error) else ""
        raise SourceError(str(error), where=str(path), hint=hint) from error


def _connect(path: Path, busy: float, stack: ExitStack) -> tuple[sqlite3.Connection, tuple[int, int] | None]:
    wal_mode, missing = _header(path)
    wal, shm = _beside(path, "-wal"), _beside(path, "-shm")
    if missing > 0 and not _has_content(wal) and not _has_content(_beside(path, "-journal")):
        raise SourceError(f"the database is cut off: {missing:,} bytes are missing", where=str(path))
    if wal_mode and not _has_content(wal):
        stamp = _stamp(path)
        return _open(path, "immutable=1", busy, stack), stamp
    if wal_mode and not shm.exists():
        return _open_copy(path, busy, stack), None
    try:
        return _open(path, "mode=ro", busy, stack), None
    except sqlite3.OperationalError as error:
        if not _refused(error):
            raise
        return _open_copy(path, busy, stack), None


def _open(path: Path, mode: str, busy: float, stack: ExitStack) -> sqlite3.Connection:
    uri = f"file:{quote(path.absolute().as_posix())}?mode=ro&{mode}"
    connection = stack.enter_context(closing(sqlite3.connect(uri, uri=True, timeout=busy)))
    connection.text_factory = _text
    connection.execute("PRAGMA query_only=ON")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return connection


def _open_copy(path: Path, busy: float, stack: ExitStack) -> sqlite3.Connection:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hardwon-", ignore_cleanup_errors=True)))
    copy = folder / "copy.db"
    try:
        shutil.copyfile(path, copy)
        for suffix in ("-wal", "-journal"):
            if _beside(path, suffix).exists():
                shutil.copyfile(_beside(path, suffix), _beside(copy, suffix))
    except OSError as error:
        raise SourceError(error.strerror or str(error), where=str(path)) from error
    # Opened for writing once, so that SQLite recovers the log of the copy.
    with closing(sqlite3.connect(copy, timeout=busy)) as recovering:
        recovering.execute("PRAGMA journal_mode=DELETE")
    return _open(copy, "immutable=1", busy, stack)


def _header(path: Path) -> tuple[bool, int]:
    """(whether the database is in WAL mode, how many bytes it is shorter than its header says). SQLite itself reads missing pages
    as empty tables, so rows would vanish in silence."""
    with open_source(path) as file:
        try:
            header = file.read(100)
            size = file.seek(0, 2)
        except OSError as error:
            raise SourceError(error.strerror or str(error), where=str(path)) from error
    if header and not header.startswith(MAGIC):
        raise SourceError("this is not a SQLite database", where=str(path))
    if len(header) < 100:
        return False, 0
    page = int.from_bytes(header[16:18], "big")
    page = 65536 if page == 1 else page
    told = header[24:28] == header[92:96]  # else a very old SQLite wrote it last, and the page count is not kept
    pages = int.from_bytes(header[28:32], "big") if told else 0
    return header[18] == _WAL_MODE, page * pages - size


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return found.st_size, found.st_mtime_ns


def _refused(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite wanted to write: the folder or the log cannot be written, or a hot journal waits to be rolled back."""
    return error.sqlite_errorname.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
