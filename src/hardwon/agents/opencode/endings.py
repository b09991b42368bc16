"""How a session ended, read off its last steps."""

from __future__ import annotations

from collections.abc import Sequence

from hardwon.agents.contract import INTERRUPTED
from hardwon.model import Step
from hardwon.model.trajectory import Status


def status_of(steps: Sequence[Step]) -> Status:
    """completed: the agent had the last word; interrupted: it was stopped, or a call has no end; abandoned: the user's last words
    went unanswered."""
    for step in reversed(steps):
        if not step.parts or (step.source == "system" and not step.parts[0].text.startswith(INTERRUPTED)):
            continue
        last = step.parts[-1]
        if step.source == "system":
            return "interrupted"
        if step.source == "user":
            return "abandoned"
        if any(part.result is not None and part.result.interrupted for part in step.parts):
            return "interrupted"
        return "completed" if last.kind in ("text", "reasoning") else "unknown"
    return "unknown"
