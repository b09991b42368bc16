"""Lines of one Codex rollout, in file order, into a trajectory.

Every turn stands twice, as `event_msg` and as `response_item`: the items are read, and of the events only what they alone hold
(tokens, interruption, end of a turn, the thread's name). The first `session_meta` tells whose file it is; a resume repeats it, and
in older versions a fork or a sub-agent begins with the lines of its parent, its meta among them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from hardwon.agents.codex import words
from hardwon.agents.codex.calls import call_of, observe, pieces
from hardwon.agents.codex.records import SILENT, SILENT_ITEMS, Payload, Record
from hardwon.agents.contract import INTERNAL_MARKER, INTERRUPTED, project_of
from hardwon.agents.draft import Draft, calls_of, milliseconds, span, text
from hardwon.agents.loose import loads
from hardwon.model import CallContext, Gap, Observation, Part, Session, Step, ToolCall, Trajectory, Usage
from hardwon.model.trajectory import Origin, Status

_CALLS = frozenset(("function_call", "custom_tool_call", "local_shell_call", "web_search_call", "tool_search_call"))
_OUTPUTS = frozenset(("function_call_output", "custom_tool_call_output", "tool_search_output"))
_ITEMS = _CALLS | _OUTPUTS | SILENT_ITEMS | {"message", "reasoning"}
_COPY_WINDOW = 1000
"""Milliseconds after a foreign meta within which lines are its session's: a fork writes them all at once."""


class State(msgspec.Struct):
    """What a later reading needs beside the trajectory: no text of the session. `parent` and `since` are set while lines are read
    that were copied from another session; `before` and `latest` add up tokens whose running total began anew."""

    offset: int = 0
    number: int = 0
    steps: int = 0
    known: bool = False
    parent: str = ""
    since: int = 0
    cwd: str = ""
    sandbox: str = ""
    aborted: bool = False
    ended: str = ""
    running: dict[str, str] = {}
    before: Usage = Usage()
    latest: Usage | None = None


class Builder:
    """Takes lines with `feed`, gives the trajectory with `finish`. `earlier` is the trajectory that `state` belongs to."""

    def __init__(self, path: Path, state: State, earlier: Trajectory | None) -> None:
        self.path, self.state = path, state
        self.draft = Draft(earlier.steps[: state.steps] if earlier else ())
        self.calls: dict[str, ToolCall] = calls_of(self.draft.steps)
        self.session = earlier.session if earlier else Session(id="", agent="codex", native_id="", source=str(path))
        self.children = dict.fromkeys(earlier.children if earlier else ())
        self.unknown = dict(earlier.unknown if earlier else {})
        self.gaps = [gap for gap in (earlier.gaps if earlier else ()) if gap.offset < state.offset]

    def feed(self, record: Record, bare: Payload | None, number: int) -> None:
        """Takes one line; `bare` is the whole line as a payload where it has none."""
        kind, payload = record.type, record.payload
        if payload is None:
            self._feed_bare(kind, bare or Payload(), record.timestamp or "", number)
        elif kind == "response_item":
            self._item(payload, record.timestamp or "", number)
        elif kind == "event_msg":
            self._event(payload, record.timestamp or "", number)
        elif kind == "session_meta":
            self._meta(payload, record.timestamp or "")
        elif kind == "turn_context":
            self._context(payload)
        elif kind == "compacted":
            self._step("", record.timestamp or "", number, "system", [Part("compaction", "", "harness")])
        elif kind not in SILENT:
            self._unknown(kind or "(no type)")

    def finish(self, tail: list[Gap]) -> Trajectory:
        """The trajectory as it is now."""
        state, steps = self.state, tuple(self.draft.steps)
        state.steps = len(steps)
        native = self.session.native_id or self.path.name.removesuffix(".zst").removesuffix(".jsonl")[-36:]
        started, ended = span(steps)
        session = msgspec.structs.replace(
            self.session,
            id=f"codex:{native}",
            native_id=native,
            source=str(self.path),
            project=project_of(self.session.cwd),
            started=started,
            ended=ended,
            status=self._status(steps),
            usage=state.before + state.latest if state.latest else None,
        )
        gaps = tuple(sorted((*self.gaps, *tail), key=lambda gap: gap.offset))
        return Trajectory(session, steps, tuple(self.children), gaps, self.unknown)

    def _feed_bare(self, kind: str, item: Payload, timestamp: str, number: int) -> None:
        if kind in _ITEMS:
            self._item(item, timestamp, number)
        elif not kind and item.id and item.timestamp:
            self._meta(item, item.timestamp)
        elif kind or item.role:
            self._unknown(kind or "(no type)")

    def _meta(self, meta: Payload, timestamp: str) -> None:
        state = self.state
        if state.known:
            if meta.id and meta.id != self.session.native_id:
                state.parent, state.since = meta.id, milliseconds(timestamp) or 0
            return
        state.known = True
        state.cwd = meta.cwd or ""
        source = loads(meta.source)
        spawned = source.get("subagent") if isinstance(source, dict) else None
        thread = spawned.get("thread_spawn") if isinstance(spawned, dict) else None
        parent = meta.parent_thread_id or (thread.get("parent_thread_id") if isinstance(thread, dict) else None)
        if parent is None and spawned is not None and meta.session_id != meta.id:
            parent = meta.session_id
        self.session = msgspec.structs.replace(
            self.session,
            native_id=meta.id or "",
            cwd=meta.cwd or "",
            agent_version=meta.cli_version or "",
            branch=(meta.git.branch if meta.git else "") or "",
            entrypoint=meta.originator or "",
            parent=f"codex:{parent}" if parent else "",
            forked_from=f"codex:{meta.forked_from_id}" if meta.forked_from_id else "",
        )
        if spawned is not None and not parent:
            self.session = msgspec.structs.replace(self.session, entrypoint="subagent")

    def _context(self, turn: Payload) -> None:
        state, policy = self.state, turn.sandbox_policy
        state.cwd = turn.cwd or state.cwd
        state.sandbox = (policy.type or policy.mode or "") if policy else state.sandbox
        self.session = msgspec.structs.replace(
            self.session, model=turn.model or self.session.model, cwd=self.session.cwd or turn.cwd or ""
        )

    def _item(self, item: Payload, timestamp: str, number: int) -> None:
        kind = item.type
        if kind == "message":
            self._message(item, timestamp, number)
        elif kind in _CALLS:
            context = CallContext(self.state.cwd, self.state.sandbox)
            call = call_of(item, context, f"{timestamp}#{number}")
            self.calls[call.id] = call
            self._step(item.id or call.id, timestamp, number, "agent", [Part("call", "", "assistant", call=call)])
        elif kind in _OUTPUTS:
            self._output(item, timestamp, number)
        elif kind == "reasoning":
            found = [p.text for raw in (item.summary, item.content) for p in pieces(raw) if p.text]
            if found:
                self._step(item.id or "", timestamp, number, "agent", [Part("reasoning", "\n".join(found), "assistant")])
        elif kind not in SILENT_ITEMS:
            self._unknown(f"response_item/{kind}")

    def _message(self, item: Payload, timestamp: str, number: int) -> None:
        found = pieces(item.content)
        if item.role == "assistant":
            parts = [text("assistant", piece.text) for piece in found if piece.text]
            if parts:
                self._step(item.id or "", timestamp, number, "agent", parts)
            return
        if item.role != "user":
            parts = [text("harness", piece.text) for piece in found if piece.text]
            self._step(item.id or "", timestamp, number, "system", parts)
            return
        kinds = (item.passthrough.content_item_kinds if item.passthrough else None) or []
        user: Origin = "assistant" if self._is_spawned else "user"
        parts = []
        for index, piece in enumerate(found):
            if piece.type == "input_image":
                parts.append(Part("image", "", user))
            elif piece.text:
                parts += words.split(piece.text, kinds[index] if index < len(kinds) else "", user)
        self._user(item, parts, user, timestamp, number)

    def _user(self, item: Payload, parts: list[Part], user: Origin, timestamp: str, number: int) -> None:
        if any(part.text.startswith(INTERRUPTED) and part.origin == "harness" for part in parts):
            if self.state.aborted:
                return
            self.state.aborted = True
        if not self.session.cwd:
            found = next((cwd for part in parts if part.origin == "harness" and (cwd := words.cwd_of(part.text))), "")
            self.session = msgspec.structs.replace(self.session, cwd=found)
            self.state.cwd = self.state.cwd or found
        theirs = any(part.origin == user for part in parts)
        if any(INTERNAL_MARKER in part.text for part in parts if part.origin == "user"):
            self.session = msgspec.structs.replace(self.session, ours=True)
        self._step(item.id or "", timestamp, number, "user" if theirs else "system", parts)

    def _output(self, item: Payload, timestamp: str, number: int) -> None:
        call = self.calls.get(item.call_id or "")
        found_tools = item.type == "tool_search_output"
        result = Observation(item.call_id or "") if found_tools else observe(item, call, self.state.running)
        parts = [Part("result", "", "tool", result=result)]
        place = "message"
        found = loads(result.text) if call is not None and result.text.startswith("{") else None
        if isinstance(found, dict) and call is not None:
            if call.action == "delegate" and isinstance(found.get("agent_id"), str):
                self.children[f"codex:{found['agent_id']}"] = None
            answered = _answers(found) if call.action == "ask" else ""
            if answered:
                parts.append(text("assistant" if self._is_spawned else "user", answered))
                place = "answer"
        self._step(item.id or f"{result.call_id}:output", timestamp, number, "tool", parts, place)

    def _event(self, event: Payload, timestamp: str, number: int) -> None:
        state, kind = self.state, event.type
        if kind == "token_count":
            self._tokens(event)
        elif kind in ("task_started", "turn_started"):
            state.aborted, state.ended = False, ""
        elif kind in ("task_complete", "turn_complete"):
            state.ended = "completed"
        elif kind == "turn_aborted":
            state.ended = "interrupted"
            if event.reason in ("interrupted", None) and not state.aborted:
                state.aborted = True
                self._step("", timestamp, number, "system", [text("harness", f"{INTERRUPTED} turn aborted by the user")])
        elif kind == "thread_name_updated" and event.thread_name:
            self.session = msgspec.structs.replace(self.session, title=event.thread_name)

    def _tokens(self, event: Payload) -> None:
        """The session's usage is the last running total; where the total began anew (a resume) the earlier one is added."""
        info = loads(event.info)
        found = info.get("total_token_usage") if isinstance(info, dict) else None
        if not isinstance(found, dict):
            return
        cached = _count(found, "cached_input_tokens")
        usage = Usage(
            input=max(_count(found, "input_tokens") - cached, 0),
            output=_count(found, "output_tokens"),
            cache_read=cached,
            cache_write=_count(found, "cache_write_input_tokens"),
            reasoning=_count(found, "reasoning_output_tokens"),
        )
        state = self.state
        if state.latest is not None and usage.input + usage.cache_read < state.latest.input + state.latest.cache_read:
            state.before = state.before + state.latest
        state.latest = usage

    def _step(self, id: str, timestamp: str, number: int, source: str, parts: list[Part], place: str = "message") -> None:
        time = milliseconds(timestamp) if timestamp else None
        model = self.session.model if source == "agent" else ""
        self.draft.add(
            Step(
                id=self.draft.unique(id or f"{timestamp or self.session.native_id}#{number}", number),
                ordinal=len(self.draft.steps),
                source=source,  # type: ignore[arg-type]
                parts=tuple(parts),
                time=time,
                model=model,
                place=place,
                copy_of=self._copied_from(time),
                sidechain=self._is_spawned,
            )
        )

    def _copied_from(self, time: int | None) -> str:
        """The session that a line was copied from ("" for one of this session's own)."""
        state = self.state
        if state.parent and time is not None and time > state.since + _COPY_WINDOW:
            state.parent = ""
        return f"codex:{state.parent}" if state.parent else ""

    @property
    def _is_spawned(self) -> bool:
        return bool(self.session.parent) or self.session.entrypoint == "subagent"

    def _status(self, steps: tuple[Step, ...]) -> Status:
        if self.state.ended == "completed":
            return "completed"
        if self.state.ended == "interrupted":
            return "interrupted"
        last = steps[-1] if steps else None
        spoke = last is not None and last.source == "agent" and any(part.kind == "text" for part in last.parts)
        return "completed" if spoke else "unknown"

    def _unknown(self, what: str) -> None:
        self.unknown[what] = self.unknown.get(what, 0) + 1


def _answers(found: dict[str, object]) -> str:
    """Answers of `request_user_input`, one a line."""
    given = found.get("answers")
    lists = [a.get("answers") for a in given.values() if isinstance(a, dict)] if isinstance(given, dict) else []
    return "\n".join(answer for answers in lists if isinstance(answers, list) for answer in answers if isinstance(answer, str))


def _count(found: dict[str, object], key: str) -> int:
    value = found.get(key)
    return value if isinstance(value, int) else 0
