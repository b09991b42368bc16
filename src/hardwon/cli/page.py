"""Prints the Markdown lines that `flow` makes (headings, bullets, text) as a page for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from hardwon.cli.output import console, safe

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_QUIET = re.compile(r"`[^`]*`$|\[[^\[\]]*\](?= `[^`]*`$)")
"""The mark and the id at the end of a rule's line."""


_DIFF = {"+": "green", "-": "red"}


def print_page(lines: Iterable[str]) -> None:
    """Prints lines; bullets get a hanging indent, marks and ids a quieter colour. Nothing but `#`, `- ` and fences
    around a difference has a meaning."""
    from rich.text import Text

    out = console()
    fenced = False
    for line in lines:
        line = safe(line)
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            _print_wrapped(out, Text(line, style=_DIFF.get(line[:1], "dim")), "    ")
        elif line.startswith("#"):
            level, _, title = line.partition(" ")
            out.print(Text(title, style="bold" if len(level) == 1 else "bold cyan"))
        else:
            bullet = line.startswith("- ")
            _print_wrapped(out, _coloured(line[2:] if bullet else line), "  • " if bullet else "")


def _print_wrapped(out: Console, text: Text, first: str) -> None:
    from rich.text import Text

    for number, line in enumerate(text.wrap(out, out.width - len(first))):
        line.rstrip()
        out.print(Text.assemble((first if number == 0 else " " * len(first), "dim"), line), soft_wrap=True)


def _coloured(line: str) -> Text:
    from rich.text import Text

    text = Text(line)
    text.highlight_regex(_QUIET, "dim")
    return text
