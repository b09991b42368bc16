"""What varies in a line of output, masked, so that the same error looks the same when it returns elsewhere.

Masked: URLs, times, paths with their positions, hashes, ids, addresses, versions, sizes, durations, numbers, long quoted text.
Kept, because they are what returns: error codes (E404, TS2322), exit and HTTP status codes, rule ids, short quoted names.

A pure function of the line: no state, no order of lines, no table of templates. The table is versioned; a fingerprint says by which
version it was made.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

MASK_VERSION = 1
"""Raised whenever a line may be masked differently than before."""

LIMIT = 4000
"""Characters of a line that are looked at."""

_ESCAPES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[@-Z\\-_])|[\x00-\x08\x0b-\x1f\x7f]"
)
_SPACE = re.compile(r"\s+")

_MONTH = (
    r"(?:Jan|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|ene|"
    r"feb|mar|abr|may|jun|jul|ago|sep|dic|gen|apr|mag|giu|lug|ott|fev|out|dez|mrt|mei|okt|dec)[a-zéûç]{0,8}\.?"
)
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?\s+"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|CES?T|[ECMP][SD]T)\b(?:[+-]\d{2}:?\d{2})?|\s?[+-]\d{2}:?\d{2}\b)?"
_FILE = r"[\w@.+~%-]"
_POSITION = r"(?::\d+(?::\d+)?(?!\w)|\(\d+(?:,\s?\d+)?\)|,?\s+line\s+\d+)?"
_EXTENSION = r"\.[A-Za-z][A-Za-z0-9]{0,5}"

_TABLE: tuple[tuple[str, str], ...] = (
    # Kept as they are: codes that name an error; dates that open with a word; plain words, so that nothing else is tried on them.
    ("keep_status", r"(?i:\b(?:exit(?:ed)?|return(?:ed)?|terminated|failed|quit)\b(?:\s+with)?(?:\s+(?:exit\s*)?(?:code|status))?\s*[:=]?\s*-?\d{1,3}\b)"),  # noqa: E501
    ("keep_http", r"(?i:\b(?:HTTP(?:/\d(?:\.\d)?)?|status(?:\s*code)?|statuscode|errno|code|signal)\b\"?\s*[:=]?\s*\(?-?\d{1,3}\b)"),  # noqa: E501
    ("time", rf"\b(?:{_DAY})?{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s+\d{{4}})?\s+{_CLOCK}{_ZONE}(?:\s+\d{{4}})?"),
    ("time", rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"),
    ("keep_word", r"(?!localhost\b)[A-Za-z]+(?=[\s,;!?)]|\Z)"),
    ("keep_code", r"(?<![\w.-])[A-Z]{1,8}-?\d{2,5}(?![\w-])"),
    ("keep_rule", r"(?<![\w/.@-])@?[a-z][\w-]*(?:/[A-Za-z][\w-]*){1,3}(?![\w/.:@-]|\(\d)"),
    # Masked, the longer and surer forms first.
    ("url", r"\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s'\"`<>|)\]}]+"),
    ("email", r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("uuid", r"\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b"),
    ("time", rf"\b\d{{4}}-\d{{2}}-\d{{2}}(?:[T _]{_CLOCK}{_ZONE})?"),
    ("time", rf"\b\d{{4}}/\d{{1,2}}/\d{{1,2}}(?:,?\s{_CLOCK}{_ZONE})?\b"),
    ("time", rf"\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}(?:,?\s{_CLOCK}{_ZONE})?\b"),
    ("time", r"\d{4}年\d{1,2}月\d{1,2}日(?:\s?\d{1,2}[:时]\d{2}(?:[:分]\d{2}秒?)?)?"),
    ("time", rf"\b(?:{_DAY})?\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+)?\d{{4}}(?:,?\s+{_CLOCK}{_ZONE})?"),
    ("time", rf"(?<![\w:.])\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,9}})?(?:\s?[AaPp]\.?[Mm]\b\.?)?{_ZONE}(?![\w:])"),
    ("time", r"(?<![\w:.])\d{1,2}:\d{2}\s?[AaPp]\.?[Mm]\b\.?"),
    ("addr", r"(?<![\w.])(?:localhost|(?:\d{1,3}\.){3}\d{1,3}|\[[0-9a-fA-F:]*::?[0-9a-fA-F:]*\])(?::\d{2,5})?(?![\w.])"),
    ("path", rf"(?<![\w])[A-Za-z]:[\\/](?:[^\s:'\"`<>|*?()\[\]]+){_POSITION}"),
    ("path", rf"(?<![\w.@~\\/-])(?:~|\.{{1,2}})?/{_FILE}+(?:/{_FILE}*)*{_POSITION}"),
    ("path", rf"(?<![\w.@~\\/-])@?{_FILE}+(?:/\[?{_FILE}+\]?)*/{_FILE}*{_EXTENSION}(?![\w]){_POSITION}"),
    ("path", rf"(?<![\w.@~\\/-])[\w@+~-][\w@.+~-]*{_EXTENSION}(?::\d+(?::\d+)?(?!\w)|\(\d+(?:,\s?\d+)?\))"),
    ("hex", r"\b0x[0-9A-Fa-f]+\b|\bsha(?:1|256|512)[-:][A-Za-z0-9+/=]{8,}"),
    ("hash", r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,128}\b|\b(?=[0-9A-F]*\d)(?=[0-9A-F]*[A-F])[0-9A-F]{12,128}\b"),
    ("text", r"(?<![\w'])'(?:[^'\n]{1,400})'(?!\w)|\"(?:[^\"\n]{1,400})\"|`(?:[^`\n]{1,400})`|[“‘«](?:[^”’»\n]{1,400})[”’»]"),
    ("percent", r"(?<![\w.])\d+(?:[.,]\d+)?\s?%"),
    ("size", r"(?<![\w.])\d+(?:[.,]\d+)*\s?(?:[KMGTkmgt]i?[Bb]|[Bb]ytes?|B)\b"),
    ("duration", r"(?<![\w.])(?:\d+(?:[.,]\d+)?\s?(?:ns|µs|μs|us|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\b[ ,]{0,2})+(?<![ ,])"),  # noqa: E501
    ("version", r"(?<![\w.])v?\d+\.\d+\.\d+(?:[.-][A-Za-z0-9]+)*\b"),
    ("id", r"\b(?=[A-Za-z_]*\d[A-Za-z_]*\d[A-Za-z_]*\d)(?=\d*[A-Za-z_])[A-Za-z0-9_]{12,}\b"),
    ("num", r"(?<![\w.])\d+(?:[.,_:]\d+)*(?![A-Za-z_])|(?<=[A-Za-z][-_#=])\d+(?![A-Za-z_])|(?<=[A-Za-z])\d{3,}(?![A-Za-z_])"),
)  # fmt: skip


_START = r"(?:(?<![A-Za-z0-9])(?=[\w/\\~.'\"`“‘«@\[])|(?<=[A-Za-z])(?=\d{3}))"
"""Where something to mask can begin: at the start of a word or quote, or at a long number in a word."""
_SIGNS = re.compile(r"[\d/\\'\"`@“‘«:]|[A-Za-z]\.[a-z]|localhost")


def mask(line: str) -> tuple[str, tuple[str, ...]]:
    """The masked line, white space and escape codes tidied away, and what was masked in it, in order."""
    return _mask_short(line) if len(line) <= 400 else _mask(line)


def _mask(line: str) -> tuple[str, tuple[str, ...]]:
    line = tidy(line)
    if not _SIGNS.search(line):
        return line, ()
    parameters: list[str] = []
    pattern, kinds = _compiled()

    def replaced(found: re.Match[str]) -> str:
        kind = kinds[found.lastgroup or ""]
        if kind == "keep" or (kind == "text" and _is_name(found[0][1:-1])):
            return found[0]
        parameters.append(found[0])
        return f"<{kind}>"

    return pattern.sub(replaced, line), tuple(parameters)


_mask_short = lru_cache(maxsize=1 << 14)(_mask)


def tidy(line: str) -> str:
    """A line without escape codes and control characters, runs of white space as one space; of a line that was drawn over again
    and again (progress bars), the last state."""
    line = line[:LIMIT].rstrip("\r\n")
    if "\r" in line:
        line = next((state for state in reversed(line.split("\r")) if state.strip()), "")
    return _SPACE.sub(" ", _ESCAPES.sub("", line)).strip()


_NAME = re.compile(r"(?:--?|@|\.)?[A-Za-z_][A-Za-z_-]*(?:[./:#][A-Za-z_][\w-]*){0,3}\d?(?:\(\))?\Z")


def _is_name(quoted: str) -> bool:
    """Whether quoted text is a name that belongs to the error: `'pnpm'`, `'--no-verify'`, `'User.name'`."""
    return len(quoted) <= 40 and _NAME.match(quoted) is not None


@cache
def _compiled() -> tuple[re.Pattern[str], dict[str, str]]:
    """One alternation of the whole table; each row in a group of its own, so that the match tells its kind."""
    kinds = {}
    rows = []
    for number, (name, pattern) in enumerate(_TABLE):
        group = f"g{number}"
        kinds[group] = name.partition("_")[0] if name.startswith("keep_") else name
        rows.append(f"(?P<{group}>{pattern})")
    return re.compile(f"{_START}(?:{'|'.join(rows)})"), kinds
