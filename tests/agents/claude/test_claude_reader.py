"""Claude Code's reader: where sessions lie, which files are its own, whose words a text is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardwon.agents import AGENTS, Places
from hardwon.agents.claude import reader, words
from hardwon.agents.claude.profile import PROFILE

ID = "aaaaaaaa-0000-4000-8000-00000000000a"


def origins(value):
    return [(part.origin, part.text) for part in words.split(value)]


def test_finds_sessions_and_sub_agents_and_nothing_else(tmp_path):
    root = tmp_path / "moved" / "projects" / "-srv-work-shop"
    for name in (f"{ID}.jsonl", f"{ID}/subagents/agent-a1.jsonl", "agent-b2.jsonl", "notes.jsonl", f"{ID}/tool-results/x.jsonl"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    found = list(reader.discover(Places(tmp_path, {"CLAUDE_CONFIG_DIR": str(tmp_path / "moved")})))
    assert [str(path.relative_to(root)) for path in found] == [f"{ID}/subagents/agent-a1.jsonl", f"{ID}.jsonl", "agent-b2.jsonl"]
    assert list(reader.discover(Places(tmp_path))) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("why twice?", [("user", "why twice?")]),
        ("a < b and [x]", [("user", "a < b and [x]")]),
        ("<system-reminder>\nx\n</system-reminder>", [("harness", "<system-reminder>\nx\n</system-reminder>")]),
        ("fix it <system-reminder>x</system-reminder> now", [
            ("user", "fix it "), ("harness", "<system-reminder>x</system-reminder>"), ("user", "now")]),
        ("<system-reminder>\nnever closed", [("harness", "<system-reminder>\nnever closed")]),
        ("Stop hook feedback:\n[x]: keep going", [("harness", "Stop hook feedback:\n[x]: keep going")]),
        ("Implement the following plan:\n\n# P", [("harness", "Implement the following plan:\n\n# P")]),
        ("please implement the following plan: x", [("user", "please implement the following plan: x")]),
        ("[Request interrupted by user for tool use]", [("harness", "[interrupted] [Request interrupted by user for tool use]")]),
        ("<bash-input>git push</bash-input>", [("harness", "<bash-input>git push</bash-input>")]),
        ("<div>the button</div> is missing", [("user", "<div>the button</div> is missing")]),
    ],
)  # fmt: skip
def test_whose_words_a_text_is(value, expected):
    assert origins(value) == expected


def test_commands_and_what_repeats_them():
    tagged = "<command-message>x</command-message>\n<command-name>/x</command-name>\n<command-args>a b</command-args>"
    assert words.command(tagged) == ("/x", "a b") and words.same(tagged) == "/x a b"
    assert words.command("what does <command-name>/x</command-name> do?") is None
    assert words.repeats("do this and that too", "do this") and not words.repeats("do that", "do this")


def test_notices_in_the_queue_are_not_the_users():
    assert words.is_notice('{"task_id":"b1","description":"x","task_type":"local_bash"}')
    assert words.is_notice("<task-notification>\nx\n</task-notification>")
    assert not words.is_notice("commit then") and not words.is_notice('{"a": 1}')


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<tool_use_error>String to replace not found in file.\nString: x</tool_use_error>", "edit did not match"),
        ("<tool_use_error>File has not been read yet. Read it first before writing to it.</tool_use_error>", "file not read yet"),
        ("<tool_use_error>Sibling tool call errored</tool_use_error>", "sibling call cancelled"),
        ("<tool_use_error>Unknown skill: commit</tool_use_error>", "unknown skill"),
        ("Agent type 'x' not found. Available agents: a", "unknown agent"),
        ("Claude requested permissions to use Bash, but you haven't granted it yet.", "not granted"),
        ("Exit code 1\nString to replace not found in file", ""),
        ("<tool_use_error>Path does not exist: /srv/x</tool_use_error>", ""),
        ("", ""),
    ],
)
def test_the_programs_own_errors(text, name):
    assert PROFILE.harness_error_name(text) == name
    assert PROFILE.is_harness_error(text) == bool(name)


def users(path: Path) -> list[str]:
    (reading,) = reader.read(path)
    return [p.text for s in reading.trajectory.steps for p in s.parts if p.origin == "user" and p.kind == "text"]


@pytest.mark.samples
def test_everyday_samples(samples):
    found = list(AGENTS["claude"].reader.discover(Places(samples / "everyday")))
    readings = [reading.trajectory for path in found for reading in reader.read(path)]
    assert len(readings) == 12 and not any(t.gaps or t.unknown for t in readings)
    turns = [p.text for t in readings for s in t.steps for p in s.parts if p.origin == "user"]
    results = [p.result for t in readings for s in t.steps for p in s.parts if p.result]
    assert len(turns) == 17 and "No, don't use npm here. This repo uses pnpm" in turns
    assert (len(results), sum(bool(r.error_flag) for r in results), sum(r.harness_error for r in results)) == (31, 11, 1)
    assert sorted(r.exit for r in results if r.exit is not None) == [1, 1, 1, 1, 1, 2, 2, 3, 64, 127]
    assert {t.session.project for t in readings} == {"/srv/work/storefront", "/srv/work/notes-cli"}


@pytest.mark.samples
def test_case_samples(samples):
    found = {}
    for home in sorted((samples / "cases" / "claude").iterdir()):
        for path in reader.discover(Places(home)):
            (reading,) = reader.read(path)
            assert not reading.trajectory.gaps and not reading.trajectory.unknown
            found.setdefault(home.name, []).append(users(path))
    assert found == {
        "interactive-interrupt-compact": [
            ["hello one", "hello two", "hello three", "run long", "after interrupt", "/compact", "/exit"]
        ],
        "mcp-call": [["hi"]],
        "mcp-prompt": [["/mcp__hwu__mine_it tests"]],
        "resume-compact-fork": [
            ["/compact keep the tests", "third ask", "forked ask"],
            ["first ask", "second ask", "/compact keep the tests", "third ask"],
        ],
        "sigint-headless": [["do long"]],
        "skill-by-slash": [["/alpha now go"]],
        "skill-used-by-model": [["please do alpha things"]],
        "stop-hook-feedback": [["go"]],
        "subagent-and-hooks": [[], ["run it"]],
    }
