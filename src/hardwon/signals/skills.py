"""Skills that were loaded, or looked for in vain.

What it notices: calls that load a skill (a skill tool, or a read of its SKILL.md), slash commands of the user behind which a
skill's body follows, and calls for a skill that does not exist.

Why it matters: use is the first sign of worth; a name that agents call and do not find is the best name for a skill that is
missing.

Example: Skill(commit) answered by "Unknown skill: commit" → SkillUse(name="commit", known=False).

When it is wrong: a skill whose text an agent reads by other means goes unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hardwon.model import SkillUse, Step
from hardwon.signals.scenes import Exchange, Scene

_UNKNOWN = re.compile(
    r"unknown (?:skill|command)|skill [\"'`]?[\w:.-]+[\"'`]? (?:not found|does not exist)|no (?:such )?skill|not found in "
    r"available",
    re.I,
)
_SLASH = re.compile(r"^/([\w:.-]+)")
NEAR = 3
"""Steps behind a slash command within which the skill's body stands."""


def notice(scene: Scene) -> list[SkillUse]:
    """By the model, then by the user."""
    return [*_by_model(scene), *_by_user(scene)]


def _by_model(scene: Scene) -> Iterator[SkillUse]:
    for exchange in scene.exchanges:
        call, result = exchange.call, exchange.result
        if call.skill and not (result is not None and result.rejected):
            known = not (call.action == "skill" and _refused(exchange))
            yield SkillUse(**scene.stamp("skill", exchange.step), name=call.skill.lstrip("/"), known=known)


def _refused(exchange: Exchange) -> bool:
    result = exchange.result
    return result is not None and bool(result.error_flag or result.harness_error) and bool(_UNKNOWN.search(result.text[:400]))


def _by_user(scene: Scene) -> Iterator[SkillUse]:
    for at, step in enumerate(scene.steps):
        if step.place != "command_args" or step.sidechain:
            continue
        name = next((m.group(1) for p in step.parts if p.origin == "user" and (m := _SLASH.match(p.text))), "")
        if name and _body_follows(scene.steps[at : at + 1 + NEAR]):
            yield SkillUse(**scene.stamp("skill", step), name=name, by="user")


def _body_follows(steps: Sequence[Step]) -> bool:
    """Whether a skill's body stands in the first step or behind it, before the user speaks again or the context is summed up."""
    for at, step in enumerate(steps):
        if at and any(part.origin == "user" or part.kind == "compaction" for part in step.parts):
            return False
        if _echoes(step):
            return True
    return False


def _echoes(step: Step) -> bool:
    return any(part.origin == "echo" and part.kind == "text" for part in step.parts)
