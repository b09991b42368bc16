"""Rules are grouped by the task in which they matter; a skill is a task, not a rule."""

from __future__ import annotations

from hardwon.model import Rule
from hardwon.rules import group
from hardwon.rules.tasks import slug, task


def rule(name: str, moment: str, lineages: int = 3, project: str = "/srv/work/shop", **fields: object) -> Rule:
    return Rule(
        id=f"r-{name}", text=name, kind="error_recovery", evidence=(), moment=moment, lineages=lineages, project=project, **fields
    )  # type: ignore[arg-type]


CHECKS = [rule(f"check{i}", f"command:{c}") for i, c in enumerate(("npm test", "npm run lint", "pytest"))]
COMMITS = [rule(f"commit{i}", "command:git commit") for i in range(3)]


def test_the_task_is_read_off_the_moment_of_use() -> None:
    assert task(rule("a", "command:pytest")) == "checks"
    assert task(rule("a", "command:git push")) == "commit"
    assert task(rule("a", "command:pip install")) == "dependencies"
    assert task(rule("a", "command:tools/deploy.sh")) == "workflow"


def test_three_rules_of_a_task_make_a_skill_with_the_projects_name() -> None:
    groups = group((*CHECKS, *COMMITS))
    assert [(g.name, len(g.rules)) for g in groups] == [("shop-checks", 3), ("shop-commit", 3)]


def test_few_rules_make_one_skill_together() -> None:
    (one,) = group((CHECKS[0], COMMITS[0], rule("x", "program:pnpm")))
    assert one.name == "shop-workflow"
    assert len(one.rules) == 3


def test_a_lone_rule_with_two_lineages_makes_no_skill() -> None:
    assert group((rule("x", "command:pytest", lineages=2),)) == []


def test_projects_do_not_mix() -> None:
    other = [rule(f"o{i}", "command:pytest", project="/srv/work/other") for i in range(3)]
    assert {g.name for g in group((*CHECKS, *other))} == {"shop-checks", "other-checks"}


def test_what_stands_in_a_skill_stays_there() -> None:
    groups = group((*CHECKS, COMMITS[0]), {"house-rules": frozenset({"r-commit0"})})
    assert {g.name: len(g.rules) for g in groups} == {"shop-checks": 3, "house-rules": 1}


def test_at_most_the_given_number_of_skills() -> None:
    many = [
        rule(f"{k}{i}", m)
        for k, m in [("a", "command:pytest"), ("b", "command:git push"), ("c", "command:x/y.sh")]
        for i in range(3)
    ]
    groups = group(tuple(many), limit=2)
    assert len(groups) == 2
    assert sum(len(g.rules) for g in groups) == 9


def test_names_are_valid_skill_names() -> None:
    assert slug("My Project_2 (new)") == "my-project-2-new"
    assert slug("日本") == "project"
