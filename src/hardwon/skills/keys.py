"""The key under which raw spans of evidence are hashed: made once, never leaves the home."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hardwon.errors import LibraryError
from hardwon.store.home import PRIVATE_FILE, Home, reason

KEY_FILE = "evidence.key"
_SIZE = 32


def evidence_key(home: Home) -> bytes:
    """The key of this home, created (readable by the user alone) on first use.

    Raises:
        LibraryError: it cannot be read or created, or is not what Hardwon wrote.
    """
    path = home.make().path / KEY_FILE
    try:
        _create(path)
        key = path.read_bytes()
    except OSError as error:
        raise LibraryError(f"the key for evidence cannot be used ({reason(error)})", where=str(path)) from error
    if len(key) != _SIZE:
        raise LibraryError(
            f"the key for evidence has {len(key)} bytes, not {_SIZE}", where=str(path), hint="Delete it to get a new one."
        )
    return key


def _create(path: Path) -> None:
    if path.exists():
        return
    # linked into place when whole, so that another process never sees half a key, and the first one wins
    temporary = path.with_name(f".{KEY_FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SIZE))
        if os.name == "nt":
            temporary.rename(path)
        else:
            path.hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
