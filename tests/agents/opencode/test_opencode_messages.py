"""Single traps of opencode's messages, each in the smallest export that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwon.agents.contract import INTERRUPTED
from hardwon.agents.opencode import reader
from hardwon.agents.opencode.words import split_prompt

INFO = {
    "id": "ses_1",
    "projectID": "p",
    "directory": "/srv/work/notes",
    "title": "T",
    "version": "1.18.33",
    "time": {"created": 1, "updated": 9},
}


def read(tmp_path: Path, *messages: dict, **info: object):
    path = tmp_path / "ses_1.json"
    path.write_text(json.dumps({"info": INFO | info, "messages": list(messages)}), "utf-8")
    (reading,) = reader.read(path)
    return reading.trajectory


def message(id: str, role: str, *parts: dict, **info: object) -> dict:
    return {"info": {"id": id, "role": role, "time": {"created": 5}, **info}, "parts": list(parts)}


def text(words: str, **fields: object) -> dict:
    return {"type": "text", "text": words, **fields}


def tool(name: str, status: str, *, call: str = "c1", **state: object) -> dict:
    return {"type": "tool", "tool": name, "callID": call, "state": {"status": status, "input": {}, **state}}


def only_result(trajectory):
    (result,) = [part.result for step in trajectory.steps for part in step.parts if part.result]
    return result


@pytest.mark.parametrize(
    ("raw", "run", "expected"),
    [
        ('"add vitest"', True, [("user", "add vitest")]),
        ("hi", True, [("user", "hi")]),
        ('"say \\"hi\\" too"', False, [("user", 'say "hi" too')]),
        ('"why"\nTraceback: x\n', True, [("user", "why"), ("pasted", "Traceback: x")]),
        ('"# Role\n\nDo \\"this\\".\n"\n', True, [("pasted", '# Role\n\nDo "this".')]),
        ("\nfrom standard input\n", True, [("user", "from standard input")]),
        (
            'Tidy the folder.\n\nBe careful.\n\n"the attic"',
            True,
            [("echo", "Tidy the folder.\n\nBe careful."), ("user", "the attic")],
        ),
        ("Tidy the folder.\n\nBe careful.", True, [("echo", "Tidy the folder.\n\nBe careful.")]),
        ("two lines\n\nof a person", False, [("user", "two lines\n\nof a person")]),
        ('explain\n\n"this quote"', False, [("user", 'explain\n\n"this quote"')]),
        (
            'BODY\nRelative paths in this skill (e.g., scripts/) are relative to this base directory.\n\n"now go"',
            False,
            [
                ("echo", "BODY\nRelative paths in this skill (e.g., scripts/) are relative to this base directory."),
                ("user", "now go"),
            ],
        ),
        ("<system-reminder>x</system-reminder>", False, [("harness", "<system-reminder>x</system-reminder>")]),
    ],
)
def test_only_the_users_words_are_the_users(raw, run, expected):
    assert [(part.origin, part.text) for part in split_prompt(raw, run=run)] == expected


def test_synthetic_parts_are_not_the_users(tmp_path):
    parts = (
        text("see @a"),
        text("Called the Read tool", synthetic=True),
        text("<path>/a</path>\n<content>", synthetic=True),
        text("x", ignored=True),
    )
    trajectory = read(tmp_path, message("m", "user", *parts))
    assert [part.origin for part in trajectory.steps[0].parts] == ["user", "harness", "file", "harness"]


def test_a_failed_command_is_completed_with_an_exit_code(tmp_path):
    done = tool("bash", "completed", output="no\n", metadata={"exit": 2}) | {}
    done["state"]["input"] = {"command": "make", "workdir": "/srv/work/notes/sub"}
    trajectory = read(tmp_path, message("m", "assistant", done))
    result, call = only_result(trajectory), trajectory.steps[0].parts[0].call
    assert (result.error_flag, result.exit) == (False, 2) and (call.command, call.context.cwd) == ("make", "/srv/work/notes/sub")


@pytest.mark.parametrize(
    ("error", "rejected", "said", "harness", "interrupted"),
    [
        ("The user rejected permission to use this specific tool call.", True, "", False, False),
        (
            "The user rejected permission to use this specific tool call with the following feedback: use pnpm",
            True,
            "use pnpm",
            False,
            False,
        ),
        ("The user dismissed this question", True, "", False, False),
        ("Tool execution aborted", False, "", True, True),
        ("Could not find oldString in the file. It must match exactly", False, "", True, False),
        ("File not found: /srv/work/notes/a", False, "", False, False),
    ],
)
def test_errors(tmp_path, error, rejected, said, harness, interrupted):
    result = only_result(read(tmp_path, message("m", "assistant", tool("edit", "error", error=error))))
    assert (result.rejected, result.said, result.harness_error, result.interrupted) == (rejected, said, harness, interrupted)
    assert result.error_flag is True


def test_a_call_to_a_tool_that_is_none(tmp_path):
    part = tool("invalid", "completed", output="Model tried to call unavailable tool 'x'")
    part["state"]["input"] = {"tool": "x"}
    trajectory = read(tmp_path, message("m", "assistant", part))
    assert trajectory.steps[0].parts[0].call.tool == "x"
    assert (only_result(trajectory).error_flag, only_result(trajectory).harness_error) == (True, True)


def test_a_call_left_running_was_cut_off(tmp_path):
    trajectory = read(
        tmp_path, message("u", "user", text("go")), message("m", "assistant", tool("bash", "running", metadata={"output": "half"}))
    )
    assert (
        only_result(trajectory).interrupted
        and only_result(trajectory).text == "half"
        and trajectory.session.status == "interrupted"
    )


def test_an_aborted_answer_is_an_interruption(tmp_path):
    error = {"name": "MessageAbortedError", "data": {"message": "Aborted"}}
    trajectory = read(tmp_path, message("u", "user", text("go")), message("m", "assistant", text("well"), error=error))
    assert trajectory.steps[-1].parts[0].text == f"{INTERRUPTED} Aborted" and trajectory.session.status == "interrupted"


def test_a_compaction_counts_once(tmp_path):
    summary = message("m2", "assistant", text("SUMMARY"), summary=True)
    trajectory = read(
        tmp_path,
        message("m1", "user", {"type": "compaction", "auto": True}),
        summary,
        message("m3", "user", text("on", synthetic=True)),
    )
    kinds = [(part.kind, part.origin) for step in trajectory.steps for part in step.parts]
    assert kinds == [("compaction", "harness"), ("text", "harness")]


def test_what_answers_a_question_is_the_users(tmp_path):
    asked = tool("question", "completed", output="User has answered", metadata={"answers": [["blue"], ["small", "cheap"]]})
    trajectory = read(tmp_path, message("m", "assistant", asked))
    assert [(step.place, step.parts[0].text) for step in trajectory.steps if step.source == "user"] == [
        ("answer", "blue\nsmall\ncheap")
    ]


def test_a_sub_agents_prompt_is_not_the_users(tmp_path):
    trajectory = read(tmp_path, message("m", "user", text("Look.")), parentID="ses_0")
    assert trajectory.session.parent == "opencode:ses_0" and trajectory.steps[0].parts[0].origin == "assistant"


def test_a_task_names_its_session(tmp_path):
    trajectory = read(tmp_path, message("m", "assistant", tool("task", "completed", output="", metadata={"sessionId": "ses_2"})))
    assert trajectory.children == ("opencode:ses_2",)


def test_files_of_a_patch(tmp_path):
    part = tool("apply_patch", "completed", output="ok")
    part["state"]["input"] = {"patchText": "*** Begin Patch\n*** Update File: a/b.py\n@@\n*** Add File: c.py\n*** End Patch"}
    assert read(tmp_path, message("m", "assistant", part)).steps[0].parts[0].call.paths == ("a/b.py", "c.py")


def test_what_is_not_known_is_counted_and_costs_only_itself(tmp_path):
    trajectory = read(
        tmp_path,
        message("m1", "user", text("hi"), {"type": "hologram"}),
        message("m2", "narrator", text("once")),
        {"info": {"id": 5}, "parts": "?"},
    )
    assert trajectory.unknown == {"part:hologram": 1, "message:narrator": 1}
    assert [gap.reason for gap in trajectory.gaps] == ["schema"] and len(trajectory.steps) == 1


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 300),
    junk=st.binary(max_size=20),
    value=st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda v: st.lists(v) | st.dictionaries(st.sampled_from(["state", "type", "input"]), v),
    ),
)
def test_a_damaged_export_gives_gaps_and_never_an_error(tmp_path, cut, junk, value):
    export = {
        "info": INFO,
        "messages": [
            message(
                "m", "assistant", {"type": "tool", "tool": "bash", "state": {"status": "error", "input": value, "error": value}}
            )
        ],
    }
    raw = json.dumps(export).encode()
    path = tmp_path / "damaged.json"
    path.write_bytes(raw[:cut] + junk + raw[cut + len(junk) :])
    for reading in reader.read(path):
        msgspec.json.encode(reading)
