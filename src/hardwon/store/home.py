"""The one folder that Hardwon owns, and where things lie in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hardwon.errors import StoreError

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
_HINT = "Set HARDWON_HOME to a folder that you can write to"


@dataclass(frozen=True)
class Home:
    """A folder with everything that Hardwon keeps. Nothing is created before `make` is called."""

    path: Path

    @classmethod
    def default(cls, env: Mapping[str, str] | None = None) -> Home:
        """HARDWON_HOME if it is set, else the platform's data folder for this user."""
        moved = (os.environ if env is None else env).get("HARDWON_HOME", "").strip()
        if moved:
            return cls(Path(moved).expanduser().absolute())
        from platformdirs import user_data_path

        return cls(user_data_path("hardwon", appauthor=False))

    @property
    def database(self) -> Path:
        """Index, events, redacted trajectories, full-text search."""
        return self.path / "hardwon.db"

    @property
    def archive(self) -> Path:
        """Compressed copies of the traces as the agents wrote them: the only place with unredacted text."""
        return self.path / "archive"

    @property
    def lock(self) -> Path:
        """Held while a scan writes."""
        return self.path / "scan.lock"

    def make(self) -> Home:
        """Create the folder, readable by the user alone; inside a repository so that git passes it over, for the archive in it
        is raw. Raises StoreError where that cannot be done."""
        if make_private(self.path) and any((folder / ".git").exists() for folder in self.path.parents):
            (self.path / ".gitignore").write_bytes(b"*\n")
        return self

    def writable(self) -> bool:
        """Whether files can be made in the folder, which must exist."""
        return os.access(self.path, os.W_OK | os.X_OK)


def make_private(folder: Path) -> bool:
    """Create `folder` with mode 0700, parents as the system makes them. Returns whether it is new. Raises StoreError."""
    try:
        if folder.is_dir():
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        return True
    except OSError as error:
        raise StoreError(f"cannot create the folder ({reason(error)})", where=str(folder), hint=_HINT) from error


def reason(error: OSError) -> str:
    """What the operating system said, in lower case, without numbers."""
    return (error.strerror or str(error)).lower()
