"""The records of Qwen Code's session files, typed, as its recording service writes them (0.15). A tree by `parentUuid` as in
Claude Code's files, messages with the parts of the Gemini API. Fields that are not read are not declared."""

from __future__ import annotations

from typing import Any

import msgspec

from hardwon.agents.gemini.records import Content


class Message(msgspec.Struct):
    parts: Content = None


class ToolCallResult(msgspec.Struct):
    """What the program says of a call: status success, error or cancelled."""

    callId: str | None = None
    status: str | None = None


class UsageMetadata(msgspec.Struct):
    """`promptTokenCount` includes `cachedContentTokenCount`."""

    promptTokenCount: int | None = None
    candidatesTokenCount: int | None = None
    cachedContentTokenCount: int | None = None
    thoughtsTokenCount: int | None = None


class Record(msgspec.Struct):
    """One line. type: user (subtype cron or notification: the program's), assistant, tool_result, system (by subtype)."""

    uuid: str | None = None
    parentUuid: str | None = None
    sessionId: str | None = None
    timestamp: str | int | float | None = None
    type: str | None = None
    subtype: str | None = None
    cwd: str | None = None
    version: str | None = None
    gitBranch: str | None = None
    model: str | None = None
    message: Message | None = None
    usageMetadata: UsageMetadata | None = None
    toolCallResult: ToolCallResult | None = None
    systemPayload: Any = None
