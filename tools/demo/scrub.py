"""Turns raw homes of played sessions into one small, dated, nameless home.

Three things happen to every record: the agents' own long prompts and listings are cut (they are not ours to copy, and no reader
needs them), every time is moved by the distance to the session's planned day, and the throwaway home becomes /srv/work/home.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sessions import Session

KEEP = (".claude/projects", ".codex/sessions", ".gemini/projects.json", ".gemini/tmp", ".qwen/projects")
DATABASE = Path(".local/share/opencode/opencode.db")
TABLES = ("project", "session", "message", "part")
STAMP = re.compile(r"\b(20\d\d-\d\d-\d\d)T(\d\d)([:-])(\d\d)\3(\d\d)")
EPOCH = re.compile(r"(?<![\w-])(1[789]\d{8})(\d{3})?(?![\w-])")
CUT = "(cut)"


def scrub(top: Path, sessions: Sequence[Session], out: Path, project: Path) -> None:
    """Reads `top/00`, `top/01`, … (one raw home a session, in order) and writes the joined home to `out`."""
    for number, session in enumerate(sessions):
        home = top / f"{number:02}"
        move = mover(home, session)
        if (home / DATABASE).exists():
            copy_database(home / DATABASE, out / DATABASE, move, session.turns[0][0])
        for file in chosen(home):
            name = move_name(str(file.relative_to(home)), session)
            text = file.read_text("utf-8")
            if file.suffix == ".jsonl":
                text = "".join(cut_line(line) + "\n" for line in text.split("\n") if line)
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(move(text), "utf-8")


def chosen(home: Path) -> list[Path]:
    files = [f for f in sorted(home.rglob("*")) if f.is_file() and str(f.relative_to(home)).startswith(KEEP)]
    return [f for f in files if f.suffix == ".jsonl" or f.name in ("projects.json", ".project_root")]


def mover(home: Path, session: Session) -> Callable[[str], str]:
    """A function that moves every time in a text to the session's day and hides the home folder."""
    planned = datetime.fromisoformat(session.when).replace(tzinfo=UTC)
    begun = first_time(home)
    distance = timedelta(seconds=round((planned - begun).total_seconds()))
    today = f"{begun:%Y-%m-%d}"

    def stamp(match: re.Match[str]) -> str:
        day, hour, mark, minute, second = match.groups()
        moved = datetime.fromisoformat(f"{day}T{hour}:{minute}:{second}") + distance
        return moved.strftime(f"%Y-%m-%dT%H{mark}%M{mark}%S")

    def epoch(match: re.Match[str]) -> str:
        return str(int(match[1]) + int(distance.total_seconds())) + (match[2] or "")

    def move(text: str) -> str:
        text = EPOCH.sub(epoch, STAMP.sub(stamp, text))
        return text.replace(str(home), "/srv/work/home").replace(today, session.when[:10])

    return move


def first_time(home: Path) -> datetime:
    if (home / DATABASE).exists():
        with sqlite3.connect(home / DATABASE) as db:
            return datetime.fromtimestamp(db.execute("SELECT min(time_created) FROM session").fetchone()[0] / 1000, UTC)
    texts = (f.read_text("utf-8") for f in chosen(home) if f.suffix == ".jsonl")
    return min(datetime.fromisoformat(m[0]).replace(tzinfo=UTC) for t in texts for m in STAMP.finditer(t) if m[3] == ":")


def move_name(name: str, session: Session) -> str:
    """File and folder names carry the day, too."""
    minute = session.when.replace(":", "-")
    name = re.sub(r"sessions/\d{4}/\d\d/\d\d/", f"sessions/{session.when[:10].replace('-', '/')}/", name)
    name = re.sub(r"rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d", f"rollout-{minute}-00", name)
    return re.sub(r"session-\d{4}-\d\d-\d\dT\d\d-\d\d", f"session-{minute}", name)


def cut_line(line: str) -> str:
    """One JSONL record without the agent program's own prose; everything else stays byte for byte what the agent wrote."""
    record = json.loads(line)
    if not cut(record):
        return line
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def cut(record: dict[str, Any]) -> bool:
    payload = record.get("payload") or {}
    attachment = record.get("attachment") or {}
    changed = False
    if record.get("type") == "session_meta" and payload.get("base_instructions"):
        payload["base_instructions"] = {"text": CUT}
        changed = True
    if payload.get("role") == "developer":
        payload["content"] = [{**part, "text": part["text"].split(">")[0] + ">" + CUT} for part in payload["content"]]
        changed = True
    if record.get("type") == "world_state":
        payload["state"] = {"environments": payload.get("state", {}).get("environments")}
        changed = True
    for key in ("content", "addedLines"):
        if attachment.get("type") in ("skill_listing", "agent_listing_delta") and key in attachment:
            attachment[key] = CUT if key == "content" else [CUT]
            changed = True
    return cut_context(record) or changed


def cut_context(value: Any) -> bool:
    """Gemini's and Qwen's first message: keep the mark by which it is known, drop the listing."""
    changed = False
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        changed = cut_context(item) or changed
    if isinstance(value, dict) and str(value.get("text", "")).startswith("<session_context>"):
        value["text"] = f"<session_context>\n{CUT}\n</session_context>"
        changed = True
    return changed


def copy_database(source: Path, target: Path, move: Callable[[str], str], title: str) -> None:
    """The four tables that hold sessions, into one small database. The scripted model gives every session the same title, so
    the first words of the user take its place, as a model would have done."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = not target.exists()
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        if fresh:
            new.execute("PRAGMA page_size = 1024")
        for table in TABLES:
            if fresh:
                new.execute(old.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0])
            for row in old.execute(f"SELECT * FROM {table}"):
                moved = [int(move(str(v))) if isinstance(v, int) else move(v) if isinstance(v, str) else v for v in row]
                new.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(row))})", moved)
        new.execute("UPDATE session SET title = ? WHERE title = 'Short title'", (title,))
        new.commit()
        new.execute("VACUUM")
