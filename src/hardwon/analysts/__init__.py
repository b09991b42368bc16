"""One analyst = one file: a corpus in, findings (and rejected candidates) out; none sees what another found."""

from __future__ import annotations

from collections.abc import Callable

from hardwon.analysts import asks, directions, flaky, masked, remedies, unfinished, usage, variants
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
    "asks": asks.analyse,
    "unfinished": unfinished.analyse,
}
"""All analysts by name; a test says that this equals the folder."""
