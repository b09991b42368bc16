"""The agents that Hardwon reads: one folder each, with `profile.py` (data) and `reader.py` (files into trajectories).

`AGENTS` is the registry; a test says that it equals the folders. Profiles are cheap to import; a reader is imported when it is
first used (`AGENTS["claude"].reader`). A new agent is a folder, a line here, and a folder of cases under tests/agents.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from hardwon.agents.claude.profile import PROFILE as CLAUDE
from hardwon.agents.codex.profile import PROFILE as CODEX
from hardwon.agents.contract import Agent, Earlier, Places, Profile, Reader, Reading
from hardwon.agents.gemini.profile import PROFILE as GEMINI
from hardwon.agents.opencode.profile import PROFILE as OPENCODE
from hardwon.agents.qwen.profile import PROFILE as QWEN
from hardwon.errors import SourceError

__all__ = ["AGENTS", "Agent", "Earlier", "Places", "Profile", "Reader", "Reading", "detect"]


def _agent(profile: Profile) -> Agent:
    return Agent(profile, lambda: cast(Reader, import_module(f"hardwon.agents.{profile.id}.reader")))


AGENTS: dict[str, Agent] = {
    "claude": _agent(CLAUDE),
    "codex": _agent(CODEX),
    "opencode": _agent(OPENCODE),
    "gemini": _agent(GEMINI),
    "qwen": _agent(QWEN),
}


def detect(path: Path) -> str | None:
    """The id of the agent whose session file this is, judged by its first 64 KiB; None if none knows it or it cannot be read."""
    from hardwon.records.head import read_head

    try:
        head = read_head(path)
    except (OSError, SourceError):
        return None
    return next((id for id, agent in AGENTS.items() if agent.reader.detects(path, head)), None)
