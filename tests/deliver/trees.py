"""What lies in a folder, to compare before and after."""

from __future__ import annotations

import stat
from pathlib import Path


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every folder, file and link below a folder, with its mode and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b"/"
        found[str(path.relative_to(folder))] = (mode, content)
    return found
