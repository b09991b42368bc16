"""Instruction files (CLAUDE.md, AGENTS.md, SKILL.md, memory) split into single instructions, each with its line.

An instruction is one bullet (with its wrapped lines), one command of a fenced block, one row of a table, or one sentence of a
paragraph that demands something. Headings give context and are no instructions; Hardwon's own managed sections are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from hardwon.model import Standing
from hardwon.model.rules import Scope

_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_FENCE = re.compile(r"^\s*(```+|~~~+)\s*(\w*)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"'(])")
_DEMANDS = re.compile(
    r"\b(?:always|never|must|should|do not|don't|only|prefer|use|run|avoid|before|after|ensure|make sure|required?|instead)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"<!--\s*hardwon:(begin|end)")
_SHELL = frozenset({"", "sh", "bash", "shell", "zsh", "console", "terminal"})
_NUMBERED = re.compile(r"^\s*\d+[\t→]")
MAX_CHARS = 600


def split(text: str, path: str, *, scope: Scope = "project", agent: str = "", source: str = "disk") -> list[Standing]:
    """Single instructions of a file, in order.

    Args:
        text: the file's content (numbered listings, as read tools print them, are understood). path: for the address.
        scope, agent: whom the file speaks to. source: `disk`, or `transcript` where a session showed it.
    """
    text = plain(text)
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return [
        Standing(path, line, words, scope, agent, digest, source)  # type: ignore[arg-type]
        for line, words in _instructions(text.splitlines())
        if words
    ]


def plain(text: str) -> str:
    """Without the line numbers that agents' read tools put in front of each line."""
    lines = text.splitlines()
    numbered = sum(bool(_NUMBERED.match(x)) for x in lines[:20])
    if lines and numbered >= max(1, 0.8 * min(20, len(lines))):
        return "\n".join(_NUMBERED.sub("", x, count=1) for x in lines)
    return text


def _instructions(lines: list[str]) -> Iterator[tuple[int, str]]:
    block: list[str] = []
    start = 0
    fence, shell, ours = "", False, False
    for number, line in enumerate([*lines, ""], 1):
        if match := _OURS.search(line):
            ours = match[1] == "begin"
            continue
        if ours:
            continue
        if opened := _FENCE.match(line):
            yield from _flush(start, block)
            block = []
            fence, shell = ("", False) if fence else (opened[1], opened[2].lower() in _SHELL)
        elif fence:
            command = line.split(" #", 1)[0].strip().removeprefix("$ ")
            if shell and command and not command.startswith(("#", "//")):
                yield number, f"`{command[:MAX_CHARS]}`"
        elif not line.strip() or line.lstrip().startswith(("#", "---", "===")):
            yield from _flush(start, block)
            block = []
        elif _BULLET.match(line) or line.lstrip().startswith("|"):
            yield from _flush(start, block)
            block, start = [line], number
        else:
            start = start if block else number
            block.append(line)


def _flush(start: int, block: list[str]) -> Iterator[tuple[int, str]]:
    """A bullet or table row as one instruction; a paragraph as those of its sentences that demand something."""
    if not block:
        return
    first = block[0]
    text = " ".join(x.strip() for x in block)
    if _BULLET.match(first):
        yield start, _BULLET.sub("", text).strip()[:MAX_CHARS]
    elif first.lstrip().startswith("|"):
        if not set(text) <= set("|-: "):
            yield start, text.strip("| ")[:MAX_CHARS]
    else:
        for sentence in _SENTENCE.split(text):
            if _DEMANDS.search(sentence):
                yield start, sentence.strip()[:MAX_CHARS]
