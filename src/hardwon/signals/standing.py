"""Instruction files and skills as the transcript shows them.

What it notices: reads and whole writes of CLAUDE.md, AGENTS.md, GEMINI.md, QWEN.md, SKILL.md, rules and memory files, and the
same texts where the agent put them into the context (parts of origin `echo`).

Why it matters: what stands there already is no new rule; what stands there and fails is the first thing to fix. On disk the file
may be gone or changed by now.

Example: Read("/p/CLAUDE.md") → StandingText(path="CLAUDE.md", text="# Rules …"), without the line numbers of the read tool.

When it is wrong: a partial read shows a part of the file only; the same path may stand for different contents over time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from hardwon.model import StandingText
from hardwon.signals.attempts import parsed
from hardwon.signals.scenes import Exchange, Scene

TEXT = 20_000
STANDING = re.compile(
    r"(?:^|/)(?:(?:CLAUDE|AGENTS?|GEMINI|QWEN|MEMORY|SKILL|CONVENTIONS)(?:\.local|\.override)?\.md|\.cursorrules|"
    r"\.windsurfrules|copilot-instructions\.md|"
    r"\.(?:claude|cursor|agents?)/rules/\S+\.mdc?|memory/[^/]+\.md)$",
    re.I,
)
_NAMED = re.compile(
    r"(?:Contents of|# AGENTS\.md instructions for|Instructions from:|Base directory for this skill:|--- Context from:|"
    r"Path:)\s+[\"'`]?(\S+?)[\"'`]?(?:[\s(:,]|$)"
)
_NUMBERED = re.compile(r"^\s*\d+(?:→|\t|: |\| )", re.M)
_READERS = frozenset("cat sed head nl bat tail".split())


def notice(scene: Scene) -> list[StandingText]:
    """Each shown text once for each content and path."""
    found: list[StandingText] = []
    seen: set[tuple[str, int]] = set()
    for event in (*_read(scene), *_echoed(scene)):
        mark = (event.path, hash(event.text))
        if mark not in seen:
            seen.add(mark)
            found.append(event)
    return found


def _read(scene: Scene) -> Iterator[StandingText]:
    for exchange in scene.exchanges:
        result = exchange.result
        if result is None or result.rejected or result.error_flag or result.harness_error or result.exit:
            continue
        path = _path_read(scene, exchange)
        text = _written(exchange) if exchange.call.action == "write" else result.text
        if path and text.strip():
            yield _event(scene, exchange, path, text)


def _path_read(scene: Scene, exchange: Exchange) -> str:
    """The one instruction file that a call shows, or ""."""
    call = exchange.call
    if call.action in ("read", "write"):
        return next((path for path in call.paths if STANDING.search(path)), "")
    if call.action != "shell" or (".md" not in call.command and "rules" not in call.command):
        return ""
    commands = [c for c in parsed(call.command, call.context.cwd or scene.session.cwd) if c.program != "cd"]
    if len(commands) != 1 or commands[0].program not in _READERS or commands[0].piped_into:
        return ""
    named = [o for o in commands[0].operands if STANDING.search(o)]
    return named[0] if len(named) == 1 else ""


def _written(exchange: Exchange) -> str:
    """The whole content that a write call gave to a file, where its arguments hold it."""
    try:
        decoded: Any = msgspec.json.decode(exchange.call.arguments) if exchange.call.arguments else {}
    except (msgspec.DecodeError, UnicodeError):
        return ""
    return str(decoded.get("content", "")) if isinstance(decoded, dict) else ""


def _event(scene: Scene, exchange: Exchange, path: str, text: str) -> StandingText:
    plain = _NUMBERED.sub("", text) if _NUMBERED.match(text) else text
    return StandingText(**scene.stamp("standing", exchange.step), path=scene.near(path), text=plain[:TEXT])


def _echoed(scene: Scene) -> Iterator[StandingText]:
    for step in scene.steps:
        for part in step.parts:
            if part.kind == "text" and part.origin == "echo" and part.text.strip():
                path = scene.near(_named(part.text[:600]))
                yield StandingText(**scene.stamp("standing", step), path=path, text=part.text[:TEXT])


def _named(head: str) -> str:
    """The file that a shown text says it is; a folder stands for the file that agents look for in it."""
    named = _NAMED.search(head)
    path = named.group(1).rstrip("/") if named else ""
    if not path or STANDING.search(path) or "." in path.rsplit("/", 1)[-1]:
        return path
    return f"{path}/{'SKILL.md' if 'skill' in head[:40] else 'AGENTS.md'}"
