"""Moments at which the user stopped the agent or refused a call.

What it notices: the agent's interruption mark, a result that was cut off, a refused call with no word from the user, and a last
call that was killed together with the agent.

Why it matters: what the user says next is a correction more often than anything else; and the share of one kind of call that a
person refuses is a wish of its own.

Example: an edit is refused without a reason → Interruption(how="rejected", tool="Edit"); the mark "[interrupted]" after it is the
same moment and not counted again.

When it is wrong: a refused plan is mostly an approval to run it elsewhere; a refused slow command means "not now". So an
interruption is evidence only together with the next utterance.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardwon.agents.contract import INTERRUPTED
from hardwon.model import Interruption, Step
from hardwon.signals.scenes import Exchange, Scene
from hardwon.text.quotes import shorten

LINE = 200


def notice(scene: Scene) -> list[Interruption]:
    """Each moment once: the refused or cut-off call where there is one, the bare mark only where no call explains it."""
    answered = {e.answered.ordinal: e for e in scene.exchanges if e.answered is not None and _stopped(e)}
    found: list[Interruption] = []
    marked: Interruption | None = None
    explained = False
    for step in scene.steps:
        exchange = answered.get(step.ordinal)
        if exchange is not None:
            if marked is not None:
                found.remove(marked)
            found += _of_call(scene, step, exchange)
            explained, marked = True, None
        elif is_mark(step) and not explained:
            marked = Interruption(**scene.stamp("interruption", step))
            found.append(marked)
            explained = True
        elif step.source == "agent" or "user" in [p.origin for p in step.parts if p.kind == "text"]:
            explained, marked = False, None
    return found + list(_killed(scene))


def _of_call(scene: Scene, step: Step, exchange: Exchange) -> list[Interruption]:
    """The event of a refused or cut-off call; none where the user said why (that is an utterance)."""
    rejected = exchange.result is not None and exchange.result.rejected
    if rejected and exchange.result is not None and exchange.result.said:
        return []
    return [_event(scene, step, exchange, "rejected" if rejected else "stopped")]


def is_mark(step: Step) -> bool:
    """Whether a step is the agent's note that the user stopped it."""
    marks = [p for p in step.parts if p.origin == "harness" and p.kind == "text" and p.text.startswith(INTERRUPTED)]
    return bool(marks)  # no `any`: this is asked of every step


def _stopped(exchange: Exchange) -> bool:
    return exchange.result is not None and (exchange.result.rejected or exchange.result.interrupted)


def _event(scene: Scene, step: Step, exchange: Exchange, how: str) -> Interruption:
    line = shorten(exchange.call.command or (scene.near(exchange.call.paths[0]) if exchange.call.paths else ""), LINE)
    return Interruption(**scene.stamp("interruption", step), how=how, tool=exchange.call.tool, line=line)  # type: ignore[arg-type]


def _killed(scene: Scene) -> Iterator[Interruption]:
    """The last call, when the agent was killed before anything came back."""
    last = scene.exchanges[-1] if scene.exchanges else None
    if last is None or last.result is not None or scene.session.status != "interrupted" or last.step is not scene.steps[-1]:
        return
    yield _event(scene, last.step, last, "killed")
