"""Messages of opencode 2.x (`session_message`) into steps. 1.18 has the table too and fills it when its experimental engine runs.

Read off the program: a row has a `type` and its data. user `{text, files}`, synthetic and system `{text}`, shell (a command
that the user ran) `{command, output}`, assistant `{content: [text | reasoning | tool {name, state}], tokens, error}`, compaction
`{summary}`, agent-switched and model-switched.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from hardwon.agents.opencode.records import NewContent, NewMessage, State
from hardwon.agents.opencode.steps import Surroundings, ending_step, tool_parts, usage_of, whole
from hardwon.agents.opencode.words import split_prompt, synthetic_part
from hardwon.model import Part, Step


def newer_steps(message: NewMessage, id: str, around: Surroundings, unknown: dict[str, int]) -> Iterator[Step]:
    """The steps of one row; types that are not known are counted in `unknown`."""
    time = whole(message.time.created) if message.time else None
    match message.type:
        case "user":
            parts = split_prompt(message.text or "", run=around.run)
            if around.spawned:
                parts = [Part(p.kind, p.text, "assistant") if p.origin == "user" else p for p in parts]
            yield Step(id, 0, "user", tuple(parts), time)
        case "synthetic" | "system":
            yield Step(id, 0, "system", (synthetic_part(message.text or ""),), time)
        case "shell":
            yield Step(id, 0, "user", tuple(_shell(message, id, around.cwd)), time)
        case "assistant":
            yield _assistant(message, id, around.cwd, time, unknown)
            if message.error is not None:
                yield ending_step(message.error, id, time)
        case "compaction":
            yield Step(id, 0, "system", (Part("compaction", message.summary or message.text or "", "harness"),), time)
        case "agent-switched" | "model-switched":
            pass
        case other:
            unknown[f"message:{other}"] = unknown.get(f"message:{other}", 0) + 1


def _shell(message: NewMessage, id: str, cwd: str) -> Iterator[Part]:
    output = message.output.get("output") if isinstance(message.output, dict) else message.output
    ended = message.time is not None and message.time.completed is not None
    state = State(
        status="completed" if ended or message.status == "completed" else "running",
        input={"command": message.command or ""},
        output=output,
        metadata={"exit": message.exit} if message.exit is not None else {},
    )
    return tool_parts("bash", message.callID or message.shellID or id, state, cwd)


def _assistant(message: NewMessage, id: str, cwd: str, time: int | None, unknown: dict[str, int]) -> Step:
    parts: list[Part] = []
    for item in message.content or ():
        try:
            content = msgspec.convert(item, NewContent)
        except msgspec.ValidationError:
            content = NewContent()
        match content.type:
            case "text" | "reasoning":
                if content.text and content.text.strip():
                    parts.append(Part("text" if content.type == "text" else "reasoning", content.text))
            case "tool" if content.state is not None:
                parts += tool_parts(content.name or "", content.id or "", content.state, cwd)
            case other:
                unknown[f"part:{other}"] = unknown.get(f"part:{other}", 0) + 1
    model = message.model.id or message.model.modelID if message.model else ""
    return Step(id, 0, "agent", tuple(parts), time, model or "", usage_of(message.tokens))
