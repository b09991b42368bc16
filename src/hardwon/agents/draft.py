"""A trajectory while it is being read: steps are added, and the few that a later record changes are replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from hardwon.model import Part, Step, ToolCall, Usage


class Draft:
    """Steps so far. `first_new` is the ordinal of the first step that is new or was replaced since the draft was begun."""

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self.steps = list(steps)
        self.ids = {step.id for step in self.steps}
        self.first_new = len(self.steps)

    def unique(self, id: str, number: int) -> str:
        """`id`, told apart by the line's number where another step has it already (owners redact ids to the same word)."""
        return id if id not in self.ids else f"{id}#{number}"

    def add(self, step: Step) -> int:
        """Adds a step whose ordinal is already `len(self.steps)`; returns that ordinal."""
        self.ids.add(step.id)
        self.steps.append(step)
        return step.ordinal

    def change(self, ordinal: int, **fields: object) -> None:
        """Replaces fields of an earlier step."""
        self.steps[ordinal] = msgspec.structs.replace(self.steps[ordinal], **fields)
        self.first_new = min(self.first_new, ordinal)


def milliseconds(timestamp: str) -> int | None:
    """UTC epoch milliseconds of an ISO 8601 time (`…Z` or with an offset; without one UTC is meant), or None."""
    try:
        time = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return round(time.timestamp() * 1000)


def text(origin: str, value: str) -> Part:
    """A text part."""
    return Part("text", value, origin)  # type: ignore[arg-type]


def total(steps: Iterable[Step]) -> Usage | None:
    """The usage of all steps, or None where no step tells it."""
    usages = [step.usage for step in steps if step.usage is not None]
    return sum(usages[1:], usages[0]) if usages else None


def span(steps: Iterable[Step]) -> tuple[int | None, int | None]:
    """First and last time of the steps."""
    times = [step.time for step in steps if step.time is not None]
    return (min(times), max(times)) if times else (None, None)


def calls_of(steps: Iterable[Step]) -> dict[str, ToolCall]:
    """All calls by id."""
    return {part.call.id: part.call for step in steps for part in step.parts if part.call is not None}


def dangling(steps: Iterable[Step]) -> bool:
    """Whether some call of the last turn never got a result: the agent was stopped in it (or is in it now)."""
    open_calls: set[str] = set()
    for step in steps:
        for part in step.parts:
            if part.call is not None:
                open_calls.add(part.call.id)
            elif part.result is not None:
                open_calls.discard(part.result.call_id)
        if step.source == "user" and not step.sidechain:
            open_calls.clear()
    return bool(open_calls)
