"""The same words recorded more than once: a message typed while the agent worked and delivered later, a prompt that was sent
again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hardwon.signals.speech.turns import Turn

RESENT = 40
"""Characters from which the same text, anywhere in a session, is one saying; shorter texts ("commit") may well be said twice."""


@dataclass(slots=True)
class Saying:
    """One thing the user said, with the records that repeat it."""

    turn: Turn
    own: str
    pasted: str
    copies: int = 0
    queued: bool = field(default=False)


def once(turns: Iterable[tuple[Turn, str, str]]) -> list[Saying]:
    """Each saying once, at its first record: (turn, own words, pasted) in order."""
    sayings: list[Saying] = []
    last: dict[str, Saying] = {}
    for turn, own, pasted in turns:
        key = " ".join((own or pasted).lower().split())
        earlier = last.get(key)
        if earlier is not None and _same(earlier, turn, key):
            earlier.copies += 1
            earlier.queued = earlier.queued and turn.place == "queue"
            continue
        last[key] = saying = Saying(turn, own, pasted, queued=turn.place == "queue")
        sayings.append(saying)
    return sayings


def _same(earlier: Saying, turn: Turn, key: str) -> bool:
    if len(key) >= RESENT:
        return True
    if earlier.queued:
        return True
    return turn.idle or turn.before == "interruption"
