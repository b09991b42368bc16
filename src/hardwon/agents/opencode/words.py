"""Who wrote what in a user message of opencode.

Seen by running 1.18, and in its source:
- A part with `synthetic` or `ignored` is the program's or a plugin's: files read for `@file`, reminders, "Continue if you have next
  steps …" after a compaction.
- `opencode run` joins its arguments, each put in double quotes where it holds a space (inner ones escaped by a backslash), and
  appends a line break and standard input (up to 1.14 also where that is empty, if it is no terminal). So a prompt from there stands
  in quotes. One of several lines that was started without a terminal was written by a program: a template, not somebody's words.
- `run --command x` and `/x` record the command's or skill's body and the words in one text with no mark. A skill's body ends with a
  fixed sentence, after which the words stand. A command's body can be told only in a session of `run`, where a prompt of several
  lines would be quoted; what it was called with is the quoted last paragraph, if there is one.
"""

from __future__ import annotations

import re

from hardwon.model import Origin, Part

_QUOTED = re.compile(r'\A"((?:\\"|[^"])*)"(?:\s*\Z|\n(.*)\Z)', re.DOTALL)
_SKILL_END = re.compile(r"are relative to this base directory\.[ \t]*(?:\n\s*\n|\Z)")
_LAST_QUOTED = re.compile(r'\n\n"((?:\\"|[^"])*)"\s*\Z', re.DOTALL)
_PROGRAM = re.compile(r"\s*<(?:system-reminder|environment_details)\b")
_FILE = re.compile(r"\s*<(?:path|file)>")


def split_prompt(text: str, *, run: bool) -> list[Part]:
    """A user's text by origin. `run`: the session was started by `opencode run`."""
    if _PROGRAM.match(text):
        return [Part("text", text, "harness")]
    quoted = _QUOTED.match(text)
    if quoted is not None:
        words = _unquoted(quoted[1])
        by_program = "\n" in words.strip() and text.endswith('"\n')
        return _parts((words, "pasted" if by_program else "user"), (quoted[2] or "", "pasted"))
    skill = _SKILL_END.search(text)
    if skill is not None:
        return _parts((text[: skill.end()], "echo"), (_words(text[skill.end() :]), "user"))
    if run and "\n" in text.strip() and not text.startswith("\n"):
        return _command(text)
    return _parts((text, "user"))


def synthetic_part(text: str) -> Part:
    """A text that is not the user's: a file's content, or the program's."""
    return Part("text", text, "file" if _FILE.match(text) else "harness")


def _command(text: str) -> list[Part]:
    """A command's body with what it was called with."""
    words = _LAST_QUOTED.search(text)
    if words is None:
        return _parts((text, "echo"))
    return _parts((text[: words.start()], "echo"), (_unquoted(words[1]), "user"))


def _words(text: str) -> str:
    quoted = _QUOTED.match(text.strip())
    return _unquoted(quoted[1]) if quoted else text


def _unquoted(text: str) -> str:
    return text.replace('\\"', '"')


def _parts(*pieces: tuple[str, Origin]) -> list[Part]:
    return [Part("text", text.strip(), origin) for text, origin in pieces if text.strip()]
