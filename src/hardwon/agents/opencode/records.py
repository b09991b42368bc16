"""Rows and exports of opencode, typed (1.4 to 1.18, and the messages of 2.x). Everything may be missing; fields that are not read
are not declared. In the database a row's `data` holds these without ids; `opencode export` adds the ids."""

from __future__ import annotations

from typing import Any

import msgspec


class Time(msgspec.Struct):
    created: float | None = None
    updated: float | None = None
    completed: float | None = None


class Cache(msgspec.Struct):
    read: float | None = None
    write: float | None = None


class Tokens(msgspec.Struct):
    """`input` without what came from the cache."""

    input: float | None = None
    output: float | None = None
    reasoning: float | None = None
    cache: Cache | None = None


class ModelRef(msgspec.Struct):
    id: str | None = None
    modelID: str | None = None
    providerID: str | None = None


class Root(msgspec.Struct):
    cwd: str | None = None
    root: str | None = None


class Failure(msgspec.Struct):
    """Why an answer ended: name `MessageAbortedError` where the user stopped it."""

    name: str | None = None
    data: Any = None
    type: str | None = None
    message: str | None = None


class Info(msgspec.Struct):
    """A message without its parts. role: user or assistant; summary is true on a compaction's answer."""

    id: str | None = None
    role: str | None = None
    time: Time | None = None
    modelID: str | None = None
    model: ModelRef | None = None
    path: Root | None = None
    cost: float | None = None
    tokens: Tokens | None = None
    finish: str | None = None
    error: Failure | None = None
    summary: Any = None


class State(msgspec.Struct):
    """A tool call's state. status: pending, running, completed, error; 2.x also streaming, with `content` for `output`."""

    status: str | None = None
    input: Any = None
    output: Any = None
    error: Any = None
    metadata: Any = None
    structured: Any = None
    content: Any = None


class Part(msgspec.Struct):
    """A part of a message. type: text, reasoning, tool, file, agent, subtask, compaction, step-start, step-finish, snapshot, patch,
    retry."""

    id: str | None = None
    type: str | None = None
    text: str | None = None
    synthetic: bool | None = None
    ignored: bool | None = None
    tool: str | None = None
    callID: str | None = None
    state: State | None = None
    mime: str | None = None
    prompt: str | None = None
    command: str | None = None


class Message(msgspec.Struct):
    """A message with its parts, as an export holds it and as it is put together from rows."""

    info: Info
    parts: list[Part] = []


class SessionInfo(msgspec.Struct):
    """A session as an export describes it."""

    id: str | None = None
    projectID: str | None = None
    parentID: str | None = None
    directory: str | None = None
    title: str | None = None
    version: str | None = None
    time: Time | None = None
    permission: Any = None
    cost: float | None = None


class Export(msgspec.Struct):
    """What `opencode export` prints. The messages are decoded one by one, so that a strange one costs only itself."""

    info: SessionInfo
    messages: list[msgspec.Raw] = []


class NewMessage(msgspec.Struct):
    """A row of `session_message` (2.x). type: user, synthetic, system, shell, assistant, compaction, agent-switched,
    model-switched."""

    type: str | None = None
    time: Time | None = None
    text: str | None = None
    files: list[Any] | None = None
    command: str | None = None
    callID: str | None = None
    shellID: str | None = None
    status: str | None = None
    exit: int | None = None
    output: Any = None
    agent: str | None = None
    model: ModelRef | None = None
    content: list[Any] | None = None
    tokens: Tokens | None = None
    cost: float | None = None
    finish: str | None = None
    error: Failure | None = None
    summary: str | None = None


class NewContent(msgspec.Struct):
    """A part of an assistant's `content` in 2.x. type: text, reasoning, tool."""

    type: str | None = None
    id: str | None = None
    text: str | None = None
    name: str | None = None
    state: State | None = None
