"""The events of one session, laid out so that many patterns can be asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter

from hardwon.model import AnyEvent, Attempt, FileTouch
from hardwon.model.patterns import Correlation, EventClass, SetName
from hardwon.patterns.matching import IN_SETS, Seen, kind_of, matches, values


class Index:
    """Events in order, with their positions by kind, command key, matched class and correlated value; each made when first asked.

    Args:
        events: of one session. session: its id. agent: the agent program's id.
    """

    def __init__(self, events: Iterable[AnyEvent], session: str = "", agent: str = "") -> None:
        self.session, self.agent = session, agent
        self.events: list[AnyEvent] = sorted(events, key=attrgetter("ordinal"))
        self.ordinals = [e.ordinal for e in self.events]
        self._kinds: dict[str, list[int]] = {}
        self._keys: dict[str, list[int]] = {}
        self._matches: dict[EventClass, list[int]] = {}
        self._by_value: dict[tuple[EventClass, Correlation], dict[str, list[int]]] = {}
        self._first: dict[tuple[SetName, str], int] | None = None
        for at, event in enumerate(self.events):
            self._kinds.setdefault(kind_of(event), []).append(at)
            if isinstance(event, Attempt) and event.command:
                self._keys.setdefault(event.command.key, []).append(at)

    def of_kind(self, kind: str) -> list[int]:
        """Positions of all events of a kind."""
        return self._kinds.get(kind, [])

    def matching(self, wanted: EventClass) -> list[int]:
        """Positions of all events of a class."""
        found = self._matches.get(wanted)
        if found is None:
            possible = self.of_kind(wanted.kind)
            if wanted.kind == "attempt" and wanted.key:
                possible = sorted(at for key in set(wanted.key) for at in self._keys.get(key, ()))
            found = [at for at in possible if matches(wanted, self.events[at], self._seen(at), self.agent)]
            self._matches[wanted] = found
        return found

    def by_value(self, wanted: EventClass, correlation: Correlation) -> dict[str, list[int]]:
        """Positions of a class's events by each value that correlates them."""
        found = self._by_value.get((wanted, correlation))
        if found is None:
            found = {}
            for at in self.matching(wanted):
                for value in values(correlation, self.events[at]):
                    found.setdefault(value, []).append(at)
            self._by_value[wanted, correlation] = found
        return found

    def _seen(self, at: int) -> Seen:
        return lambda name, path: self._firsts().get((name, path), at) < at

    def _firsts(self) -> dict[tuple[SetName, str], int]:
        """Where a path first came into a named set."""
        if self._first is None:
            self._first = {}
            for at in self.of_kind("touch"):
                event = self.events[at]
                if isinstance(event, FileTouch):
                    for name in IN_SETS[event.how]:
                        self._first.setdefault((name, event.path), at)
        return self._first
