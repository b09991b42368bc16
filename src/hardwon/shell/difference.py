"""The smallest difference between two commands: the words that one has and the other has not, environment included.

`bun run test` → `APP_ENV=test bun run test` differs by `APP_ENV=test` alone. What makes a failing command work is read off here.
"""

from __future__ import annotations

from collections.abc import Sequence

from hardwon.model import SimpleCommand
from hardwon.shell.syntax import read_commands

_LIMIT = 400


def difference(a: SimpleCommand, b: SimpleCommand) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(removed, added): the words of `a` and of `b` outside their longest common subsequence. Environment assignments come first
    and are compared as a set; another directory shows as `cd DIRECTORY`."""
    removed = [one for one in a.environment if one not in b.environment]
    added = [one for one in b.environment if one not in a.environment]
    if a.directory != b.directory:
        removed += [f"cd {a.directory}"] if a.directory else []
        added += [f"cd {b.directory}"] if b.directory else []
    left, right = _words(a), _words(b)
    kept_left, kept_right = _common(left, right)
    removed += [word for index, word in enumerate(left) if index not in kept_left]
    added += [word for index, word in enumerate(right) if index not in kept_right]
    return tuple(removed), tuple(added)


def _words(command: SimpleCommand) -> list[str]:
    """The words of a command as written, without the assignments that stand in its environment already."""
    found = read_commands(command.text)
    words = found[0].sources if found else command.text.split()
    return [word for word in words if word not in command.environment][:_LIMIT]


def _common(left: Sequence[str], right: Sequence[str]) -> tuple[set[int], set[int]]:
    """Indexes of a longest common subsequence in both. Equal ends are taken off first, so long commands stay cheap."""
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    kept_left = {*range(start), *range(len(left) - end, len(left))}
    kept_right = {*range(start), *range(len(right) - end, len(right))}
    for i, j in _matches(left[start : len(left) - end], right[start : len(right) - end]):
        kept_left.add(start + i)
        kept_right.add(start + j)
    return kept_left, kept_right


def _matches(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    lengths = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            same = left[i] == right[j]
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    i = j = 0
    matches = []
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            matches.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return matches
