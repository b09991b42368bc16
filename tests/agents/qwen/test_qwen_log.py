"""Single traps of Qwen Code's records, each in the smallest file that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardwon.agents.contract import Earlier
from hardwon.agents.qwen import reader
from hardwon.agents.qwen.words import split_user


def record(uuid: str, type: str, seconds: float = 0, **fields: object) -> dict:
    moment = f"2026-11-21T08:00:{seconds:06.3f}Z"
    return {
        "uuid": uuid,
        "sessionId": "s-1",
        "timestamp": moment,
        "type": type,
        "cwd": "/srv/work/notes",
        "version": "0.15.10",
        **fields,
    }


def said(uuid: str, *texts: str, seconds: float = 0, **fields: object) -> dict:
    return record(uuid, "user", seconds, message={"role": "user", "parts": [{"text": text} for text in texts]}, **fields)


def result(uuid: str, name: str, response: dict, status: str) -> dict:
    parts = [{"functionResponse": {"id": "c1", "name": name, "response": response}}]
    return record(uuid, "tool_result", message={"parts": parts}, toolCallResult={"callId": "c1", "status": status})


def system(uuid: str, subtype: str, payload: object, seconds: float = 0, **fields: object) -> dict:
    return record(uuid, "system", seconds, subtype=subtype, systemPayload=payload, **fields)


def read(tmp_path: Path, *records: dict):
    path = tmp_path / "s-1.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")
    (reading,) = reader.read(path)
    return reading.trajectory


def by_user(trajectory):
    return [(step.place, part.text) for step in trajectory.steps for part in step.parts if part.origin == "user"]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["go"], [("user", "go")]),
        (["go", "from a hook"], [("user", "go"), ("harness", "from a hook")]),
        (["# greet\nSay hello.\n\n/greet now"], [("echo", "# greet\nSay hello."), ("user", "/greet now")]),
        (["# greet\nSay hello.\n\n/greet now\nand loudly"], [("echo", "# greet\nSay hello."), ("user", "/greet now\nand loudly")]),
        (["why does\n\n/login return 500\nat noon"], [("user", "why does\n\n/login return 500\nat noon")]),
        (["look into\n\n/srv/work/notes"], [("user", "look into\n\n/srv/work/notes")]),
        (
            ["see @a", "\n--- Content from referenced files ---", "\nContent from @a:\n", "x"],
            [
                ("user", "see @a"),
                ("file", "\n--- Content from referenced files ---"),
                ("file", "\nContent from @a:\n"),
                ("file", "x"),
            ],
        ),
    ],
    ids=["plain", "hook", "skill", "skill-lines", "route", "path", "file"],
)
def test_only_the_users_words_are_the_users(texts, expected):
    from hardwon.agents.gemini.records import ContentPart

    parts, _ = split_user([ContentPart(text=text) for text in texts])
    assert [(part.origin, part.text) for part in parts] == expected


def test_notifications_and_cron_are_the_programs(tmp_path):
    trajectory = read(
        tmp_path, said("u1", "hi"), said("u2", "agent done", subtype="notification"), said("u3", "tick", subtype="cron")
    )
    assert by_user(trajectory) == [("message", "hi")] and [step.source for step in trajectory.steps] == ["user", "system", "system"]


def test_a_slash_command_is_said_once_and_its_expansion_is_an_echo(tmp_path):
    trajectory = read(
        tmp_path,
        system("a", "slash_command", {"phase": "invocation", "rawCommand": "/tidy attic"}, 1),
        system("b", "slash_command", {"phase": "result", "rawCommand": "/tidy attic", "outputHistoryItems": []}, 1),
        said("c", "Tidy the attic, carefully.", seconds=1.2),
        said("d", "thanks", seconds=30),
    )
    assert by_user(trajectory) == [("command_args", "/tidy attic"), ("message", "thanks")]


def test_a_command_that_the_program_answers_leaves_the_next_words_alone(tmp_path):
    trajectory = read(
        tmp_path,
        system("a", "slash_command", {"phase": "invocation", "rawCommand": "/about"}, 1),
        system("b", "slash_command", {"phase": "result", "rawCommand": "/about", "outputHistoryItems": [{"type": "about"}]}, 1),
        said("c", "ok", seconds=1.2),
        system("d", "slash_command", {"phase": "result", "rawCommand": "/theme", "outputHistoryItems": []}, 2),
        said("e", "and now", seconds=9),
    )
    assert [text for _, text in by_user(trajectory)] == ["/about", "ok", "and now"]


def test_tokens_of_sub_agents_count_and_each_answer_once(tmp_path):
    telemetry = {
        "event.name": "qwen-code.api_response",
        "input_token_count": 100,
        "output_token_count": 5,
        "cached_content_token_count": 30,
    }
    usage = {"promptTokenCount": 100, "candidatesTokenCount": 5, "cachedContentTokenCount": 30}
    trajectory = read(
        tmp_path,
        system("a", "ui_telemetry", {"uiEvent": telemetry}),
        record("b", "assistant", message={"parts": [{"text": "hi"}]}, usageMetadata=usage),
        system("c", "ui_telemetry", {"uiEvent": telemetry | {"subagent_name": "scout"}}),
    )
    total, own = trajectory.session.usage, trajectory.steps[0].usage
    assert (own.input, own.cache_read, own.output) == (70, 30, 5) and (total.input, total.cache_read, total.output) == (140, 60, 10)


def test_refusals(tmp_path):
    stock = result("r", "run_shell_command", {"error": "[Operation Cancelled] Reason: User did not allow tool call"}, "cancelled")
    own = result("q", "edit", {"error": "[Operation Cancelled] Reason: not this file, the other one"}, "cancelled")
    first, second = (step.parts[0].result for step in read(tmp_path, stock, own).steps)
    assert (first.rejected, first.said) == (True, "") and (second.rejected, second.said) == (True, "not this file, the other one")


def test_answers_are_the_users(tmp_path):
    given = {"output": "User has provided the following answers:\n\n**Colour**: blue, please\n**Size**: small"}
    (pair,) = by_user(read(tmp_path, result("r", "ask_user_question", given, "success")))
    assert pair == ("answer", "blue, please\nsmall")


def test_a_compaction_and_a_title(tmp_path):
    history = [{"role": "user", "parts": [{"text": "SUMMARY"}]}]
    trajectory = read(
        tmp_path,
        said("u", "hi"),
        system("a", "chat_compression", {"compressedHistory": history}),
        system("b", "custom_title", {"customTitle": "T"}),
    )
    part = trajectory.steps[1].parts[0]
    assert (part.kind, part.origin, part.text, trajectory.session.title) == ("compaction", "harness", "SUMMARY", "T")


def test_a_rewind_takes_back_also_when_going_on(tmp_path):
    records = [said("u1", "a"), said("u2", "b"), said("u3", "c"), system("x", "rewind", {}, parentUuid="u1"), said("u4", "d")]
    whole = read(tmp_path, *records)
    assert [step.id for step in whole.steps] == ["u1", "u4"]
    read(tmp_path, *records[:3])
    (first,) = reader.read(tmp_path / "s-1.jsonl")
    read(tmp_path, *records)
    (after,) = reader.read(tmp_path / "s-1.jsonl", Earlier(first.cursor, first.trajectory))
    assert after.trajectory == whole


def test_what_is_not_known_is_counted(tmp_path):
    trajectory = read(tmp_path, said("u", "hi"), record("a", "hologram"), system("b", "weather", {}), {"no": "uuid"})
    assert trajectory.unknown == {"hologram": 1, "system:weather": 1, "record": 1}
