"""Which rule goes where: rules are grouped by the task in which they matter, at most five groups a project.

The task is read off the moment of use: the program of a command, the verb of an ask, the path prefix of an edit. Small groups
join the nearest one, so that a skill is a task, not a rule. What stands in a skill already stays there: a skill is extended,
not doubled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from hardwon.model import Rule
from hardwon.model.trajectory import Value
from hardwon.shell.parse import parse
from hardwon.shell.programs import check_kind

Task = Literal["checks", "commit", "dependencies", "data", "workflow"]

TITLES: Mapping[str, str] = {
    "checks": "Checks in {}",
    "commit": "Commits and delivery in {}",
    "dependencies": "Installing and building in {}",
    "workflow": "Working in {}",
}
ELSEWHERE: Mapping[str, tuple[str, str]] = {
    "person": ("everywhere", "every project"),
    "machine": ("this-machine", "this machine"),
    "agent": ("this-agent", "this agent"),
}
"""Name and place of skills that belong to no single project, by scope."""
_DELIVER = frozenset(["git", "gh", "glab", "hub", "jj", "changelog", "commit", "push", "merge", "release", "tag"])
_INSTALLERS = frozenset(
    ["npm", "pnpm", "yarn", "bun", "pip", "uv", "poetry", "pdm", "conda", "brew", "apt", "cargo", "gem", "bundle", "composer", "go"]
)
_FEW = 3
_ALONE = 5


class TaskGroup(Value, frozen=True):
    """Rules that make one skill: its name and title, what it is about and when it applies (the trigger's parts)."""

    name: str
    title: str
    rules: tuple[Rule, ...]
    project: str = ""
    scope: str = "project"


def group(rules: tuple[Rule, ...], existing: Mapping[str, frozenset[str]] | None = None, limit: int = 5) -> list[TaskGroup]:
    """Group rules into tasks, project by project.

    Args:
        rules: by priority. existing: names of skills in the library → ids of the rules in them. limit: skills a project.

    Returns:
        groups by project, then size; a lone rule makes a group only with five lineages, or where nothing else is there to join
        and three lineages carry it.
    """
    home = {rule: name for name, ids in sorted((existing or {}).items()) for rule in ids}
    projects: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        projects.setdefault((rule.scope if rule.scope != "project" else "project", rule.project), []).append(rule)
    result: list[TaskGroup] = []
    for (scope, project), mine in sorted(projects.items()):
        result += _project(scope, project, mine, home, limit)
    return result


def _project(scope: str, project: str, rules: list[Rule], home: Mapping[str, str], limit: int) -> list[TaskGroup]:
    folder = project.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    prefix, place = (slug(folder), folder) if project else ELSEWHERE.get(scope, ("everywhere", "every project"))
    named: dict[str, list[Rule]] = {}
    for rule in rules:
        named.setdefault(home.get(rule.id) or f"{prefix}-{task(rule)}", []).append(rule)
    settled = set(home.values())
    _join_small(named, f"{prefix}-workflow", settled, limit)
    groups = [TaskGroup(name, _title(name, prefix, place), tuple(group), project, scope) for name, group in named.items()]
    kept = [g for g in groups if g.name in settled or len(g.rules) > 1 or g.rules[0].lineages >= _FEW]
    return sorted(kept, key=lambda g: (-len(g.rules), g.name))


def _join_small(named: dict[str, list[Rule]], rest: str, settled: set[str], limit: int) -> None:
    """Merge groups of fewer than three rules into one, and that one into the largest where it is small itself."""
    small = [n for n, g in sorted(named.items()) if len(g) < _FEW and n not in settled and n != rest]
    if len(named) > 1:
        for name in small:
            named.setdefault(rest, []).extend(named.pop(name))
    if rest in named and len(named) > 1 and len(named[rest]) < _FEW and rest not in settled:
        lone = named.pop(rest)
        if all(r.lineages >= _ALONE for r in lone) and len(lone) > 1:
            named[rest] = lone
        else:
            named[max(sorted(named), key=lambda n: len(named[n]))].extend(lone)
    while len(named) > limit:
        least = min(sorted(named), key=lambda n: len(named[n]))
        lost = named.pop(least)
        named[max(sorted(named), key=lambda n: len(named[n]))].extend(lost)
    for group in named.values():
        group.sort(key=lambda r: (_stage(r), -r.priority, r.id))


def task(rule: Rule) -> str:
    """The task in which a rule matters, by its moment of use."""
    kind, _, what = rule.moment.partition(":")
    if kind == "command":
        parsed = parse(what)
        if parsed and check_kind(parsed[0]):
            return "checks"
        words = set(re.split(r"[\s/:]+", what))
        if words & _DELIVER:
            return "commit"
        return "dependencies" if words & _INSTALLERS and words & {"install", "add", "i", "ci", "sync"} else "workflow"
    if kind == "ask" and (set(rule.subject.lower().replace(":", " ").split()) & _DELIVER or what in _DELIVER):
        return "commit"
    return "dependencies" if kind == "program" and what in _INSTALLERS else "workflow"


def _stage(rule: Rule) -> int:
    """Order of the work inside a skill: prepare, change, check, deliver."""
    return {"dependencies": 0, "workflow": 1, "checks": 2, "commit": 3}.get(task(rule), 1)


def _title(name: str, prefix: str, place: str) -> str:
    known = TITLES.get(name.removeprefix(f"{prefix}-"))
    return known.format(place) if known else name.replace("-", " ").capitalize()


def slug(text: str) -> str:
    """A skill name's form: lower-case letters, digits and single hyphens, at most 40 characters."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-") or "project"
