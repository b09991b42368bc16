"""Which part of a user's message is not their own words but pasted: logs, stack traces, diffs, issue bodies, code, other sessions.

Pasted text counts as a fact ("a log was pasted"), its imperatives never do. Judged by form alone, line by line: fences, stack
frames, timestamps, diff marks, box glyphs, code; then by the block: long structured documents lose everything but plain prose in
front or behind.
"""

from __future__ import annotations

import itertools
import re

STRUCTURED = 1_200
"""A message longer than this that is built of headings and lists is a document, not speech."""
LONG = 4_000
"""A message longer than this is pasted but for a plain first and last paragraph."""

MOSTLY = 0.6
_ROLE = re.compile(r"\s*(?:You are (?:a|an|the|acting|now|working)\b|# |<\w)")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_SURE = re.compile(
    r"^\s*(?:at \S+.*[(:]\S*:\d+|File \"[^\"]+\", line \d+|Traceback \(most|diff --git |@@ -\d+|\+\+\+ \S|--- [ab/]\S*$|"
    r"index [0-9a-f]{7,}|"
    r"npm (?:ERR!|error|warn)|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d[\].,\s]|\W{0,3}(?:INFO|WARN|WARNING|DEBUG|"
    r"TRACE|FATAL)\b[:\]\s]|"
    r"\S+\.\w{1,5}[:(]\d+[,:]\d+|\$ \S|❯ |➜ |PS [A-Z]:\\|\S+@\S+:\S*[$#] |(?:error|Error|ERROR|fatal|\w+(?:Error|"
    r"Exception))(?:\[\w+\]|\s\[\w+\])?: \S|"
    r"(?:hint|remote|warning|note|help|info): |\(node:\d+\)|Caused by:|Exit code:? \d|exit status \d|> |\|.*\|\s*$|"
    r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?>\s*$|[{}\[\]();,]+\s*$|\"[\w$.-]+\":\s)"
)
_GLYPHS = re.compile(r"[┃│├└┌┐┘╭╰╮╯║╔╚▐█▌■⎿⏺●✓✔✗✘✖➜━─]{1}")
_CODE = re.compile(
    r"^\s*(?:(?:import|from|export|const|let|var|function|class|def|return|if|for|while|async|await|public|private|type|"
    r"interface|package|use|fn|"
    r"pub|impl|struct|enum|#include|@\w+)\b.*[;{}():=,]\s*$|.*[;{}]\s*$|\s{4,}\S|\s{2,}\S.*[,;:(\[{]\s*$)"
)
_HEADING = re.compile(r"^\s{0,3}(?:#{1,6} \S|\*\*[^*]+\*\*:?\s*$|[-=*_]{3,}\s*$)")
_LIST = re.compile(r"^\s*(?:[-*•+] |\d{1,2}[.)] |\[[ xX]\] )")
_PROSE = re.compile(r"[^\W\d_]{2,}")


def split(text: str) -> tuple[str, str]:
    """(the user's own words, what they pasted) of one message, both with their lines in order."""
    if len(text) < 60 and "\n" not in text and not text.startswith("```"):
        return text.strip(), ""
    if len(text) > STRUCTURED // 3 and _ROLE.match(text):
        return "", text.strip("\n")
    own, pasted = _by_lines(text)
    if len(own) > STRUCTURED // 3 and (len(own) > STRUCTURED or _is_list(own)):
        own, more = _by_blocks(own)
        pasted = f"{pasted}\n{more}".strip("\n") if more else pasted
    return own.strip(), pasted.strip("\n")


def _by_lines(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    marks = _fences(lines)
    for at, line in enumerate(lines):
        if not marks[at] and line.strip():
            marks[at] = bool(_SURE.match(line)) or (len(_GLYPHS.findall(line)) > 0 and not _LIST.match(line))
    _join_code(lines, marks)
    _fill_gaps(lines, marks)
    own = [line for line, mark in zip(lines, marks, strict=True) if not mark]
    return "\n".join(own), "\n".join(line for line, mark in zip(lines, marks, strict=True) if mark)


def _fences(lines: list[str]) -> list[bool]:
    marks, inside = [], False
    for line in lines:
        fence = bool(_FENCE.match(line))
        marks.append(inside or fence)
        inside ^= fence
    return marks


def _join_code(lines: list[str], marks: list[bool]) -> None:
    """Runs of three or more lines that read like code are code."""
    start = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and _CODE.match(lines[at]) and not _LIST.match(lines[at]):
            continue
        if at - start >= 3:
            marks[start:at] = [True] * (at - start)
        start = at + 1


def _fill_gaps(lines: list[str], marks: list[bool]) -> None:
    """One or two lines between pasted lines belong to them, unless they are sentences; list items right behind them too; where
    most is pasted, all that stands between."""
    for at in range(1, len(lines)):
        marks[at] = marks[at] or (marks[at - 1] and bool(_LIST.match(lines[at])))
    marked = [at for at, mark in enumerate(marks) if mark]
    if len(marked) >= 5 and len(marked) >= MOSTLY * sum(1 for line in lines if line.strip()):
        marks[marked[0] : marked[-1] + 1] = [True] * (marked[-1] + 1 - marked[0])
    for left, right in itertools.pairwise(marked):
        if 1 < right - left <= 3 and not any(_sentence(line) for line in lines[left + 1 : right]):
            marks[left + 1 : right] = [True] * (right - left - 1)


def _sentence(line: str) -> bool:
    return len(_PROSE.findall(line)) >= 4


def _is_list(text: str) -> bool:
    """Whether a text is a list or a document in the main: four lines or more, most of them items or headings."""
    lines = [line for line in text.split("\n") if line.strip()]
    built = sum(1 for line in lines if _LIST.match(line) or _HEADING.match(line))
    return len(lines) >= 4 and built >= MOSTLY * len(lines)


def _by_blocks(text: str) -> tuple[str, str]:
    """A long text: kept whole when it is plain speech, else only a plain paragraph in front or behind is the user's."""
    lines = [line for line in text.split("\n") if line.strip()]
    built = sum(1 for line in lines if _HEADING.match(line)) * 2 + sum(1 for line in lines if _LIST.match(line))
    if len(text) <= LONG and built < 6 and not _is_list(text):
        return text, ""
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip()]
    if len(paragraphs) < 2:
        return ("", text) if len(text) > LONG or _is_list(text) else (text, "")
    keep = {at for at in (0, len(paragraphs) - 1) if _plain(paragraphs[at])}
    own = [p for at, p in enumerate(paragraphs) if at in keep]
    return "\n\n".join(own), "\n\n".join(p for at, p in enumerate(paragraphs) if at not in keep)


def _plain(paragraph: str) -> bool:
    return len(paragraph) <= 500 and not any(_HEADING.match(x) or _LIST.match(x) for x in paragraph.split("\n"))
