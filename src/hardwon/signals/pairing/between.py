"""What happened between a failure and the success after it: commands that can be the remedy, and edits of source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hardwon.model import Attempt, SimpleCommand
from hardwon.shell.programs import is_probe
from hardwon.signals.failures.roles import is_reading, is_silent
from hardwon.signals.scenes import Exchange

_CLEANING = frozenset("rm rmdir unlink trash kill pkill killall fuser".split())
_CLEANING_KEYS = re.compile(
    r"(?:git (?:clean|worktree (?:remove|prune)|stash|reset)|docker (?:rm|stop|kill|compose down|system prune|volume rm|"
    r"container (?:rm|stop))|"
    r"docker-compose down|(?:npm|pnpm|yarn|bun)(?: run)? clean|make clean|cargo clean|go clean|tmux kill-\S+|gradlew? clean)\b"
)
_WRITES = re.compile(
    r"\bapply_patch\b|(?:^|\s)(?:sed|gsed|perl) (?:-\w+ )*-[pni]*i|<<|\btee\b|\bgit (?:apply|checkout|restore|revert|stash "
    r"pop|merge|pull|rebase)\b"
)
_SCRATCH = re.compile(r"^(?:/private)?/(?:tmp|var/folders|dev)/")
TEXT = 300


def remedies(attempts: Iterable[Attempt], failed: Attempt, worked: Attempt) -> tuple[str, ...]:
    """Texts of the commands in between that can have helped: they worked, they do something, they are not the goal itself."""
    own = {c.text for c in (failed.command, worked.command) if c is not None}
    found: dict[str, None] = {}
    for attempt in attempts:
        command = attempt.command
        if command is None or attempt.outcome not in ("ok", "unknown") or command.text in own or not does_something(command):
            continue
        found.setdefault(command.text[:TEXT])
    return tuple(found)


def does_something(command: SimpleCommand) -> bool:
    """Whether a command changes anything, so that it can be a remedy."""
    if command.key in ("git add", "git fetch"):
        return command.key == "git fetch"
    return not (is_silent(command) or is_probe(command) or is_reading(command))


def cleans(attempts: Iterable[Attempt], texts: Sequence[str]) -> bool:
    """Whether one of the remedies removed or stopped something."""
    return any(
        a.command is not None
        and a.command.text[:TEXT] in texts
        and (a.command.program in _CLEANING or bool(_CLEANING_KEYS.match(a.command.key)))
        for a in attempts
    )


def edits(exchanges: Iterable[Exchange]) -> int:
    """How many calls wrote source in between, by a tool or by the shell; files in scratch folders do not count."""
    return sum(1 for exchange in exchanges if _edits(exchange))


def _edits(exchange: Exchange) -> bool:
    call, result = exchange.call, exchange.result
    if result is None or result.rejected or result.error_flag or (result.exit or 0) != 0:
        return False
    if call.action in ("edit", "write"):
        return not call.paths or not all(_SCRATCH.match(path) for path in call.paths)
    return call.action == "shell" and bool(_WRITES.search(call.command)) and not _only_message(call.command)


def _only_message(command: str) -> bool:
    """A here-document that only carries a message or program text to a command, not a file."""
    return "<<" in command and not re.search(r"\bapply_patch\b|>\s*\S+\s*<<|<<\S*\s*>|\btee\b|(?:sed|perl) -\w*i", command)
