"""One session as lines that a person can follow: who said what, which calls were made, and how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hardwon.cli.output import day, one_line, plural, safe

if TYPE_CHECKING:
    from rich.text import Text

    from hardwon.model import Observation, Part, Step, ToolCall, Trajectory

RESULT_LINES = 3
TEXT_LINES = 12
LINE_LIMIT = 160
STYLES = {"user": "bold green", "agent": "bold cyan", "tool": "blue", "system": "dim"}
NOT_OWN = ("harness", "echo", "file")


def transcript(trajectory: Trajectory, *, full: bool = False, only: str = "") -> Iterator[Text]:
    """Lines of a session.

    Args:
        trajectory: redacted, as the store keeps it.
        full: show results and texts whole instead of their first lines.
        only: id or ordinal of one step to show (whole), "" for all.
    """
    calls = {part.call.id: part.call for step in trajectory.steps for part in step.parts if part.call is not None}
    for step in trajectory.steps:
        if only and only not in (step.id, str(step.ordinal), f"#{step.ordinal}"):
            continue
        body = [line for part in step.parts for line in _part(part, calls, full or bool(only))]
        if body:
            yield _heading(step)
            yield from body
    for gap in trajectory.gaps:
        yield _line(f"gap at byte {gap.offset:,}: {gap.bytes:,} bytes unread ({gap.reason}) {gap.detail}", "yellow")


def summary(trajectory: Trajectory) -> str:
    """One line under the title: agent, project, times, status."""
    session = trajectory.session
    place = session.project or session.cwd
    facts = (session.agent, session.agent_version, session.model, place, day(session.started), session.status)
    return " · ".join(one_line(f) for f in facts if f)


def _heading(step: Step) -> Text:
    from rich.text import Text

    side = " (sub-agent)" if step.sidechain else ""
    place = f" ({step.place.replace('_', ' ')})" if step.source == "user" and step.place != "message" else ""
    return Text.assemble(
        (f"#{step.ordinal:<4}", "bold"),
        (f" {step.source}{place}{side}", STYLES[step.source]),
        (f"  {day(step.time)}", "dim"),
        (f"  {one_line(step.id)}", "dim"),
    )


def _part(part: Part, calls: dict[str, ToolCall], full: bool) -> Iterator[Text]:
    if part.call is not None:
        yield from _call(part.call, full)
    elif part.result is not None:
        yield from _result(part.result, full)
    elif part.kind == "image":
        yield _line("[image]", "dim")
    elif part.kind == "reasoning" and not full:
        yield _line(f"thinks: {one_line(part.text, 100)}", "dim italic")
    elif part.origin in NOT_OWN or part.kind == "compaction":
        yield from _collapsed(part.text, f"[{part.origin}] ", "dim", TEXT_LINES if full else 1)
    else:
        mark, style = ("", "green") if part.origin == "user" else ("[pasted] ", "dim") if part.origin == "pasted" else ("", "")
        yield from _collapsed(part.text, mark, style, 0 if full else TEXT_LINES)


def _call(call: ToolCall, full: bool) -> Iterator[Text]:
    if call.command:
        yield from _collapsed(call.command, "$ ", "bold", 0 if full else RESULT_LINES)
        return
    what = " ".join(call.paths) or call.arguments
    yield _line(f"→ {call.tool} {one_line(what, 0 if full else 120)}", "bold")


def _result(result: Observation, full: bool) -> Iterator[Text]:
    if result.rejected:
        yield _line("✗ refused by the user" + (f": {one_line(result.said)}" if result.said else ""), "yellow")
        return
    failed = result.error_flag is True or bool(result.exit)
    code = f"exit {result.exit} " if result.exit else ""
    mark = f"✗ {code}" if failed else "· cut off " if result.interrupted else ""
    yield from _collapsed(result.text or "(no output)", mark, "red" if failed else "dim", 0 if full else RESULT_LINES, indent=6)


def _collapsed(text: str, mark: str, style: str, limit: int, indent: int = 4) -> Iterator[Text]:
    lines = [line.rstrip() for line in safe(text).strip("\n").split("\n")]
    shown = lines[:limit] if limit else lines
    for number, line in enumerate(shown):
        yield _line((mark if number == 0 else "") + (line if not limit else one_line_kept(line)), style, indent)
    if len(lines) > len(shown):
        yield _line(f"… {plural(len(lines) - len(shown), 'more line')}", "dim", indent)


def one_line_kept(line: str) -> str:
    """A line cut at LINE_LIMIT with its indentation kept."""
    return line if len(line) <= LINE_LIMIT else line[: LINE_LIMIT - 1] + "…"


def _line(text: str, style: str = "", indent: int = 4) -> Text:
    from rich.text import Text

    return Text(" " * indent + safe(text).replace("\n", " "), style=style)
