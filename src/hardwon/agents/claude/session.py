"""Records of one Claude Code transcript, in file order, into a trajectory.

File order, not the tree: walking from leaf to root by `parentUuid` misses a tenth of the records (compaction, resume, parallel
calls). What is kept between two readings is a small `State`; everything else stands in the trajectory itself, so that a grown file
is read on from where it ended with the same result as reading it whole.
"""

from __future__ import annotations

import msgspec

from hardwon.agents.claude import words
from hardwon.agents.claude.attachments import parts_of
from hardwon.agents.claude.drafting import TITLES, Drafting
from hardwon.agents.claude.profile import PROFILE
from hardwon.agents.claude.records import SILENT, SILENT_ATTACHMENTS, Attachment, Block, Record
from hardwon.agents.claude.results import answers, changed_file, child, content, late, observe
from hardwon.agents.contract import INTERNAL_MARKER, make_call
from hardwon.agents.draft import text
from hardwon.agents.loose import LooseDecoder, loads
from hardwon.model import CallContext, Part
from hardwon.model.trajectory import Origin
from hardwon.records.json import Unreadable

_NESTED = LooseDecoder[Record](Record)


class Builder(Drafting):
    """Takes records with `feed`, gives the trajectory with `finish`."""

    def feed(self, record: Record, offset: int, number: int) -> None:
        """Takes one record; `offset` and `number` are its place in the file."""
        kind = record.type
        if kind == "assistant":
            self._identify(record)
            if not _is_synthetic(record):
                self._deliver(self.queue.due(record.timestamp or ""))
            self._assistant(record, number)
        elif kind == "user":
            self._identify(record)
            self._user(record, number)
        elif kind == "attachment":
            self._identify(record)
            self._attachment(record, number)
        elif kind == "progress":
            self._progress(record, number)
        elif kind == "queue-operation":
            self._queued(record, offset)
        elif kind == "system":
            self._identify(record)
            self._system(record, number)
        elif kind in TITLES:
            self._title(record)
        elif kind not in SILENT:
            self._unknown(kind or "(no type)")

    def _assistant(self, record: Record, number: int) -> None:
        message = record.message
        if message is None or self._repeated(record):
            return
        self.state.command = -1
        synthetic = _is_synthetic(record)
        origin: Origin = "harness" if synthetic else "assistant"
        blocks = [Block("text", message.content)] if isinstance(message.content, str) else message.content or ()
        parts = [part for block in blocks if (part := self._said(block, origin, record))]
        model = "" if synthetic else message.model or ""
        if model and model != self.session.model and not record.is_sidechain:
            self.session = msgspec.structs.replace(self.session, model=model)
        ordinal = len(self.draft.steps)
        usage = self._usage(message.id or record.uuid or "", message.usage, ordinal) if not synthetic else None
        self._step(record, number, "system" if synthetic else "agent", parts, model=model, usage=usage)

    def _said(self, block: Block, origin: Origin, record: Record) -> Part | None:
        if block.type == "text":
            return text(origin, block.text) if block.text else None
        if block.type == "thinking":
            return Part("reasoning", block.thinking, origin) if block.thinking else None
        if block.type in ("tool_use", "server_tool_use", "mcp_tool_use"):
            given = loads(block.input, {})
            escalated = isinstance(given, dict) and given.get("dangerouslyDisableSandbox") is True
            context = CallContext(record.cwd or "", "escalated" if escalated else "")
            call = make_call(PROFILE, block.id or f"{record.uuid}:{block.name}", block.name, given, context)
            self.calls[call.id] = call
            return Part("call", "", origin, call=call)
        if block.type not in ("redacted_thinking", "web_search_tool_result", "fallback"):
            self._unknown(f"assistant/{block.type}")
        return None

    def _user(self, record: Record, number: int) -> None:
        message = record.message
        if message is None or self._repeated(record):
            return
        blocks = [Block("text", message.content)] if isinstance(message.content, str) else message.content or ()
        parts: list[Part] = []
        place, tool = "message", False
        for block in blocks:
            if block.type == "text":
                found, place = self._words(block.text, record, place)
                parts += found
            elif block.type == "tool_result":
                found, place = self._result(block, record, place)
                parts += found
                tool = True
            elif block.type in ("image", "document"):
                parts.append(Part("image", "", self._user_origin(record)))
            elif block.type:
                self._unknown(f"user/{block.type}")
        theirs = any(part.origin == self._user_origin(record) and part.kind == "text" for part in parts)
        if tool and theirs and place == "message":
            place = "beside_result"
        ordinal = self._step(record, number, "tool" if tool else "user" if theirs else "system", parts, place=place)
        if place == "command_args":
            self.state.command = ordinal

    def _words(self, value: str, record: Record, place: str) -> tuple[list[Part], str]:
        if not value.strip():
            return [], place
        if record.is_compact_summary:
            return [text("harness", value)], place
        if record.is_meta:
            body = record.source_tool_use_id or value.startswith(words.SKILL_BODY) or self._follows_command(record, value)
            return [text("echo" if body else "harness", value)], place
        if value.startswith("<task-notification>"):
            return [self._notice(value)], place
        if record.origin is not None and record.origin.kind not in ("", "human") and not len(record.plan_content):
            return [text("harness", value)], place
        if record.prompt_source == "system":
            return [text("harness", value)], place
        user = self._user_origin(record)
        command = words.command(value)
        if command is not None:
            parts, place = [text(user, f"{command[0]} {command[1]}".strip())], "command_args"
        else:
            parts = words.split(value, user)
        for part in parts:
            if part.origin == "user":
                self._spoken(part.text, place)
        return parts, place

    def _notice(self, value: str) -> Part:
        """A notice of the harness; one of a command in the background is that command's late result."""
        result = late(value, self.calls)
        return text("harness", value) if result is None else Part("result", "", "tool", result=result)

    def _user_origin(self, record: Record) -> Origin:
        return "assistant" if self.is_agent or record.is_sidechain else "user"

    def _spoken(self, value: str, place: str) -> None:
        """The user's words, wherever they stood: they leave the queue, and a command before them does not repeat them."""
        self.queue.spoken(value)
        if INTERNAL_MARKER in value and not self.session.ours:
            self.session = msgspec.structs.replace(self.session, ours=True)
        if self.state.command >= 0 and place == "message":
            step = self.draft.steps[self.state.command]
            name, _, arguments = step.parts[0].text.partition(" ")
            if arguments and words.repeats(value, arguments):
                self.draft.change(step.ordinal, parts=(text("user", name), *step.parts[1:]))
            self.state.command = -1

    def _follows_command(self, record: Record, value: str) -> bool:
        """Whether this is the body of the slash command just given (no tool call names it)."""
        ordinal = self.state.command
        return ordinal >= 0 and self.draft.steps[ordinal].id == record.parent_uuid and not value.startswith("<")

    def _result(self, block: Block, record: Record, place: str) -> tuple[list[Part], str]:
        call = self.calls.get(block.tool_use_id)
        result = observe(block, call, record.tool_use_result, self.state.background)
        parts = [Part("result", "", "tool", result=result)]
        if call is not None and call.action == "delegate":
            spawned = child(record.tool_use_result)
            if spawned:
                self.children[f"claude:{spawned}"] = None
        if call is not None and call.action == "ask" and not result.error_flag:
            answered = answers(content(block), record.tool_use_result)
            if answered:
                return [*parts, text(self._user_origin(record), answered)], "answer"
        if not result.error_flag and (shown := changed_file(call, record.tool_use_result)):
            parts.append(text("echo", shown))
        return parts, place

    def _attachment(self, record: Record, number: int) -> None:
        attachment = record.attachment
        if attachment is None or attachment.type in SILENT_ATTACHMENTS:
            return
        if attachment.type == "queued_command":
            self._queued_command(record, attachment, number)
            return
        parts = parts_of(attachment)
        if parts is None:
            self._unknown(f"attachment/{attachment.type}")
        elif parts and not self._repeated(record):
            self._step(record, number, "system", parts)

    def _queued_command(self, record: Record, attachment: Attachment, number: int) -> None:
        prompt = attachment.prompt
        value = prompt if isinstance(prompt, str) else "\n".join(item.text for item in prompt or () if item.text)
        if not value.strip() or self._repeated(record):
            return
        kind = attachment.origin.kind if attachment.origin else ""
        injected = attachment.is_meta or kind not in ("", "human") or attachment.command_mode not in (None, "prompt")
        if injected or words.is_notice(value):
            self.queue.spoken(value)
            self._step(record, number, "system", [self._notice(value)])
            return
        parts = words.split(value, self._user_origin(record))
        self._spoken(value, "queue")
        self._step(record, number, "user", parts, place="queue")

    def _queued(self, record: Record, offset: int) -> None:
        value = loads(record.content)
        value = value if isinstance(value, str) else ""
        operation = record.operation or ""
        if operation == "enqueue":
            if value.strip() and not words.is_notice(value):
                self.queue.add(value, offset, record)
        elif not self.queue.take(operation, value):
            self._unknown(f"queue-operation/{operation}")

    def _system(self, record: Record, number: int) -> None:
        if self._repeated(record):
            return
        if record.subtype in ("compact_boundary", "microcompact_boundary"):
            if record.subtype == "compact_boundary":
                self._step(record, number, "system", [Part("compaction", "", "harness")])
        elif record.subtype == "local_command":
            value = loads(record.content)
            if isinstance(value, str) and value.strip():
                self._step(record, number, "system", [text("harness", value)])

    def _progress(self, record: Record, number: int) -> None:
        """Older versions wrote a sub-agent's records into the parent's file only; where it has a file of its own that is read."""
        data = record.data
        if data is None or data.type not in ("agent_progress", "skill_progress") or not len(data.message):
            return
        if (self.path.with_suffix("") / "subagents" / f"agent-{data.agent_id}.jsonl").exists():
            return
        try:
            nested = _NESTED.decode(bytes(data.message))
        except Unreadable:
            return
        for inner in nested:
            inner.is_sidechain = True
            inner.session_id, inner.cwd = record.session_id, record.cwd
            if inner.type == "assistant":
                self._assistant(inner, number)
            elif inner.type == "user":
                self._user(inner, number)


def _is_synthetic(record: Record) -> bool:
    """Whether the program itself wrote an answer (an error of the API, a placeholder after a resume)."""
    return bool(record.is_api_error_message) or (record.message is not None and record.message.model == "<synthetic>")
