"""The raw traces, compressed: kept because agents delete theirs after weeks. The only place with unredacted text.

One file for each source, made of zstd frames that follow each other; a grown source appends one. The length that the database
records is the truth: whatever lies behind it was written by a scan that was killed, and is cut off before the next frame.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

from hardwon.errors import StoreError
from hardwon.records import zstd
from hardwon.store.home import PRIVATE_FILE, Home, make_private, reason

FRAME_BYTES = 8 << 20
"""Raw bytes in one frame at most, so that a giant trace is archived in bounded memory."""


class Archive:
    """The archive folder of a home. Nothing is created before the first `append`."""

    def __init__(self, home: Home) -> None:
        self.folder = home.archive

    def path(self, root: str, source: str) -> Path:
        """Where the archive of a source lies: a hash, since paths hold names."""
        name = blake2b(f"{root}\0{source}".encode(errors="surrogateescape"), digest_size=16).hexdigest()
        return self.folder / name[:2] / f"{name}.zst"

    def append(self, root: str, source: str, length: int, frame: bytes) -> int:
        """Write a frame behind the first `length` bytes; what else stood there is cut off. Returns the new length."""
        path = self.path(root, source)
        try:
            if not path.parent.is_dir():
                make_private(self.folder)
                make_private(path.parent)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), PRIVATE_FILE)
            with os.fdopen(descriptor, "r+b") as file:
                file.truncate(length)
                file.seek(length)
                file.write(frame)
        except OSError as error:
            raise full_or_denied(error, path) from error
        return length + len(frame)

    def holds(self, root: str, source: str, length: int) -> bool:
        """Whether the archive has at least the recorded bytes."""
        try:
            return 0 < length <= self.path(root, source).stat().st_size
        except OSError:
            return False

    def read(self, root: str, source: str, length: int) -> Iterator[bytes]:
        """The raw content of the first `length` bytes of a source's archive, in blocks. Raises StoreError."""
        path = self.path(root, source)
        try:
            with path.open("rb") as file:
                yield from zstd.blocks(BytesIO(file.read(length)), 1 << 20)
        except (OSError, zstd.BrokenFrame) as error:
            raise StoreError(f"the archive cannot be read ({error})", where=str(path)) from error

    @contextmanager
    def restored(self, root: str, source: str, length: int) -> Iterator[Path]:
        """The raw trace as a file again, under its own name and folders in a private folder that is removed afterwards."""
        with self.scratch(self.folder, source) as folder:
            path = folder.joinpath(*Path(source).parts[1:])
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.writelines(self.read(root, source, length))
            yield path

    @staticmethod
    @contextmanager
    def scratch(folder: Path, source: str) -> Iterator[Path]:
        """A private folder in the archive folder, removed afterwards."""
        name = blake2b(source.encode(errors="surrogateescape"), digest_size=8).hexdigest()
        scratch = folder / f"scratch-{os.getpid()}-{name}"
        try:
            make_private(folder)
            make_private(scratch)
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def remove(self, root: str, source: str) -> int:
        """Delete a source's archive. Returns how many bytes that freed."""
        path = self.path(root, source)
        try:
            size = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            return 0
        return size

    def sweep(self) -> None:
        """Remove what a killed scan left in scratch folders. Call with the scan lock held."""
        if self.folder.is_dir():
            for left in self.folder.glob("scratch-*"):
                shutil.rmtree(left, ignore_errors=True)


def full_or_denied(error: OSError, path: Path) -> StoreError:
    """What to tell a person when a write failed."""
    if isinstance(error, PermissionError):
        hint = "Look at the folder's permissions, or set HARDWON_HOME to another folder"
        return StoreError(f"the folder cannot be used ({reason(error)})", where=str(path), hint=hint)
    hint = "What was committed before is sound. Free some space or set HARDWON_HOME to another folder, then scan again"
    return StoreError(f"cannot write ({reason(error)})", where=str(path), hint=hint)
