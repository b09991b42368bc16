"""Label files: one verdict a run, as lines of text, JSON or CSV.

Lines: `Run 3: good`, `Run 4: bad — why`, `4. bad: why`, `8b7db4d5: bad - why` (part of a session's id), or nothing but verdicts,
which then stand for the runs in order. Empty lines and lines that begin with `#` are passed over. JSON: a list (or lines) of
`{"run" or "session", "verdict", "note"}`. CSV: the same names in its header. `runs.json`: which session is which run.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from hardwon.errors import UsageError
from hardwon.model.outcomes import Verdict
from hardwon.model.trajectory import Value

WRITE = "Write `Run 3: good` or `Run 4: bad — why`"
WRITE_FIELDS = 'Write {"run": 4, "verdict": "bad", "note": "why"}, or "session" instead of "run"'
WRITE_COLUMNS = "The header names `run` or `session`, `verdict` and, if you like, `note`"
WRITE_RUNS = 'Write [{"run": 1, "session": "…"}, …]'

RUN_DIGITS = 6
"""A bare number of more digits is part of a session's id."""

_KEY = re.compile(
    r"(?:[-*•]\s+)?(?:(?P<word>run|session)\s*)?#?\s*(?P<key>\d+|[^\s:]+(?::[^\s:]+)?)\s*[:.)=\u2013\u2014-]\s*", re.IGNORECASE
)
_VERDICT = re.compile(
    r"(?P<verdict>good|bad)(?!\s*(?:or|/)\s*(?:good|bad)\b)(?:\s*[:,;.!=\u2010-\u2015\u2212]+\s*|\s+-+\s*|-+\s+|\s+|(?=\()|$)(?P<note>.*)",
    re.IGNORECASE,
)


class Entry(Value, frozen=True):
    """One verdict of a label file. Either `run` or `session` (part of an id) says of what. line: where it stands, from 1."""

    line: int
    verdict: Verdict
    note: str = ""
    run: int | None = None
    session: str = ""


def read_labels(data: bytes, where: str) -> list[Entry]:
    """The verdicts of a label file, in order. The form is told by the content.

    Raises:
        UsageError: something in it is no verdict; names `where` and the line, and says what to write.
    """
    text = _decoded(data, where)
    first = next((line for line in text.splitlines() if line.strip()), "").strip()
    if first.startswith(("[", "{")):
        return [_of_fields(value, line, where, WRITE_FIELDS) for line, value in _json_values(text, where)]
    if _is_header(first):
        return _of_csv(text, where)
    return _of_lines(text, where)


def read_runs(data: bytes, where: str) -> dict[int, str]:
    """Run number → session (part of its id) of a `runs.json`: a list of {run, session}, or one object {"1": session}.

    Raises:
        UsageError: it is neither; names `where` and the line.
    """
    found: dict[int, str] = {}
    for line, value in _json_values(_decoded(data, where), where):
        if not isinstance(value, dict):
            raise _wrong("this names no run", where, line, WRITE_RUNS)
        pairs = [(value["run"], value.get("session"))] if "run" in value else list(value.items())
        for number, session in pairs:
            run = _run(number)
            if run is None or not isinstance(session, str) or not session.strip():
                raise _wrong("this names no run with its session", where, line, WRITE_RUNS)
            if found.setdefault(run, session.strip()) != session.strip():
                raise _wrong(f"run {run} has two sessions", where, line, WRITE_RUNS)
    return found


def _wrong(what: str, where: str, line: int, hint: str) -> UsageError:
    return UsageError(what, where=f"{where}:{line}", hint=hint)


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong("this is no UTF-8 text", where, data.count(b"\n", 0, error.start) + 1, "Save the file as UTF-8") from None


def _of_lines(text: str, where: str) -> list[Entry]:
    given = [(n, line.strip()) for n, line in enumerate(text.split("\n"), 1) if line.strip() and not line.strip().startswith("#")]
    entries = [_of_line(line, n, where) for n, line in given]
    bare = [e for e in entries if e.run is None and not e.session]
    if not bare:
        return entries
    if len(bare) < len(entries):
        raise _wrong("this line does not say which run it means, others do", where, bare[0].line, WRITE)
    return [Entry(e.line, e.verdict, e.note, run) for run, e in enumerate(entries, 1)]


def _of_line(line: str, number: int, where: str) -> Entry:
    """One line; neither run nor session where it is nothing but a verdict."""
    bare = _VERDICT.fullmatch(re.sub(r"^[-*•]\s+", "", line))
    if bare:
        return Entry(number, _verdict(bare["verdict"]), bare["note"].strip())
    key = _KEY.match(line)
    told = _VERDICT.fullmatch(line, key.end()) if key else None
    if key is None or told is None:
        raise _wrong("this line has no verdict that can be read", where, number, WRITE)
    name, is_run = key["key"], (key["word"] or "").lower() == "run"
    run = _run(name) if is_run or len(name) <= RUN_DIGITS else None
    if (is_run and run is None) or run == 0:
        raise _wrong(f"`{name}` is no number of a run", where, number, WRITE)
    return Entry(number, _verdict(told["verdict"]), told["note"].strip(), run, "" if run else name)


def _is_header(line: str) -> bool:
    names = {name.strip().strip('"').lower() for name in re.split("[,;\t]", line)}
    return "verdict" in names and bool(names & {"run", "session"})


def _of_csv(text: str, where: str) -> list[Entry]:
    header = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names: list[str] = []
    entries = []
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = [cell.strip().lower() for cell in row]
                continue
            fields = {name: cell.strip() for name, cell in zip(names, row, strict=False) if cell.strip()}
            entries.append(_of_fields(fields, reader.line_num, where, WRITE_COLUMNS))
    except csv.Error as error:
        raise _wrong(f"this is no CSV ({error})", where, reader.line_num, WRITE_COLUMNS) from None
    return entries


def _of_fields(value: Any, line: int, where: str, hint: str) -> Entry:
    if not isinstance(value, dict):
        raise _wrong("this is no verdict of a run", where, line, hint)
    verdict, note, session = value.get("verdict"), value.get("note") or "", value.get("session") or ""
    run = _run(value.get("run"))
    if not isinstance(verdict, str) or verdict.strip().lower() not in ("good", "bad"):
        raise _wrong("the verdict is neither good nor bad", where, line, hint)
    if not isinstance(note, str) or not isinstance(session, str) or not (run or session.strip()):
        raise _wrong("this does not say which run it means", where, line, hint)
    return Entry(line, _verdict(verdict.strip()), note.strip(), None if session.strip() else run, session.strip())


def _verdict(word: str) -> Verdict:
    return "good" if word.lower() == "good" else "bad"


def _run(value: Any) -> int | None:
    """The number of a run as a file has it (3, "3", "Run 3"); None for anything else."""
    if isinstance(value, str):
        told = re.fullmatch(r"(?:run\s*)?#?\s*([0-9]{1,6})", value.strip(), re.IGNORECASE)
        value = int(told[1]) if told else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _json_values(text: str, where: str) -> Iterator[tuple[int, Any]]:
    """Each value of a list, or of lines, with the line at which it begins."""
    decoder, position = json.JSONDecoder(), _after(r"\s*\[?\s*", text, 0)
    while position < len(text) and text[position] != "]":
        line = text.count("\n", 0, position) + 1
        try:
            value, end = decoder.raw_decode(text, position)
        except json.JSONDecodeError as error:
            raise _wrong(f"this is no JSON ({error.msg})", where, error.lineno, WRITE_FIELDS) from None
        except (RecursionError, ValueError):
            raise _wrong("this is no JSON of verdicts", where, line, WRITE_FIELDS) from None
        yield line, value
        position = _after(r"\s*,?\s*", text, end)


def _after(pattern: str, text: str, position: int) -> int:
    found = re.compile(pattern).match(text, position)
    return found.end() if found else position
