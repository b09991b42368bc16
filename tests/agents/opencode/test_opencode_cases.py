"""Real databases of opencode (made by the program with a scripted model, kept as SQL) against what is expected of them."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardwon.agents.contract import Earlier, Places
from hardwon.agents.opencode import reader
from hardwon.errors import SourceError

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
TOOLS = next(case for case in CASES if case.name == "tools-and-fork")


def make(case: Path, folder: Path) -> Path:
    """The database of a case, made from its SQL."""
    path = folder / "opencode.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript((case / "opencode.sql").read_text("utf-8"))
    connection.close()
    return path


def change(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def users_words(trajectory):
    return [part.text for step in trajectory.steps for part in step.parts if part.origin == "user"]


def sessions(path: Path):
    return {reading.trajectory.session.native_id: reading.trajectory for reading in reader.read(path)}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_case(case, golden, tmp_path, monkeypatch):
    make(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    golden(case / "expected.json", [reading.trajectory for reading in reader.read(Path("opencode.db"))])


def test_nothing_changed_yields_nothing(tmp_path):
    path = make(TOOLS, tmp_path)
    readings = list(reader.read(path))
    assert len(readings) == 2 and len({reading.cursor for reading in readings}) == 1
    assert list(reader.read(path, Earlier(readings[0].cursor))) == []


@pytest.mark.parametrize("table", ["session", "message", "part"])
def test_only_sessions_that_changed_are_yielded(tmp_path, table):
    path = make(TOOLS, tmp_path)
    first = {reading.trajectory.session.native_id: reading for reading in reader.read(path)}
    id = sorted(first)[0]
    column = "id" if table == "session" else "session_id"
    change(path, f"UPDATE {table} SET time_updated = time_updated + 5000 WHERE {column} = '{id}'")
    again = list(reader.read(path, Earlier(first[id].cursor)))
    assert [reading.trajectory.session.native_id for reading in again] == [id]
    assert list(reader.read(path, Earlier(again[0].cursor))) == []


def test_a_deleted_message_is_seen_and_a_deleted_session_is_not_yielded(tmp_path):
    path = make(TOOLS, tmp_path)
    fork, original = list(reader.read(path))[::-1]
    last = original.trajectory.steps[-1].id
    change(
        path, f"DELETE FROM message WHERE id = '{last}'", f"DELETE FROM session WHERE id = '{fork.trajectory.session.native_id}'"
    )
    (again,) = reader.read(path, Earlier(original.cursor))
    assert again.trajectory.steps[-1].id == original.trajectory.steps[-2].id


def test_a_database_in_use_is_read_and_left_alone(tmp_path):
    path = make(TOOLS, tmp_path)
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("UPDATE session SET title = 'written into the log'")
    writer.commit()
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    titles = {trajectory.session.title for trajectory in sessions(path).values()}
    assert titles == {"written into the log"} and hashlib.sha256(path.read_bytes()).hexdigest() == before
    writer.close()


def test_a_fork_carries_where_it_comes_from(tmp_path):
    found = sessions(make(TOOLS, tmp_path))
    (fork,) = [t for t in found.values() if t.session.forked_from]
    (original,) = [t for t in found.values() if not t.session.forked_from]
    assert fork.session.forked_from == original.session.id
    copied = [step for step in fork.steps if step.copy_of]
    assert len(copied) == len(original.steps) and {step.copy_of for step in copied} == {original.session.id}
    assert users_words(fork)[-1] == "and in the fork" and not fork.steps[-2].copy_of


def test_the_newer_tables_win_where_they_were_written_last(tmp_path):
    path = make(TOOLS, tmp_path)
    (id, *_) = sorted(sessions(path))
    rows = [
        ("m1", "user", 1, {"text": '"say hi"'}),
        (
            "m2",
            "assistant",
            2,
            {
                "content": [
                    {"type": "text", "text": "hi"},
                    {
                        "type": "tool",
                        "id": "c",
                        "name": "bash",
                        "state": {
                            "status": "completed",
                            "input": {"command": "false"},
                            "metadata": {"exit": 1},
                            "content": [{"type": "text", "text": "no"}],
                        },
                    },
                ]
            },
        ),
        ("m3", "compaction", 3, {"summary": "SUMMARY"}),
        ("m4", "shell", 4, {"command": "ls", "status": "completed", "exit": 0, "output": {"output": "a"}}),
        ("m5", "hologram", 5, {}),
    ]
    with sqlite3.connect(path) as connection:
        for row_id, kind, seq, data in rows:
            text = msgspec.json.encode(data).decode()
            late = 9_999_999_999_999
            connection.execute("INSERT INTO session_message VALUES (?,?,?,?,?,?,?)", (row_id, id, kind, seq, late, late, text))
    connection.close()
    trajectory = sessions(path)[id]
    assert [step.id for step in trajectory.steps] == ["m1", "m2", "m3", "m4"] and users_words(trajectory) == ["say hi"]
    results = [part.result for step in trajectory.steps for part in step.parts if part.result]
    assert [(r.text, r.exit) for r in results] == [("no", 1), ("a", 0)] and trajectory.unknown == {"message:hologram": 1}
    change(path, "UPDATE session_message SET time_updated = 1")
    assert "m1" not in {step.id for step in sessions(path)[id].steps}


def test_a_table_of_newer_sessions(tmp_path):
    path = make(TOOLS, tmp_path)
    (id, *_) = sorted(sessions(path))
    change(path, "CREATE TABLE session_v2 AS SELECT * FROM session", f"UPDATE session_v2 SET title = 'newer' WHERE id = '{id}'")
    assert sessions(path)[id].session.title == "newer"


def test_rows_that_are_no_json_are_gaps(tmp_path):
    path = make(TOOLS, tmp_path)
    id = sorted(sessions(path))[0]
    change(path, f'UPDATE part SET data = \'{{"type": "text", "te\' WHERE session_id = \'{id}\'')
    trajectory = sessions(path)[id]
    assert trajectory.gaps and not users_words(trajectory)


def test_where_the_databases_lie(tmp_path):
    data, other = tmp_path / "data" / "opencode", tmp_path / "other.db"
    data.mkdir(parents=True)
    make(TOOLS, data)
    other.write_bytes(make(TOOLS, tmp_path).read_bytes())
    env = {"XDG_DATA_HOME": str(tmp_path / "data")}
    assert list(reader.discover(Places(tmp_path))) == []
    assert list(reader.discover(Places(tmp_path, env))) == [data / "opencode.db"]
    assert list(reader.discover(Places(tmp_path, env | {"OPENCODE_DB": str(other)}))) == [data / "opencode.db", other]


def test_detects_by_content(tmp_path):
    path = make(TOOLS, tmp_path)
    assert reader.detects(path, path.read_bytes()[:65536])
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE session (id TEXT)")
    connection.close()
    assert not reader.detects(foreign, foreign.read_bytes()[:65536])
    assert reader.detects(path, b'{\n  "info": {\n    "id": "ses_1"')
    assert not reader.detects(path, b'{"info": {"title": "x"}}')
    with pytest.raises(SourceError):
        list(reader.read(foreign))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_database_is_an_error_or_gaps_and_nothing_else(tmp_path, data):
    path = make(TOOLS, tmp_path)
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(16, len(raw) - 1))
        raw[at : at + 8] = data.draw(st.binary(min_size=8, max_size=8))
    path.write_bytes(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    try:
        for reading in reader.read(path):
            msgspec.json.encode(reading)
    except SourceError:
        pass


@pytest.mark.samples
def test_everyday_samples(samples):
    (path,) = reader.discover(Places(samples / "everyday"))
    found = list(sessions(path).values())
    assert [users_words(t) for t in found] == [["add vitest", "again: pnpm, not npm!"], ["Run the tests, then build"]]
    assert [r.exit for t in found for s in t.steps for p in s.parts if (r := p.result)] == [0, 0, 2, 0, 0]


@pytest.mark.samples
def test_case_samples(samples):
    words = {}
    for home in sorted((samples / "cases" / "opencode").iterdir()):
        for path in reader.discover(Places(home)):
            for trajectory in sessions(path).values():
                assert not trajectory.gaps and not trajectory.unknown
                words.setdefault(home.name, []).append(users_words(trajectory))
    assert words["plugin-injected"] == [["run it"]] and words["sigint"] == [["do long"]]
    assert words["resume-fork"] == [["first ask", "second ask"], ["first ask", "second ask", "forked ask"]]
    assert words["skill-by-command"] == [["now go"]] and words["skill-used-by-model"] == [["please do alpha things"]]
    assert words["subagent-and-command"][:2] == [["hi"], []]


@pytest.mark.samples
def test_real_exports_are_read_without_loss(samples):
    paths = sorted((samples / "real" / "opencode").rglob("*.json"))
    assert paths
    failed = 0
    for path in paths:
        assert reader.detects(path, path.read_bytes()[:65536])
        (reading,) = reader.read(path)
        assert not reading.trajectory.gaps and not reading.trajectory.unknown and reading.trajectory.session.project
        failed += sum(bool(r.exit) for s in reading.trajectory.steps for p in s.parts if (r := p.result))
    assert failed
