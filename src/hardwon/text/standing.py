"""Which files hold standing instructions: what agents load unasked (CLAUDE.md, AGENTS.md, rules, memory) or on demand (skills)."""

from __future__ import annotations

import re

STANDING = re.compile(
    r"(?:^|[/\\])(?:(?:CLAUDE|AGENTS?|GEMINI|QWEN|MEMORY|SKILL|CONVENTIONS)(?:\.local|\.override)?\.md|\.cursorrules|"
    r"\.windsurfrules|copilot-instructions\.md|"
    r"\.(?:claude|cursor|agents?)[/\\]rules[/\\]\S+\.mdc?|memory[/\\][^/\\]+\.md)$",
    re.IGNORECASE,
)
"""Searched in a path."""


def is_standing(path: str) -> bool:
    """Whether a file of this name tells agents what to do.

    >>> is_standing("/p/CLAUDE.md"), is_standing("/p/README.md")
    (True, False)
    """
    return STANDING.search(path) is not None


def is_skill(path: str) -> bool:
    """Whether a file is a skill's own, which is loaded on demand only."""
    return path.replace("\\", "/").rsplit("/", 1)[-1].upper() == "SKILL.MD"


def in_plugin(path: str) -> bool:
    """Whether a file came with a plugin, and so is not the person's own to edit."""
    return "/plugins/" in path.replace("\\", "/")
