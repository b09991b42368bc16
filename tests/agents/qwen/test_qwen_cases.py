"""Real sessions of Qwen Code (made by the program with a scripted model) against what is expected of them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwon.agents.contract import Earlier, Places
from hardwon.agents.qwen import reader

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
FILES = [path for case in CASES for path in sorted(case.rglob("*.jsonl"))]


def users_words(trajectory):
    return [part.text for step in trajectory.steps for part in step.parts if part.origin == "user"]


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case, golden, monkeypatch):
    monkeypatch.chdir(case)
    found = [path.relative_to(case) for path in reader.discover(Places(case))]
    golden(case / "expected.json", [reading.trajectory for path in found for reading in reader.read(path)])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem[:8])
def test_going_on_equals_reading_whole_at_every_cut(path, tmp_path):
    raw = path.read_bytes()
    target = tmp_path / path.name
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


def test_the_folders_are_moved_by_their_variables(tmp_path):
    for folder in ("home/.qwen", "moved", "runtime"):
        chats = tmp_path / folder / "projects" / "-srv" / "chats"
        chats.mkdir(parents=True)
        (chats / f"{folder[0]}.jsonl").write_bytes(FILES[0].read_bytes())

    def names(**env):
        return [path.name for path in reader.discover(Places(tmp_path / "home", {k: str(tmp_path / v) for k, v in env.items()}))]

    assert names() == ["h.jsonl"]
    assert names(QWEN_HOME="moved") == ["m.jsonl"]
    assert names(QWEN_HOME="moved", QWEN_RUNTIME_DIR="runtime") == ["m.jsonl", "r.jsonl"]


def test_detects_by_content():
    assert all(reader.detects(Path("x"), path.read_bytes()[:65536]) for path in FILES)
    claude = b'{"uuid":"1","sessionId":"2","parentUuid":null,"type":"user","message":{"role":"user","content":"hi"}}\n'
    assert not reader.detects(Path("x"), claude) and not reader.detects(Path("x"), b"\x00\xff")


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
        st.fixed_dictionaries(
            {
                "uuid": st.text(max_size=2) | st.none(),
                "type": st.sampled_from(["user", "assistant", "tool_result", "system", "new", None]),
            },
            optional={
                "subtype": st.sampled_from(["ui_telemetry", "slash_command", "rewind", "chat_compression", "x"]),
                "parentUuid": st.text(max_size=2) | st.none(),
                "systemPayload": st.recursive(
                    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["invocation", "result"]),
                    lambda inner: (
                        st.lists(inner, max_size=3)
                        | st.dictionaries(st.sampled_from(["uiEvent", "phase", "rawCommand", "compressedHistory", "parts"]), inner)
                    ),
                    max_leaves=6,
                ),
                "message": st.none()
                | st.fixed_dictionaries({"parts": st.lists(st.dictionaries(st.just("text"), st.text()), max_size=2)}),
            },
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
    assert [users_words(t) for t in sessions] == [
        ["run tests"],
        ["rename Checkout to CheckoutForm", "and put it in the changelog (Unreleased section)"],
    ]
    assert [r.exit for t in sessions for s in t.steps for p in s.parts if (r := p.result) and r.exit is not None] == [2, 0]


@pytest.mark.samples
def test_case_samples(samples):
    words = {}
    for home in sorted((samples / "cases" / "qwen").iterdir()):
        for path in reader.discover(Places(home)):
            for reading in reader.read(path):
                assert not reading.trajectory.gaps and not reading.trajectory.unknown
                words.setdefault(home.name, []).append(users_words(reading.trajectory))
    assert words == {
        "hook-context": [["go"]],
        "interactive-compress": [["hello one", "hello two", "run long", "after interrupt", "/compress"]],
        "resume-and-compress": [["first ask", "second ask", "third ask"]],
        "skill-by-slash": [["/alpha now"]],
        "skill-used-by-model": [["please do alpha things"]],
        "subagent": [["RCMDBODY aa"], ["hi"], ["UMBODY aa"], ["UCMDBODY aa"]],
    }
