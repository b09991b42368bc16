"""Regular expressions that are compiled when they are first used.

Tables of failure lines and secrets hold some four hundred; compiling them all takes longer than a whole rescan, which needs a
few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any


class Lazy:
    """A pattern's source that answers like the compiled pattern (`match`, `search`, `groupindex`).

    What is asked for first is kept in the instance, so that from the second time on it costs no more than the pattern itself.
    """

    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    groupindex: Mapping[str, int]

    def __init__(self, source: str) -> None:
        self.pattern = source

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern)
        for each in ("match", "search", "groupindex"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"Lazy({self.pattern!r})"
