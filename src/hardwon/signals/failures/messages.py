"""The one line that tells what is wrong, and its fingerprint."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from hardwon.model import Diagnostic, Fingerprint
from hardwon.signals.failures.forms import ECHO, TABLE_VERSION, Hit
from hardwon.signals.failures.search import lines
from hardwon.text.masks import mask

LIMIT = 200
MAX_DIAGNOSTICS = 24
SHORT_OUTPUT = 4

_FRAME = re.compile(r"\s*(?:at \S+ ?\(|File \"|in \S+ \(|\d+ \||\||\^|~|---|===|\.\.\.|>|#\d+ 0x|\$ )")
_DECORATION = re.compile(r"[\s━─=_*-]+$")


def telling(found: Sequence[Hit], shown: str, noisy: bool, program: str = "") -> tuple[str, str]:
    """(message, tool) of a failed command: the first line that tells best what is wrong. With no known line the only, last, or
    first sentence of the output. Verbatim, at most 200 characters; ("", "") where nothing can be said.

    Args:
        found: the command's failure lines.
        shown: the window of its output.
        program: its name, with which its own complaints may open.
        noisy: it runs checks, which print frightening lines when they are green too.
    """
    best = min(found, key=lambda hit: _rank(hit, noisy), default=None)
    if best is not None and best.form.rank < ECHO:
        return cut(best.line), best.tool.name
    echoes = {hit.line.strip() for hit in found}
    own = [line for line in lines(shown) if not _FRAME.match(line) and line not in echoes]
    if program:
        own = [line for line in own if line.startswith(f"{program}: ")] or own
    plain = [line for line in own if len(line) <= LIMIT and any(c.isalpha() for c in line)]
    if plain and (len(own) <= SHORT_OUTPUT or best is None):
        return cut(plain[0] if len(own) <= SHORT_OUTPUT else plain[-1]), "output"
    return (cut(best.line), best.tool.name) if best is not None else ("", "")


def _rank(hit: Hit, noisy: bool) -> tuple[float, int, bool]:
    """Better lines first; a line that proves nothing and names nothing counts for less, much less among the noise of checks."""
    doubt = 0.0 if hit.form.proves or hit.diagnostics else 2.5 if noisy else 0.5
    return hit.form.rank + doubt, hit.number, not hit.diagnostics


def cut(line: str) -> str:
    """A line without indentation and trailing decoration, cut to the limit (what remains is verbatim)."""
    return _DECORATION.sub("", line.strip())[:LIMIT]


def fingerprint(message: str, tool: str) -> Fingerprint | None:
    """What stays the same when this message returns; None without a message."""
    if not message:
        return None
    masked, parameters = mask(message)
    name = hashlib.blake2b(f"{tool}\0{TABLE_VERSION}\0{masked}".encode(), digest_size=8).hexdigest()
    return Fingerprint(name, tool, TABLE_VERSION, masked, parameters)


def diagnostics(found: Iterable[Hit]) -> tuple[Diagnostic, ...]:
    """What the failure lines name, each once, in order, at most 24."""
    unique = dict.fromkeys(d for hit in found for d in hit.diagnostics if len(d.name) <= LIMIT)
    return tuple(unique)[:MAX_DIAGNOSTICS]
