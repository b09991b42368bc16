"""The shell's simulated directory: where `cd`, `pushd` and `popd` in a text lead."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

_ABSOLUTE = re.compile(r"[/~$`]|[A-Za-z]:")


class Directory:
    """Where a shell stands. `path` is "" until a `cd`; relative paths are relative to the start."""

    def __init__(self, cwd: str) -> None:
        self.cwd = cwd.replace("\\", "/").rstrip("/") if len(cwd) > 1 else cwd
        self.path = ""
        self._previous = ""
        self._stack: tuple[str, ...] = ()

    def copy(self) -> Directory:
        """As a subshell sees it: changes in the copy stay there."""
        other = Directory(self.cwd)
        other.path, other._previous, other._stack = self.path, self._previous, self._stack
        return other

    def follow(self, program: str, words: Sequence[str]) -> None:
        """Goes where `cd words…` (or pushd, popd) leads; an unknown variable stays in the path as written."""
        operands = [word for word in words if word == "-" or not word.startswith(("-", "+"))]
        if program == "popd":
            self._go(self._stack[-1] if self._stack else self._previous)
            self._stack = self._stack[:-1]
            return
        if program == "pushd":
            self._stack = (*self._stack, self.path)
        target = operands[0] if operands else "~"
        self._go(self._previous if target == "-" else self._resolve(target))

    def _go(self, path: str) -> None:
        self._previous, self.path = self.path, path

    def _resolve(self, target: str) -> str:
        target = target.replace("\\", "/") if re.match(r"[A-Za-z]:\\", target) else target
        path = target if _ABSOLUTE.match(target) else posixpath.join(self.path, target)
        path = posixpath.normpath(path)
        if path.startswith("..") and self.cwd:
            path = posixpath.normpath(posixpath.join(self.cwd, path))
        if self.cwd and (path == self.cwd or path.startswith(self.cwd + "/")):
            path = path[len(self.cwd) + 1 :]
        return "" if path == "." else path
