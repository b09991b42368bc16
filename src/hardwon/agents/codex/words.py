"""Whose words a text of a user message is: by its kind where the program tells it (0.169), else by how it opens."""

from __future__ import annotations

import re

from hardwon.agents.contract import INTERRUPTED
from hardwon.agents.draft import text
from hardwon.model import Part
from hardwon.model.trajectory import Origin

_TAGS = (
    "environment_context|user_instructions|permissions instructions|skills_instructions|collaboration_mode|user_action|"
    "user_shell_command|subagent_notification|hook_prompt|hook_context|apps_instructions|plugins_instructions|personality_spec|"
    "model_switch|app-context|INSTRUCTIONS|recommended_plugins|context_window|context_window_reminder|token_budget|rollout_budget|"
    "codex_delegation|startup_context|realtime_conversation|transcript_delta|untrusted_objective|user_verification_notice|"
    "goal_context|codex_internal_context|agent_message|image"
)
_INJECTED = re.compile(rf"<(?P<tag>{_TAGS})(?:\s[^>]*)?>.*?</(?P=tag)>|<image name=[^>\n]*>|</image>", re.DOTALL)
_REQUEST = re.compile(r"^## My request for Codex:[ \t]*\n?", re.MULTILINE)
_CWD = re.compile(r"<cwd>([^<\n]+)</cwd>|^Current working directory: ([^\n]+)", re.MULTILINE)
_AGENTS_MD = re.compile(r"# AGENTS\.md instructions(?: for .*)?\s")
_HARNESS_OPENINGS = (
    "Warning: The maximum number of ",
    "Warning: apply_patch was requested via ",
    "Warning: Your account was flagged",
    "Another language model started to solve this problem and produced a summary",
    "PLEASE IMPLEMENT THIS PLAN:",
    "A previous agent produced the plan below",
    "Generate a file named AGENTS.md that serves as a contributor guide for this repository.",
    "<turn_aborted>",
    "<environment_context>",
    "<permissions instructions>",
    "<user_action>",
    "<subagent_notification>",
)
_HARNESS_TEXTS = frozenset(("Implement the plan.",))
"""What the program itself sends when a button is pressed."""


def split(value: str, kind: str, user: Origin = "user") -> list[Part]:
    """A text of a user message as parts with their origins. `kind` is its `content_item_kinds` entry ("" in older versions)."""
    opening = value.lstrip()
    if opening.startswith("<turn_aborted>"):
        return [text("harness", f"{INTERRUPTED} {opening}")]
    if opening.startswith("<skill>") or _AGENTS_MD.match(opening):
        return [text("echo", value)]
    if kind and kind != "user.text":
        return [text("echo" if kind.startswith("skills.") else "harness", value)]
    request = list(_REQUEST.finditer(value))
    if request:
        end = request[-1].end()
        return [text("harness", value[:end]), *([text(user, value[end:].strip())] if value[end:].strip() else [])]
    return _split_injected(value, user) if "<" in value else [_plain(value, user)]


def cwd_of(value: str) -> str:
    """The working directory that an `<environment_context>` names (the oldest rollouts name it nowhere else), or ""."""
    found = _CWD.search(value) if "<environment_context>" in value else None
    return (found[1] or found[2]).strip() if found else ""


def _plain(value: str, user: Origin) -> Part:
    opening = value.lstrip()
    injected = opening.startswith(_HARNESS_OPENINGS) or opening.strip() in _HARNESS_TEXTS
    return text("harness" if injected else user, value)


def _split_injected(value: str, user: Origin) -> list[Part]:
    parts: list[Part] = []
    end = 0
    for found in _INJECTED.finditer(value):
        if value[end : found.start()].strip():
            parts.append(_plain(value[end : found.start()].strip(), user))
        parts.append(text("harness", found[0]))
        end = found.end()
    if not parts:
        return [_plain(value, user)]
    return [*parts, _plain(value[end:].strip(), user)] if value[end:].strip() else parts
