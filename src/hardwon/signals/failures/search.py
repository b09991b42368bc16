"""Finding the failure lines of known tools in the output of a call, fast: only the ends of long outputs, only forms that can
match."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from hardwon.model.events import Diagnostic
from hardwon.signals.failures import builds, checks, packages, runtimes, services, shells, tests
from hardwon.signals.failures.forms import ECHO, KINDS, Form, Hit, Tool
from hardwon.signals.failures.places import Texts
from hardwon.text.paths import normal_worktree

TOOLS: tuple[Tool, ...] = (
    *tests.TOOLS, *checks.TOOLS, *builds.TOOLS, *packages.TOOLS, *services.TOOLS, *runtimes.TOOLS, *shells.TOOLS,
)  # fmt: skip
"""All tools, the most particular first."""

HEAD, TAIL = 16_000, 32_000
"""Characters at the start and the end of an output that are looked at."""
LINE = 600
_PREFIX = re.compile(r"(?:@?[\w./-]+ [\w:.-]+: |@?[\w./-]+:[\w:-]+: |[\w.-]+ +\| )\s*")
"""What runners of several packages or services put in front of each line (`web test: …`, `web:lint: …`, `db-1  | …`)."""
_NEWLINE = re.compile("\n")
MAX_HITS = 400

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07")
_EXIT_LINE = re.compile(
    r"(?:Exit code|Process exited with code|Wall time|Chunk ID|Output:|Original token count|Total output lines)\b.*"
)


class _Entry(NamedTuple):
    """A form with its rank in the order of trial."""

    tool_at: int
    form_at: int
    tool: Tool
    form: Form


def _order(entry: _Entry) -> tuple[int, int]:
    return entry.tool_at, entry.form_at


def _index() -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for tool_at, tool in enumerate(TOOLS):
        for form_at, form in enumerate(tool.forms):
            found.setdefault(form.needs, []).append(_Entry(tool_at, form_at, tool, form))
    return found


_FORMS = _index()
_TEXTS = Texts(_FORMS)


def window(text: str, head: int = HEAD, tail: int = TAIL) -> str:
    """The part of an output that is looked at: its start and its end, without colours."""
    if len(text) > head + tail + 1_000:
        text = f"{text[:head]}\n{text[-tail:]}"
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    return text.replace("\r", "\n") if "\r" in text else text


def hits(shown: str) -> list[Hit]:
    """Failure lines in a window of output, by line, at most one for each tool and line."""
    lower = "\n" + shown.lower()
    places = _TEXTS.places(lower)
    if not places:
        return []
    candidates = _candidates(lower, places)
    lines = shown.split("\n")
    found: list[Hit] = []
    for number in sorted(candidates):
        if number < len(lines) and len(lines[number]) <= LINE * 4:
            entries = sorted(candidates[number], key=_order)
            line = lines[number][:LINE].rstrip()
            direct = _line_hits(line, number, entries)
            if all(hit.tool is shells.GENERAL for hit in direct) and (prefix := _PREFIX.match(line)):
                direct = _line_hits(line[prefix.end() :], number, entries) or direct
            found += direct
        if len(found) > MAX_HITS:
            break
    return found


def _candidates(lower: str, places: dict[str, list[int]]) -> dict[int, list[_Entry]]:
    """The forms worth trying on each line, by line number."""
    ends = [match.start() for match in _NEWLINE.finditer(lower)]
    found: dict[int, list[_Entry]] = {}
    for needs, starts in places.items():
        skip = needs[0] == "\n"
        entries = [entry for entry in _FORMS[needs] if entry.form.guard in lower]
        numbers = {bisect_left(ends, start + skip) - 1 for start in starts} if entries else ()
        for entry in entries:
            for number in numbers:
                found.setdefault(number, []).append(entry)
                if entry.form.near and number:
                    found.setdefault(number - 1, []).append(entry)
    return found


def _line_hits(line: str, number: int, entries: Iterable[_Entry]) -> list[Hit]:
    found: list[Hit] = []
    for entry in entries:
        if found and found[-1].tool is entry.tool:
            continue
        if found and found[-1].form.rank == ECHO:
            break
        match = entry.form.pattern.match(line)
        if match is not None:
            found.append(Hit(entry.tool, entry.form, line, number, _diagnostics(match)))
    return found


def _diagnostics(match: re.Match[str]) -> tuple[Diagnostic, ...]:
    named = match.groupdict()
    return tuple(
        Diagnostic(kind, normal_worktree(value.strip()) if kind == "path" else value.strip())  # type: ignore[arg-type]
        for kind, value in named.items()
        if kind in KINDS and value and value.strip()
    )


def passes(shown: str, tools: Iterable[Tool]) -> bool:
    """Whether a line stands there that only success prints."""
    forms = [form for tool in tools for form in tool.passes]
    if not forms:
        return False
    lower = shown.lower()
    forms = [form for form in forms if form.needs in lower]
    return bool(forms) and any(form.pattern.match(line) for line in shown.split("\n") for form in forms)


def lines(shown: str) -> list[str]:
    """Lines of an output that are the program's own: not empty, not the agent's note of exit code or time."""
    return [line.strip() for line in shown.split("\n") if line.strip() and not _EXIT_LINE.match(line.strip())]
