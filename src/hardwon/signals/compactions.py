"""Places where the agent's context was summarised.

What it notices: a part of kind `compaction`, as readers mark it; several marks in a row with nothing between them are one.

Why it matters: what was known before may be forgotten after; a lesson broken only after a compaction is a matter of memory.

Example: a session that was compacted once, with the boundary and the summary in two records → one Compaction.

When it is wrong: an agent that summarises without leaving any mark goes unnoticed.
"""

from __future__ import annotations

from hardwon.model import Compaction
from hardwon.signals.scenes import Scene


def notice(scene: Scene) -> list[Compaction]:
    """One event per compaction."""
    found: list[Compaction] = []
    open_mark = False
    for step in scene.steps:
        if "compaction" in [part.kind for part in step.parts]:
            if not open_mark:
                found.append(Compaction(**scene.stamp("compaction", step)))
            open_mark = True
        elif step.source in ("agent", "tool"):
            open_mark = False
    return found
