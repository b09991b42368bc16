"""What stands already: instruction files and skills, from disk where the project's folder exists, else as sessions show them.

Whatever lies on disk is newer than what a session saw, so a file there replaces its transcript, and a file that is gone from a
project that is there no longer stands at all. Everything read here is redacted before it goes on, like any other text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hardwon.agents import AGENTS, Places
from hardwon.agents.contract import Profile
from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.corpus.standing import Shown, dated, instructions, ours, shown
from hardwon.errors import HardwonError
from hardwon.formats.instructions import split
from hardwon.formats.skill_md import read_skill
from hardwon.model import Standing
from hardwon.skills.collisions import InstalledSkill
from hardwon.skills.git import run_git
from hardwon.text.paths import hide_home
from hardwon.text.redact import redact
from hardwon.text.standing import is_skill

LARGEST = 1 << 20
"""Bytes of a file that is still taken for instructions."""

_IMPORT = re.compile(r"(?:^|\s)@((?:\.{0,2}/)?[\w./-]+\.md)\b", re.MULTILINE)
_BLAMED = re.compile(r"^author-time (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Stands:
    """All that stands already. files: how many files it was taken from; missing: whether a path is gone from a project's folder,
    None where no folder was looked at."""

    instructions: tuple[Standing, ...]
    skills: tuple[InstalledSkill, ...]
    files: int
    missing: Callable[[str, str], bool] | None = None


def standing(corpus: Corpus, places: Places | None = None) -> Stands:
    """Everything that agents were told, or are told now, in the projects of a corpus.

    Args:
        places: the home whose agents' folders are looked at, and leave to look at the projects' folders; None: transcripts only.
    """
    seen = shown(corpus)
    if places is None:
        return Stands(tuple(instructions(corpus, seen)), tuple(_skills_of(seen)), len(seen))
    # only where one of their projects lies do the sessions come from this machine, and only then its home is theirs
    here = {p for p in corpus.projects(m.id for m in corpus.members) if Path(p).is_dir()}
    agents = [AGENTS[a].profile for a in sorted({m.session.agent for m in corpus.members}) if a in AGENTS]
    found = list(_files(here, agents, places, seen))
    on_disk = {(f.project, f.shown) for f in found}
    left = [s for s in seen if s.project not in here and (s.project, s.path) not in on_disk]
    items = [item for file in found for item in _read(file, seen)]
    return Stands(
        (*items, *instructions(corpus, left)),
        (*_installed(found), *_skills_of(left)),
        len(found) + len(left),
        (lambda project, path: project in here and not (Path(project) / path).exists()) if here else None,
    )


@dataclass(frozen=True)
class _File:
    """A file on disk: how it is shown, whose it is, and what stands in it."""

    path: Path
    shown: str
    project: str
    agent: str
    text: str


def _files(here: Collection[str], agents: Iterable[Profile], places: Places, seen: Iterable[Shown]) -> Iterator[_File]:
    """Instruction files and skills of the projects and of the user, each once, however many agents and links lead to it."""
    done: set[Path] = set()

    def take(path: Path, project: str, agent: str, depth: int = 2, inside: Path | None = None) -> Iterator[_File]:
        real = path.resolve()
        text = _text(path) if inside is None or real.is_relative_to(inside.resolve()) else ""
        if not text or real in done or ours(text):
            return
        done.add(real)
        name = path.relative_to(project).as_posix() if project and path.is_relative_to(project) else _tilde(path, places)
        yield _File(path, name, project, agent, text)
        for target in _IMPORT.findall(text) if depth and not is_skill(name) else ():
            yield from take(path.parent / target, project, agent, depth - 1, Path(project) if project else path.parent)

    for project in sorted(here):
        root = Path(project)
        for profile in agents:
            for pattern in (*profile.instruction_files, *(f"{folder}/*/SKILL.md" for folder in profile.project_skills)):
                for path in sorted(root.glob(pattern)):
                    yield from take(path, project, profile.id)
        for file in seen:
            if file.project == project:
                yield from take(root / file.path, project, file.agent, inside=root)
    for profile in agents if here else ():
        for pattern in (*profile.user_instruction_files, *(f"{folder}/*/SKILL.md" for folder in profile.user_skills)):
            base, rest = _moved(profile, pattern, places)
            for path in sorted(base.glob(rest)):
                yield from take(path, "", profile.id)


def _moved(profile: Profile, pattern: str, places: Places) -> tuple[Path, str]:
    """A folder of the user and what is looked for in it, where an environment variable may have moved the agent's own."""
    for folder in profile.homes:
        if pattern.startswith(folder.default + "/"):
            return folder.resolve(places), pattern[len(folder.default) + 1 :]
    return places.home, pattern


def _text(path: Path) -> str:
    """A file's text, redacted; "" for what is no file, too large or unreadable."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""
        return redact(path.read_text("utf-8", errors="replace").replace("\r\n", "\n"))
    except OSError:
        return ""


def _tilde(path: Path, places: Places) -> str:
    inside = path.relative_to(places.home).as_posix() if path.is_relative_to(places.home) else ""
    return f"~/{inside}" if inside else hide_home(path.as_posix())


def _read(file: _File, seen: Iterable[Shown]) -> Iterator[Standing]:
    """The instructions of a file, each with the day since which it is known to stand there: from the sessions or from git."""
    sights = next((s.sights for s in seen if (s.project, s.path) == (file.project, file.shown)), ())
    days = _written(file.path)
    items = split(file.text, file.shown, scope="project" if file.project else "person", agent=file.agent, project=file.project)
    for item in dated(items, sights):
        written = [days.get(line, "") for line in item.raw.split("\n")]
        known = [d for d in (item.since, max(written) if written and all(written) else "") if d]
        yield msgspec.structs.replace(item, since=min(known, default=""))


def _written(path: Path) -> dict[str, str]:
    """Line of a file → the day on which it was last committed so; nothing where git knows nothing of it. Reads the commits only:
    no filter, hook or remote of the repository is run."""
    run = run_git(
        "-c", "protocol.allow=never", "blame", "--line-porcelain", "--no-textconv", "HEAD", "--", path.name, cwd=path.parent
    )
    if run is None or run.returncode:
        return {}
    found: dict[str, str] = {}
    time = 0
    for line in run.stdout.decode("utf-8", "replace").split("\n"):
        if line.startswith("\t"):
            found[line[1:].rstrip("\r")] = max(found.get(line[1:], ""), day(time * 1000))
        elif match := _BLAMED.match(line):
            time = int(match[1])
    return found


def _installed(files: Iterable[_File]) -> Iterator[InstalledSkill]:
    for file in files:
        if is_skill(file.shown):
            yield from _skill(file.text, file.shown, file.project)


def _skills_of(seen: Iterable[Shown]) -> Iterator[InstalledSkill]:
    for file in seen:
        newest = file.newest[0]
        if is_skill(file.path) and newest.whole and newest.line == 1 and not ours(newest.text):
            yield from _skill(newest.text, file.path, file.project)


def _skill(text: str, path: str, project: str) -> Iterator[InstalledSkill]:
    try:
        document = read_skill(text, path)
    except HardwonError:
        return
    yield InstalledSkill(document.name, path, " ".join(document.description.split()), project)
