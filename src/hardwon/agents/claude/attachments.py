"""`attachment` records that hold a text of the trajectory: hook output (the harness's), memory and skills (echoes)."""

from __future__ import annotations

from hardwon.agents.claude.records import Attachment
from hardwon.agents.draft import text
from hardwon.agents.loose import loads
from hardwon.model import Part


def parts_of(attachment: Attachment) -> list[Part] | None:
    """The parts of an attachment; None for a type that is not known (`queued_command` is the queue's)."""
    if attachment.type.startswith("hook_"):
        return [text("harness", value) for value in _hook_texts(attachment)]
    if attachment.type == "nested_memory":
        return [text("echo", value) for value in _memory_texts(attachment)]
    if attachment.type == "invoked_skills":
        skills = loads(attachment.skills, [])
        return [text("echo", s["content"]) for s in skills if isinstance(s, dict) and isinstance(s.get("content"), str)]
    return None


def _hook_texts(attachment: Attachment) -> list[str]:
    """What a hook put before the model or the user; its raw standard output is left out."""
    found = loads(attachment.content)
    blocked = loads(attachment.blocking_error)
    texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    if isinstance(blocked, dict):
        texts = [*texts, blocked.get("blockingError")]
    return [t for t in (*texts, attachment.stderr) if isinstance(t, str) and t.strip()]


def _memory_texts(attachment: Attachment) -> list[str]:
    found = loads(attachment.content)
    if isinstance(found, dict):
        path, body = found.get("path") or attachment.path or "", found.get("content")
    else:
        path, body = attachment.path or "", found
    return [f"Contents of {path}:\n\n{body}"] if isinstance(body, str) and body.strip() else []
