"""Files that were read, edited, written, deleted, staged or committed.

What it notices: the paths of the agent's file tools, and the files that shell commands touch: `sed -i`, redirections, `rm`, `mv`,
`cp`, `tee`, patches given to `apply_patch`, paths of `git add`, and what `git commit` and `git add` say they took.

Why it matters: sets speak. Files in a commit that this session never touched, files always edited together, a source file whose
test breaks in every session that edits it.

Example: `git add a.py b.py && git commit -m x` → FileTouch(how="stage") for both, and FileTouch(how="commit", count=3) if git
says that three files changed.

When it is wrong: files that a script writes are not seen; globs are kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from hardwon.model import Attempt, FileTouch, SimpleCommand
from hardwon.signals.attempts import parsed
from hardwon.signals.scenes import Exchange, Scene

How = Literal["read", "edit", "write", "delete", "stage", "commit"]
Touch = tuple[str, How]

_TOOLS: dict[str, How] = {"read": "read", "edit": "edit", "write": "write"}
_PATCHED = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+?)\s*$", re.M)
_PATCH_HOW: dict[str, How] = {"Add": "write", "Update": "edit", "Delete": "delete"}
_REDIRECTED = re.compile(r"(?<![0-9&<>])>{1,2}\s*(?![&(])(['\"]?)([\w./~@+-]+)\1")
_DOCUMENT = re.compile(r"<<-?\s*(['\"]?)\w+\1([^\n]*)\n.*?(?:\n\s*\w+[ \t]*(?=\n|$)|$)", re.S)
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_CREATED = re.compile(r"^ (?:create|delete) mode \d+ (.+)$", re.M)
_COUNTED = re.compile(r"\b(\d+) files? changed\b")
_READERS = frozenset("cat bat head tail less more nl".split())
MAX_PATHS = 60


def notice(scene: Scene) -> list[FileTouch]:
    """All touches in order, each path once for each call and manner."""
    outcomes: dict[str, list[Attempt]] = {}
    for attempt in scene.attempts:
        outcomes.setdefault(attempt.call, []).append(attempt)
    found: list[FileTouch] = []
    for exchange in scene.exchanges:
        found += _touches(scene, exchange, outcomes.get(exchange.call.id, []))
    return found


def _touches(scene: Scene, exchange: Exchange, attempts: list[Attempt]) -> Iterator[FileTouch]:
    call = exchange.call
    if call.action in _TOOLS:
        worked = bool(attempts) and attempts[0].outcome in ("ok", "unknown")
        patched = list(_patches(call.command or call.arguments)) if call.action == "edit" else []
        touched: Iterable[Touch] = patched or [(path, _TOOLS[call.action]) for path in call.paths]
        yield from _events(scene, exchange, touched, worked)
    elif call.action == "shell":
        failed = {a.command.text for a in attempts if a.command is not None and a.outcome in ("failed", "rejected", "interrupted")}
        for command in parsed(call.command, call.context.cwd or scene.session.cwd):
            yield from _events(scene, exchange, _of_command(command), command.text not in failed)
        yield from _events(scene, exchange, (*_redirected(scene, exchange), *_patches(call.command)), not failed)
        yield from _from_git(scene, exchange)


def _events(scene: Scene, exchange: Exchange, touched: Iterable[Touch], worked: bool) -> Iterator[FileTouch]:
    for path, how in list(dict.fromkeys(touched))[:MAX_PATHS]:
        name = scene.near(path)
        if name and name != "/dev/null":
            yield FileTouch(**scene.stamp("touch", exchange.step), path=name, how=how, worked=worked)


def _redirected(scene: Scene, exchange: Exchange) -> Iterator[Touch]:
    """Files that output was sent to."""
    text = exchange.call.command
    commands = parsed(text, exchange.call.context.cwd or scene.session.cwd)
    writing = [command for command in commands if command.redirected]
    if writing and ">" in text:
        yield from _placed(writing[0], [path for _, path in _REDIRECTED.findall(_without_documents(text))], "write")


def _without_documents(text: str) -> str:
    """A shell text without the bodies of its here-documents and without quoted words."""
    if "<<" in text:
        text = _DOCUMENT.sub(r"\2", text)
    return _QUOTED.sub("''", text)


def _patches(text: str) -> Iterator[Touch]:
    if "*** " in text:
        plain = text.replace("\\n", "\n") if "\n*** " not in text and "\\n*** " in text else text
        for kind, path in _PATCHED.findall(plain):
            yield path, _PATCH_HOW[kind]


def _of_command(command: SimpleCommand) -> Iterator[Touch]:
    """Files that one simple command touches, named from where the call started."""
    program, operands = command.program, list(command.operands)
    if program == "rm" or command.key == "git rm":
        yield from _placed(command, operands, "delete")
    elif program == "mv" or command.key == "git mv":
        yield from _placed(command, operands[:-1], "delete")
        yield from _placed(command, operands[-1:], "write")
    elif program == "cp":
        yield from _placed(command, operands[-1:], "write")
    elif program in ("sed", "gsed", "perl") and any(flag.startswith("-") and "i" in flag[:3] for flag in command.flags):
        yield from _placed(command, operands[1:], "edit")
    elif command.key == "git add":
        yield from _placed(command, operands, "stage")
    elif program in _READERS and "/" not in program:
        yield from _placed(command, [o for o in operands if not o.isdigit()], "read")
    elif program == "sed":
        yield from _placed(command, operands[1:], "read")


def _placed(command: SimpleCommand, paths: Iterable[str], how: How) -> Iterator[Touch]:
    for path in paths:
        if not path or path.startswith(("-", "$", "&")) or "\n" in path or len(path) > 300 or path == "/dev/null":
            continue
        absolute = path.startswith(("/", "~")) or not command.directory
        yield (path if absolute else f"{command.directory.rstrip('/')}/{path}"), how


def _from_git(scene: Scene, exchange: Exchange) -> Iterator[FileTouch]:
    """What git says it took: files created in a commit, and how many files changed."""
    text = exchange.result.text if exchange.result else ""
    command = exchange.call.command
    how: How | None = "commit" if "git commit" in command else "stage" if "git add" in command else None
    if how is None or not text:
        return
    if how == "commit":
        for path in _CREATED.findall(text)[:MAX_PATHS]:
            yield FileTouch(**scene.stamp("touch", exchange.step), path=path.strip(), how=how)
    counted = _COUNTED.search(text)
    if counted:
        yield FileTouch(**scene.stamp("touch", exchange.step), path="", how=how, count=int(counted.group(1)))
