"""The last look at our own texts before they go where agents read them.

Finds what must never be installed: characters that a person does not see (a hidden instruction needs them), secrets, home paths in
the texts of rules, and lines that look like the marks of a managed section. Nothing is mended here: it is shown, and refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Literal

from hardwon.model.trajectory import Value
from hardwon.text.paths import hide_home
from hardwon.text.redact import find_secrets

ProblemKind = Literal["hidden", "secret", "home", "mark"]
MARK = "<!-- hardwon:"
_ALLOWED = "\n\t"


class Problem(Value, frozen=True):
    """Something that must not be installed: in which file, at which line (from 1), and what, without the secret itself."""

    file: str
    line: int
    kind: ProblemKind
    detail: str


def hidden(character: str) -> bool:
    """Whether a person would not see a character: controls, directions, zero width, tags, private use, lone surrogates."""
    return character not in _ALLOWED and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def visible(text: str) -> str:
    """The text without its hidden characters; each control character and each odd line break becomes a space."""
    if text.isascii() and text.isprintable():
        return text
    return "".join((" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else "") if hidden(c) else c for c in text)


def scan(files: Mapping[str, str]) -> list[Problem]:
    """All problems of a skill's files (path → text). Evidence may hold home paths: it is a quote, and goes nowhere unasked."""
    return [problem for name in sorted(files) for problem in _scan_file(name, files[name])]


def _scan_file(name: str, text: str) -> Iterator[Problem]:
    quotes = "evidence" in name.rsplit("/", 1)[-1]
    for number, line in enumerate(text.split("\n"), 1):
        yield from _scan_line(name, number, line.removesuffix("\r"), quotes)
    for secret in find_secrets(text):
        yield Problem(name, text.count("\n", 0, secret.start) + 1, "secret", f"a secret ({secret.kind})")


def _scan_line(name: str, number: int, line: str, quotes: bool) -> Iterator[Problem]:
    odd = sorted({f"U+{ord(c):04X}" for c in line if hidden(c)})
    if odd:
        yield Problem(name, number, "hidden", f"hidden characters ({', '.join(odd[:5])})")
    if MARK in line:
        yield Problem(name, number, "mark", "a line that looks like the mark of a managed section")
    if not quotes and hide_home(line) != line:
        yield Problem(name, number, "home", "the path of a home folder")
