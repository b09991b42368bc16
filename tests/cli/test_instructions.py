"""`doctor --instructions`: the audit of what stands already, on its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ID = "ffffffff-0000-4000-8000-00000000000{}"


def transcript(home: Path, number: int, project: Path) -> None:
    """A session in which `wrap make test` fails and `make test` works."""
    records = []

    def add(kind: str, content: list[dict[str, object]]) -> None:
        n = len(records)
        message = {"id": f"m{number}{n}", "role": kind, "model": "x", "content": content}
        records.append(
            {
                "parentUuid": None, "isSidechain": False, "cwd": str(project), "sessionId": ID.format(number), "version": "2.1.60",
                "type": kind, "uuid": f"{number}{n:07d}-0000-4000-8000-00000000000f",
                "timestamp": f"2026-03-{10 + number}T10:00:{n:02d}.000Z", "message": message,
            }
        )  # fmt: skip

    def run(command: str, output: str, failed: bool) -> None:
        id = f"t{number}{len(records)}"
        add("assistant", [{"type": "tool_use", "id": id, "name": "Bash", "input": {"command": command}}])
        add("user", [{"type": "tool_result", "tool_use_id": id, "content": output, "is_error": failed}])

    add("user", [{"type": "text", "text": f"please test part {number}"}])
    run("wrap make test", "Exit code 2\nerror: unrecognized subcommand 'make'", True)
    run("make test", "ok", False)
    folder = home / ".claude" / "projects" / "-shop"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{ID.format(number)}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), "utf-8")


@pytest.fixture
def shop(empty, tmp_path):
    project = tmp_path / "shop"
    project.mkdir()
    for number in (1, 2, 3):
        transcript(empty.home, number, project)
    empty.monkeypatch.chdir(project)
    return empty


def test_a_file_on_disk_that_teaches_the_failure(shop, tmp_path):
    (tmp_path / "shop" / "CLAUDE.md").write_text("# Shop\n\nAlways prefix commands with `wrap`.\n", "utf-8")
    assert shop("scan") == 0
    assert shop("doctor", "--instructions") == 1
    assert "CLAUDE.md:3" in shop.out and "+Exception: run `make …` without `wrap`" in shop.out and "causes" in shop.out
    assert all(len(line) <= 80 for line in shop.out.splitlines())
    found = shop.json("doctor", "--instructions", code=1)
    (verdict,) = found["verdicts"]
    assert (verdict["relation"], verdict["line"], verdict["sessions"]) == ("causes", 3, 3)
    assert (found["sessions"], found["files"], found["instructions"]) == (3, 1, 1)
    assert (tmp_path / "shop" / "CLAUDE.md").read_text("utf-8").count("\n") == 3
    assert shop.json("mine")["rules"][0]["standing"]["relation"] == "causes"
    assert shop("mine") == 0 and shop.out.index("Fix this first") < shop.out.index("Proposed")


def test_nothing_wrong_and_nothing_there(shop, tmp_path):
    assert shop("scan") == 0
    assert shop("doctor", "--instructions") == 0 and "No instruction file" in shop.out
    (tmp_path / "shop" / "CLAUDE.md").write_text("- Be brief\n", "utf-8")
    assert shop("doctor", "--instructions") == 0 and "1 instruction in 1 file" in shop.out


def test_no_sessions_is_said_so(empty):
    assert empty("doctor", "--instructions") == 0
    assert "No sessions are indexed yet" in empty.err


def test_a_selection_without_the_audit_means_nothing(empty):
    assert empty("doctor", "--project", "x") == 2
