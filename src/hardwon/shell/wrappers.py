"""Wrappers peeled off a command: `sudo`, `env A=1`, `timeout 60`, `nice -n 5`, `xargs -n 1`, and what their options mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hardwon.shell import known
from hardwon.shell.heads import after_options, options_of, program_name

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_ASKING = ("-v", "-V", "-p")


def is_assignment(word: str) -> bool:
    """Whether `word` sets a variable (`NAME=value`)."""
    return _ASSIGNMENT.match(word) is not None


def peel(words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Index of the first word that is no wrapper's, and the environment set on the way.

    A wrapper with nothing behind it is the program itself (index of the wrapper), as is `command -v` (a question).
    """
    at, environment = 0, []
    while at < len(words) - 1:
        name = program_name(words[at])
        if name not in known.WRAPPERS or (name == "command" and words[at + 1] in _ASKING):
            break
        behind = after_options(words, at + 1, options_of({name: known.WRAPPERS[name][0]}, name)) + known.WRAPPERS[name][1]
        found = []
        while name in ("env", "sudo", "doas") and behind < len(words) and is_assignment(words[behind]):
            found.append(words[behind])
            behind += 1
        if behind >= len(words):
            break
        environment += found
        at = behind
    return at, tuple(environment)


def shell_text(words: Sequence[str]) -> str | None:
    """The text that `bash -lc TEXT` or `eval TEXT` runs; None for any other command. `words` without wrappers."""
    name = program_name(words[0]) if words else ""
    if name == "eval":
        return " ".join(words[1:])
    if name not in known.SHELLS:
        return None
    at = 1
    while at < len(words) and words[at].startswith("-") and not words[at].startswith("--"):
        if words[at].endswith("c"):
            return words[at + 1] if at + 1 < len(words) else None
        at += 2 if words[at] in ("-o", "+o") else 1
    return None
