"""What is here and what is wrong: agents, index, library, folders for skills. Reads only; repairs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from hardwon.agents import AGENTS, Agent, Places
from hardwon.errors import HardwonError
from hardwon.model import Selection
from hardwon.model.trajectory import Value
from hardwon.store.db import Store
from hardwon.store.home import Home
from hardwon.store.rows import SessionRow, Skipped

SHOWN_SKIPPED = 5


class FolderHealth(Value, frozen=True, omit_defaults=False):
    """A folder that an agent uses. state: here, missing, or forbidden; skills: those in it (skill folders only)."""

    path: str
    state: str
    skills: tuple[str, ...] = ()


class AgentHealth(Value, frozen=True, omit_defaults=False):
    """One agent. files: on disk now; sessions, newest (UTC epoch ms), versions: in the index; unreadable: of the last scan; gaps:
    broken or cut-off lines in `incomplete` sessions, which were read all the same."""

    id: str
    name: str
    found: bool
    folders: tuple[FolderHealth, ...]
    files: int
    sessions: int
    newest: int | None
    versions: tuple[str, ...]
    unreadable: tuple[Skipped, ...]
    skill_folders: tuple[FolderHealth, ...]
    incomplete: int = 0
    gaps: int = 0


class Health(Value, frozen=True, omit_defaults=False):
    """The whole picture. problems: what a person should look at, one sentence each."""

    home: str
    agents: tuple[AgentHealth, ...]
    index_bytes: int
    archive_bytes: int
    sessions: int
    skills: dict[str, int]
    problems: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Builtins with stable keys."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data


def examine(home: Home, places: Places) -> Health:
    """Look at everything. Never raises for what is wrong: it becomes a problem in the result."""
    problems = list(_home(home))
    rows: list[SessionRow] = []
    skipped: list[Skipped] = []
    try:
        with Store.open(home) as store:
            rows, skipped = store.sessions(Selection(children=True)), store.skipped()
            problems += [f"The index is damaged: {line}. Move it away and scan again." for line in _check(store)]
    except HardwonError as error:
        problems.append(str(error))
    agents = tuple(_agent(agent, places, rows, skipped) for agent in AGENTS.values())
    problems += [p for agent in agents for p in _problems(agent)]
    skills, broken = _library(home)
    return Health(
        home=str(home.path),
        agents=agents,
        index_bytes=sum(_size(home.path / f"hardwon.db{end}") for end in ("", "-wal")),
        archive_bytes=_size_of_folder(home.archive),
        sessions=sum(not row.parent for row in rows),
        skills=skills,
        problems=(*problems, *broken),
    )


def _home(home: Home) -> Iterator[str]:
    """What is wrong with the folder and its settings."""
    from hardwon.flow.settings import read_settings

    if home.path.is_dir() and not home.writable():
        yield f"{home.path} cannot be written, so nothing can be scanned or proposed. Set HARDWON_HOME to another folder."
    try:
        read_settings(home)
    except HardwonError as error:
        yield str(error)


def _check(store: Store) -> list[str]:
    return [row[0] for row in store.connection.execute("PRAGMA quick_check(3)") if row[0] != "ok"]


def _agent(agent: Agent, places: Places, rows: list[SessionRow], skipped: list[Skipped]) -> AgentHealth:
    profile = agent.profile
    mine = [row for row in rows if row.agent == profile.id]
    folders = tuple(_folder(folder.resolve(places)) for folder in profile.sessions)
    here = [f for f in folders if f.state != "missing"]
    unreadable = tuple(s for s in skipped if any(Path(s.path).is_relative_to(f.path) for f in here))
    return AgentHealth(
        id=profile.id,
        name=profile.name,
        found=bool(here),
        folders=tuple({f.path: f for f in folders}.values()),
        files=_count(agent, places) if here else 0,
        sessions=sum(not row.parent for row in mine),
        newest=max((t for row in mine if (t := row.ended or row.started) is not None), default=None),
        versions=tuple(sorted({row.agent_version for row in mine if row.agent_version})),
        unreadable=unreadable,
        skill_folders=tuple(_folder(places.home / path, skills=True) for path in profile.user_skills),
        incomplete=sum(row.gaps > 0 for row in mine),
        gaps=sum(row.gaps for row in mine),
    )


def _count(agent: Agent, places: Places) -> int:
    try:
        return sum(1 for _ in agent.reader.discover(places))
    except OSError:
        return 0


def _folder(path: Path, skills: bool = False) -> FolderHealth:
    try:
        if not path.exists():
            return FolderHealth(str(path), "missing")
        readable = os.access(path, os.R_OK | os.X_OK if path.is_dir() else os.R_OK)
        found = tuple(sorted(p.parent.name for p in path.glob("*/SKILL.md"))) if skills and readable else ()
    except OSError:
        return FolderHealth(str(path), "forbidden")
    return FolderHealth(str(path), "here" if readable else "forbidden", found)


def _problems(agent: AgentHealth) -> Iterator[str]:
    closed = {folder.path for folder in agent.folders if folder.state == "forbidden"}
    for path in sorted(closed):
        yield f"{agent.name}: {path} cannot be read. Look at its permissions."
    unread = [skipped for skipped in agent.unreadable if skipped.path not in closed]
    for skipped in unread[:SHOWN_SKIPPED]:
        yield f"{agent.name}: {skipped.path} was skipped: {skipped.reason}."
    if len(unread) > SHOWN_SKIPPED:
        yield f"{agent.name}: {len(unread) - SHOWN_SKIPPED} more were skipped: `hardwon doctor --json` names them all."


def _library(home: Home) -> tuple[dict[str, int], list[str]]:
    """Skills by state, and what is wrong with them."""
    from hardwon.skills.library import Library

    counts = {"proposed": 0, "accepted": 0, "discarded": 0}
    try:
        for entry in Library.open(home).list():
            counts[entry.skill.state] += 1
    except HardwonError as error:
        return counts, [str(error)]
    return counts, []


def _size_of_folder(folder: Path) -> int:
    try:
        return sum(_size(file) for file in folder.rglob("*"))
    except OSError:
        return 0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
