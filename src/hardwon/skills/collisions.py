"""Skills that would compete for the same moment: a proposed one, and one that is installed already and not Hardwon's.

Two skills with one trigger confuse an agent more than none. So a collision is said before anything is accepted, and extending the
skill that is there is the first choice.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardwon.model.trajectory import Value
from hardwon.skills.plan import SkillPlan
from hardwon.text.words import content_stems, words


class InstalledSkill(Value, frozen=True):
    """A skill as an agent sees it: its name, where it lies, the description by which it is chosen. project: "" for the user's."""

    name: str
    path: str
    description: str
    project: str = ""


class Collision(Value, frozen=True):
    """A proposed skill (`skill`) and an installed one (`other`, at `path`); why: what makes them compete, as a clause."""

    skill: str
    other: str
    path: str
    why: str


def collisions(plans: Iterable[SkillPlan], installed: Iterable[InstalledSkill]) -> list[Collision]:
    """All pairs that compete, by plan and path."""
    skills = sorted(installed, key=lambda s: (s.path, s.name))
    return [
        Collision(plan.name, skill.name, skill.path, why)
        for plan in plans
        for skill in skills
        if (not skill.project or not plan.project or skill.project == plan.project) and (why := _why(plan, skill))
    ]


def _why(plan: SkillPlan, skill: InstalledSkill) -> str:
    if skill.name == plan.name:
        return "it has the same name"
    asks = [a for r in plan.rules for a in r.asks]
    name = content_stems(skill.name.replace("-", " "))
    called = [a for a in asks if name and name <= content_stems(a) and len(words(a)) <= 4]
    if called:
        return f"“{called[0]}” calls for both"
    described = content_stems(skill.description)
    told = [a for a in asks if len(s := content_stems(a)) >= 2 and s <= described]
    return f"its description answers “{told[0]}” too" if told else ""
