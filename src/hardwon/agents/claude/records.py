"""The records of a Claude Code transcript, as far as they are needed: what is not named here is skipped by the decoder.

`tool_use_result` repeats results in another form (two thirds of all bytes) and stays raw until a small key of it is wanted.
"""

from __future__ import annotations

import msgspec

RAW = msgspec.Raw()


class Tokens(msgspec.Struct, gc=False):
    """`message.usage`."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int | None = 0
    cache_creation_input_tokens: int | None = 0


class Item(msgspec.Struct, gc=False):
    """A piece of a tool result's content."""

    type: str = ""
    text: str = ""


class Block(msgspec.Struct, gc=False):
    """A piece of a message: text, thinking, tool_use, tool_result, image, …"""

    type: str = ""
    text: str = ""
    thinking: str = ""
    id: str = ""
    name: str = ""
    input: msgspec.Raw = RAW
    tool_use_id: str = ""
    content: str | list[Item] | None = None
    is_error: bool | None = None


class Message(msgspec.Struct, gc=False):
    """`message`: `id` is shared by all records of one answer."""

    id: str | None = None
    model: str | None = None
    content: str | list[Block] | None = None
    usage: Tokens | None = None


class Origin(msgspec.Struct, gc=False):
    """`origin`: who wrote a user record (newer versions): human, task-notification, auto-continuation, channel, peer."""

    kind: str = ""


class Fork(msgspec.Struct, gc=False, rename="camel"):
    """`forkedFrom`."""

    session_id: str = ""


class Attachment(msgspec.Struct, gc=False, rename="camel"):
    """`attachment`, of many types."""

    type: str = ""
    prompt: str | list[Item] | None = None
    command_mode: str | None = None
    is_meta: bool | None = None
    origin: Origin | None = None
    content: msgspec.Raw = RAW
    path: str | None = None
    skills: msgspec.Raw = RAW
    stderr: str | None = None
    blocking_error: msgspec.Raw = RAW


class Progress(msgspec.Struct, gc=False):
    """`data` of a progress record; `message` is a whole record of a sub-agent."""

    type: str = ""
    agent_id: str = msgspec.field(name="agentId", default="")
    message: msgspec.Raw = RAW


class Record(msgspec.Struct, gc=False, rename="camel"):
    """One line. Any key may be missing."""

    type: str = ""
    uuid: str | None = None
    parent_uuid: str | None = None
    session_id: str | None = None
    timestamp: str | None = None
    cwd: str | None = None
    git_branch: str | None = None
    version: str | None = None
    entrypoint: str | None = None
    is_sidechain: bool | None = None
    agent_id: str | None = None
    is_meta: bool | None = None
    is_compact_summary: bool | None = None
    is_api_error_message: bool | None = None
    source_tool_use_id: str | None = msgspec.field(name="sourceToolUseID", default=None)
    plan_content: msgspec.Raw = RAW
    origin: Origin | None = None
    prompt_source: str | None = None
    forked_from: Fork | None = None
    message: Message | None = None
    tool_use_result: msgspec.Raw = RAW
    attachment: Attachment | None = None
    subtype: str | None = None
    operation: str | None = None
    content: msgspec.Raw = RAW
    data: Progress | None = None
    summary: str | None = None
    leaf_uuid: str | None = None
    custom_title: str | None = None
    ai_title: str | None = None


SILENT = frozenset(
    (
        "file-history-snapshot", "last-prompt", "mode", "permission-mode", "pr-link", "agent-name", "agent-color",
        "agent-setting", "tag", "relocated", "ended-by-model", "frame-link", "bridge-session", "attribution-snapshot",
        "speculation-accept", "isolation-latch", "worktree-state", "marble-origami-commit", "marble-origami-snapshot",
        "marble-origami-reset", "content-replacement", "fork-context-ref", "file-history-delta", "started", "result",
    )
)  # fmt: skip
"""Record types that are known and hold nothing of the trajectory."""

SILENT_ATTACHMENTS = frozenset(
    (
        "skill_listing", "agent_listing_delta", "deferred_tools_delta", "mcp_instructions_delta", "command_permissions",
        "task_reminder", "todo_reminder", "todo", "edited_text_file", "edited_image_file", "date_change", "plan_mode",
        "plan_mode_exit", "plan_mode_reentry", "plan_file_reference", "auto_mode", "auto_mode_exit", "file", "new_file",
        "directory", "pdf_reference", "compact_file_reference", "already_read_file", "opened_file_in_ide",
        "selected_lines_in_ide", "selected_lines_in_diff", "diagnostics", "output_style", "token_usage",
        "output_token_usage", "budget_usd", "total_tokens_reminder", "agent_mention", "critical_system_reminder",
        "ultramemory", "relevant_memories", "current_session_memory", "dynamic_skill", "task_status",
        "async_hook_response", "mcp_resource", "teammate_mailbox", "team_context", "verify_plan_reminder",
        "max_turns_reached", "compaction_reminder", "context_efficiency", "ultrathink_effort", "effort",
        "memory_update", "companion_intro", "skill_discovery", "structured_output", "background_task_status",
        "async_agent_status", "collab_notification", "invoked_workflow", "goal_status", "session_context",
        "bagel_console", "background_remote_session_status", "hook_permission_decision", "hook_deferred_tool",
        "queued_task_notification", "batched_tool_results",
    )
)  # fmt: skip
"""Attachment types that are known and hold nothing of the trajectory (listings, reminders, files the agent looks at itself)."""
