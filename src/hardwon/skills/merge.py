"""A person's edit of a skill and a new proposal for it, brought together.

Rule by rule as far as possible: the number behind a rule changes with every new session, so before merging it gets a line of its
own; a person's wording and a new count then do not collide.
"""

from __future__ import annotations

import re

from hardwon.errors import LibraryError
from hardwon.model.trajectory import Value
from hardwon.skills.git import merge_texts

_RULE = re.compile(r"^(- .*?) (`\[[^`\n]*\]`)$", re.MULTILINE)
_FACT = re.compile(r"^(  [a-z]+: \".*\")$", re.MULTILINE)
_SEAM = "\x1e"


class Merged(Value, frozen=True):
    """`text` is what to keep; `conflict` shows, with git's marks, what did not go together ("" when all did)."""

    text: str
    conflict: str = ""


def merge(mine: str, base: str, theirs: str) -> Merged:
    """Merge what a person made of `base` (mine) with what is now proposed (theirs). In a conflict the person's text stays whole."""
    if mine in (base, theirs) or base == theirs:
        return Merged(theirs if mine == base else mine)
    if not theirs:
        return Merged(mine)
    try:
        merged, clean = merge_texts(_open(mine), _open(base), _open(theirs))
    except LibraryError:
        return Merged(mine, theirs)
    return Merged(_close(merged)) if clean else Merged(mine, _close(merged))


def _open(text: str) -> str:
    # seams on either side keep neighbouring changes apart: git calls it a conflict when they touch
    spread = _RULE.sub(rf"\1\n{_SEAM}mark {_SEAM}\n\2\n{_SEAM}rule{_SEAM}", text)
    return _FACT.sub(rf"\1\n{_SEAM}fact{_SEAM}", spread)


def _close(text: str) -> str:
    text = re.sub(rf"\n{_SEAM}mark {_SEAM}\n", " ", text)
    return re.sub(rf"\n?{_SEAM}[a-z ]+{_SEAM}", "", text)
