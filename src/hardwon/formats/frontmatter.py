"""YAML frontmatter: the block between two `---` lines at the top of a Markdown file.

Written as plain block YAML, one line a value, because several agents read it with a line reader of their own: no folding, no flow
style, no anchors. Plain scalars are used where every YAML version reads them back as the same text, else double quotes. What is
written is read back and compared, so a value that YAML would change never reaches a file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from hardwon.errors import LibraryError

_FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>(?:.*\n)*?)---[ \t]*(?:\r?\n|\Z)")
_PLAIN = re.compile(r"[A-Za-z(][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*")
_NOT_PLAIN = re.compile(r":(?:\s|\Z)|\s#|\s\Z")
_WORDS_OF_YAML = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}
_WIDTH = 1 << 20
"""Wide enough that no value is ever folded."""


def split(text: str) -> tuple[str, str] | None:
    """(YAML text, body) of a file with frontmatter, None when it has none. A BOM and CRLF are understood."""
    found = _FENCE.match(text)
    return (found["yaml"], text[found.end() :]) if found else None


def read(text: str, where: str = "") -> tuple[dict[str, Any], str]:
    """Fields and body of a file; ({}, text) when it has no frontmatter.

    Raises:
        LibraryError: the YAML cannot be read or is no mapping.
    """
    parts = split(text)
    if parts is None:
        return {}, text
    try:
        fields = YAML(typ="safe", pure=True).load(parts[0])
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 2}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).split("\n")[0]
        raise LibraryError(f"the frontmatter is no valid YAML ({problem})", where=f"{where}{line}") from error
    if not isinstance(fields, dict):
        raise LibraryError("the frontmatter is not a list of `name: value` lines", where=where)
    return {str(name): value for name, value in fields.items()}, parts[1]


def write(fields: Mapping[str, str | Mapping[str, str]], body: str) -> str:
    """A file of frontmatter and body, with LF. Values are one-line texts, or mappings of such.

    Raises:
        LibraryError: a value would not be read back as it was given (a line break, a control character).
    """
    wanted = {name: dict(value) if isinstance(value, Mapping) else value for name, value in fields.items()}
    yaml = YAML()
    yaml.width, yaml.allow_unicode = _WIDTH, True
    out = io.StringIO()
    yaml.dump(CommentedMap((name, _styled(value)) for name, value in wanted.items()), out)
    text = f"---\n{out.getvalue()}---\n{body}"
    if "\r" in text or read(text) != (wanted, body) or out.getvalue().count("\n") != _lines(wanted):
        raise LibraryError("a value of the frontmatter cannot be written on one line")
    return text


def is_plain(value: str) -> bool:
    """Whether every reader takes the bare text for this very text, so that it needs no quotes."""
    return bool(_PLAIN.fullmatch(value)) and not _NOT_PLAIN.search(value) and value.lower() not in _WORDS_OF_YAML


def _styled(value: str | dict[str, str]) -> Any:
    if isinstance(value, dict):
        # every value of metadata is quoted: "1.0", "3" and dates must stay texts
        return CommentedMap((name, DoubleQuotedScalarString(text)) for name, text in value.items())
    return value if is_plain(value) else DoubleQuotedScalarString(value)


def _lines(fields: Mapping[str, str | dict[str, str]]) -> int:
    return sum(1 + len(value) if isinstance(value, dict) else 1 for value in fields.values())
