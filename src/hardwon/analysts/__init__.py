"""One analyst = one file: a corpus in, findings (and rejected candidates) out; none sees what another found."""

from __future__ import annotations

from collections.abc import Callable

from hardwon.analysts import (
    asks,
    checkouts,
    companions,
    directions,
    fixers,
    flaky,
    floods,
    gates,
    masked,
    meanings,
    pipes,
    refusals,
    remedies,
    sandboxes,
    silent_filters,
    unfinished,
    usage,
    variants,
    whereabouts,
)
from hardwon.corpus import Corpus
from hardwon.model import Finding, Rejection

Analyst = Callable[[Corpus], tuple[list[Finding], list[Rejection]]]

ANALYSTS: dict[str, Analyst] = {
    "variants": variants.analyse,
    "remedies": remedies.analyse,
    "flaky": flaky.analyse,
    "masked": masked.analyse,
    "usage": usage.analyse,
    "directions": directions.analyse,
    "refusals": refusals.analyse,
    "asks": asks.analyse,
    "unfinished": unfinished.analyse,
    "meanings": meanings.analyse,
    "pipes": pipes.analyse,
    "floods": floods.analyse,
    "whereabouts": whereabouts.analyse,
    "checkouts": checkouts.analyse,
    "silent_filters": silent_filters.analyse,
    "companions": companions.analyse,
    "fixers": fixers.analyse,
    "gates": gates.analyse,
    "sandboxes": sandboxes.analyse,
}
"""All analysts by name; a test says that this equals the folder."""
