"""What the user said: each utterance once, with its kind and what stood before it.

What it notices: every place in which an agent records the user's own words (messages, messages typed while the agent worked,
reasons of refusals, answers, arguments of slash commands). Pasted text is split off; words that are not the user's are never
counted; a resent prompt, or a queued message that is delivered later, is one utterance with copies.

Why it matters: corrections, riders and repeated asks are lessons that no command can teach. They are mostly polite and short, so
what stood before (a report that all is done, a refusal, an interruption) finds more of them than any list of words.

Example: after "Done, all tests pass." the user writes "why adding the note and not just removing it?" →
Utterance(kind="correction", before="report").

When it is wrong: a question out of curiosity right after a report looks like a correction; a terse new wish with "only" or "not"
too. A dictated text with wrong words keeps its kind but loses its meaning.
"""

from __future__ import annotations

from hardwon.model import Utterance
from hardwon.signals.scenes import Scene
from hardwon.signals.speech.copies import Saying, once
from hardwon.signals.speech.kinds import kind_of
from hardwon.signals.speech.pasted import split
from hardwon.signals.speech.turns import Turn, walk

PASTED = 600
"""Characters of pasted text that are kept beside the words."""
OWN = 6_000


def notice(scene: Scene) -> list[Utterance]:
    """All utterances in order; none in a session that another session spawned (its "user" is an agent)."""
    turns, _ = walk(scene)
    sayings = [] if scene.session.parent else once(_split(turn) for turn in turns)
    scene.turns = [saying.turn.step.ordinal for saying in sayings]
    spoken = [at for at, saying in enumerate(sayings) if saying.turn.place != "command_args"]
    return [_utterance(scene, saying, at, sayings, sum(1 for later in spoken if later > at)) for at, saying in enumerate(sayings)]


def _split(turn: Turn) -> tuple[Turn, str, str]:
    own, pasted = split(turn.own) if turn.place != "command_args" else (turn.own, "")
    return turn, own, "\n".join(filter(None, (turn.pasted, pasted)))


def _utterance(scene: Scene, saying: Saying, at: int, sayings: list[Saying], left: int) -> Utterance:
    first = not any(earlier.own and earlier.turn.place != "command_args" for earlier in sayings[:at])
    return Utterance(
        **scene.stamp("utterance", saying.turn.step),
        text=saying.own[:OWN],
        kind=kind_of(saying, first=first, left=left),
        place=saying.turn.place,
        before=saying.turn.before,
        pasted=saying.pasted[:PASTED],
        copies=saying.copies,
        last=at == len(sayings) - 1,
    )
