"""Exact conditional tests: Fisher's, and its extension to several strata."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

from hardwon.rules.statistics.tables import Side, Table

N = TypeVar("N", int, float)

INTEGERS_UP_TO = 5_000
"""Number of runs up to which Fisher's test is computed in integers, without any rounding."""
STRATA_INTEGERS_UP_TO = 1_000
"""The same for the stratified test, whose convolution multiplies large integers by one another."""
_TIE = 1e-7


def fisher(table: Table, side: Side = "two-sided") -> float:
    """Fisher's exact test (Fisher 1935, "The logic of inductive inference"): the probability, margins being what they are, of a
    table as extreme as this one. Two-sided: of all tables that are not more probable than it.

    Exact integers up to `INTEGERS_UP_TO` runs, log-gamma above (relative error below 1e-6, which also decides ties).
    """
    if not table.tells:
        return 1.0
    low, _ = _support(table)
    seen = table.kept_good - low
    if table.n <= INTEGERS_UP_TO:
        return _tail_of_integers(_weights(table), seen, side)
    return _tail_of_floats(_probabilities(table), seen, side)


def exact_stratified(strata: Iterable[Table], side: Side = "two-sided") -> float:
    """Exact conditional test of no association in any stratum, against one common odds ratio: the sum of the kept and good over all
    strata is held against the convolution of their hypergeometric distributions. Strata with an empty margin tell nothing and are
    left out. Meant for few strata.

    Gart 1970, "Point and interval estimation of the common odds ratio in the combination of 2×2 tables with fixed marginals";
    Mehta, Patel & Gray 1985, "Computing an exact confidence interval for the common odds ratio in several 2×2 contingency tables".
    """
    telling = [t for t in strata if t.tells]
    if not telling:
        return 1.0
    seen = sum(t.kept_good - _support(t)[0] for t in telling)
    if sum(t.n for t in telling) <= STRATA_INTEGERS_UP_TO:
        weights = [1]
        for table in telling:
            weights = _convolved(weights, _weights(table))
        return _tail_of_integers(weights, seen, side)
    chances = [1.0]
    for table in telling:
        chances = _convolved(chances, _probabilities(table))
    return _tail_of_floats(chances, seen, side)


def _support(t: Table) -> tuple[int, int]:
    """Least and largest number of kept and good that the margins allow."""
    return max(0, t.good - t.broken), min(t.kept, t.good)


def _weights(t: Table) -> list[int]:
    """Number of ways to each table with these margins, in the order of its support; each from the one before it."""
    low, high = _support(t)
    weight = math.comb(t.kept, low) * math.comb(t.broken, t.good - low)
    found = [weight]
    for k in range(low, high):
        weight = weight * (t.kept - k) * (t.good - k) // ((k + 1) * (t.broken - t.good + k + 1))
        found.append(weight)
    return found


def _probabilities(t: Table) -> list[float]:
    low, high = _support(t)
    whole = _log_choose(t.n, t.good)
    return [
        math.exp(_log_choose(t.kept, k) + _log_choose(t.broken, t.good - k) - whole)  # below 1e-308 it is nothing
        for k in range(low, high + 1)
    ]


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _convolved(one: list[N], other: list[N]) -> list[N]:
    result: list[N] = [one[0] * 0] * (len(one) + len(other) - 1)
    for i, x in enumerate(one):
        for j, y in enumerate(other):
            result[i + j] += x * y
    return result


def _tail_of_integers(weights: Sequence[int], seen: int, side: Side) -> float:
    if side == "greater":
        part = sum(weights[seen:])
    elif side == "less":
        part = sum(weights[: seen + 1])
    else:
        part = sum(w for w in weights if w <= weights[seen])
    return part / sum(weights)


def _tail_of_floats(chances: Sequence[float], seen: int, side: Side) -> float:
    if side == "greater":
        part = math.fsum(chances[seen:])
    elif side == "less":
        part = math.fsum(chances[: seen + 1])
    else:
        limit = chances[seen] * (1 + _TIE)
        part = math.fsum(c for c in chances if c <= limit)
    return min(1.0, part / math.fsum(chances))
