"""What a Claude Code transcript amounts to so far: whose it is, its steps, tokens, title; what a later reading needs of it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from hardwon.agents.claude import words
from hardwon.agents.claude.queue import Queue
from hardwon.agents.claude.records import Record, Tokens
from hardwon.agents.contract import INTERRUPTED, project_of
from hardwon.agents.draft import Draft, calls_of, dangling, milliseconds, span, total
from hardwon.model import Gap, Part, Session, Step, Trajectory, Usage
from hardwon.model.trajectory import Status

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TITLES = {"summary": 1, "ai-title": 2, "custom-title": 3}
"""Record types that name a session, by how much they count."""

_MESSAGES = 64


class State(msgspec.Struct):
    """What a later reading needs beside the trajectory: no text of the session. `messages` are the latest answers and the steps
    that bear their usage; `queue` the places in the file of texts still in the queue; `command` the step of the last command."""

    offset: int = 0
    number: int = 0
    steps: int = 0
    native: str = ""
    foreign: str = ""
    own: bool = False
    titled: int = 0
    command: int = -1
    messages: dict[str, int] = {}
    background: dict[str, str] = {}
    queue: list[tuple[int, bool]] = []


class Drafting:
    """A transcript being read. `earlier` is the trajectory that `state` belongs to; `finish` gives the new one."""

    def __init__(self, path: Path, state: State, earlier: Trajectory | None) -> None:
        self.path, self.state = path, state
        self.draft = Draft(earlier.steps[: state.steps] if earlier else ())
        self.calls = calls_of(self.draft.steps)
        self.session = earlier.session if earlier else Session(id="", agent="claude", native_id="", source=str(path))
        self.children = dict.fromkeys(earlier.children if earlier else ())
        self.unknown = dict(earlier.unknown if earlier else {})
        self.gaps = [gap for gap in (earlier.gaps if earlier else ()) if gap.offset < state.offset]
        self.queue = Queue()
        self.is_agent = path.name.startswith("agent-")
        if not state.native and not self.is_agent:
            found = _UUID.findall(path.stem)
            state.native = found[-1] if found else ""

    def finish(self, more_gaps: list[Gap]) -> Trajectory:
        """The trajectory as it is now; `state.steps` is the count of steps that a later reading may build on."""
        self.state.steps = len(self.draft.steps)
        self.state.queue = self.queue.places()
        self._deliver(self.queue.left())
        steps = tuple(self.draft.steps)
        native, copied = self.state.native, steps
        if not self.state.own and self.state.foreign and not self.is_agent:
            native = self.state.foreign
            copied = tuple(msgspec.structs.replace(s, copy_of="") if s.copy_of == f"claude:{native}" else s for s in steps)
        native = native or self.path.stem
        started, ended = span(steps)
        session = msgspec.structs.replace(
            self.session,
            id=f"claude:{native}",
            native_id=native,
            source=str(self.path),
            project=project_of(self.session.cwd),
            started=started,
            ended=ended,
            status=_status(steps, self.session.entrypoint.startswith("sdk")),
            usage=total(steps),
        )
        gaps = tuple(sorted((*self.gaps, *more_gaps), key=lambda gap: gap.offset))
        return Trajectory(session, copied, tuple(self.children), gaps, self.unknown)

    @property
    def settled(self) -> bool:
        """Whether whose file this is can no longer change."""
        return self.state.own or self.is_agent

    def _identify(self, record: Record) -> None:
        session, state = self.session, self.state
        if self.is_agent:
            if not state.native:
                state.native = record.agent_id or self.path.stem.removeprefix("agent-")
        elif not state.own and record.session_id:
            state.native = state.native or record.session_id
            state.own = state.native == record.session_id
            state.foreign = state.foreign or record.session_id
        if session.cwd and (not record.version or record.version == session.agent_version):
            return
        self.session = msgspec.structs.replace(
            session,
            cwd=session.cwd or record.cwd or "",
            branch=session.branch or record.git_branch or "",
            agent_version=record.version or session.agent_version,
            entrypoint=session.entrypoint or record.entrypoint or "",
            parent=f"claude:{record.session_id}" if self.is_agent and record.session_id else "",
        )

    def _step(self, record: Record, number: int, source: str, parts: list[Part], **fields: object) -> int:
        sid, fork = record.session_id, record.forked_from
        copy_of = "" if self.is_agent or not sid or sid == self.state.native else f"claude:{sid}"
        if fork is not None and fork.session_id:
            copy_of = f"claude:{fork.session_id}"
            if not self.session.forked_from:
                self.session = msgspec.structs.replace(self.session, forked_from=copy_of)
        steps = self.draft.steps
        return self.draft.add(
            Step(
                id=self.draft.unique(record.uuid or f"{record.timestamp or self.state.native}#{number}", number),
                ordinal=len(steps),
                source=source,  # type: ignore[arg-type]
                parts=tuple(parts),
                time=milliseconds(record.timestamp) if record.timestamp else None,
                copy_of=copy_of,
                sidechain=bool(record.is_sidechain) or self.is_agent,
                **fields,  # type: ignore[arg-type]
            )
        )

    def _usage(self, message_id: str, tokens: Tokens | None, ordinal: int) -> Usage | None:
        """The usage for the step at `ordinal`: every record of an answer repeats it, so the largest counts, once."""
        if tokens is None:
            return None
        usage = Usage(
            tokens.input_tokens, tokens.output_tokens, tokens.cache_read_input_tokens or 0, tokens.cache_creation_input_tokens or 0
        )
        messages = self.state.messages
        bearer = messages.get(message_id)
        if bearer is not None:
            known = self.draft.steps[bearer].usage
            if known is None or _size(usage) > _size(known):
                self.draft.change(bearer, usage=usage)
            return None
        messages[message_id] = ordinal
        while len(messages) > _MESSAGES:
            del messages[next(iter(messages))]
        return usage

    def _title(self, record: Record) -> None:
        rank = TITLES[record.type]
        title = record.summary or record.custom_title or record.ai_title or ""
        named = record.leaf_uuid in self.draft.ids if record.type == "summary" else record.session_id in (self.state.native, None)
        if title and named and rank >= self.state.titled:
            self.state.titled = rank
            self.session = msgspec.structs.replace(self.session, title=title)

    def _repeated(self, record: Record) -> bool:
        return record.uuid is not None and record.uuid in self.draft.ids and "REDACTED" not in record.uuid

    def _unknown(self, what: str) -> None:
        self.unknown[what] = self.unknown.get(what, 0) + 1

    def _deliver(self, waiting: list[tuple[str, Record, int]]) -> None:
        """Texts of the queue that stand nowhere else become steps of their own."""
        for value, record, offset in waiting:
            self._step(record, offset, "user", words.split(value), place="queue")


def _size(usage: Usage) -> tuple[int, int]:
    return (usage.output, usage.input + usage.cache_read + usage.cache_write)


def _status(steps: tuple[Step, ...], headless: bool) -> Status:
    """Completed when the agent had the last word and left no call open; interrupted when stopped in between.

    A call that never got a result means that a headless run was killed in it; an interactive session may still be in it.
    """
    for step in reversed(steps):
        if step.place == "command_args" or (step.sidechain and not steps[0].sidechain):
            continue
        if any(p.kind == "text" and p.origin == "harness" and p.text.startswith(INTERRUPTED) for p in step.parts):
            return "interrupted"
        if step.source == "agent":
            if any(p.call is not None for p in step.parts):
                return "interrupted" if headless and dangling(steps) else "unknown"
            return "completed" if any(p.kind == "text" for p in step.parts) else "unknown"
        if step.source in ("user", "tool"):
            return "unknown"
    return "unknown"
