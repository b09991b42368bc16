"""Exact tests of small tables, on `math` alone.

Everything is a pure function of numbers; what is random (`cluster_permutation`) takes a seed. A `Table` has the behaviour in its
rows (kept, broken) and the outcome in its columns (good, bad). Strata (tasks, projects, days) are several tables.
"""

from hardwon.rules.statistics.exact import exact_stratified, fisher
from hardwon.rules.statistics.many import Observation, benjamini_hochberg, cluster_permutation
from hardwon.rules.statistics.power import fisher_power, more_runs, runs_needed
from hardwon.rules.statistics.tables import Side, Table, cochran_mantel_haenszel, mantel_haenszel_odds, odds_ratio

__all__ = [
    "Observation",
    "Side",
    "Table",
    "benjamini_hochberg",
    "cluster_permutation",
    "cochran_mantel_haenszel",
    "exact_stratified",
    "fisher",
    "fisher_power",
    "mantel_haenszel_odds",
    "more_runs",
    "odds_ratio",
    "runs_needed",
]
