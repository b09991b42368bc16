"""Trajectories written down as short lists, so that a case is a few lines of YAML.

One item is one record: `user`, `queue`, `answer`, `command` (a slash command), `harness`, `echo`, `pasted`, `says` (the agent), a call
(`shell`, `read`, `edit`, `write`, `search`, `skill`, `ask`, `plan`, `mcp`, with `prints`, `exit`, `flag`, `rejected`, `said`, `cwd`, …),
`interrupted: true` or `compaction: true`.
"""

from __future__ import annotations

from typing import Any

from hardwon.agents.contract import INTERRUPTED
from hardwon.model import CallContext, Observation, Part, Session, Step, ToolCall, Trajectory

CALLS = {
    "shell": "Bash", "read": "Read", "edit": "Edit", "write": "Write", "search": "Grep", "skill": "Skill", "ask": "AskUserQuestion",
    "plan": "ExitPlanMode", "mcp": "mcp__x__y", "web": "WebFetch",
}  # fmt: skip
PLACES = {"user": "message", "queue": "queue", "answer": "answer", "command": "command_args"}
PROJECT = "/srv/work/shop"


class Scenario:
    """Builds one trajectory, record by record."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.calls = 0

    def step(self, source: str, part: Part | tuple[Part, ...], **fields: Any) -> None:
        number = len(self.steps)
        parts = part if isinstance(part, tuple) else (part,)
        self.steps.append(
            Step(f"s{number}", number, source, parts, time=1_790_000_000_000 + number * 1000, **fields)  # type: ignore[arg-type]
        )

    def add(self, item: dict[str, Any]) -> None:
        side = {"sidechain": True} if item.get("sidechain") else {}
        kind = next(iter(item))
        value = item[kind]
        if kind in PLACES:
            self.step("user", Part("text", value, origin="user"), place=PLACES[kind], **side)
        elif kind in ("harness", "echo", "pasted"):
            self.step("user", Part("text", value, origin=kind), **side)
        elif kind == "says":
            self.step("agent", Part("text", value), **side)
        elif kind == "interrupted":
            self.step("system", Part("text", f"{INTERRUPTED} by user", origin="harness"))
        elif kind == "compaction":
            self.step("system", Part("compaction", "summary", origin="harness"))
        else:
            self.call(kind, str(value), item, side)

    def call(self, kind: str, value: str, item: dict[str, Any], side: dict[str, Any]) -> None:
        self.calls += 1
        name = item.get("id", f"c{self.calls}")
        if item.get("result_only"):
            self.step("tool", Part("result", result=Observation(name, rejected=True)))
            return
        call = ToolCall(
            name,
            item.get("tool", CALLS[kind]),
            kind,  # type: ignore[arg-type]
            arguments=item.get("arguments", ""),
            paths=tuple(item.get("paths", [value] if kind in ("read", "edit", "write") else [])),
            command=value if kind == "shell" else "",
            context=CallContext(item.get("cwd", PROJECT), item.get("sandbox", "")),
            skill=value if kind == "skill" else item.get("skill", ""),
        )
        self.step("agent", Part("call", call=call), **side)
        if item.get("unanswered"):
            return
        result = Observation(
            name,
            item.get("prints", ""),
            error_flag=item.get("flag"),
            exit=item.get("exit"),
            rejected=bool(item.get("rejected") or item.get("said")),
            said=item.get("said", ""),
            harness_error=bool(item.get("harness_error")),
            interrupted=bool(item.get("stopped")),
            continues=item.get("continues", ""),
        )
        self.step("tool", Part("result", result=result), **side)


def trajectory(items: list[dict[str, Any]], **session: Any) -> Trajectory:
    """The trajectory that a list of records tells of."""
    scenario = Scenario()
    for item in items:
        scenario.add(item)
    about = {"cwd": PROJECT, "project": PROJECT} | session
    return Trajectory(Session("claude:1", "claude", "1", "/x/1.jsonl", **about), tuple(scenario.steps))
