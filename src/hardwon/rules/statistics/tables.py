"""Two-by-two tables: odds ratios and the Cochran–Mantel–Haenszel test."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, NamedTuple

Side = Literal["two-sided", "greater", "less"]
"""greater: keeping goes with good outcomes more than chance has it; less: the other way round."""


class Table(NamedTuple):
    """Counts of a 2×2 table: behaviour kept or broken × outcome good or bad."""

    kept_good: int
    kept_bad: int
    broken_good: int
    broken_bad: int

    @property
    def kept(self) -> int:
        return self.kept_good + self.kept_bad

    @property
    def broken(self) -> int:
        return self.broken_good + self.broken_bad

    @property
    def good(self) -> int:
        return self.kept_good + self.broken_good

    @property
    def bad(self) -> int:
        return self.kept_bad + self.broken_bad

    @property
    def n(self) -> int:
        return sum(self)

    @property
    def tells(self) -> bool:
        """Whether the table can say anything: no margin is zero."""
        return min(self.kept, self.broken, self.good, self.bad) > 0


def odds_ratio(table: Table) -> float:
    """Odds of a good outcome when kept over those when broken. Where a cell is zero, 0.5 is added to all four (Haldane 1956,
    "The estimation and significance of the logarithm of a ratio of frequencies"; Anscombe 1956), so it is always finite."""
    add = 0.5 if min(table) == 0 else 0.0
    a, b, c, d = (x + add for x in table)
    return (a * d) / (b * c)


def mantel_haenszel_odds(strata: Iterable[Table]) -> float:
    """Common odds ratio over strata (Mantel & Haenszel 1959, "Statistical aspects of the analysis of data from retrospective
    studies of disease"). Strata with an empty margin tell nothing and are left out; where a sum would be zero, 0.5 is added to
    every cell of every stratum. 1.0 where no stratum tells anything."""
    telling = [t for t in strata if t.tells]
    for add in (0.0, 0.5):
        cells = [(a + add, b + add, c + add, d + add) for a, b, c, d in telling]
        up = math.fsum(a * d / (a + b + c + d) for a, b, c, d in cells)
        down = math.fsum(b * c / (a + b + c + d) for a, b, c, d in cells)
        if up and down:
            return up / down
    return 1.0


def cochran_mantel_haenszel(strata: Iterable[Table], continuity: bool = True) -> tuple[float, float]:
    """Statistic (chi square, one degree of freedom) and two-sided p-value of no association in any stratum (Cochran 1954, "Some
    methods for strengthening the common χ² tests"; Mantel & Haenszel 1959). For many strata; for few, `exact_stratified`.

    The continuity correction takes ½ off the distance between seen and expected. Squared as it stands it would make a distance
    below ½ *larger* (0 would become ¼); the corrected distance is therefore clipped at zero.
    """
    telling = [t for t in strata if t.tells]
    distance = abs(math.fsum(t.kept_good - t.kept * t.good / t.n for t in telling))
    variance = math.fsum(t.kept * t.broken * t.good * t.bad / (t.n * t.n * (t.n - 1)) for t in telling)
    if variance == 0:
        return 0.0, 1.0
    if continuity:
        distance = max(0.0, distance - 0.5)
    statistic = distance * distance / variance
    return statistic, math.erfc(math.sqrt(statistic / 2))
