"""From events to references: the quotes that a finding stands on."""

from __future__ import annotations

import re

from hardwon.corpus.view import Corpus, Member
from hardwon.model import Attempt, Event, Reference, Utterance

QUOTE_CHARS = 240


def quote_of(event: Event) -> str:
    """The verbatim span that shows an event: the user's words, or the telling line of an attempt (else its command)."""
    if isinstance(event, Utterance):
        return _cut(event.text)
    if isinstance(event, Attempt):
        return _cut(_readable(event)) or _cut(event.command.text if event.command else event.line)
    return ""


_PLAIN = re.compile(r"(?<![\w./-])[A-Za-z]{2,}(?![\w/-])")


_EXCERPT = re.compile(r"\s*(?:\d|[│|>])")


def _readable(attempt: Attempt) -> str:
    """The telling line of an attempt; where it hardly has a word (`at src/a.ts format`), a line beside it that reads better."""
    if len(_PLAIN.findall(attempt.message)) > 2 or not attempt.lines:
        return attempt.message
    said = [line for line in attempt.lines if not _EXCERPT.match(line)] or [attempt.message]
    best = max(said, key=lambda line: (len(_PLAIN.findall(line)), -len(line)))
    return best if len(_PLAIN.findall(best)) > 2 else attempt.message


def _cut(text: str) -> str:
    """The first line of a text that says something, cut to what a reader needs; verbatim, so without an ellipsis."""
    line = next((x.strip() for x in text.splitlines() if x.strip()), "")
    if len(line) <= QUOTE_CHARS:
        return line
    return line[:QUOTE_CHARS].rsplit(" ", 1)[0] or line[:QUOTE_CHARS]


def reference(
    corpus: Corpus, member: Member, event: Event, *, quote: str = "", line: str = "", role: str = "supports"
) -> Reference:
    """A reference to one event: to its own telling line or the given output line (for an attempt, in the step of its result), or to
    a quote of the step itself. A sub-agent's evidence keeps its own address."""
    printed = isinstance(event, Attempt) and (bool(line) or (bool(event.message) and not quote))
    return Reference(
        kind="step",
        session=member.id,
        step=event.result_step if isinstance(event, Attempt) and printed and event.result_step else event.step,
        quote=quote or _cut(line) or quote_of(event),
        role=role,  # type: ignore[arg-type]
        time=member.time(event),
    )


def ordered(references: list[Reference], *, per_session: int = 3, total: int = 400) -> tuple[Reference, ...]:
    """References by time, at most a few a session (one where they would be too many in all); each address and quote once."""
    sessions = len({r.session for r in references})
    per_session = per_session if sessions * per_session <= total else 1
    seen: set[tuple[str, str, str]] = set()
    count: dict[str, int] = {}
    kept: list[Reference] = []
    for ref in sorted(references, key=lambda r: (r.time or 0, r.session, r.step, r.quote)):
        key = (ref.session, ref.step, ref.quote)
        if key in seen or not ref.quote or count.get(ref.session, 0) >= per_session:
            continue
        seen.add(key)
        count[ref.session] = count.get(ref.session, 0) + 1
        kept.append(ref)
    return tuple(kept)
