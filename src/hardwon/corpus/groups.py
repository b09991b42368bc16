"""Groups of things that belong together (union–find), which remember why they were joined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T", int, str)


class Groups(Generic[T]):
    """Each thing begins in a group of its own. A group is named by its smallest thing, whatever the order of joining."""

    def __init__(self, things: Iterable[T]) -> None:
        self._parent: dict[T, T] = {thing: thing for thing in things}
        self._reasons: dict[T, set[str]] = {}

    def find(self, thing: T) -> T:
        """The name of a thing's group."""
        while self._parent[thing] != thing:
            self._parent[thing] = self._parent[self._parent[thing]]
            thing = self._parent[thing]
        return thing

    def join(self, a: T, b: T, reason: str = "") -> None:
        """Put the groups of two things together; things that are not there join nothing."""
        if a not in self._parent or b not in self._parent:
            return
        low, high = sorted((self.find(a), self.find(b)))
        self._reasons.setdefault(low, set()).add(reason)
        if low != high:
            self._parent[high] = low
            self._reasons[low] |= self._reasons.pop(high, set())

    def reasons(self, name: T) -> set[str]:
        """Why the things of a group were joined."""
        return self._reasons.get(name, set())
