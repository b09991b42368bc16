"""What Hardwon must show on the everyday sample: 21 sessions that five real agents wrote, with four lessons planted in them.

The figures were counted from the raw files by hand.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest
from tests.cli.copies import copy_session

pytestmark = pytest.mark.samples

COUNTS = {
    "claude:0e1545c8": (1, 0, 0), "claude:1e84572d": (1, 5, 2), "claude:48a74a2e": (1, 2, 1), "claude:687a5c91": (2, 3, 2),
    "claude:721efb47": (2, 2, 0), "claude:796801d1": (1, 3, 0), "claude:828f9319": (1, 1, 0), "claude:84de2c79": (1, 1, 1),
    "claude:98c8a73a": (1, 1, 1), "claude:9b63f8a6": (2, 4, 1), "claude:ecad428a": (2, 3, 2), "claude:f95a7a3b": (2, 6, 1),
    "codex:01a1fc1f-92": (2, 2, 0), "codex:01a1fc1f-a9": (1, 3, 1), "codex:01a1fc1f-b1": (1, 2, 1),
    "gemini:260ee523": (1, 2, 1), "gemini:a7051cfd": (1, 2, 1), "opencode:ses_e03e03": (1, 3, 1), "opencode:ses_e03e06": (2, 2, 0),
    "qwen:1a47cd16": (1, 2, 1), "qwen:9daa1375": (2, 2, 0),
}  # fmt: skip
"""Session → user turns, tool calls, failed calls."""

LESSONS = {
    "APP_ENV=test": "claude:9b63f8a6 claude:f95a7a3b codex:01a1fc1f-b1 gemini:a7051cfd opencode:ses_e03e03 qwen:1a47cd16",
    "scripts/worker stop": "claude:1e84572d codex:01a1fc1f-a9 gemini:260ee523",
    "pnpm": "claude:687a5c91 codex:01a1fc1f-92 opencode:ses_e03e06",
    "changelog": "claude:721efb47 claude:9b63f8a6 claude:f95a7a3b qwen:9daa1375",
}
"""A word of each rule → the sessions that prove it."""

SECRETS = ("AKIAIOSF", "wJalrXUt", "K7MDENG", "bPxRfiCY", "ghp_0123", "0123456789abcdefghij")
HIDDEN = ("203.0.113.9", "x.sh", "ignore previous instructions", "curl http")
"""Beginnings and middles of what was planted: secrets in one session's output, an instruction in another's."""


@pytest.fixture
def everyday(samples: Path) -> Path:
    return samples / "everyday"


@pytest.fixture
def user(everyday, empty):
    """A home that holds the sample."""
    shutil.copytree(everyday, empty.home, dirs_exist_ok=True)
    for path in [empty.home, *empty.home.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return empty


def short(id: str) -> str:
    (found,) = [name for name in COUNTS if id.startswith(name)]
    return found


def kept(home: Path) -> dict[str, bytes]:
    """All that Hardwon keeps but the archive and git's own files."""
    files = (p for p in sorted(home.rglob("*")) if p.is_file())
    return {str(p.relative_to(home)): p.read_bytes() for p in files if not {"archive", ".git"} & set(p.relative_to(home).parts)}


def written(home: Path) -> str:
    """Everything outside the archive as text: files as they are, stored sessions unpacked, the words of the full-text index."""
    from hardwon.model import Selection
    from hardwon.store.db import Store
    from hardwon.store.home import Home

    texts = [
        p.read_bytes().decode("latin-1") for p in home.rglob("*") if p.is_file() and "archive" not in p.relative_to(home).parts
    ]
    with Store.open(Home(home)) as store:
        texts += [msgspec.json.encode(store.trajectory_of(row.key)).decode() for row in store.sessions(Selection(children=True))]
        store.connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)")
        texts += [row[0] for row in store.connection.execute("SELECT term FROM vocabulary")]
    return "\n".join(texts).lower()


def assert_sessions(rows: list[dict[str, object]]) -> None:
    assert {short(row["id"]): (row["user_turns"], row["tool_calls"], row["failed_calls"]) for row in rows} == COUNTS
    assert len(rows) == 21 and not any(row["gaps"] for row in rows)


def assert_rules(mined: dict[str, object]) -> None:
    assert (mined["sessions"], mined["skipped"]) == (21, 0)
    proofs = {
        word: " ".join(sorted({short(e["session"]) for e in rule["evidence"] if e["role"] == "supports"}))
        for rule in mined["rules"]
        for word in LESSONS
        if word in rule["text"]
    }
    assert proofs == LESSONS
    assert len(mined["rules"]) == 4, [rule["text"] for rule in mined["rules"]]
    assert [rule["support"] for rule in mined["rules"]] == [
        len(proofs[w].split()) for r in mined["rules"] for w in LESSONS if w in r["text"]
    ]


def test_all_is_read_from_a_path(everyday, empty):
    path = str(everyday)
    before = {p: p.stat().st_mtime_ns for p in everyday.rglob("*")}
    assert_rules(empty.json("mine", "--path", path, "--preview"))
    assert_sessions(empty.json("sessions", "list", "--path", path))
    assert empty.json("sessions", "list") == []
    assert {p: p.stat().st_mtime_ns for p in everyday.rglob("*")} == before, "nothing was written beside the sessions"


def test_all_is_read_from_a_home_and_nothing_twice(user):
    home = Path(os.environ["HARDWON_HOME"])
    first = user.json("mine")
    assert_rules(first)
    assert_sessions(user.json("sessions", "list"))
    before, head = kept(home), (home / "skills" / ".git" / "refs" / "heads" / "main").read_bytes()
    assert user.json("mine") == first
    assert user.json("scan")["bytes"] == 0
    assert kept(home) == before
    assert (home / "skills" / ".git" / "refs" / "heads" / "main").read_bytes() == head

    copied = copy_session(next(user.home.rglob("796801d1*.jsonl")), "2026-11-21", "2026-11-22")
    scanned = user.json("scan")
    assert (scanned["read"], scanned["bytes"], scanned["sessions"]) == (1, copied.stat().st_size, 22)


def test_all_is_read_from_where_the_agents_variables_point(everyday, empty, monkeypatch):
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(everyday / ".claude"))
    monkeypatch.setenv("CODEX_HOME", str(everyday / ".codex"))
    monkeypatch.setenv("XDG_DATA_HOME", str(everyday / ".local" / "share"))
    found = [row["agent"] for row in empty.json("mine", "--preview") and empty.json("sessions", "list")]
    assert {agent: found.count(agent) for agent in found} == {"claude": 12, "codex": 3, "opencode": 2}


def test_no_secret_and_no_hidden_instruction_gets_out(user):
    mined = user.json("mine")
    name = mined["skills"][0]["name"]
    user("skill", "accept", name, "--user", "--with-evidence")
    home = Path(os.environ["HARDWON_HOME"])
    text = written(home)
    assert [secret for secret in SECRETS if secret.lower() in text] == []
    assert "[redacted" in text

    raw = sqlite3.connect(home / "hardwon.db")
    assert raw.execute("SELECT count(*) FROM piece").fetchone()[0] >= 21
    raw.close()
    said = [msgspec.json.encode(mined).decode()]
    for arguments in (["mine"], ["skill", "show", name], ["skill", "why", name], ["skill", "list"], ["errors", "--least", "1"]):
        user(*arguments)
        said.append(user.out)
    files = [p for place in (home / "skills", user.home / ".claude" / "skills") for p in place.rglob("*") if p.is_file()]
    said += [p.read_bytes().decode("latin-1") for p in files]
    assert [hidden for hidden in (*HIDDEN, *SECRETS) if any(hidden.lower() in each.lower() for each in said)] == []


def test_a_project_is_as_it_was_after_uninstall_and_purge(user, tmp_path):
    from tests.deliver.trees import tree

    project = tmp_path / "storefront"
    (project / ".claude" / "skills" / "mine").mkdir(parents=True)
    (project / ".claude" / "skills" / "mine" / "SKILL.md").write_text("---\nname: mine\n---\n")
    (project / "CLAUDE.md").write_bytes(b"# Mine\r\nno end")
    (project / "AGENTS.md").write_bytes(b"\xef\xbb\xbfhello\n\n\n")
    (project / "CLAUDE.md").chmod(0o600)
    before, at_home = tree(project), tree(user.home)
    name = user.json("mine")["skills"][0]["name"]
    for end in (["skill", "uninstall", name], ["purge", "--yes"]):
        for place in (["--project", str(project)], ["--user"]):
            assert user("skill", "accept", name, *place) == 0
            assert user("skill", "sync", name, *place) == 0
        assert tree(project) != before and tree(user.home) != at_home
        assert user(*end) == 0
        assert (tree(project), tree(user.home)) == (before, at_home)
    assert not Path(os.environ["HARDWON_HOME"]).exists()
