"""The records of Gemini CLI's session files, typed, as its recording service writes them (0.61; older JSON files hold the same
messages). Everything may be missing; fields that are not read are not declared, so that they cost nothing."""

from __future__ import annotations

from typing import Any

import msgspec


class FunctionCall(msgspec.Struct):
    """A call as the model made it. Qwen Code has only this form."""

    id: str | None = None
    name: str | None = None
    args: Any = None


class FunctionResponse(msgspec.Struct):
    """A result as the model got it: `response` is `{output}` or `{error}`."""

    id: str | None = None
    name: str | None = None
    response: Any = None


class ContentPart(msgspec.Struct):
    """A part of a message in the form of the Gemini API, of which exactly one field is set (text with `thought`: reasoning)."""

    text: str | None = None
    thought: Any = None
    functionCall: FunctionCall | None = None
    functionResponse: FunctionResponse | None = None
    inlineData: msgspec.Raw = msgspec.Raw()
    fileData: msgspec.Raw = msgspec.Raw()
    executableCode: msgspec.Raw = msgspec.Raw()
    codeExecutionResult: msgspec.Raw = msgspec.Raw()


Content = str | ContentPart | list[ContentPart | str | None] | None
"""What the API calls a PartListUnion."""


class Call(msgspec.Struct):
    """A tool call with its result, inside the answer. After a resume `result` may hold the responses of all calls of the turn."""

    id: str | None = None
    name: str | None = None
    args: Any = None
    result: Content = None
    status: str | None = None
    agentId: str | None = None


class Thought(msgspec.Struct):
    subject: str | None = None
    description: str | None = None


class Tokens(msgspec.Struct):
    """`input` includes `cached`."""

    input: int | None = None
    output: int | None = None
    cached: int | None = None
    thoughts: int | None = None


class Message(msgspec.Struct):
    """One message. type: user, gemini, info, warning, error."""

    id: str | None = None
    timestamp: str | int | float | None = None
    type: str | None = None
    content: Content = None
    displayContent: Content = None
    toolCalls: list[Call] | None = None
    thoughts: list[Thought] | None = None
    tokens: Tokens | None = None
    model: str | None = None


class Fields(msgspec.Struct):
    """Fields of the session: of its first line, of a `$set`, and of an older file as a whole."""

    sessionId: str | None = None
    projectHash: str | None = None
    startTime: str | int | float | None = None
    lastUpdated: str | int | float | None = None
    kind: str | None = None
    directories: list[str] | None = None
    summary: str | None = None
    messages: list[Message] | None = None


class Entry(Message):
    """One line: a message (it has an `id`), the session's fields, `$set`, or `$rewindTo`."""

    sessionId: str | None = None
    projectHash: str | None = None
    startTime: str | int | float | None = None
    lastUpdated: str | int | float | None = None
    kind: str | None = None
    directories: list[str] | None = None
    summary: str | None = None
    messages: list[Message] | None = None
    changed: Fields | None = msgspec.field(name="$set", default=None)
    rewound: str | None = msgspec.field(name="$rewindTo", default=None)

    def fields(self) -> Fields:
        """The session's fields that this line carries itself."""
        return Fields(self.sessionId, self.projectHash, self.startTime, self.lastUpdated, self.kind, self.directories, self.summary)
