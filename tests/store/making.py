"""Small trajectories and digests, for tests of the store."""

from __future__ import annotations

from hardwon.model import Observation, Part, Session, Step, ToolCall, Trajectory, Utterance
from hardwon.store import digest
from hardwon.store.digest import Digest

START = 1_790_000_000_000


def session(name: str = "one", **fields: object) -> Session:
    given = {
        "source": f"/s/{name}.jsonl",
        "project": "/srv/work/shop",
        "cwd": "/srv/work/shop",
        "started": START,
        "ended": START + 60_000,
    }
    return Session(f"claude:{name}", "claude", name, **(given | fields))  # type: ignore[arg-type]


def step(ordinal: int, text: str, source: str = "user") -> Step:
    origin = "user" if source == "user" else "assistant"
    return Step(f"record-of-the-session-{ordinal}", ordinal, source, (Part("text", text, origin),), START + ordinal)  # type: ignore[arg-type]


def call(ordinal: int, command: str) -> Step:
    made = ToolCall(f"c{ordinal}", "Bash", "shell", f'{{"command": "{command}"}}', command=command)
    return Step(f"record-of-the-session-{ordinal}", ordinal, "agent", (Part("call", call=made),), START + ordinal)


def result(ordinal: int, of: int, text: str, **fields: object) -> Step:
    back = Observation(f"c{of}", text, **fields)  # type: ignore[arg-type]
    return Step(f"record-of-the-session-{ordinal}", ordinal, "tool", (Part("result", result=back),), START + ordinal)


def trajectory(*texts: str, name: str = "one", **fields: object) -> Trajectory:
    """A session in which the user says these texts."""
    return Trajectory(session(name, **fields), tuple(step(i, text) for i, text in enumerate(texts)))


def utterances(of: Trajectory) -> list[Utterance]:
    return [
        Utterance(id=s.id, step=s.id, ordinal=s.ordinal, text=s.parts[0].text, kind="addition")
        for s in of.steps
        if s.source == "user"
    ]


def made(*texts: str, name: str = "one", first_new: int = 0, **fields: object) -> Digest:
    """The digest of a session in which the user says these texts."""
    whole = trajectory(*texts, name=name, **fields)
    return digest.make(whole, utterances(whole), first_new)
