"""What kind of saying an utterance is, from what stood before it, its length and its form words."""

from __future__ import annotations

import re

from hardwon.model.events import UtteranceKind
from hardwon.signals.speech.copies import Saying
from hardwon.signals.speech.forms import is_consent, opens_mildly, opens_with_yes, redirection, tokens

SHORT = 60
"""Words up to which a message after a report can be one correction; longer ones are judged by how they open."""
_CLOSING_WORDS = {0: 10, 1: 5}
"""Words of a closing ask at most, by how often the user speaks after it."""

_COMMAND = re.compile(r"^/[a-zA-Z][\w:-]*(?:\s|$)")
_RESUME = frozenset("continue go on resume proceed carry keep going retry try again please".split())
_WRAPPING_UP = frozenset("commit comit commi push merge ship release deploy publish".split())
"""Verbs that end a piece of work, wherever in a session it ends."""
_FILLERS = frozenset(
    "and then also please ok okay now so just can could you we lets let's pls thanks great good go ahead finally".split()
)
_STATING = frozenset(
    "i it its this that these those there they he she seems looks what why how do does did is are was when where "
    "which who should would will has have if maybe perhaps same or but".split()
)
"""Words with which a question or a statement opens, not a request."""


def kind_of(saying: Saying, *, first: bool, left: int) -> UtteranceKind:
    """The kind of one saying.

    Args:
        saying: what was said, with what stood before it.
        first: no words of the user's own came before it.
        left: how many more times the user speaks after it in this session, commands apart.
    """
    turn, text = saying.turn, saying.own
    if not text:
        return "pasted"
    if turn.place == "command_args" or (_COMMAND.match(text) and "/" not in text.split()[0][1:]):
        return "command"
    if turn.place == "rejection":
        return "rejection" if turn.before != "question" else "answer"
    if turn.place == "answer":
        return "answer"
    if first and turn.before == "start":
        return "opening"
    return _reply(saying, left)


def _reply(saying: Saying, left: int) -> UtteranceKind:
    text, before = saying.own, saying.turn.before
    spoken = tokens(text)
    if is_consent(spoken):
        return "consent"
    if opens_with_yes(spoken):
        return "approval"
    weight = redirection(text, spoken)
    if _corrects(spoken, weight, saying):
        return "correction"
    if opens_mildly(spoken) and before in ("question", "plan", "report"):
        return "approval"
    if "?" not in text and weight < 2 and _closes(spoken, 0 if before in ("question", "start") else _CLOSING_WORDS.get(left, 0)):
        return "closing"
    return "answer" if before == "question" else "addition"


def _corrects(spoken: list[str], weight: int, saying: Saying) -> bool:
    """Position first, then form: after a stop anything but "go on", after a report two marks, in the middle of work three."""
    before = saying.turn.before
    if before in ("interruption", "rejection"):
        return len(spoken) <= SHORT and not set(spoken) <= _RESUME
    if len(spoken) > SHORT:
        weight = redirection(" ".join(spoken[:15]), spoken[:15])
    if before == "question":
        return weight >= 2 and spoken[:1] in (["no"], ["nope"], ["dont"], ["not"], ["why"], ["stop"], ["wait"], ["actually"])
    return weight >= (2 if before in ("report", "plan") else 3)


def _closes(spoken: list[str], words: int) -> bool:
    """A request of so many words at most at the end of the session, or one that wraps up a piece of work."""
    core = next((word for word in spoken if word not in _FILLERS), "")
    if core in _WRAPPING_UP:
        return len(spoken) <= _CLOSING_WORDS[0]
    return len(spoken) <= words and core not in _STATING
