"""Single traps of Gemini CLI's event log, each in the smallest log that shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardwon.agents.contract import INTERRUPTED
from hardwon.agents.gemini import reader
from hardwon.agents.gemini.content import epoch, shell_output

HEADER = {"sessionId": "s-1", "projectHash": "0" * 64, "startTime": "2026-11-21T08:00:00.000Z", "kind": "main"}


def read(tmp_path: Path, *records: dict, header: dict = HEADER, name: str = "session-1.jsonl"):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in (header, *records)), "utf-8")
    (reading,) = reader.read(path)
    return reading.trajectory


def user(id: str, text: str, **fields: object) -> dict:
    return {"id": id, "type": "user", "content": [{"text": text}], "timestamp": "2026-11-21T08:00:01.000Z", **fields}


def answer(id: str, text: str = "", *calls: dict, **fields: object) -> dict:
    return {"id": id, "type": "gemini", "content": text, "toolCalls": list(calls), "model": "m", **fields}


def call(id: str, name: str, args: dict, response: dict, status: str = "success") -> dict:
    result = [{"functionResponse": {"id": id, "name": name, "response": response}}]
    return {"id": id, "name": name, "args": args, "result": result, "status": status}


def results(trajectory):
    return [part.result for step in trajectory.steps for part in step.parts if part.result]


def words(trajectory):
    return [(part.origin, part.text) for step in trajectory.steps for part in step.parts if part.kind == "text"]


def test_a_later_record_with_the_same_id_replaces_and_usage_counts_once(tmp_path):
    tokens = {"input": 100, "output": 7, "cached": 40, "thoughts": 2}
    shell = call("c1", "run_shell_command", {"command": "ls"}, {"output": "Output: a\nProcess Group PGID: 7"})
    trajectory = read(
        tmp_path, user("u1", "list"), answer("g1", "Listing.", tokens=tokens), answer("g1", "Listing.", shell, tokens=tokens)
    )
    assert [step.id for step in trajectory.steps] == ["u1", "g1"]
    usage = trajectory.session.usage
    assert (usage.input, usage.output, usage.cache_read, usage.reasoning) == (60, 7, 40, 2)
    assert results(trajectory)[0].exit == 0 and results(trajectory)[0].text == "a"


def test_a_refusal_and_the_calls_that_fall_with_it(tmp_path):
    denied = call(
        "c1",
        "run_shell_command",
        {"command": "git push"},
        {"error": "[Operation Cancelled] Reason: User denied execution."},
        "cancelled",
    )
    sibling = call(
        "c2",
        "run_shell_command",
        {"command": "ls"},
        {"error": "[Operation Cancelled] Reason: User cancelled operation"},
        "cancelled",
    )
    first, second = results(read(tmp_path, user("u1", "push"), answer("g1", "Pushing.", denied, sibling)))
    assert (first.rejected, first.interrupted, first.harness_error, first.said) == (True, False, False, "")
    assert (second.rejected, second.harness_error) == (False, True)


def test_a_stop_is_an_interruption(tmp_path):
    stopped = call(
        "c1",
        "run_shell_command",
        {"command": "sleep 9"},
        {"error": "[Operation Cancelled] Reason: Operation cancelled by user"},
        "cancelled",
    )
    trajectory = read(
        tmp_path, user("u1", "wait"), {"id": "i1", "type": "info", "content": "Request cancelled."}, answer("g1", "", stopped)
    )
    assert any(step.source == "system" and step.parts[0].text.startswith(INTERRUPTED) for step in trajectory.steps)
    assert results(trajectory)[0].interrupted and trajectory.session.status == "interrupted"


def test_a_compaction_keeps_what_happened_and_adds_no_copies(tmp_path):
    before = (user("u1", "first wish"), answer("g1", "done one"), user("u2", "second wish"), answer("g2", "done two"))
    history = [
        user("n1", "SUMMARY of all this"),
        {"id": "n2", "type": "gemini", "content": [{"text": "Got it. Thanks for the additional context!"}]},
        user("n3", "second wish"),
        {"id": "n4", "type": "gemini", "content": [{"text": "done two"}]},
    ]
    trajectory = read(tmp_path, *before, {"$set": {"messages": history}}, user("u3", "third wish"))
    assert [step.id for step in trajectory.steps] == ["u1", "g1", "u2", "g2", "n1", "u3"]
    compaction = trajectory.steps[4].parts[0]
    assert (compaction.kind, compaction.origin) == ("compaction", "harness")


def test_a_rewind_takes_back(tmp_path):
    trajectory = read(
        tmp_path, user("u1", "a"), answer("g1", "b"), user("u2", "c"), answer("g2", "d"), {"$rewindTo": "u2"}, user("u3", "e")
    )
    assert [step.id for step in trajectory.steps] == ["u1", "g1", "u3"]


def test_results_after_a_resume_are_told_apart_by_id(tmp_path):
    """`result` then holds the responses of all calls of the turn."""
    both = [
        {"functionResponse": {"id": "c1", "name": "read_file", "response": {"output": "one"}}},
        {"functionResponse": {"id": "c2", "name": "read_file", "response": {"output": "two"}}},
    ]
    calls = [{"id": id, "name": "read_file", "args": {"file_path": id}, "result": both, "status": "success"} for id in ("c1", "c2")]
    repeated = {"id": "u2", "type": "user", "content": both}
    trajectory = read(tmp_path, user("u1", "read"), answer("g1", "", *calls), repeated)
    assert [(result.call_id, result.text) for result in results(trajectory)] == [("c1", "one"), ("c2", "two")]


def test_a_result_without_its_answer_is_kept(tmp_path):
    lone = {
        "id": "u2",
        "type": "user",
        "content": [{"functionResponse": {"id": "c9", "name": "glob", "response": {"output": "x"}}}],
    }
    trajectory = read(tmp_path, user("u1", "find"), lone)
    assert trajectory.steps[1].source == "tool" and results(trajectory)[0].text == "x"


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([user("u1", "<session_context>\nThis is …\n</session_context>"), user("u2", "go")], [("user", "go")]),
        ([user("u1", "<hook_context>H</hook_context>\n\ngo")], [("user", "go")]),
        ([user("u1", "go"), user("u2", "keep-going", displayContent=[{"text": "go"}])], [("user", "go")]),
        ([user("u1", "go"), user("u2", "Please continue.", displayContent=[{"text": "go"}])], [("user", "go")]),
        ([user("u1", "System: Please continue."), user("u2", "go")], [("user", "go")]),
        ([user("u1", "BODY of a command", displayContent=[{"text": "/tidy attic"}])], [("user", "/tidy attic")]),
        ([user("u1", "again"), user("u2", "again")], [("user", "again"), ("user", "again")]),
        ([user("u1", "see @a/**", displayContent=[{"text": "see @a/"}])], [("user", "see @a/")]),
    ],
    ids=["context", "hook", "after-agent-hook", "next-speaker", "system", "command", "repeated", "reference"],
)
def test_only_the_users_words_are_the_users(tmp_path, records, expected):
    assert [pair for pair in words(read(tmp_path, *records)) if pair[0] == "user"] == expected


def test_a_command_that_is_called_twice_is_said_twice(tmp_path):
    shown = {"displayContent": [{"text": "/tidy attic"}]}
    trajectory = read(tmp_path, user("u1", "BODY attic", **shown), answer("g1", "ok"), user("u2", "BODY attic", **shown))
    assert [text for origin, text in words(trajectory) if origin == "user"] == ["/tidy attic"] * 2
    assert {step.place for step in trajectory.steps if step.source == "user"} == {"command_args"}


def test_what_answers_a_question_is_the_users(tmp_path):
    asked = call("c1", "ask_user", {"questions": []}, {"output": '{"answers":{"0":"the blue one"}}'})
    trajectory = read(tmp_path, user("u1", "paint"), answer("g1", "", asked))
    (step,) = [step for step in trajectory.steps if step.place == "answer"]
    assert step.parts[0].text == "the blue one" and step.parts[0].origin == "user"


def test_a_sub_agent_has_a_parent_and_no_user(tmp_path):
    header = HEADER | {"kind": "subagent", "sessionId": "child", "directories": ["/srv/work/notes"]}
    trajectory = read(tmp_path, user("u1", "Look for files."), answer("g1", "found"), header=header, name="chats/s-0/child.jsonl")
    session = trajectory.session
    assert (session.id, session.parent, session.cwd) == ("gemini:child", "gemini:s-0", "/srv/work/notes")
    assert words(trajectory)[0] == ("assistant", "Look for files.") and all(step.sidechain for step in trajectory.steps)


def test_a_parent_names_its_children(tmp_path):
    spawning = call("c1", "invoke_agent", {"agent_name": "scout"}, {"output": "found"}) | {"agentId": "child"}
    assert read(tmp_path, user("u1", "look"), answer("g1", "", spawning)).children == ("gemini:child",)


def test_the_stub_that_a_resume_leaves_is_no_session(tmp_path):
    path = tmp_path / "session-2.jsonl"
    context = user("x", "<session_context>\nThis is the Gemini CLI.\n</session_context>")
    path.write_text("".join(json.dumps(r) + "\n" for r in (HEADER, {"$set": {"messages": [context]}})), "utf-8")
    assert list(reader.read(path)) == []


def test_what_is_not_known_is_counted(tmp_path):
    trajectory = read(tmp_path, user("u1", "hi"), {"id": "q", "type": "hologram", "content": "?"}, {"future": 1})
    assert trajectory.unknown == {"message:hologram": 1, "record": 1}


def test_an_older_file_over_several_lines(tmp_path):
    path = tmp_path / "session-1.json"
    path.write_text(json.dumps(HEADER | {"messages": [user("u1", "hi"), answer("g1", "hello")]}, indent=2), "utf-8")
    (reading,) = reader.read(path)
    assert [step.id for step in reading.trajectory.steps] == ["u1", "g1"] and reader.detects(path, path.read_bytes())


def test_the_folder_is_found_by_its_hash(tmp_path):
    from hashlib import sha256

    header = HEADER | {"projectHash": sha256(b"/srv/work/notes").hexdigest()}
    written = call("c1", "write_file", {"file_path": "docs/a.md"}, {"output": "Successfully created /srv/work/notes/docs/a.md."})
    assert read(tmp_path, user("u1", "write"), answer("g1", "", written), header=header).session.project == "/srv/work/notes"


@pytest.mark.parametrize(
    ("raw", "text", "exit"),
    [
        ("<untrusted_context>\nOutput: no\nExit Code: 3\nProcess Group PGID: 9\n</untrusted_context>", "no", 3),
        ("Output: (empty)\nProcess Group PGID: 9", "", 0),
        (
            "Command: a\nDirectory: (root)\nOutput: x\ny\nError: (none)\nExit Code: 0\nSignal: 0\nBackground PIDs: (none)\nProcess Group PGID: 9",
            "x\ny",
            0,
        ),
        (
            "Command: a\nb\nDirectory: (root)\nOutput: Exit Code: 7\nError: (none)\nExit Code: 1\nSignal: 0\nProcess Group PGID: 9",
            "Exit Code: 7",
            1,
        ),
        ("Output: x\nExit Code: 1\nSignal: SIGTERM\nProcess Group PGID: 9", "x", 1),
        ("Command moved to background (PID: 4). Output hidden.", "Command moved to background (PID: 4). Output hidden.", None),
        ("Tool output was too large.\n…tail\nError: (none)\nExit Code: 2\nSignal: 0\nProcess Group PGID: 9", None, 2),
    ],
)
def test_the_frame_of_a_shell_result_is_taken_off(raw, text, exit):
    output = shell_output(raw)
    assert output.exit == exit
    assert text is None or output.text == text


def test_times():
    assert epoch("2026-11-21T08:00:00.500Z") == epoch(1795248000500) == epoch(1795248000.5) == 1795248000500
    assert epoch("yesterday") is None and epoch(None) is None
