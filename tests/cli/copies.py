"""A session made anew from one that is there: all its ids are fresh, and it happened later."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def copy_session(path: Path, from_day: str, to_day: str) -> Path:
    """Write a copy of a session file beside it, with every id and its day replaced. Returns its path."""
    data = _UUID.sub(lambda found: str(uuid.uuid5(uuid.NAMESPACE_OID, found[0].decode())).encode(), path.read_bytes())
    copied = path.with_name(
        _UUID.sub(lambda found: str(uuid.uuid5(uuid.NAMESPACE_OID, found[0].decode())).encode(), path.name.encode()).decode()
    )
    copied.write_bytes(data.replace(from_day.encode(), to_day.encode()))
    return copied
