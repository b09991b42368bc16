"""The records of a Codex rollout, as far as they are needed: `{timestamp, type, payload}`, in the oldest form the bare payload."""

from __future__ import annotations

import msgspec

RAW = msgspec.Raw()


class Piece(msgspec.Struct, gc=False):
    """A piece of a message, a reasoning or a tool's output."""

    type: str = ""
    text: str | None = None


class Passthrough(msgspec.Struct, gc=False):
    """Who wrote each piece of a message (0.169): `user.text` is the user's words, all else is not."""

    content_item_kinds: list[str] | None = None


class Git(msgspec.Struct, gc=False):
    """`git` of the session's meta."""

    branch: str | None = None


class Sandbox(msgspec.Struct, gc=False):
    """`sandbox_policy` of a turn (older: `mode`)."""

    type: str | None = None
    mode: str | None = None


class Payload(msgspec.Struct, gc=False):
    """The payload of a line. Any key may be missing; which ones are there hangs on the types."""

    type: str | None = None
    id: str | None = None
    role: str | None = None
    name: str | None = None
    namespace: str | None = None
    call_id: str | None = None
    arguments: msgspec.Raw = RAW
    input: msgspec.Raw = RAW
    output: msgspec.Raw = RAW
    action: msgspec.Raw = RAW
    content: msgspec.Raw = RAW
    summary: msgspec.Raw = RAW
    passthrough: Passthrough | None = msgspec.field(name="internal_chat_message_metadata_passthrough", default=None)
    # session_meta
    session_id: str | None = None
    timestamp: str | None = None
    cwd: str | None = None
    originator: str | None = None
    cli_version: str | None = None
    source: msgspec.Raw = RAW
    git: Git | None = None
    parent_thread_id: str | None = None
    forked_from_id: str | None = None
    # turn_context
    model: str | None = None
    sandbox_policy: Sandbox | None = None
    # events
    info: msgspec.Raw = RAW
    reason: str | None = None
    thread_name: str | None = None
    exit_code: int | None = None


class Record(msgspec.Struct, gc=False):
    """One line. In the oldest form there is no payload: the line is decoded once more as a `Payload`."""

    type: str = ""
    timestamp: str | None = None
    payload: Payload | None = None


SILENT = frozenset(
    ("world_state", "token_usage_record", "session_state", "inter_agent_communication", "turn_state", "retained_context")
)
"""Record types that are known and hold nothing of the trajectory."""

SILENT_ITEMS = frozenset(
    ("ghost_snapshot", "compaction", "compaction_summary", "context_compaction", "compaction_trigger", "additional_tools", "other")
)
"""Types of `response_item` that are known and hold nothing of the trajectory."""
