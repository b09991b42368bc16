"""What a signal is: a function of one scene (a trajectory, prepared) that yields events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hardwon.model import AnyEvent
from hardwon.signals.scenes import Scene


class Signal(Protocol):
    """Notices one kind of event. Pure: the same scene gives the same events; what it found it leaves in the scene for later
    ones."""

    def __call__(self, scene: Scene, /) -> Sequence[AnyEvent]: ...
