"""Homes with sessions of Claude Code, written record by record, for tests of scanning."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

START = 1_790_000_000


def native(number: int) -> str:
    """The native id of session `number`."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"session {number}"))


def stamp(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(START + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def records(number: int, turns: int, first: int = 0, text: str = "") -> list[dict[str, object]]:
    """Turns first…first+turns of a session: the user asks, the agent runs a command, it fails or not, the agent answers."""
    session, found = native(number), []
    for turn in range(first, first + turns):
        head = {"sessionId": session, "cwd": "/srv/work/shop", "version": "2.1.0", "gitBranch": "main", "isSidechain": False}

        def record(
            kind: str, place: int, message: dict[str, object], turn: int = turn, head: dict[str, object] = head
        ) -> dict[str, object]:
            ids = [str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {turn} {n}")) for n in (place - 1, place)]
            time = stamp(number * 86_400 + turn * 60 + place)
            return {**head, "type": kind, "uuid": ids[1], "parentUuid": ids[0], "timestamp": time, "message": message}

        call = f"toolu_{number:04}{turn:04}"
        failed = turn % 3 == 0
        found += [
            record("user", 1, {"role": "user", "content": f"please run gauge {number} number {turn} {text}".strip()}),
            record("assistant", 2, {"role": "assistant", "id": f"msg_{number}_{turn}", "model": "m", "content": [
                {"type": "tool_use", "id": call, "name": "Bash", "input": {"command": f"simulate --gauge {turn}"}}]}),
            record("user", 3, {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": call, "is_error": failed,
                 "content": f"Exit code 2\nerror: no gauge {turn}" if failed else f"gauge {turn} is fine"}]}),
            record("assistant", 4, {"role": "assistant", "id": f"msg_{number}_{turn}b", "model": "m", "content": [
                {"type": "text", "text": f"Gauge {turn} was simulated."}]}),
        ]  # fmt: skip
    return found


def lines(of: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in of)


def session_path(home: Path, number: int, folder: str = "-srv-work-shop") -> Path:
    return home / ".claude" / "projects" / folder / f"{native(number)}.jsonl"


def write(home: Path, number: int, turns: int = 3, *, text: str = "", folder: str = "-srv-work-shop") -> Path:
    """A session file, its time in order of its number."""
    import os

    path = session_path(home, number, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines(records(number, turns, text=text)))
    os.utime(path, (START + number, START + number))
    return path


def grow(path: Path, number: int, turns: int, first: int, text: str = "") -> None:
    """Append turns to a session file."""
    with path.open("ab") as file:
        file.write(lines(records(number, turns, first, text)))
