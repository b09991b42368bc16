"""Instruction files, skills and memory as the transcripts show them: the newest text of each path, split into instructions.

A file is seen at moments only: when it is read, written, edited or put into the context. From these moments follow its newest text,
and for each instruction the day from which it is known to have stood there: the first sight of it, where an earlier whole text
lacked it, or where no session is older. An instruction that was first seen later than that may be any age, and has no such day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from hardwon.corpus.lineages import day
from hardwon.corpus.view import Corpus
from hardwon.formats.instructions import split
from hardwon.model import Standing, StandingText
from hardwon.model.trajectory import Value
from hardwon.text.paths import hide_home

_ABSOLUTE = re.compile(r"^(?:/|~|[A-Za-z]:)")
_FRONTMATTER = re.compile(r"\A---\n.*?\n---", re.DOTALL)
_OURS = re.compile(r"^\s+hardwon:", re.MULTILINE)
_OF_PERSON = "~/."
"""How paths of a person's own agent folders begin, once the home folder is hidden."""
_VERSION = re.compile(r"/(?:v?\d+(?:\.\d+)+[\w.-]*|[0-9a-f]{7,40})(?=/)")
"""A folder that is named after a version: of several copies in a cache only the newest stands."""


class Sight(Value, frozen=True):
    """A file's text (or a part of it) as one session showed it at a time (UTC epoch ms)."""

    time: int
    session: str
    text: str
    line: int
    whole: bool


class Shown(Value, frozen=True):
    """One file as all sessions together show it. project: "" for a file outside of it; sights by time."""

    project: str
    path: str
    agent: str
    sights: tuple[Sight, ...]

    @property
    def newest(self) -> tuple[Sight, ...]:
        """The newest whole text; where none was ever seen, the parts that the newest of the sessions showed."""
        whole = [s for s in self.sights if s.whole]
        if whole:
            return (whole[-1],)
        return tuple(s for s in self.sights if s.session == self.sights[-1].session)


def shown(corpus: Corpus) -> list[Shown]:
    """All instruction files that sessions show, by project and path."""
    found: dict[tuple[str, str], list[tuple[Sight, str, str]]] = {}
    for member in corpus.members:
        for event in member.of(StandingText):
            if not event.path or not event.text.strip():
                continue
            path = hide_home(event.path)
            outside = bool(_ABSOLUTE.match(path))
            if path.startswith("../") or (outside and not path.startswith(_OF_PERSON)):
                continue  # another project's
            project = "" if outside else member.session.project
            sight = Sight(member.time(event) or 0, member.id, event.text, event.line, event.whole)
            found.setdefault((project, _VERSION.sub("/*", path)), []).append((sight, path, member.session.agent))
    result = []
    for (project, _), rows in sorted(found.items()):
        rows.sort(key=lambda r: (r[0].time, r[0].session))
        agents = {agent for *_, agent in rows}
        result.append(Shown(project, rows[-1][1], min(agents) if len(agents) == 1 else "", tuple(s for s, *_ in rows)))
    return result


def instructions(corpus: Corpus, files: Iterable[Shown] | None = None) -> list[Standing]:
    """Every single instruction that stands in the newest text of a file, as far as sessions show it."""
    begun = _begun(corpus)
    return [
        item
        for file in (shown(corpus) if files is None else files)
        if not ours(file.newest[0].text)
        for item in dated(_split(file), file.sights, begun.get(file.project, ""))
    ]


def dated(items: Iterable[Standing], sights: Sequence[Sight], begun: str = "") -> Iterator[Standing]:
    """Instructions with the day from which sessions prove that they stood there ("" where they do not).

    Args:
        sights: of their file. begun: day of the project's first session; what was seen then was there for all of them.
    """
    texts = {s.text: _texts(s.text) for s in sights}
    for item in items:
        first = next((i for i, s in enumerate(sights) if item.text in texts[s.text]), None)
        if first is None:
            yield item
            continue
        known = day(sights[first].time) <= begun or any(s.whole for s in sights[:first])
        yield msgspec.structs.replace(item, since=day(sights[first].time)) if known else item


def ours(text: str) -> bool:
    """Whether a text is a skill that Hardwon wrote: what it says was learned here and is no instruction of anyone else's."""
    head = _FRONTMATTER.match(text)
    return bool(head) and _OURS.search(head[0]) is not None  # type: ignore[index]


def _split(file: Shown) -> Iterator[Standing]:
    seen: set[str] = set()
    for sight in file.newest:
        for item in split(
            sight.text,
            file.path,
            scope="project" if file.project else "person",
            agent=file.agent,
            source="transcript",
            project=file.project,
            first=sight.line,
        ):
            if item.text not in seen or file.newest[0].whole:
                seen.add(item.text)
                yield item


@lru_cache(maxsize=4096)
def _texts(text: str) -> frozenset[str]:
    return frozenset(item.text for item in split(text, ""))


def _begun(corpus: Corpus) -> dict[str, str]:
    """The day of each project's first session ("": of all)."""
    days: dict[str, str] = {}
    for member in corpus.members:
        if member.session.started is not None:
            for project in ("", member.session.project):
                days[project] = min(days.get(project, "9"), day(member.session.started))
    return days
