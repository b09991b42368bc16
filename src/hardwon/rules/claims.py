"""What a single instruction says in terms that can be counted: the commands it wants, those it forbids, the files it names.

Only what stands in code (`…`) counts; a negation before it in the same clause turns it round ("use `a`, never `b`"), a double one
turns it back ("never commit without `c`").
"""

from __future__ import annotations

import re
from functools import lru_cache

from hardwon.model import SimpleCommand, Standing
from hardwon.model.trajectory import Value
from hardwon.shell.parse import parse

_CODE = re.compile(r"``?([^`\n]{1,300})``?")
_NEGATION = re.compile(
    r"\b(?:never|don'?t|do not|must not|mustn'?t|should not|shouldn'?t|cannot|can'?t|avoid|not|instead of|rather than|"
    r"no longer|stop (?:using|running))\b|❌|✗|✘",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[.;!?](?=\s)|\b(?:but|without|unless|until|before|after|instead(?! of)|always|then)\b|✅|"
    r"[,:—–-]\s*(?:use|run|prefer|call|write|do)\b|\b(?:use|run|prefer)\b(?=\s+`)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:unless|without|when|if|while|before|until|except|outside|after|during|from|in|on|for|against|with)\b", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"<[^>]*>|\.\.\.|…|\{|\$[A-Z({]|\[[^\]]*\]")


class Span(Value, frozen=True):
    """A piece of code in an instruction. wanted: not forbidden; conditional: what follows limits it ("… when …")."""

    text: str
    wanted: bool
    conditional: bool

    @property
    def commands(self) -> tuple[SimpleCommand, ...]:
        """Its simple commands, `cd` left out; none where it is plainly no command line."""
        return _commands(self.text)

    @property
    def open(self) -> bool:
        """Whether it holds a placeholder, and so stands for many commands."""
        return bool(_PLACEHOLDER.search(self.text))


@lru_cache(maxsize=16_384)
def spans(instruction: Standing) -> tuple[Span, ...]:
    """All code of an instruction, in order, wanted or forbidden."""
    text = instruction.text
    found = []
    for match in _CODE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        clause = re.split(r"[.;!?](?=\s|$)", after, maxsplit=1)[0]
        wanted = not instruction.against and not _negated(before)
        found.append(Span(match[1].strip(), wanted, bool(_CONDITION.search(_CODE.sub("", clause)))))
    return tuple(found)


def _negated(before: str) -> bool:
    """Whether the last word that turns the meaning, before a piece of code, is a negation."""
    plain = _CODE.sub("``", before)
    negations = [m.start() for m in _NEGATION.finditer(plain)]
    if not negations:
        return False
    turns = [m.start() for m in _TURN.finditer(plain) if m.start() > negations[-1]]
    # "do not run `x`", "don't use `x`": the verb right after a negation is part of it
    return not [t for t in turns if not re.match(r"(?:run|use|prefer|call)\b", plain[t:], re.I) or t - negations[-1] > 12]


@lru_cache(maxsize=16_384)
def _commands(text: str) -> tuple[SimpleCommand, ...]:
    return tuple(c for c in parse(text) if c.program != "cd" and re.match(r"[\w./~-]+$", c.program))


def enters(instruction: Standing) -> str:
    """The folder that a command of the instruction goes into and stays in (`cd x && …` outside of parentheses), or ""."""
    for span in spans(instruction):
        if span.wanted and (match := re.match(r"cd\s+([\w./-]+)", span.text)):
            return match[1].rstrip("/")
    return ""


def contains(words: tuple[str, ...] | list[str], part: tuple[str, ...] | list[str]) -> bool:
    """Whether a list of words holds another one as an uninterrupted piece."""
    n = len(part)
    return 0 < n <= len(words) and any(list(words[i : i + n]) == list(part) for i in range(len(words) - n + 1))
