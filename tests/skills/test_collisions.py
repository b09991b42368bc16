"""A proposed skill and an installed one that would compete for the same moment."""

from __future__ import annotations

from hardwon.model import Rule
from hardwon.skills.collisions import InstalledSkill, collisions
from hardwon.skills.plan import SkillPlan

PLAN = SkillPlan(
    "shop-commit",
    "Commit",
    "x",
    (Rule("r-1", "x", "repeated_ask", (), asks=("commit this", "update the changelog")),),
    project="/p",
)


def why(name: str, description: str = "Other things.", project: str = "") -> list[str]:
    return [c.why for c in collisions([PLAN], [InstalledSkill(name, f"~/.claude/skills/{name}/SKILL.md", description, project)])]


def test_name_ask_and_description_collide() -> None:
    assert why("shop-commit") == ["it has the same name"]
    assert why("commit") == ["“commit this” calls for both"]
    assert why("release", "Updates the changelog and tags a release.") == ["its description answers “update the changelog” too"]


def test_other_skills_and_other_projects_do_not() -> None:
    assert why("deploy", "Puts it on the server.") == []
    assert why("commit", project="/elsewhere") == []
