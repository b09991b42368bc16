"""Runs of a check: tests, lint, types, build, format.

What it notices: attempts of programs and scripts that check something, with the outcome of the attempt.

Why it matters: the set of checks between the last edit and a commit or push is what separates work that holds from work that does
not.

Example: `pnpm test -- cart` with exit 0 → Verification(check="test", outcome="ok").

When it is wrong: a wrapper that hides its tool behind an unknown name goes unnoticed; a check that tests nothing ("0 files")
counts as failed only where its output says so.
"""

from __future__ import annotations

from hardwon.model import Attempt, Verification
from hardwon.shell.programs import check_kind
from hardwon.signals.scenes import Scene


def notice(scene: Scene) -> list[Verification]:
    """One verification for each attempt of a check."""
    return [made for attempt in scene.attempts if (made := _verification(scene, attempt)) is not None]


def _verification(scene: Scene, attempt: Attempt) -> Verification | None:
    check = check_kind(attempt.command) if attempt.command is not None else None
    if check is None:
        return None
    step = scene.exchange_of[attempt.call].step
    return Verification(
        **scene.stamp("verification", step),
        check=check,
        key=attempt.command.key if attempt.command else "",
        outcome=attempt.outcome,
    )
