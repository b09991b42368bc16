"""Real sessions of Gemini CLI (made by the program with a scripted model) against what is expected of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwon.agents.contract import Earlier, Places
from hardwon.agents.gemini import reader

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
FILES = [path for case in CASES for path in sorted(case.rglob("*.jsonl"))]


def users_words(trajectory):
    return [part.text for step in trajectory.steps for part in step.parts if part.origin == "user"]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case, golden, monkeypatch):
    monkeypatch.chdir(case)
    found = [path.relative_to(case) for path in reader.discover(Places(case))]
    golden(case / "expected.json", [reading.trajectory for path in found for reading in reader.read(path)])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[-8:])
def test_going_on_equals_reading_whole_at_every_cut(path, tmp_path):
    raw = path.read_bytes()
    chats = tmp_path / ".gemini" / "tmp" / "notes" / "chats"
    chats.mkdir(parents=True)
    target = chats / path.name
    target.write_bytes(raw)
    (whole,) = reader.read(target)
    ends = [i + 1 for i, byte in enumerate(raw) if byte == 10]
    for cut in sorted({*ends, *(end - 7 for end in ends), *(end - 1 for end in ends), 1}):
        target.write_bytes(raw[:cut])
        first = next(reader.read(target), None)
        target.write_bytes(raw)
        earlier = Earlier(first.cursor, first.trajectory) if first else None
        (after,) = reader.read(target, earlier)
        assert after.trajectory == whole.trajectory, cut
        if first:
            assert after.trajectory.steps[: after.first_new] == first.trajectory.steps[: after.first_new]


def test_what_did_not_change_is_not_new(tmp_path):
    target = tmp_path / FILES[0].name
    target.write_bytes(FILES[0].read_bytes())
    (first,) = reader.read(target)
    (second,) = reader.read(target, Earlier(first.cursor, first.trajectory))
    assert second == msgspec.structs.replace(first, first_new=len(first.trajectory.steps))


def test_a_file_written_anew_is_read_whole(tmp_path):
    target = tmp_path / "a.jsonl"
    target.write_bytes(FILES[1].read_bytes())
    (first,) = reader.read(target)
    target.write_bytes(FILES[0].read_bytes())
    (again,) = reader.read(target, Earlier(first.cursor, first.trajectory))
    assert again.first_new == 0 and again.trajectory.session.native_id != first.trajectory.session.native_id


def test_the_home_is_moved_by_its_variable(tmp_path):
    chats = tmp_path / "elsewhere" / ".gemini" / "tmp" / "x" / "chats"
    chats.mkdir(parents=True)
    (chats / "session-1.jsonl").write_bytes(FILES[0].read_bytes())
    places = Places(tmp_path / "home", {"GEMINI_CLI_HOME": str(tmp_path / "elsewhere")})
    assert [path.name for path in reader.discover(places)] == ["session-1.jsonl"]
    assert list(reader.discover(Places(tmp_path / "home"))) == []


def test_detects_by_content(tmp_path):
    assert all(reader.detects(Path("x"), path.read_bytes()[:65536]) for path in FILES)
    assert not reader.detects(Path("x"), b'{"uuid":"1","sessionId":"2","parentUuid":null}')
    assert not reader.detects(Path("x"), b"")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_files_give_gaps_and_never_an_error(tmp_path, data):
    raw = bytearray(FILES[1].read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=12))
    target = tmp_path / "damaged.jsonl"
    target.write_bytes(bytes(raw))
    for reading in reader.read(target):
        msgspec.json.encode(reading)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(
        st.dictionaries(
            st.sampled_from(
                ["id", "type", "content", "toolCalls", "$set", "$rewindTo", "sessionId", "messages", "timestamp", "tokens"]
            ),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["user", "gemini", "info"]),
                lambda inner: (
                    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "id", "name", "messages"]), inner)
                ),
                max_leaves=6,
            ),
        ),
        max_size=6,
    )
)
def test_records_of_another_schema_are_counted(tmp_path, records):
    target = tmp_path / "strange.jsonl"
    target.write_bytes(b"".join(msgspec.json.encode(record) + b"\n" for record in records))
    for reading in reader.read(target):
        msgspec.json.encode(reading)


@pytest.mark.samples
def test_everyday_samples(samples):
    sessions = [r.trajectory for path in reader.discover(Places(samples / "everyday")) for r in reader.read(path)]
    assert Counter(t.session.project for t in sessions) == {"/srv/work/storefront": 2}
    assert [len(users_words(t)) for t in sessions] == [1, 1]
    results = [p.result for t in sessions for s in t.steps for p in s.parts if p.result]
    assert sorted(r.exit for r in results) == [0, 0, 1, 2]


@pytest.mark.samples
def test_case_samples(samples):
    words, gaps = {}, []
    for home in sorted((samples / "cases" / "gemini").iterdir()):
        for path in reader.discover(Places(home)):
            for reading in reader.read(path):
                gaps += reading.trajectory.gaps
                assert not reading.trajectory.unknown
                words.setdefault(home.name, []).append(users_words(reading.trajectory))
    assert not gaps
    assert words == {
        "hook-context": [["go"]],
        "interactive-interrupt-compress": [["hello one", "hello two", "run long", "after interrupt"]],
        "resume-and-compress": [["first ask", "second ask", "/compress", "third ask"]],
        "skill-used-by-model": [["please do alpha things"]],
        "stop-hook-feedback": [["go"]],
        "subagent": [[], ["/grp:rcmd aa"], ["/ucmd aa"], ["hi"], ["/um aa"]],
    }


@pytest.mark.samples
def test_older_real_sessions_are_read_without_loss(samples):
    paths = sorted((samples / "real" / "gemini-cli").rglob("*.json"))
    assert paths
    for path in paths:
        assert reader.detects(path, path.read_bytes()[:65536])
        (reading,) = reader.read(path)
        trajectory = reading.trajectory
        assert not trajectory.gaps and not trajectory.unknown and trajectory.session.project
        assert users_words(trajectory)
