"""Proposed edits of instruction files, as unified diffs. They are shown to a person and never applied."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hardwon.model import Rule, Standing
from hardwon.rules.counts import wrapper_of
from hardwon.text.paths import hide_home

_BULLETS = ("- ", "* ", "+ ")


def proposed(rule: Rule, instruction: Standing, form: str = "") -> str:
    """The smallest change of the instruction's own lines after which it no longer teaches what the rule says against; "" where the
    lines are not known. form: the widest form of command that fails (`rtk bun …`), for an exception to name."""
    before = instruction.raw.split("\n") if instruction.raw else []
    after = _changed(rule, instruction, list(before), form) if before else []
    return unified(instruction, before, after) if after != before else ""


def removal(instruction: Standing) -> str:
    """The instruction's lines taken out."""
    return unified(instruction, instruction.raw.split("\n"), []) if instruction.raw else ""


def unified(instruction: Standing, before: Sequence[str], after: Sequence[str]) -> str:
    """One hunk that turns some lines of a file into others; lines that stay at the ends are left out."""
    start = max(1, instruction.line)
    while before and after and before[0] == after[0]:
        before, after, start = before[1:], after[1:], start + 1
    while before and after and before[-1] == after[-1]:
        before, after = before[:-1], after[:-1]
    # a hunk that only adds is numbered by the line that it follows, as diff does
    old, new = (start if before else start - 1), (start if after else start - 1)
    a, b = ("", "") if instruction.path.startswith(("~", "/")) else ("a/", "b/")
    head = f"--- {a}{instruction.path}\n+++ {b}{instruction.path}\n@@ -{old},{len(before)} +{new},{len(after)} @@"
    return hide_home("\n".join([head, *(f"-{x}" for x in before), *(f"+{x}" for x in after)]))


def _changed(rule: Rule, instruction: Standing, lines: list[str], form: str) -> list[str]:
    facts = rule.facts
    command_line = "`" not in instruction.raw and instruction.text.startswith("`")
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    if (place := str(facts.get("place") or "")) and facts.get("refused"):
        return [re.sub(rf"(cd\s+{re.escape(place)}/?\s*&&[^#`)]*[^\s#`)])", r"(\1)", x) for x in lines]
    if remedy := str(facts.get("remedy") or ""):
        return _with_remedy(rule, remedy, lines, indent if command_line else None)
    if "wanted" in facts:
        return [re.sub(rf"(?<![\w-]){re.escape(str(facts['unwanted']))}(?![\w-])", str(facts["wanted"]), x) for x in lines]
    failing, working = str(facts.get("failing") or "").rstrip("… "), str(facts.get("working") or "").rstrip("… ")
    if failing and working and any(failing in x for x in lines):
        return [x.replace(failing, working) for x in lines]
    if command_line:
        return [f"{indent}# {rule.text}", *lines]
    if lines[-1].lstrip().startswith("|"):
        return lines  # nothing can be added to a row of a table
    exception = f"{indent}{'  ' if lines[0].lstrip()[:2] in _BULLETS else ''}Exception: "
    if wrapper := wrapper_of(facts):
        bare = " ".join(w for w in (form or failing).split() if w != wrapper)
        said = f': `{form or failing}` fails with "{rule.symptom}".' if rule.symptom else "."
        return [*lines, f"{exception}run `{bare}` without `{wrapper}`{said}"]
    return [*lines, exception + rule.text]


def _with_remedy(rule: Rule, remedy: str, lines: list[str], indent: str | None) -> list[str]:
    """The remedy put before its goal; one that destroys something is told as the condition it is."""
    goal = str(rule.facts.get("goal") or (rule.facts.get("keys") or [""])[0])
    if rule.facts.get("destructive") or "…" in remedy:
        return [f"{indent}# {rule.text}", *lines] if indent is not None else [*lines[:-1], f"{lines[-1].rstrip()} {rule.text}"]
    if indent is not None:
        return [f"{indent}{remedy}", *lines]
    changed = [x.replace(f"`{goal}`", f"`{remedy}`, then `{goal}`", 1) for x in lines]
    return changed if changed != lines else [*lines[:-1], f"{lines[-1].rstrip()} {rule.text}"]
