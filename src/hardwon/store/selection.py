"""A `Selection` as SQL over table `session`."""

from __future__ import annotations

from pathlib import Path

from hardwon.model import Selection

Where = tuple[str, list[object]]


def roots(selection: Selection) -> tuple[str, ...]:
    """Where the selected sessions were read: the absolute paths that were given, else "" for the agents' own folders."""
    return tuple(absolute(p) for p in selection.paths) or ("",)


def absolute(path: str) -> str:
    """The form in which a `--path` is remembered."""
    return str(Path(path).expanduser().resolve())


def where(selection: Selection, *, anywhere: bool = False) -> Where:
    """The condition and its parameters, without `ids`, `match` and `limit`. anywhere: whatever place a session was read from."""
    places = () if anywhere else roots(selection)
    clauses = ["shown", *([] if anywhere else [f"root IN ({','.join('?' * len(places))})"])]
    values: list[object] = [*places]
    if not selection.children and not selection.ids:
        clauses.append("parent = ''")
    for clause, value in _plain(selection):
        clauses.append(clause)
        values.append(value)
    if selection.project:
        clauses.append(_PROJECT)
        name = selection.project.rstrip("/\\") or selection.project
        values += [name, name, f"*[/\\]{_glob(name)}", f"{_glob(name)}[/\\]*"]
    return " AND ".join(clauses), values


_PROJECT = "(project = ? OR cwd = ? OR project GLOB ? OR cwd GLOB ?)"


def _plain(selection: Selection) -> list[tuple[str, object]]:
    every = [
        ("agent = ?", selection.agent or None),
        ("status = ?", selection.status or None),
        ("coalesce(ended, started, 0) >= ?", selection.since),
        ("coalesce(started, ended, 0) <= ?", selection.until),
        ("cost >= ?", selection.min_cost),
        ("user_turns >= ?", selection.min_turns),
    ]
    return [(clause, value) for clause, value in every if value is not None]


def _glob(text: str) -> str:
    """Text as a GLOB pattern that matches nothing but itself."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in text)
