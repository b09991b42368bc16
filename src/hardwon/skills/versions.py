"""Versions of a skill: which number comes next, and what differs between two."""

from __future__ import annotations

import difflib

from hardwon.model import Rule
from hardwon.model.trajectory import Value

FIRST = "1.0.0"


class RuleChange(Value, frozen=True):
    """A rule that is in both versions, but not alike."""

    before: Rule
    after: Rule


class SkillDiff(Value, frozen=True):
    """What differs between two versions: first rules, then lines (a unified diff of SKILL.md and the rare cases)."""

    before: str
    after: str
    added: tuple[Rule, ...] = ()
    removed: tuple[Rule, ...] = ()
    changed: tuple[RuleChange, ...] = ()
    lines: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed or self.lines)


def following(version: str, rules_moved: bool) -> str:
    """The next version number: minor when rules came or went, else patch."""
    major, minor, patch = _numbers(version)
    return f"{major}.{minor + 1}.0" if rules_moved else f"{major}.{minor}.{patch + 1}"


def highest(*versions: str) -> str:
    """The highest of version numbers, "" among them counting for nothing."""
    return max((v for v in versions if v), key=_numbers)


def compare_rules(
    before: tuple[Rule, ...], after: tuple[Rule, ...]
) -> tuple[tuple[Rule, ...], tuple[Rule, ...], tuple[RuleChange, ...]]:
    """(added, removed, changed) between two lists of rules, by id."""
    old, new = {r.id: r for r in before}, {r.id: r for r in after}
    changed = tuple(RuleChange(old[r.id], r) for r in after if r.id in old and old[r.id] != r)
    return tuple(r for r in after if r.id not in old), tuple(r for r in before if r.id not in new), changed


def compare_texts(name: str, before: str, after: str, labels: tuple[str, str]) -> str:
    """A unified diff of one file, "" when it is the same."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"{labels[0]}/{name}", f"{labels[1]}/{name}"
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch
