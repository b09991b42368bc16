"""Moments at which the agent ended its turn.

What it notices: the agent's last text before the user speaks again, or before the session ends, when no call follows it; whether
it says that the work is done, or asks something.

Why it matters: what the user says right after "done" judges the work; and a session's last report tells how it ended.

Example: "All tests pass. The flag is documented in README." → Report(done=True); "Shall I also push?" → Report(done=False).

When it is wrong: the agent's word that it is done proves nothing; a report is a position, never evidence of success.
"""

from __future__ import annotations

from hardwon.model import Report
from hardwon.signals.scenes import Scene
from hardwon.signals.speech.turns import Closing, walk

TEXT = 400


def notice(scene: Scene) -> list[Report]:
    """One report for each ended turn, at the step of the agent's text."""
    turns, last = walk(scene)
    closings: dict[str, Closing] = {}
    for closing in (*(turn.closing for turn in turns), last):
        if closing is not None:
            closings.setdefault(f"{closing.step.ordinal}", closing)
    return [_report(scene, closing) for closing in closings.values()]


def _report(scene: Scene, closing: Closing) -> Report:
    text = closing.text.strip()
    return Report(
        **scene.stamp("report", closing.step), text=text if len(text) <= TEXT else "…" + text[-TEXT + 1 :], done=closing.done
    )
