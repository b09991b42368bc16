"""Instructions held against the commands that were run, with no rule in between.

What a file forbids and was done all the same; what it tells to run and never worked, or no longer exists; what it tells to run and
is run: nothing to gain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

from hardwon.corpus import Corpus, Member
from hardwon.corpus.commands import Commands, Form
from hardwon.corpus.lineages import day
from hardwon.formats.instructions import demands
from hardwon.model import Attempt, SimpleCommand, Standing
from hardwon.model.trajectory import Value
from hardwon.rules.claims import Span, spans
from hardwon.text.standing import is_skill

_NEVER_WORKED = 3
_FORBIDDEN = 2
_FOLLOWED = 3
_GONE = re.compile(
    r"not found|no such file|missing script|unknown (?:command|script|target)|no rule to make target|does not exist|cannot find",
    re.IGNORECASE,
)
_NAME = re.compile(r"[\w@][\w./@:-]*$")


class Outcome(Value, frozen=True):
    """How an instruction fared: relation, sessions that show it, and what happened as the rest of a sentence."""

    relation: Literal["contradicted", "broken", "stale", "followed"]
    sessions: int
    detail: str


class Audit:
    """Looks instructions up in what was run."""

    def __init__(self, corpus: Corpus, commands: Commands, missing: Callable[[str, str], bool] | None = None) -> None:
        self.corpus, self.commands, self.missing = corpus, commands, missing
        self._first_words: dict[str, list[str]] = {}
        for key in sorted(commands.by_key):
            for word in dict.fromkeys(key.split()):
                self._first_words.setdefault(word, []).append(key)

    def of(self, instruction: Standing) -> Outcome | None:
        """The most telling outcome of an instruction; None where the sessions say nothing of it. A skill speaks of its own task
        only, so what is done elsewhere is neither against it nor owed to it."""
        if is_skill(instruction.path):
            return None
        outcomes = [o for s in spans(instruction) if (o := self._span(instruction, s))]
        order = ("broken", "contradicted", "stale", "followed")
        return min(outcomes, key=lambda o: (order.index(o.relation), -o.sessions, o.detail), default=None)

    def _span(self, instruction: Standing, span: Span) -> Outcome | None:
        if span.open:
            return None
        if not span.wanted:
            return None if span.conditional else self._forbidden(instruction, span)
        return self._wanted(instruction, span) or self._path(instruction, span)

    def _forbidden(self, instruction: Standing, span: Span) -> Outcome | None:
        words = span.text.split()
        if not words or not _NAME.match(words[0]) or (len(words) == 1 and not self._is_command(words[0])):
            return None
        uses = [m for m, a, c in self._uses(instruction, words) if a.outcome in ("ok", "failed")]
        if self.corpus.lineage_count({m.id for m in uses}) < _FORBIDDEN:
            return None
        sessions = {self.corpus.main_session(m.id) for m in uses}
        return Outcome("broken", len(sessions), f"`{span.text}` was run all the same, {len(uses)} times")

    def _is_command(self, word: str) -> bool:
        """Whether one word names a program or a script that was run, and not just anything."""
        return any(key.split()[0] == word or (":" in word and word in key.split()) for key in self._first_words.get(word, ()))

    def _uses(self, instruction: Standing, words: list[str]) -> Iterator[tuple[Member, Attempt, SimpleCommand]]:
        for key in self._first_words.get(words[0], ()):
            for member, attempt, command in self.commands.by_key[key]:
                text = command.text.split()
                starts = 0 if key.split()[0] == words[0] else text.index(words[0]) if words[0] in text else -1
                if starts >= 0 and text[starts : starts + len(words)] == words and self._counts(instruction, member):
                    yield member, attempt, command

    def _counts(self, instruction: Standing, member: Member) -> bool:
        if instruction.project and member.session.project != instruction.project:
            return False
        return day(member.session.started) >= instruction.since

    def _wanted(self, instruction: Standing, span: Span) -> Outcome | None:
        for command in span.commands:
            if " " not in command.key and "/" not in command.program:
                continue
            form = Form(command.key, instruction.project, frozenset(command.flags))
            tally = self.commands.tally([form])
            failed = self.corpus.lineage_count(tally.sessions_failed)
            if not tally.ok and failed >= _NEVER_WORKED:
                return Outcome(
                    "contradicted", len(tally.sessions_failed), f"`{span.text}` failed {tally.failed} of {tally.total} times"
                )
            if failed and (gone := self._gone(form)):
                return gone
            if len(tally.sessions_ok) >= _FOLLOWED and demands(instruction) and tally.failure_rate < 0.5:
                return Outcome("followed", len(tally.sessions_ok), f"`{span.text}` is run, in {len(tally.sessions_ok)} sessions")
        return None

    def _gone(self, form: Form) -> Outcome | None:
        """A command that worked once, and since then fails because it does not exist."""
        tries = sorted(((m.time(a) or 0, m, a) for m, a, _ in self.commands.of([form])), key=lambda t: (t[0], t[1].id))
        worked = max((i for i, (_, _, a) in enumerate(tries) if a.outcome == "ok"), default=None)
        after = [t for t in tries[(worked or 0) + 1 :] if t[2].outcome == "failed" and _GONE.search(t[2].message)]
        sessions = {m.id for _, m, _ in after}
        if worked is None or self.corpus.lineage_count(sessions) < _FORBIDDEN:
            return None
        return Outcome("stale", len(sessions), f"worked until {day(tries[worked][0])}, since then: “{after[-1][2].message[:100]}”")

    def _path(self, instruction: Standing, span: Span) -> Outcome | None:
        """A file that a project's own instructions name, and that is not there any more."""
        text = span.text.rstrip("/")
        if self.missing is None or not instruction.project or not _NAME.match(text):
            return None
        if "/" not in text or "." not in text.rsplit("/", 1)[-1] or "://" in text or "*" in text:
            return None
        return Outcome("stale", 0, f"`{span.text}` is not there") if self.missing(instruction.project, text) else None
