"""The obvious evaluator: word for word what `hardwon.patterns` says, without an index. Only to test `evaluate` against."""

from __future__ import annotations

from collections.abc import Iterable

from hardwon.model import AnyEvent, FileTouch
from hardwon.model.patterns import UNARY, Check, EventClass, Mark, Pattern
from hardwon.patterns.matching import IN_SETS, kind_of, matches, values


def evaluate(pattern: Pattern, events: Iterable[AnyEvent], session: str = "", agent: str = "") -> Check:
    """As `hardwon.patterns.evaluate`."""
    return _Slow(pattern, sorted(events, key=lambda e: e.ordinal), session, agent).check()


class _Slow:
    def __init__(self, pattern: Pattern, events: list[AnyEvent], session: str, agent: str) -> None:
        self.pattern, self.events, self.session, self.agent = pattern, events, session, agent

    def check(self) -> Check:
        p, everywhere = self.pattern, range(len(self.events))
        if p.template in UNARY:
            return self.whole(p, [i for i in everywhere if self.is_in(p.activation, i)])
        every = [i for i in everywhere if self.activates(i)]
        good = [i for i in every if self.fulfilled(i)]
        bad = [i for i in every if i not in good]
        return self.told(every, good, bad) if every else Check(self.session, "not_applicable")

    def whole(self, p: Pattern, found: list[int]) -> Check:
        ends = [i for i in range(len(self.events)) if kind_of(self.events[i]) == p.activation.kind]
        if p.template == "existence" and self.events:
            last = [len(self.events) - 1]
            return self.told(found, found, []) if len(found) >= p.n else self.told(last, [], last)
        if p.template == "absence" and self.events:
            return self.told(found, found[: p.n - 1], found[p.n - 1 :])
        if p.template in ("init", "end") and ends:
            at = ends[0] if p.template == "init" else ends[-1]
            return self.told([at], [at] if at in found else [], [] if at in found else [at])
        return Check(self.session, "not_applicable")

    def told(self, every: list[int], good: list[int], bad: list[int]) -> Check:
        marks = [tuple(self.mark(i) for i in some) for some in (every, good, bad)]
        return Check(self.session, "broken" if bad else "kept", *marks)

    def mark(self, i: int) -> Mark:
        near = [] if self.pattern.template in UNARY or self.pattern.template == "always" else self.candidates(i)
        if not near:
            return Mark(self.events[i].id, self.events[i].step)
        target = self.events[min(near, key=lambda j: (abs(j - i), j))]
        return Mark(self.events[i].id, self.events[i].step, target.id, target.step)

    def is_in(self, wanted: EventClass, i: int) -> bool:
        before = {(name, e.path) for e in self.events[:i] if isinstance(e, FileTouch) for name in IN_SETS[e.how]}
        return matches(wanted, self.events[i], lambda name, path: (name, path) in before, self.agent)

    def activates(self, i: int) -> bool:
        p = self.pattern
        if not self.is_in(p.activation, i) or (p.correlation and not values(p.correlation, self.events[i])):
            return False
        earlier = [j for j in range(i) if self.is_in(p.activation, j)]
        if p.which == "first_of_block" and p.reset:
            earlier = [j for j in earlier if not any(self.is_in(p.reset, k) for k in range(j + 1, i))]
        return p.which == "each" or not earlier

    def fulfilled(self, i: int) -> bool:
        p = self.pattern
        if p.template == "always":
            return p.target is not None and self.is_in(p.target, i)
        near = self.candidates(i)
        if p.template.startswith("not_"):
            return not near
        if p.correlation == "every_file":
            met = {value for j in near for value in values(p.correlation, self.events[j])}
            return met.issuperset(values(p.correlation, self.events[i]))
        return bool(near)

    def candidates(self, i: int) -> list[int]:
        p = self.pattern
        sides = {"response": range(i + 1, len(self.events)), "precedence": range(i)}
        side = sides.get(p.template.rpartition("_")[2], range(len(self.events)))
        return [j for j in side if j != i and self.counts(i, j)]

    def counts(self, i: int, j: int) -> bool:
        p, one, other = self.pattern, self.events[i], self.events[j]
        if p.target is None or not self.is_in(p.target, j):
            return False
        if p.correlation and not set(values(p.correlation, one)) & set(values(p.correlation, other)):
            return False
        if p.window and p.window.steps and abs(one.ordinal - other.ordinal) > p.window.steps:
            return False
        return not any(self.bars(k, p.target) for k in range(min(i, j) + 1, max(i, j)))

    def bars(self, k: int, target: EventClass) -> bool:
        """Whether an event between activation and target keeps them apart."""
        p, kind = self.pattern, kind_of(self.events[k])
        return (
            (p.reset is not None and self.is_in(p.reset, k))
            or (p.window is not None and p.window.in_turn and kind == "utterance")
            or ("alternate" in p.template and self.is_in(p.activation, k))
            or ("chain" in p.template and kind == target.kind)
        )
