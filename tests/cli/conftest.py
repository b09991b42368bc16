"""A user's home with the bundled sessions in it, and a way to run the command line inside it."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest


class Shell:
    """Runs `hardwon` in process; keeps what it printed last."""

    def __init__(self, home: Path, capsys, monkeypatch) -> None:
        self.home, self.capsys, self.monkeypatch = home, capsys, monkeypatch
        self.out = self.err = ""

    def __call__(self, *arguments: str, stdin: str = "") -> int:
        from hardwon.cli.main import run

        self.monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        self.capsys.readouterr()
        code = run(list(arguments))
        self.out, self.err = self.capsys.readouterr()
        return code

    def json(self, *arguments: str, code: int = 0):
        got = self(*arguments, "--json")
        assert got == code, self.err
        return json.loads(self.out)


@pytest.fixture
def empty(tmp_path, capsys, monkeypatch):
    """A home without any agent."""
    for name in [n for n in os.environ if n.startswith(("CLAUDE", "CODEX", "GEMINI", "QWEN", "OPENCODE", "XDG_", "HARDWON"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("HARDWON_HOME", str(tmp_path / "hardwon"))
    monkeypatch.setenv("COLUMNS", "80")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return Shell(home, capsys, monkeypatch)


@pytest.fixture
def shell(empty):
    """A home with thirteen sessions of five agents (the demo's), not scanned yet."""
    with as_file(files("hardwon") / "demo" / "home") as bundled:
        shutil.copytree(bundled, empty.home, dirs_exist_ok=True)
    return empty
