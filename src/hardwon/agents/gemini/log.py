"""Gemini CLI's event log, folded into steps.

A later message with the same id replaces the earlier one. `$set` changes fields of the session; with `messages` it states the
model's new history: after a resume the same messages under the same ids, after a compaction a summary and the kept messages under
new ids. What the history forgot has still happened, so steps stay; of the new list only what is new is added, kept messages being
known by their text. `$rewindTo` takes back a message and all after it: those steps go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hardwon.agents.gemini.content import epoch, parts_of, texts_of
from hardwon.agents.gemini.records import Entry, Fields, Message
from hardwon.agents.gemini.steps import agent_step, answer_step, notice_step, result_step
from hardwon.agents.gemini.words import Said, split_user
from hardwon.model import Part, Step

THANKS = "Got it. Thanks for the additional context!"
"""The program's own answer to its summary, in the model's place."""

_WORKSPACE = re.compile(
    r"Workspace Directories:\**\n\s*- (?P<a>[^\n]+)|working in the (?:directory|following directories): *(?P<b>[^\n]+)"
)


class Rewritten(Exception):
    """The history was written anew, which needs the texts of all earlier messages: read the file whole."""


class Log:
    """Steps so far, by id in order, and what is known of the session. `whole`: all records were seen with their full text.
    `changed`: ids of steps that are new or replaced."""

    def __init__(self, *, whole: bool = True, subagent: bool = False) -> None:
        self.whole, self.subagent = whole, subagent
        self.steps: dict[str, Step] = {}
        self.places: dict[str, int] = {}
        self.results: dict[str, str] = {}
        self.children: dict[str, None] = {}
        self.unknown: dict[str, int] = {}
        self.said = Said()
        self.id, self.hash, self.cwd, self.title = "", "", "", ""
        self.started: int | None = None
        self.ended: int | None = None
        self.first_changed: int | None = None

    def restore(self, steps: Iterable[Step]) -> None:
        """Takes over the steps of an earlier reading."""
        for step in steps:
            self.places[step.id] = len(self.steps)
            self.steps[step.id] = step
            for part in step.parts:
                if part.result is not None:
                    self.results[part.result.call_id] = step.id

    def apply(self, entry: Entry) -> None:
        """Folds one line in."""
        if entry.rewound is not None:
            self._rewind(entry.rewound)
        elif entry.id is not None:
            self._message(entry, entry.id)
        elif entry.changed is not None:
            self._fields(entry.changed)
        elif entry.sessionId is not None:
            self._fields(entry.fields())
            self.messages(entry.messages or ())
        else:
            self._count("record")

    def messages(self, messages: Iterable[Message]) -> None:
        """Folds in messages that stand in a list for the first time (an older file)."""
        for message in messages:
            if message.id is not None:
                self._message(message, message.id)

    def _fields(self, fields: Fields) -> None:
        self.id = self.id or fields.sessionId or ""
        self.hash = fields.projectHash or self.hash
        self.title = fields.summary or self.title
        self.subagent = self.subagent or fields.kind == "subagent"
        self._saw(epoch(fields.startTime))
        self._saw(epoch(fields.lastUpdated))
        if fields.directories and not self.cwd:
            self.cwd = fields.directories[0]
        if fields.messages is not None:
            self._history(fields.messages)

    def _saw(self, time: int | None) -> None:
        if time is not None:
            self.started = time if self.started is None else min(self.started, time)
            self.ended = time if self.ended is None else max(self.ended, time)

    def _history(self, messages: list[Message]) -> None:
        """A new history: only messages that were never seen are added."""
        texts: set[tuple[str, str]] | None = None
        for index, message in enumerate(messages):
            id = message.id
            if id is None or id in self.steps or self._repeats_results(message):
                continue
            if self.steps and not self.whole:
                raise Rewritten
            texts = self._texts() if texts is None else texts
            following = messages[index + 1] if index + 1 < len(messages) else None
            if _is_summary(message, following):
                self._put(Step(id, 0, "system", (Part("compaction", _text(message), "harness"),), epoch(message.timestamp)))
            elif (
                (message.type or "", _text(message)) not in texts and _text(message) != THANKS and not self._repeats_calls(message)
            ):
                self._message(message, id)

    def _texts(self) -> set[tuple[str, str]]:
        kinds = {"user": "user", "agent": "gemini"}
        return {
            (kinds[step.source], part.text.strip())
            for step in self.steps.values()
            if step.source in kinds
            for part in step.parts
            if part.kind == "text"
        }

    def _repeats_results(self, message: Message) -> bool:
        responses = [p.functionResponse for p in parts_of(message.content) if p.functionResponse is not None]
        return bool(responses) and all((r.id or "") in self.results for r in responses)

    def _repeats_calls(self, message: Message) -> bool:
        calls = [p.functionCall for p in parts_of(message.content) if p.functionCall is not None]
        return bool(calls) and all((c.id or "") in self.results for c in calls)

    def _message(self, message: Message, id: str) -> None:
        self._saw(epoch(message.timestamp))
        match message.type:
            case "user":
                self._user(message, id)
            case "gemini":
                known = {call.id for call in message.toolCalls or () if self.results.get(call.id or "", id) != id}
                step = agent_step(message, id, known)
                self._put(step)
                for call in message.toolCalls or ():
                    if call.agentId:
                        self.children[call.agentId] = None
                for answer in answer_step(message, step):
                    self._put(answer)
            case "info" | "warning" | "error":
                notice = notice_step(message, id)
                if notice is not None:
                    self._put(notice)
            case other:
                self._count(f"message:{other}")

    def _user(self, message: Message, id: str) -> None:
        responses = [p.functionResponse for p in parts_of(message.content) if p.functionResponse is not None]
        if responses:
            missing = [r for r in responses if (r.id or "") not in self.results]
            if missing:
                self._put(result_step(message, id, missing))
            return
        if id in self.steps and not self.whole:
            raise Rewritten
        split = split_user(message.content, message.displayContent, self.said)
        self.said = split.said or self.said
        parts = tuple(_spawned(part) for part in split.parts) if self.subagent else split.parts
        if not self.cwd:
            self.cwd = _workspace(parts)
        self._put(Step(id, 0, "user", parts, epoch(message.timestamp), place=split.place))

    def _put(self, step: Step) -> None:
        earlier = self.steps.get(step.id)
        if earlier == step:
            return
        self._changed(step.id)
        self.steps[step.id] = step
        for part in step.parts:
            if part.result is not None:
                self.results.setdefault(part.result.call_id, step.id)

    def _changed(self, id: str) -> None:
        """Remembers the first place at which this reading differs from the one before."""
        place = self.places.setdefault(id, len(self.steps))
        self.first_changed = place if self.first_changed is None else min(self.first_changed, place)

    def _rewind(self, id: str) -> None:
        if id not in self.steps:
            self._count("$rewindTo")
            return
        self._changed(id)
        ids = list(self.steps)
        for gone in ids[self.places[id] :]:
            del self.steps[gone], self.places[gone]
        kept = set(self.steps)
        self.results = {call: step for call, step in self.results.items() if step in kept}

    def _count(self, what: str) -> None:
        self.unknown[what] = self.unknown.get(what, 0) + 1


def _is_summary(message: Message, following: Message | None) -> bool:
    """A compaction's summary: the program thanks for it in the model's name, or it says so itself."""
    if message.type != "user":
        return False
    return "<state_snapshot>" in _text(message)[:400] or (following is not None and _text(following) == THANKS)


def _text(message: Message) -> str:
    return "".join(texts_of(message.content)).strip()


def _workspace(parts: tuple[Part, ...]) -> str:
    for part in parts:
        if part.origin == "harness" and (found := _WORKSPACE.search(part.text)):
            return (found["a"] or found["b"]).strip()
    return ""


def _spawned(part: Part) -> Part:
    """In a sub-agent's session what stands in the user's place was written by the agent that spawned it."""
    return Part(part.kind, part.text, "assistant") if part.origin == "user" else part
