"""What a person did not want: rules remembered by id with the size of their evidence, so that only more of it brings them back."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from hardwon.errors import LibraryError
from hardwon.model import Rule
from hardwon.model.trajectory import Value
from hardwon.skills.files import write_atomic

REJECTIONS = "rejections.json"


class Rejected(Value, frozen=True):
    """A rule that was turned down: support and lineages it had then, from which skill, and why."""

    rule: str
    text: str
    skill: str
    support: int = 0
    lineages: int = 0
    reason: str = ""

    def covers(self, rule: Rule) -> bool:
        """Whether a rule is still turned down: no more sessions and no more lineages than then."""
        return rule.id == self.rule and rule.support <= self.support and rule.lineages <= self.lineages


def read_rejections(root: Path) -> dict[str, Rejected]:
    """All rejections by rule id.

    Raises:
        LibraryError: the file is broken.
    """
    path = root / REJECTIONS
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[Rejected])
    except FileNotFoundError:
        return {}
    except msgspec.MsgspecError as error:
        raise LibraryError(f"the rejections cannot be read ({error})", where=str(path)) from error
    return {each.rule: each for each in found}


def write_rejections(root: Path, rejected: Iterable[Rejected]) -> None:
    """Write all rejections, sorted. Raises OSError."""
    found = sorted(rejected, key=lambda each: each.rule)
    data = msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"
    path = root / REJECTIONS
    if found or path.exists():
        write_atomic(path, data)


def reject(rules: Iterable[Rule], skill: str, why: str) -> dict[str, Rejected]:
    """Rejections of rules, by id."""
    return {r.id: Rejected(r.id, r.text, skill, r.support, r.lineages, why) for r in rules}
