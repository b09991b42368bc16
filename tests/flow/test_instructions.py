"""What stands already on disk: files of projects and of the user, by the agents' profiles; and what only sessions show."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.making import DAY, START, Maker

from hardwon.agents import Places
from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.flow.instructions import Stands, standing
from hardwon.model import StandingText


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "shop").mkdir()
    return tmp_path / "home"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def stands(home: Path, *shows: tuple[str, str], agent: str = "claude", env: dict[str, str] | None = None) -> Stands:
    maker = Maker(1, project=str(home.parent / "shop"), agent=agent)
    for path, text in shows:
        maker.events.append(StandingText(**maker._next(), path=path, text=text))  # type: ignore[arg-type]
    return standing(Corpus([maker.member()]), Places(home, env or {}))


def texts(found: Stands) -> list[tuple[str, int, str]]:
    return [(s.path, s.line, s.text) for s in found.instructions]


def test_files_of_the_project_and_of_the_user(home: Path) -> None:
    write(home.parent / "shop" / "CLAUDE.md", "- Use make\n\nSee @docs/style.md and @../secret.md\n")
    write(home.parent / "shop" / "docs" / "style.md", "- Use tabs")
    write(home.parent / "secret.md", "- Never shown")
    write(home.parent / "shop" / "AGENTS.md", "- For other agents")
    write(home / ".claude" / "CLAUDE.md", "- Be brief")
    found = stands(home)
    assert texts(found) == [("CLAUDE.md", 1, "Use make"), ("docs/style.md", 1, "Use tabs"), ("~/.claude/CLAUDE.md", 1, "Be brief")]
    assert {s.path: (s.scope, s.project != "") for s in found.instructions}["~/.claude/CLAUDE.md"] == ("person", False)
    assert texts(stands(home, agent="codex")) == [("AGENTS.md", 1, "For other agents")]


def test_a_moved_home_of_an_agent_and_a_link_to_another_file(home: Path) -> None:
    write(home / "moved" / "CLAUDE.md", "- Be brief")
    write(home.parent / "shop" / "AGENTS.md", "- Use make")
    (home.parent / "shop" / "CLAUDE.md").symlink_to("AGENTS.md")
    found = stands(home, env={"CLAUDE_CONFIG_DIR": str(home / "moved")})
    assert [t for *_, t in texts(found)] == ["Use make", "Be brief"]


def test_disk_wins_over_transcripts_and_tells_what_is_gone(home: Path) -> None:
    write(home.parent / "shop" / "CLAUDE.md", "- Use uv")
    found = stands(home, ("CLAUDE.md", "- Use make"), ("sub/AGENTS.md", "- Gone"))
    assert [(s.text, s.source) for s in found.instructions] == [("Use uv", "disk")]
    assert found.missing is not None
    assert found.missing(str(home.parent / "shop"), "no/such.md") and not found.missing(str(home.parent / "shop"), "CLAUDE.md")


def test_without_the_projects_folder_transcripts_stand_and_no_home_is_looked_at(home: Path) -> None:
    write(home / ".claude" / "CLAUDE.md", "- Be brief")
    shutil.rmtree(home.parent / "shop")
    found = stands(home, ("CLAUDE.md", "- Use make"))
    assert [(s.text, s.source) for s in found.instructions] == [("Use make", "transcript")]
    assert found.missing is None


def test_skills_with_their_descriptions_but_none_of_our_own(home: Path) -> None:
    folder = home.parent / "shop" / ".claude" / "skills"
    write(folder / "release" / "SKILL.md", "---\nname: release\ndescription: Tags a release.\n---\n- Run `make tag`\n")
    write(folder / "ours" / "SKILL.md", "---\nname: ours\ndescription: y\nmetadata:\n  hardwon: '0.1'\n---\n- Run `make ours`\n")
    write(home / ".claude" / "skills" / "broken" / "SKILL.md", "no frontmatter")
    found = stands(home)
    assert [(s.name, s.description) for s in found.skills] == [("release", "Tags a release.")]
    assert [t for *_, t in texts(found)] == ["Run `make tag`"]


def test_secrets_in_files_are_redacted(home: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    write(home.parent / "shop" / "CLAUDE.md", f"- Use the token {token}\n")
    assert token not in str(stands(home).instructions) and "REDACTED" in str(stands(home).instructions)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_knows_since_when_a_line_stands(home: Path) -> None:
    shop = home.parent / "shop"

    def git(*words: str, when: int = 0) -> None:
        env = {"GIT_AUTHOR_DATE": f"{when} +0000", "GIT_COMMITTER_DATE": f"{when} +0000", "PATH": "/usr/bin:/bin:/usr/local/bin"}
        names = ("-c", "user.name=x", "-c", "user.email=x@localhost")
        subprocess.run(["git", *names, *words], cwd=shop, check=True, capture_output=True, env=env)

    git("init", "--quiet")
    for number, text in ((0, "- Use make\n"), (5, "- Use make\n- Use uv\n")):
        write(shop / "CLAUDE.md", text)
        git("add", ".")
        git("commit", "--quiet", "-m", "x", when=START // 1000 + number * DAY // 1000)
    write(shop / "CLAUDE.md", "- Use make\n- Use uv\n- New\n")
    found = {s.text: s.since for s in stands(home).instructions}
    assert found == {"Use make": day(START), "Use uv": day(START + 5 * DAY), "New": ""}
