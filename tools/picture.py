"""Draws a command's real output as docs/images/NAME.svg: python tools/picture.py NAME [--from TEXT] [--until TEXT] -- COMMAND

The picture names no font from the network, so that it looks alike offline; it needs nothing but rich.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTH = 96
FONTS = "ui-monospace, 'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--from", dest="first", default="", help="begin at the first line that contains this")
    parser.add_argument("--until", dest="last", default="", help="end before the next line that contains this")
    parser.add_argument("--title", default="")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    env = os.environ | {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": str(WIDTH)}
    done = subprocess.run(options.command, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(done.stderr)
    lines = done.stdout.rstrip().split("\n")
    start = next((i for i, line in enumerate(lines) if options.first in line), 0)
    end = next((i for i, line in enumerate(lines) if i > start and options.last and options.last in line), len(lines))
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text.from_ansi("\n".join(lines[start:end]).rstrip()), soft_wrap=True)
    svg = console.export_svg(title=options.title or " ".join(options.command), unique_id=options.name)
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:\s*(?:Fira Code|arial)[^;]*;", f"font-family: {FONTS};", svg)
    svg = "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"
    IMAGES.mkdir(parents=True, exist_ok=True)
    (IMAGES / f"{options.name}.svg").write_text(svg, "utf-8")


if __name__ == "__main__":
    main()
