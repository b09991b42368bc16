"""Sessions of Claude Code and Codex, made by the programs with a scripted model or by hand, against the trajectories expected of them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwon.agents.claude import reader as claude
from hardwon.agents.codex import reader as codex
from hardwon.agents.contract import Earlier, Places

READERS = {"claude": claude, "codex": codex}
FOLDERS = {agent: Path(__file__).parent / agent / "cases" for agent in READERS}
CASES = [(agent, path) for agent, folder in FOLDERS.items() for path in sorted(folder.iterdir()) if path.is_dir()]
FILES = [(agent, path) for agent, case in CASES for path in READERS[agent].discover(Places(case))]

cases = pytest.mark.parametrize(("agent", "case"), CASES, ids=[f"{a}-{p.name}" for a, p in CASES])
files = pytest.mark.parametrize(("agent", "path"), FILES, ids=[f"{a}-{p.stem[-12:]}" for a, p in FILES])


@cases
def test_case(agent, case, golden, monkeypatch):
    reader = READERS[agent]
    monkeypatch.chdir(case)
    found = [path.relative_to(case) for path in reader.discover(Places(case))]
    golden(case / "expected.json", [reading.trajectory for path in found for reading in reader.read(path)])


@files
def test_reading_on_equals_reading_whole_at_every_cut(agent, path, tmp_path):
    reader = READERS[agent]
    raw = path.read_bytes()
    target = tmp_path / path.name
    target.write_bytes(raw)
    (whole,) = reader.read(target)
    ends = [i + 1 for i, byte in enumerate(raw) if byte == 10]
    for cut in sorted({0, 1, *ends, *(end - 1 for end in ends), *(end - 9 for end in ends)}):
        target.write_bytes(raw[:cut])
        (first,) = reader.read(target)
        target.write_bytes(raw)
        (after,) = reader.read(target, Earlier(first.cursor, first.trajectory))
        assert after.trajectory == whole.trajectory, cut
        assert after.trajectory.steps[: after.first_new] == first.trajectory.steps[: after.first_new]


@files
def test_growing_line_by_line_equals_reading_whole(agent, path, tmp_path):
    reader = READERS[agent]
    target = tmp_path / path.name
    target.write_bytes(b"")
    earlier = None
    for line in path.read_bytes().splitlines(keepends=True):
        with target.open("ab") as file:
            file.write(line)
        (now,) = reader.read(target, earlier)
        earlier = Earlier(now.cursor, now.trajectory)
    (whole,) = reader.read(target)
    assert now.trajectory == whole.trajectory


def test_the_cursor_holds_no_text(tmp_path):
    for agent, path in FILES:
        (reading,) = READERS[agent].read(path)
        for step in reading.trajectory.steps:
            for part in step.parts:
                assert len(part.text) < 12 or part.text.encode() not in reading.cursor


@pytest.mark.parametrize("agent", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_give_gaps_and_never_an_error(agent, tmp_path, data):
    reader = READERS[agent]
    raw = bytearray(data.draw(st.sampled_from([path for a, path in FILES if a == agent])).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=12))
    target = tmp_path / "damaged.jsonl"
    target.write_bytes(bytes(raw))
    (reading,) = reader.read(target)
    msgspec.json.encode(reading.trajectory)
    assert [step.ordinal for step in reading.trajectory.steps] == list(range(len(reading.trajectory.steps)))
    assert len({step.id for step in reading.trajectory.steps}) == len(reading.trajectory.steps)
