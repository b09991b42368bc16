"""Who wrote what in a user record of Qwen Code.

Seen by running 0.15 and in its source: the first text is the prompt; what a UserPromptSubmit hook adds is a further text with no
mark at all, so every further text is the program's, but for `--- Content from referenced files ---` and what follows it (files
named with `@`). `/skill args` without a terminal is recorded as the skill's body, a blank line and the line as typed: only
that line is the user's. Records with subtype cron or notification are the program's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hardwon.agents.gemini.content import is_image, opens_files, parts_of
from hardwon.agents.gemini.records import Content
from hardwon.model import Origin, Part

_TYPED = re.compile(r"\n\n(/[\w:.-]+(?: [^\n]*)?)\Z")
_TYPED_LINES = re.compile(r".*\n\n(/[\w:.-]+(?: .*)?)\Z", re.DOTALL)
_BODY = re.compile(r"\s*(?:#|---|<|Base directory for this skill)")
_PROGRAM = re.compile(r"\s*<(?:system-reminder|session_context|state_snapshot|task-notification)\b")


def split_user(content: Content, expands: str = "") -> tuple[tuple[Part, ...], str]:
    """The parts of a user record with their origins, and the place: message or command_args. `expands`: the slash command that the
    record is the expansion of, which was recorded by itself already."""
    if expands:
        return tuple(_all(content, "echo")), "message"
    parts: list[Part] = []
    place = "message"
    prompted = files = False
    for part in parts_of(content):
        if is_image(part):
            parts.append(Part("image", origin="user"))
        elif part.text is None or part.thought or not part.text.strip():
            continue
        elif files or opens_files(part.text):
            files = True
            parts.append(Part("text", part.text, "file"))
        elif prompted:
            parts.append(Part("text", part.text, "harness"))
        else:
            prompted = True
            words, place = _prompt(part.text)
            parts += words
    return tuple(parts), place


def _prompt(text: str) -> tuple[list[Part], str]:
    """A prompt, or a skill's body with the line that called it."""
    if _PROGRAM.match(text):
        return [Part("text", text, "harness")], "message"
    typed = _TYPED.search(text) or (_TYPED_LINES.match(text) if _BODY.match(text) else None)
    if typed is None:
        return [Part("text", text, "user")], "message"
    return [Part("text", text[: typed.start(1)].strip(), "echo"), Part("text", typed[1], "user")], "command_args"


def program_parts(content: Content) -> tuple[Part, ...]:
    """The texts of a record that the program made."""
    return tuple(_all(content, "harness"))


def _all(content: Content, origin: Origin) -> Iterable[Part]:
    for part in parts_of(content):
        if part.text and part.text.strip():
            yield Part("text", part.text, origin)
