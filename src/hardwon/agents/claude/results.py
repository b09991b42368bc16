"""Tool results into observations: the flag, the exit code in the text, refusals and what the user said with them, answers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from hardwon.agents.claude.profile import PROFILE
from hardwon.agents.claude.records import Block
from hardwon.agents.loose import loads
from hardwon.model import Observation, ToolCall
from hardwon.text.standing import is_standing

_EXIT = re.compile(r"Exit code (\d+)")
_LATE_EXIT = re.compile(r"<exit_code>(-?\d+)</exit_code>")
_BACKGROUND = re.compile(r"Command (?:running|was manually backgrounded|is running).{0,80}? ID: (\w+)", re.DOTALL)
_REJECTED = re.compile(
    r"The user doesn't want to (?:proceed with this tool use|take this action right now)"
    r"|Permission for this tool use was denied\. The tool use was rejected"
    r"|The agent proposed a plan that was rejected by the user"
    r"|User rejected "
)
_SAID = re.compile(r"\b[Tt]he user (?:said|provided the following reason for the rejection):\s*\n?")
_NOTE = re.compile(r"\n\s*Note: The user's next message may contain a correction or preference\..*\Z", re.DOTALL)
_TEMPLATE = "The user wants to clarify these questions."
_NOTICE = re.compile(
    r"<task-notification>.*?<tool-use-id>(?P<call>[^<]+)</tool-use-id>.*?<status>(?P<status>[^<]+)</status>.*?<summary>(?P<summary>.*?)</summary>",
    re.DOTALL,
)
_NOTICE_EXIT = re.compile(r"exit code (-?\d+)\)?\s*\Z")
_QUOTED = re.compile(r'"="(.*?)"(?=[,.]|\s+(?:user notes|notes|selected)\b)', re.DOTALL)
_RESPONDED = re.compile(r"The user responded: (.*)\Z", re.DOTALL)


def observe(block: Block, call: ToolCall | None, detail: msgspec.Raw, background: dict[str, str]) -> Observation:
    """The observation of one tool_result block. `background` maps ids of shells in the background to the calls that began them,
    and is added to here."""
    value = content(block)
    failed = bool(block.is_error)
    rejected = failed and _REJECTED.match(value) is not None
    shell = call is not None and call.action == "shell"
    found = _EXIT.match(value) if failed else _LATE_EXIT.search(value) if shell and "<exit_code>" in value else None
    continues = ""
    if shell and call is not None:
        continues = _late(call, background)
        begun = _BACKGROUND.match(value)
        if begun:
            background[begun[1]] = call.id
            while len(background) > 64:
                del background[next(iter(background))]
    return Observation(
        call_id=call.id if call is not None else block.tool_use_id,
        text=value,
        error_flag=failed,
        exit=int(found[1]) if found else None,
        rejected=rejected,
        said=_said(value) if rejected else "",
        harness_error=failed and not rejected and PROFILE.is_harness_error(value),
        interrupted=shell and b'"interrupted":true' in bytes(detail) if len(detail) else False,
        continues=continues,
    )


def content(block: Block) -> str:
    """The text of a result."""
    if isinstance(block.content, str):
        return block.content
    return "\n".join(item.text for item in block.content or () if item.text)


def answers(value: str, detail: msgspec.Raw) -> str:
    """What the user answered to the agent's questions, one answer a line ("" for none)."""
    given = loads(detail)
    if isinstance(given, dict) and isinstance(given.get("answers"), dict):
        notes = given.get("annotations") if isinstance(given.get("annotations"), dict) else {}
        return "\n".join(_answer(a, (notes or {}).get(q)) for q, a in given["answers"].items() if isinstance(a, str) and a)
    responded = _RESPONDED.match(value)
    return responded[1].strip() if responded else "\n".join(_QUOTED.findall(value))


def late(value: str, calls: Mapping[str, ToolCall]) -> Observation | None:
    """What a notice tells of a command that ran in the background: how it ended. None for any other notice."""
    found = _NOTICE.search(value)
    call = calls.get(found["call"]) if found else None
    if found is None or call is None or call.action != "shell":
        return None
    code = _NOTICE_EXIT.search(found["summary"])
    exit = int(code[1]) if code else None
    failed = found["status"] == "failed" or bool(exit)
    return Observation(call.id, value, failed, exit, interrupted=found["status"] in ("killed", "stopped"), continues=call.id)


def changed_file(call: ToolCall | None, detail: msgspec.Raw) -> str:
    """What an instruction file says after this call edited or wrote it, as an echo ("" for any other file or call): only here does
    a transcript hold the whole of it (`originalFile` with the change, or `content`)."""
    if call is None or call.action not in ("edit", "write") or not any(map(is_standing, call.paths)) or not len(detail):
        return ""
    given = loads(detail)
    if not isinstance(given, dict) or not isinstance(path := given.get("filePath"), str):
        return ""
    body = given.get("content")
    if not isinstance(body, str):
        body = _edited(given)
    return f"Contents of {path}:\n\n{body}" if body.strip() else ""


def _edited(given: dict[str, object]) -> str:
    """The original with the edits of an Edit or MultiEdit in it; "" where one of them does not fit."""
    body = given.get("originalFile")
    edits = given["edits"] if isinstance(given.get("edits"), list) else [given]
    for edit in edits:  # type: ignore[attr-defined]
        if not isinstance(edit, dict) or not isinstance(body, str):
            return ""
        old, new = (edit.get(a) or edit.get(b) for a, b in (("oldString", "old_string"), ("newString", "new_string")))
        if not isinstance(old, str) or old not in body:
            return ""
        everywhere = bool(edit.get("replaceAll") or edit.get("replace_all"))
        body = body.replace(old, new if isinstance(new, str) else "", -1 if everywhere else 1)
    return body if isinstance(body, str) else ""


def child(detail: msgspec.Raw) -> str:
    """The id of the sub-agent that a delegating call started, or ""."""
    given = loads(detail)
    found = given.get("agentId") if isinstance(given, dict) else None
    return found if isinstance(found, str) else ""


def _answer(answer: str, notes: object) -> str:
    more = notes.get("notes") if isinstance(notes, dict) else None
    return f"{answer}\n{more}" if isinstance(more, str) and more.strip() and more.strip() != answer.strip() else answer


def _said(value: str) -> str:
    found = _SAID.search(value)
    said = _NOTE.sub("", value[found.end() :]).strip() if found else ""
    return "" if said.startswith(_TEMPLATE) else said


def _late(call: ToolCall, background: dict[str, str]) -> str:
    """The call whose output this one only fetches."""
    if call.tool not in ("BashOutput", "TaskOutput", "KillShell", "KillBash", "TaskStop"):
        return ""
    given = loads(call.arguments, {})
    ids = [given.get(key) for key in ("bash_id", "task_id", "shell_id")] if isinstance(given, dict) else []
    return next((background[id] for id in ids if isinstance(id, str) and id in background), "")
