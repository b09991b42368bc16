"""A pattern held against an indexed session (semantics: `hardwon.patterns`).

Whatever may not stand between an activation and its target (reset, the user's word, another activation, a nearer event) bounds a
range of positions on either side of the activation; the nearest target in it is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from hardwon.model import AnyEvent
from hardwon.model.patterns import UNARY, Check, Mark, Pattern
from hardwon.patterns.index import Index
from hardwon.patterns.matching import values


def evaluate(pattern: Pattern, events: Index | Iterable[AnyEvent]) -> Check:
    """Activations, fulfilments and violations of a pattern in one session (give an `Index` to ask many patterns)."""
    index = events if isinstance(events, Index) else Index(events)
    if pattern.template in UNARY:
        return _whole(pattern, index)
    kept: list[Mark] = []
    broken: list[Mark] = []
    both: list[Mark] = []
    decide = _Relation(pattern, index)
    for at in decide.activations():
        good, other = decide.outcome(at)
        mark = _mark(index, at, other)
        both.append(mark)
        (kept if good else broken).append(mark)
    state = "broken" if broken else "kept" if kept else "not_applicable"
    return Check(index.session, state, tuple(both), tuple(kept), tuple(broken))  # type: ignore[arg-type]


def _mark(index: Index, at: int, other: int | None = None) -> Mark:
    event = index.events[at]
    if other is None:
        return Mark(event.id, event.step)
    target = index.events[other]
    return Mark(event.id, event.step, target.id, target.step)


def _whole(pattern: Pattern, index: Index) -> Check:
    """The templates that are about the session as a whole."""
    same_kind = index.of_kind(pattern.activation.kind)
    found = index.matching(pattern.activation)
    if not index.events or (pattern.template in ("init", "end") and not same_kind):
        return Check(index.session, "not_applicable")
    if pattern.template == "existence":
        bad = [] if len(found) >= pattern.n else [len(index.events) - 1]
        good = [] if bad else found
        every = good or bad
    elif pattern.template == "absence":
        every, good, bad = found, found[: pattern.n - 1], found[pattern.n - 1 :]
    else:
        every = [same_kind[0 if pattern.template == "init" else -1]]
        good = [at for at in every if at in found]
        bad = [at for at in every if at not in found]
    marks = [tuple(_mark(index, at) for at in some) for some in (every, good, bad)]
    return Check(index.session, "broken" if bad else "kept", *marks)


class _Relation:
    """A binary template (or `always`) on one session."""

    def __init__(self, pattern: Pattern, index: Index) -> None:
        assert pattern.target is not None
        self.pattern, self.index, self.target = pattern, index, pattern.target
        self.raw = index.matching(pattern.activation)
        self.resets = index.matching(pattern.reset) if pattern.reset else []
        self.negated = pattern.template.startswith("not_")
        self.template = pattern.template.removeprefix("not_")
        self.barriers = [self.resets]
        if pattern.window and pattern.window.in_turn:
            self.barriers.append(index.of_kind("utterance"))
        if self.template.startswith("alternate_"):
            self.barriers.append(self.raw)
        if self.template.startswith("chain_"):
            self.barriers.append(index.of_kind(self.target.kind))

    def activations(self) -> Sequence[int]:
        """Positions of the activations that count."""
        found: Sequence[int] = self.raw
        if self.pattern.which == "first":
            found = found[:1]
        elif self.pattern.which == "first_of_block":
            found = [
                at
                for at, before in zip(found, [-1, *found], strict=False)
                if before < 0 or bisect_left(self.resets, at) > bisect_right(self.resets, before)
            ]
        correlation = self.pattern.correlation
        return [at for at in found if values(correlation, self.index.events[at])] if correlation else found

    def outcome(self, at: int) -> tuple[bool, int | None]:
        """Whether an activation is fulfilled, and the position of the event that decided."""
        if self.template == "always":
            found = self.index.matching(self.target)
            place = bisect_left(found, at)
            return place < len(found) and found[place] == at, None
        others = [self._nearest(at, targets) for targets in self._targets(at)]
        there = [other for other in others if other is not None]
        near = min(there, key=lambda other: (abs(other - at), other), default=None)
        all_needed = self.pattern.correlation == "every_file" and not self.negated
        met = len(there) == len(others) if all_needed else bool(there)
        return met != self.negated, near

    def _targets(self, at: int) -> list[Sequence[int]]:
        """Positions of targets, for each value of the activation."""
        correlation = self.pattern.correlation
        if correlation is None:
            return [self.index.matching(self.target)]
        by_value = self.index.by_value(self.target, correlation)
        return [by_value.get(value, ()) for value in values(correlation, self.index.events[at])]

    def _nearest(self, at: int, targets: Sequence[int]) -> int | None:
        """The nearest of the targets that count."""
        found = []
        if not self.template.endswith("precedence"):
            place = bisect_right(targets, at)
            if place < len(targets) and targets[place] <= self._last(at):
                found.append(targets[place])
        if not self.template.endswith("response"):
            place = bisect_left(targets, at)
            if place and targets[place - 1] >= self._first(at):
                found.append(targets[place - 1])
        return min(found, key=lambda other: (abs(other - at), other), default=None)

    def _last(self, at: int) -> int:
        """The last position after an activation at which a target counts."""
        bounds = [len(self.index.events) - 1]
        for barrier in self.barriers:
            place = bisect_right(barrier, at)
            bounds += barrier[place : place + 1]
        if self.pattern.window and self.pattern.window.steps:
            bounds.append(bisect_right(self.index.ordinals, self.index.ordinals[at] + self.pattern.window.steps) - 1)
        return min(bounds)

    def _first(self, at: int) -> int:
        """The first position before an activation at which a target counts."""
        bounds = [0]
        for barrier in self.barriers:
            place = bisect_left(barrier, at)
            bounds += barrier[max(0, place - 1) : place]
        if self.pattern.window and self.pattern.window.steps:
            bounds.append(bisect_left(self.index.ordinals, self.index.ordinals[at] - self.pattern.window.steps))
        return max(bounds)
