"""Instruction files (CLAUDE.md, AGENTS.md, SKILL.md, memory) split into single instructions, each with its line.

An instruction is one bullet (with its wrapped lines), one command of a fenced block, one row of a table, or one sentence of a
paragraph that demands something. Headings give context and are no instructions; frontmatter and Hardwon's own managed sections are
left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import msgspec

from hardwon.model import Standing
from hardwon.model.rules import Scope
from hardwon.model.trajectory import Value

_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_FENCE = re.compile(r"^\s*(```+|~~~+)\s*(\w*)")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s|---|===)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\"'(])")
_DEMANDS = re.compile(
    r"\b(?:always|never|must|should|do not|don't|only|prefer|use|run|avoid|before|after|ensure|make sure|required?|instead)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"❌|✗|✘|🚫|⛔|\b(?:wrong|bad|incorrect|anti-?patterns?|don'?ts?|do not|avoid|never)\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`]*`")
_OURS = re.compile(r"<!--\s*hardwon:(begin|end)")
_COMMENT = re.compile(r"^\s*<!--.*-->\s*$")
_SHELL = frozenset({"", "sh", "bash", "shell", "zsh", "console", "terminal"})
_NUMBERED = re.compile(r"^\s*\d+[\t→]")
_FRONTMATTER = re.compile(r"\A---\n.*?\n---[ \t]*(?=\n|\Z)", re.DOTALL)
MAX_CHARS = 600


class _Piece(Value, frozen=True):
    line: int
    text: str
    raw: str
    context: str = ""
    against: bool = False


def split(
    text: str, path: str, *, scope: Scope = "project", agent: str = "", source: str = "disk", project: str = "", first: int = 1
) -> list[Standing]:
    """Single instructions of a file, in order.

    Args:
        text: the file's content (numbered listings, as read tools print them, are understood). path: for the address.
        scope, agent, project: whom the file speaks to. source: `disk`, or `transcript` where a session showed it.
        first: number in the file of the text's first line (0: not known, and so are all lines).
    """
    text = plain(text)
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    base = Standing(path, 0, "", scope, agent, digest, source, project=project)  # type: ignore[arg-type]
    return [
        msgspec.structs.replace(
            base, line=p.line + first - 1 if first else 0, text=p.text, raw=p.raw, context=p.context, against=p.against
        )
        for p in _pieces(_body(text).split("\n"))
        if p.text
    ]


def plain(text: str) -> str:
    """Without the line numbers that agents' read tools put in front of each line."""
    lines = text.split("\n")
    numbered = sum(bool(_NUMBERED.match(x)) for x in lines[:20])
    if lines and numbered >= max(1, 0.8 * min(20, len(lines))):
        return "\n".join(_NUMBERED.sub("", x, count=1) for x in lines)
    return text


def demands(instruction: Standing) -> bool:
    """Whether an instruction (or the sentence that leads up to it) tells to do something, rather than what there is. What stands in
    code does not count: `make run` demands nothing."""
    return any(_DEMANDS.search(_CODE.sub("", text)) for text in (instruction.text, instruction.context))


def _body(text: str) -> str:
    """With frontmatter blanked, so that lines keep their numbers."""
    text = text.replace("\r\n", "\n")
    found = _FRONTMATTER.match(text)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text


class _Splitter:
    """Where a walk through the lines of a file is: the block that is open, and what leads up to the next one."""

    def __init__(self) -> None:
        self.block: list[str] = []
        self.start = 0
        self.lead = ""
        self.heading_against = False

    def flush(self) -> Iterator[_Piece]:
        """A bullet or table row as one instruction; a paragraph as those of its sentences that demand something."""
        block, self.block = self.block, []
        if not block:
            return
        first, raw = block[0], "\n".join(block)
        words = " ".join(x.strip() for x in block)
        if _BULLET.match(first):
            text = _BULLET.sub("", words).strip()
            yield _Piece(self.start, text[:MAX_CHARS], raw, self.lead, self.heading_against and not _AGAINST.search(text))
            return
        if first.lstrip().startswith("|"):
            if not set(words) <= set("|-: "):
                yield _Piece(self.start, words.strip("| ")[:MAX_CHARS], raw)
            return
        sentences = _SENTENCE.split(words)
        self.lead = sentences[-1].strip() if words.endswith(":") else ""
        for sentence in sentences:
            if _DEMANDS.search(sentence):
                yield _Piece(self._line_of(sentence, block), sentence.strip()[:MAX_CHARS], raw)

    def open(self, number: int, line: str) -> None:
        self.block, self.start = [line], number

    def _line_of(self, sentence: str, block: list[str]) -> int:
        """The line of a paragraph on which a sentence begins."""
        start = sentence.strip()[:20]
        return self.start + next((i for i, x in enumerate(block) if start and start in x), 0)


def _pieces(lines: list[str]) -> Iterator[_Piece]:
    at = _Splitter()
    fence, shell, ours, wrong = "", False, False, False
    for number, line in enumerate([*lines, ""], 1):
        if match := _OURS.search(line):
            ours = match[1] == "begin"
        elif ours or (_COMMENT.match(line) and not fence):
            continue
        elif opened := _FENCE.match(line):
            yield from at.flush()
            fence, shell = ("", False) if fence else (opened[1], opened[2].lower() in _SHELL)
            wrong = False
            if not fence:
                at.lead = ""
        elif fence:
            command = line.split(" #", 1)[0].strip().removeprefix("$ ").removesuffix("\\").rstrip()
            if not command or command.startswith(("#", "//")):
                wrong = bool(command) and bool(_AGAINST.search(command))
            elif shell:
                yield _Piece(number, f"`{command[:MAX_CHARS]}`", line, at.lead, wrong or bool("❌" in line))
        elif not line.strip():
            yield from at.flush()
        elif _HEADING.match(line):
            yield from at.flush()
            at.lead, at.heading_against = "", bool(_AGAINST.search(line))
        elif _BULLET.match(line) or line.lstrip().startswith("|"):
            yield from at.flush()
            at.open(number, line)
        elif at.block:
            at.block.append(line)
        else:
            at.open(number, line)
