"""Where any of many ASCII literals stands in a text: with ahocorasick-rs at several hundred MB/s, without it by plain searches.

Both give the same places, so that what is redacted does not depend on what is installed. Both search bytes in which each
character that is not ASCII has become one `?`, so that places in the bytes are places in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

try:
    import ahocorasick_rs
except ImportError:  # the `fast` extra is not installed
    ahocorasick_rs = None  # type: ignore[assignment,unused-ignore]

Place = tuple[int, int, int]
"""(index of the literal, start, end)."""

_STEMS = (b"pass", b"secret", b"token", b"key", b"credential", b"pwd", b"uthorization", b"earer ")
"""Every word that is searched for in all cases holds one of these."""
_MARKS = (b"_", b"-", b".")


class Literals:
    """A fixed list of literals, searched for in many texts; `words` are those of them that are found through `_STEMS`."""

    def __init__(self, literals: Sequence[str], words: frozenset[str], *, fast: bool = True) -> None:
        self._literals = tuple(literal.encode("ascii") for literal in literals)
        self._automaton = None
        if fast and ahocorasick_rs is not None:
            implementation = ahocorasick_rs.Implementation.DFA
            self._automaton = ahocorasick_rs.BytesAhoCorasick(self._literals, implementation=implementation)
            return
        self._index = {literal: index for index, literal in enumerate(self._literals)}
        plain = [literal.encode("ascii") for literal in literals if literal not in words]
        self._single = tuple(one for one in plain if not _in_group(one))
        self._groups = _groups([one for one in plain if _in_group(one)])
        self._stems = _by_stem({word.lower().encode("ascii") for word in words})

    def places(self, text: str) -> list[Place]:
        """All places of all literals, overlapping ones too, ordered by start, then end, then literal."""
        data = text.encode("ascii", "replace")
        if self._automaton is not None:
            found: list[Place] = self._automaton.find_matches_as_indexes(data, overlapping=True)
        else:
            found = self._search(data)
        if len(found) > 1:
            found.sort(key=lambda place: (place[1], place[2], place[0]))
        return found

    def _search(self, data: bytes) -> list[Place]:
        found: list[Place] = []
        for literal in self._single:
            at = data.find(literal)
            while at >= 0:
                found.append((self._index[literal], at, at + len(literal)))
                at = data.find(literal, at + 1)
        for pattern, mark, members in self._groups:
            match = pattern.search(data)
            while match:
                self._group_members(data, match.start(), mark, members, found)
                match = pattern.search(data, match.start() + 1)
        self._search_words(data, found)
        return found

    def _group_members(self, data: bytes, at: int, mark: bool, members: tuple[bytes, ...], found: list[Place]) -> None:
        """The members that stand at a place, or, where the group is known by its last letter, that end there."""
        for one in members:
            start = at + 1 - len(one) if mark else at
            if start >= 0 and data.startswith(one, start):
                found.append((self._index[one], start, start + len(one)))

    def _search_words(self, data: bytes, found: list[Place]) -> None:
        lowered = data.lower()
        for stem, words in self._stems:
            at = lowered.find(stem)
            while at >= 0:
                for word, offset in words:
                    if at >= offset and lowered.startswith(word, at - offset):
                        index = self._index.get(data[at - offset : at - offset + len(word)])
                        if index is not None:
                            found.append((index, at - offset, at - offset + len(word)))
                at = lowered.find(stem, at + 1)


def _in_group(literal: bytes) -> bool:
    """Whether a rare letter leads to the literal faster than a search of its own: a final `_`, `-` or `.`, or a first capital."""
    return literal[-1:] in _MARKS or literal[:1].isupper()


def _groups(literals: list[bytes]) -> list[tuple[re.Pattern[bytes], bool, tuple[bytes, ...]]]:
    """(pattern, whether it finds the last letter, members). A pattern that opens with one letter is searched for by memchr."""
    groups = []
    for mark in _MARKS:
        ending = tuple(one for one in literals if one.endswith(mark))
        before = b"|".join(sorted({re.escape(one[-3:-1]) for one in ending}))
        groups.append((re.compile(re.escape(mark) + rb"(?<=(?:" + before + rb").)[A-Za-z0-9+/=_-]{8}"), True, ending))
    rest = [one for one in literals if one[-1:] not in _MARKS]
    for first in sorted({one[:1] for one in rest}):
        members = tuple(one for one in rest if one[:1] == first)
        heads = b"|".join(sorted(re.escape(one[1:]) for one in members))
        groups.append((re.compile(re.escape(first) + rb"(?:" + heads + rb")"), False, members))
    return groups


def _by_stem(words: set[bytes]) -> list[tuple[bytes, tuple[tuple[bytes, int], ...]]]:
    left = set(words)
    found = []
    for stem in _STEMS:
        members = tuple(sorted((word, word.find(stem)) for word in left if stem in word))
        left -= {word for word, _ in members}
        found.append((stem, members))
    if left:
        raise ValueError(f"words without a stem: {sorted(left)}")
    return [one for one in found if one[1]]
