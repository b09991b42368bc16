"""Messages of Gemini CLI into steps.

One answer is one step with its texts, thoughts, calls and (behind each call) the call's result, because the program keeps results
inside the answer; the `functionResponse` records that follow repeat them and are left out (they become a step of their own only
where the answer does not hold the result). Of the results of a turn, each call's own is picked by its id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator

from hardwon.agents.contract import INTERRUPTED, Profile, make_call
from hardwon.agents.gemini.content import epoch, is_image, parts_of, response_text, shell_output, texts_of, unwrap
from hardwon.agents.gemini.profile import PROFILE
from hardwon.agents.gemini.records import Call, Content, FunctionResponse, Message, Tokens
from hardwon.model import Observation, Origin, Part, Step, ToolCall, Usage

_CANCELLED = re.compile(r"\A\[Operation Cancelled\](?: Reason:)? ?(.*)\Z", re.DOTALL)
_CUT_OFF = "Command was cancelled by user before it could"
_SIBLING = "User cancelled operation"
_STOCK = re.compile(
    r"(?:User (?:denied|cancelled|did not|declined)\b.*"
    r"|(?:The )?[Oo]peration (?:was )?(?:cancelled|aborted)\b.*"
    r"|Request cancelled\.?"
    r"|)\Z"
)
_REFUSED = re.compile(r"User (?:denied|did not|declined)\b")
_ANSWERS = re.compile(r'\A\{"answers":')


def agent_step(message: Message, id: str, known: Collection[str | None] = ()) -> Step:
    """An answer as a step. `known`: ids of calls whose result stands in another step already."""
    parts = [_thought(subject, text) for subject, text in _thoughts(message)]
    for part in parts_of(message.content):
        if part.text and part.text.strip():
            parts.append(Part("reasoning" if part.thought else "text", part.text))
        elif is_image(part):
            parts.append(Part("image"))
    calls = message.toolCalls or []
    for call in (*calls, *_bare_calls(message.content, {call.id for call in calls})):
        parts += _call_parts(call, known)
    return Step(id, 0, "agent", tuple(parts), epoch(message.timestamp), message.model or "", usage=_usage(message.tokens))


def notice_step(message: Message, id: str) -> Step | None:
    """What the program told the user (info, warning, error); None if it said nothing. A cancelled request is an interruption."""
    text = "".join(texts_of(message.content)).strip()
    if not text:
        return None
    if message.type == "info" and text.startswith("Request cancelled"):
        text = f"{INTERRUPTED} {text}"
    return Step(id, 0, "system", (Part("text", text, "harness"),), epoch(message.timestamp))


def result_step(message: Message, id: str, responses: list[FunctionResponse]) -> Step:
    """Results that no answer holds."""
    parts = [
        Part(
            "result",
            origin=result_origin(PROFILE, response.name or ""),
            result=observe(response.id or "", response.name or "", response_text(response.response)),
        )
        for response in responses
    ]
    return Step(id, 0, "tool", tuple(parts), epoch(message.timestamp))


def result_origin(profile: Profile, tool: str) -> Origin:
    """Who wrote a result: a loaded skill's body is an echo of the skill."""
    return "echo" if profile.action(tool) == "skill" else "tool"


def answer_step(message: Message, step: Step) -> Iterator[Step]:
    """What the user answered to the agent's questions in this answer, as steps of their own."""
    for part in step.parts:
        if part.result is not None and _ANSWERS.match(part.result.text):
            words = _answers(part.result.text)
            if words:
                yield Step(f"{step.id}:{part.result.call_id}", 0, "user", (Part("text", words, "user"),), step.time, place="answer")


def observe(call_id: str, tool: str, raw: str, status: str = "", profile: Profile = PROFILE) -> Observation:
    """A result's text with what it says about itself. status: success, error, cancelled, or "" where the program gives none.
    `profile` tells which tools are a shell's and which errors the program's own (Qwen Code frames its results alike)."""
    cancelled = _CANCELLED.match(raw)
    if status == "cancelled" or cancelled:
        return _cancelled(call_id, raw, cancelled[1].strip() if cancelled else "")
    own_error = status == "error" and profile.is_harness_error(unwrap(raw))
    if profile.action(tool) == "shell":
        output = shell_output(raw)
        return Observation(
            call_id,
            output.text,
            _flag(status),
            output.exit,
            harness_error=own_error,
            interrupted=_cut_off(raw),
        )
    text = unwrap(raw)
    return Observation(call_id, text, _flag(status), harness_error=own_error)


def _cancelled(call_id: str, raw: str, reason: str) -> Observation:
    """A call that fell with another that the user refused (the program's doing), that was cut off while it ran, that the user
    refused (with his own words, where a reason is none of the program's), or that was stopped at the question."""
    if reason == _SIBLING:
        return Observation(call_id, raw, True, harness_error=True)
    if _cut_off(raw):
        return Observation(call_id, shell_output(raw).text, True, interrupted=True)
    if not _STOCK.match(reason):
        return Observation(call_id, raw, True, rejected=True, said=reason)
    return Observation(call_id, raw, True, rejected=True, interrupted=not _REFUSED.match(reason))


def _call_parts(call: Call, known: Collection[str | None]) -> Iterator[Part]:
    id = call.id or ""
    yield Part("call", call=_tool_call(call, id))
    text = _result_text(call.result, id)
    if text is not None and id not in known:
        found = observe(id, call.name or "", text, call.status or "")
        yield Part("result", origin=result_origin(PROFILE, call.name or ""), result=found)


def _bare_calls(content: Content, known: set[str | None]) -> Iterator[Call]:
    """Calls that stand in the content alone, as the history holds them after a compaction."""
    for part in parts_of(content):
        if part.functionCall is not None and part.functionCall.id not in known:
            yield Call(part.functionCall.id, part.functionCall.name, part.functionCall.args)


def _tool_call(call: Call, id: str) -> ToolCall:
    return make_call(PROFILE, id, call.name or "", call.args if call.args is not None else {})


def _result_text(result: Content, id: str) -> str | None:
    """The call's own response among those of its turn."""
    responses = [part.functionResponse for part in parts_of(result) if part.functionResponse is not None]
    own = [r for r in responses if r.id == id] or (responses if len(responses) == 1 else [])
    if own:
        return "\n".join(response_text(r.response) for r in own)
    return "".join(texts_of(result)) if result is not None and not responses else None


def _thoughts(message: Message) -> Iterator[tuple[str, str]]:
    for thought in message.thoughts or ():
        yield thought.subject or "", thought.description or ""


def _thought(subject: str, text: str) -> Part:
    return Part("reasoning", f"{subject}\n{text}".strip())


def _usage(tokens: Tokens | None) -> Usage | None:
    if tokens is None:
        return None
    cached = tokens.cached or 0
    return Usage(max((tokens.input or 0) - cached, 0), tokens.output or 0, cached, 0, tokens.thoughts or 0)


def _flag(status: str) -> bool | None:
    return {"success": False, "error": True}.get(status)


def _cut_off(raw: str) -> bool:
    return unwrap(raw).startswith(_CUT_OFF)


def _answers(text: str) -> str:
    try:
        answers = json.loads(text)["answers"]
    except (ValueError, KeyError, TypeError):
        return ""
    values = answers.values() if isinstance(answers, dict) else answers if isinstance(answers, list) else ()
    return "\n".join(value for value in values if isinstance(value, str) and value)
