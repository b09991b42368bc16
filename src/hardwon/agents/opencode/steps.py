"""Messages of opencode into steps: one message is one step, in which each tool part is a call followed by its result.

A shell command that failed is mostly `completed` with `metadata.exit` other than 0. A call left `running` or `pending` was cut off
(or runs still: the database cannot tell), and its result is marked as interrupted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from hardwon.agents.contract import INTERRUPTED, make_call
from hardwon.agents.opencode.profile import PROFILE
from hardwon.agents.opencode.records import Failure, Info, Message, State, Tokens
from hardwon.agents.opencode.records import Part as Row
from hardwon.agents.opencode.words import split_prompt, synthetic_part
from hardwon.model import CallContext, Observation, Origin, Part, Step, Usage
from hardwon.model.trajectory import StepSource

_REJECTED = re.compile(
    r"(?:\w*Error: )?The user rejected permission to use this specific tool call(?: with the following feedback: (.*)|\.?)\Z",
    re.DOTALL,
)
_DISMISSED = re.compile(r"(?:\w*Error: )?(?:The )?user dismissed this question", re.IGNORECASE)
_ABORTED = re.compile(r"(?:\w*Error: )?(?:Tool execution aborted|The operation was aborted|Tool execution was interrupted)")
_STOPPED = re.compile(r"<bash_metadata>[^<]*User aborted the command", re.DOTALL)
_PATCHED = re.compile(r"^\*\*\* (?:Add|Update|Delete) File: (.+?)\s*$", re.MULTILINE)

_QUIET = {"step-start", "step-finish", "snapshot", "patch", "agent", "retry"}
"""Parts that say nothing that another part does not say."""


class Surroundings(msgspec.Struct, frozen=True):
    """What a message's steps depend on besides the message. run: the session comes from `opencode run`; spawned: it is a
    sub-agent's, so what stands in the user's place was written by the agent that spawned it."""

    cwd: str = ""
    run: bool = False
    spawned: bool = False


def message_steps(message: Message, around: Surroundings, unknown: dict[str, int]) -> Iterator[Step]:
    """The steps of one message: its own, the user's answers to questions in it, and why it ended if not well. Part types that
    are not known are counted in `unknown`."""
    info = message.info
    id = info.id or ""
    if info.role == "user":
        yield from _user_steps(message, id, around, unknown)
    elif info.role == "assistant":
        yield from _agent_steps(message, id, around, unknown)
    else:
        _count(unknown, f"message:{info.role}")


def ending_step(failure: Failure, id: str, time: int | None) -> Step:
    """Why an answer ended: stopped by the user, or an error of the provider or the program."""
    data = failure.data if isinstance(failure.data, dict) else {}
    said = failure.message or data.get("message")
    text = said if isinstance(said, str) and said else failure.name or failure.type or "error"
    name = f"{failure.name or ''} {failure.type or ''}".lower()
    mark = f"{INTERRUPTED} " if "abort" in name or "interrupt" in name else ""
    return Step(f"{id}:error", 0, "system", (Part("text", mark + text, "harness"),), time)


def tool_parts(tool: str, call_id: str, state: State, cwd: str) -> Iterator[Part]:
    """A tool call and its result."""
    given = state.input if isinstance(state.input, dict) else {}
    invalid = tool == "invalid"
    if invalid and isinstance(given.get("tool"), str):
        tool = given["tool"]
    directory = given.get("workdir")
    context = CallContext(directory if isinstance(directory, str) and directory else cwd)
    patch = given.get("patchText")
    paths = _PATCHED.findall(patch) if isinstance(patch, str) else ()
    yield Part("call", call=make_call(PROFILE, call_id, tool, state.input if state.input is not None else {}, context, paths=paths))
    origin: Origin = "echo" if PROFILE.action(tool) == "skill" else "tool"
    yield Part("result", origin=origin, result=_observe(call_id, state, invalid=invalid))


def child_of(state: State) -> str:
    """Native id of the session that a `task` call spawned, or ""."""
    value = _metadata(state).get("sessionId") or _metadata(state).get("sessionID")
    return value if isinstance(value, str) else ""


def usage_of(tokens: Tokens | None) -> Usage | None:
    """Tokens of one answer; None for an answer that used none (it never came)."""
    if tokens is None:
        return None
    cache = tokens.cache
    usage = Usage(
        int(tokens.input or 0),
        int(tokens.output or 0),
        int((cache.read if cache else 0) or 0),
        int((cache.write if cache else 0) or 0),
        int(tokens.reasoning or 0),
    )
    return None if usage == Usage() else usage


def whole(time: float | None) -> int | None:
    """A time as whole milliseconds."""
    return None if time is None else int(time)


def _user_steps(message: Message, id: str, around: Surroundings, unknown: dict[str, int]) -> Iterator[Step]:
    parts: list[Part] = []
    for row in message.parts:
        match row.type:
            case "text" if row.text and row.text.strip():
                own = not (row.synthetic or row.ignored)
                parts += split_prompt(row.text, run=around.run) if own else [synthetic_part(row.text)]
            case "file":
                parts += [Part("image", origin="user")] if (row.mime or "").startswith("image/") else []
            case "subtask":
                parts.append(Part("text", row.prompt or row.command or "", "echo"))
            case "text" | "compaction":
                pass
            case other if other not in _QUIET:
                _count(unknown, f"part:{other}")
    if around.spawned:
        parts = [Part(p.kind, p.text, "assistant") if p.origin == "user" else p for p in parts]
    source: StepSource = "system" if parts and all(part.origin == "harness" for part in parts) else "user"
    yield Step(id, 0, source, tuple(parts), _created(message.info))


def _agent_steps(message: Message, id: str, around: Surroundings, unknown: dict[str, int]) -> Iterator[Step]:
    info = message.info
    cwd = (info.path.cwd if info.path else None) or around.cwd
    summary = info.summary is True
    parts: list[Part] = []
    for row in message.parts:
        parts += _agent_parts(row, cwd, summary, unknown)
    model = info.modelID or (info.model.modelID or info.model.id if info.model else None) or ""
    time = _created(info)
    source: StepSource = "system" if summary else "agent"
    yield Step(id, 0, source, tuple(parts), time, model, usage_of(info.tokens))
    yield from _answer_steps(message, id, time)
    if info.error is not None:
        yield ending_step(info.error, id, time)


def _agent_parts(row: Row, cwd: str, summary: bool, unknown: dict[str, int]) -> Iterator[Part]:
    match row.type:
        case "text" if row.text and row.text.strip():
            if row.synthetic:
                yield synthetic_part(row.text)
            else:
                yield Part("compaction", row.text, "harness") if summary else Part("text", row.text)
        case "reasoning" if row.text and row.text.strip():
            yield Part("reasoning", row.text)
        case "tool" if row.state is not None:
            yield from tool_parts(row.tool or "", row.callID or row.id or "", row.state, cwd)
        case "file":
            yield Part("image")
        case "text" | "reasoning" | "tool" | "compaction":
            pass
        case other if other not in _QUIET:
            _count(unknown, f"part:{other}")


def _answer_steps(message: Message, id: str, time: int | None) -> Iterator[Step]:
    """What the user answered to questions, as steps of their own."""
    for row in message.parts:
        if row.type == "tool" and row.state is not None and PROFILE.action(row.tool or "") == "ask":
            words = "\n".join(_answers(_metadata(row.state).get("answers")))
            if words:
                yield Step(f"{id}:{row.callID}", 0, "user", (Part("text", words, "user"),), time, place="answer")


def _answers(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _answers(item)


def _observe(call_id: str, state: State, *, invalid: bool = False) -> Observation:
    """A result with what it says about itself. invalid: the program put its own tool of that name in the place of a call that it
    could not make, which then `completed` with a complaint."""
    metadata = _metadata(state)
    if invalid:
        return Observation(call_id, _output(state) or _error(state), True, harness_error=True)
    match state.status:
        case "completed":
            exit = metadata.get("exit")
            text = _output(state)
            code = int(exit) if isinstance(exit, int | float) else None
            return Observation(call_id, text, False, code, interrupted=code is None and _STOPPED.search(text) is not None)
        case "error":
            return _failed(call_id, _error(state))
        case _:
            partial = metadata.get("output")
            return Observation(call_id, partial if isinstance(partial, str) else _output(state), interrupted=True)


def _failed(call_id: str, text: str) -> Observation:
    refused = _REJECTED.match(text)
    if refused is not None:
        return Observation(call_id, text, True, rejected=True, said=(refused[1] or "").strip())
    if _DISMISSED.match(text):
        return Observation(call_id, text, True, rejected=True)
    stopped = _ABORTED.match(text) is not None
    return Observation(call_id, text, True, harness_error=PROFILE.is_harness_error(text), interrupted=stopped)


def _output(state: State) -> str:
    if isinstance(state.output, str):
        return state.output
    if isinstance(state.content, list):
        texts = [item["text"] for item in state.content if isinstance(item, dict) and isinstance(item.get("text"), str)]
        return "\n".join(texts)
    return "" if state.output is None else msgspec.json.encode(state.output).decode()


def _error(state: State) -> str:
    error = state.error.get("message") if isinstance(state.error, dict) else state.error
    return error if isinstance(error, str) else _output(state)


def _metadata(state: State) -> dict[str, object]:
    for value in (state.metadata, state.structured):
        if isinstance(value, dict):
            return value
    return {}


def _created(info: Info) -> int | None:
    return whole(info.time.created) if info.time else None


def _count(unknown: dict[str, int], what: str) -> None:
    unknown[what] = unknown.get(what, 0) + 1
