"""The description of a skill, by which agents decide whether to load it.

One line: what it is; then the commands at which it matters; then what the user says, verbatim with their typos; then the symptoms
of its rules in the tools' words, because many sessions open with a plan and no word of the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hardwon.model import Rule
from hardwon.shell.programs import is_known

MAX_CHARS = 1024
_ASKS = 6
_ASK_CHARS = 70
_SYMPTOM_CHARS = 90


def trigger(title: str, rules: Sequence[Rule]) -> str:
    """A description of at most 1,024 characters on one line, made of the rules' own moments, asks and symptoms."""
    commands = _first((r.moment.partition(":")[2] for r in rules if r.moment.startswith("command:")), 6)
    named = (r.moment.partition(":")[2] for r in rules if r.moment.startswith("program:"))
    programs = _first((name for name in named if is_known(name)), 4)
    asks = _first((_clean(a) for r in rules for a in r.asks[:2] if len(a) <= _ASK_CHARS), _ASKS)
    symptoms = _first((_clean(r.symptom) for r in rules if r.symptom and len(r.symptom) <= _SYMPTOM_CHARS), 4)
    parts = [f"{title}: what past sessions had to find out, and what the user keeps asking for."]
    if commands or programs:
        parts.append(f"Use before running {_or([*commands, *programs])}.")
    if asks:
        parts.append(f"Use when the user says {_or([_quoted(a) for a in asks])}.")
    if symptoms:
        parts.append(f"Use when the output says {_or([_quoted(s) for s in symptoms])}.")
    return _fit(parts)


def _first(items: Iterable[str], n: int) -> list[str]:
    return [x for x in dict.fromkeys(items) if x][:n]


def _clean(text: str) -> str:
    return " ".join(text.replace('"', "'").split()).strip()


def _quoted(text: str) -> str:
    return f'"{text}"'


def _or(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} or {items[-1]}"


def _fit(parts: Sequence[str]) -> str:
    """As many whole sentences as fit."""
    text = ""
    for part in parts:
        longer = f"{text} {part}".strip()
        if len(longer) <= MAX_CHARS:
            text = longer
    return text
