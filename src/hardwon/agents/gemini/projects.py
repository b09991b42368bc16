"""The project folder of a session that does not name it.

Gemini CLI keeps sessions under a short name or a hash of the project; the folder stands in `.project_root` beside `chats`. Older
files name only `projectHash`, the SHA-256 of the folder's path: any path that the session mentions can be tried against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from hardwon.model import Step

_PATH = re.compile(r"/(?:[\w.+@-]+/)*[\w.+@-]+")
_TRIES = 5000


def project_root(path: Path) -> str:
    """What the `.project_root` beside a session's `chats` folder says, or ""."""
    for folder in path.parents[1:3]:
        try:
            text = (folder / ".project_root").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        return text.strip()
    return ""


def folder_of_hash(digest: str, steps: Iterable[Step]) -> str:
    """The folder with this hash among all folders that the steps mention, or ""."""
    if not digest:
        return ""
    tried: set[str] = set()
    for text in _texts(steps):
        for found in _PATH.finditer(text):
            folder = found[0]
            while folder and folder not in tried:
                tried.add(folder)
                if sha256(folder.encode()).hexdigest() == digest:
                    return folder
                if len(tried) > _TRIES:
                    return ""
                folder = folder.rpartition("/")[0]
    return ""


def _texts(steps: Iterable[Step]) -> Iterable[str]:
    for step in steps:
        for part in step.parts:
            yield part.text
            if part.call is not None:
                yield part.call.arguments
            if part.result is not None:
                yield part.result.text[:20_000]
