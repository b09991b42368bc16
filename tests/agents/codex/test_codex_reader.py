"""Codex's reader: where rollouts lie, which files are its own, whose words a text is, what a call and its output are."""

from __future__ import annotations

import pytest

from hardwon.agents import Places
from hardwon.agents.codex import reader, words
from hardwon.agents.codex.profile import PROFILE
from hardwon.agents.contract import Earlier
from hardwon.records import zstd


def test_finds_rollouts_in_use_archived_and_compressed(tmp_path):
    for name in (
        "sessions/2026/01/02/rollout-b.jsonl",
        "sessions/2026/01/02/rollout-b.jsonl.zst",
        "sessions/2026/01/01/rollout-a.jsonl.zst",
        "archived_sessions/rollout-c.jsonl",
        "history.jsonl",
        "sessions/notes.jsonl",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = reader.discover(Places(tmp_path / "home", {"CODEX_HOME": str(tmp_path)}))
    assert [path.name for path in found] == ["rollout-a.jsonl.zst", "rollout-b.jsonl", "rollout-c.jsonl"]


def test_a_compressed_rollout_reads_the_same(tmp_path):
    line = b'{"timestamp":"2026-04-01T09:00:00.000Z","type":"response_item","payload":{"type":"message","role":"user","content":"hi"}}\n'
    plain, packed = tmp_path / "rollout-x.jsonl", tmp_path / "rollout-x.jsonl.zst"
    plain.write_bytes(line * 2)
    packed.write_bytes(zstd.compress(line * 2))
    (a,), (b,) = reader.read(plain), reader.read(packed)
    assert a.trajectory.steps == b.trajectory.steps and a.cursor == b.cursor and len(a.trajectory.steps) == 2
    (again,) = reader.read(packed, Earlier(b.cursor, b.trajectory))
    assert again.trajectory == b.trajectory and again.first_new == 2


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("fix it", "", ["user"]),
        ("<environment_context>\nx\n</environment_context>", "", ["harness"]),
        ("<environment_context>\nx\n</environment_context>\n\nfix it", "", ["harness", "user"]),
        ("# AGENTS.md instructions for /srv\n\n<INSTRUCTIONS>\nx\n</INSTRUCTIONS>", "", ["echo"]),
        ("<skill>\n<name>x</name>\nbody\n</skill>", "skills.selected_skill_instructions", ["echo"]),
        ("anything", "hooks.additional_context", ["harness"]),
        ("<hook_prompt hook_run_id=\"x\">go on</hook_prompt>", "unknown", ["harness"]),
        ("why <b>bold</b>?", "user.text", ["user"]),
        ("Implement the plan.", "", ["harness"]),
        ("implement the plan", "", ["user"]),
        ("# Files mentioned by the user:\n\n## a.png\n\n## My request for Codex:\nlike this", "", ["harness", "user"]),
    ],
)  # fmt: skip
def test_whose_words_a_text_is(value, kind, expected):
    parts = words.split(value, kind)
    assert [part.origin for part in parts] == expected
    assert all(part.text.strip() for part in parts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("apply_patch verification failed: Failed to find expected lines in a.py:\nx", "patch did not match"),
        ("unsupported call: nosuch", "unknown tool"),
        ("write_stdin failed: Unknown process id 3", "process gone"),
        ("error: MODE is not set", ""),
    ],
)
def test_the_programs_own_errors(text, name):
    assert PROFILE.harness_error_name(text) == name


@pytest.mark.samples
def test_everyday_samples(samples):
    readings = [r.trajectory for path in reader.discover(Places(samples / "everyday")) for r in reader.read(path)]
    assert [[p.text for s in t.steps for p in s.parts if p.origin == "user"] for t in readings] == [
        ["Add zod as a dependency", "use pnpm instead of npm please, package-lock.json must not appear"],
        ["run the pending migration on my local db"],
        ["run the test suite"],
    ]
    assert not any(t.gaps or t.unknown for t in readings)
    assert {t.session.status for t in readings} == {"completed"}


@pytest.mark.samples
def test_case_samples(samples):
    found = {}
    for home in sorted((samples / "cases" / "codex").iterdir()):
        for path in reader.discover(Places(home)):
            (reading,) = reader.read(path)
            assert not reading.trajectory.gaps and not reading.trajectory.unknown
            texts = [p.text for s in reading.trajectory.steps for p in s.parts if p.origin == "user"]
            found.setdefault(home.name, []).append((texts, reading.trajectory.session.status))
    assert found == {
        "interactive-interrupt-compact": [(["hello one", "hello two", "run long", "after interrupt", "more please"], "completed")],
        "mcp-call": [(["hi"], "completed")],
        "resume-fork-autocompact": [(["first ask", "second ask", "compacting ask"], "completed"), (["forked ask"], "completed")],
        "sigint-headless": [(["do long"], "interrupted")],
        "skill-by-dollar": [(["use $alpha now"], "completed")],
        "skill-read-by-model": [(["please do alpha things"], "completed")],
        "stop-hook-feedback": [(["go"], "completed")],
        "subagent": [(["use a sub agent"], "completed"), ([], "completed")],
    }
