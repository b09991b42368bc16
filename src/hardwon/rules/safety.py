"""What may never stand in a rule: text of a trace can illustrate a rule, never dictate one.

A rule's text quotes failure lines, which came from tools. A line that reads like an instruction to an agent, or that tells to fetch
and run something, is hostile or useless there; hidden characters are always taken out.
"""

from __future__ import annotations

import re
import unicodedata

_INSTRUCTION = re.compile(
    r"(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:previous|prior|above|earlier)\s+\w*\s*(?:instructions?|rules?|messages?)"
    r"|(?:curl|wget|iwr|invoke-webrequest)\b[^\n|]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b"
    r"|create a skill that|system prompt|<!--",
    re.IGNORECASE,
)


def unsafe(text: str) -> str:
    """Why a text must not stand in a rule, or "" if it may."""
    match = _INSTRUCTION.search(text)
    return f"reads like an instruction planted in a trace: {match[0][:60]!r}" if match else ""


def safe_text(text: str) -> str:
    """A text on one line without control, format and private-use characters (hidden Unicode, ANSI escapes)."""
    plain = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", text)
    kept = "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn") else " " for c in plain)
    return " ".join(kept.split())
