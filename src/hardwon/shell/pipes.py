"""What stands behind a command's pipe, as text: `npm test 2>&1 | grep fail | head` → `grep fail`, `head`."""

from __future__ import annotations

from hardwon.shell import known
from hardwon.shell.syntax import Raw, read_commands


def filters_behind(line: str, command: str) -> tuple[str, ...]:
    """The filters through which a command's output goes.

    Args:
        line: the whole shell text. command: the text of one simple command in it, as `parse` gives it.

    Returns:
        each filter's text, in order, up to the first program that is none; empty where the command has no pipe behind it, or does
        not stand in the text.
    """
    raws = read_commands(line)
    for at, raw in enumerate(raws):
        if raw.pipe and written(raw) == command:
            pipeline, place = raw.pipe[-1]
            behind = [r for r in raws[at + 1 :] if r.pipe and r.pipe[-1][0] == pipeline and r.pipe[-1][1] > place]
            return _filters(behind)
    return ()


def written(raw: Raw) -> str:
    """A simple command as it is written, on one line, without redirections."""
    return " ".join([*raw.assigned, *raw.sources])


def _filters(behind: list[Raw]) -> tuple[str, ...]:
    texts: list[str] = []
    for raw in behind:
        if raw.words[0].rpartition("/")[2] not in known.FILTERS:
            break
        texts.append(written(raw))
    return tuple(texts)
