"""What was typed becomes a Selection, or an error that says what to type."""

from __future__ import annotations

import io

import pytest

from hardwon.cli import options
from hardwon.errors import UsageError

NOON = 1_794_225_600_000  # 2026-11-09T12:00:00Z
DAY = 86_400_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("2d", NOON - 2 * DAY),
        ("2w", NOON - 14 * DAY),
        ("12h", NOON - DAY // 2),
        ("1m", NOON - 30 * DAY),
        ("1Y", NOON - 365 * DAY),
        ("2026-11-09", NOON - DAY // 2),
        ("2026-11-09T12:00", NOON),
        ("2026-11-09T13:00+01:00", NOON),
    ],
)
def test_parse_time(text, expected):
    assert options.parse_time(text, NOON) == expected


def test_until_a_day_includes_it():
    assert options.parse_time("2026-11-09", NOON, end=True) == NOON + DAY // 2 - 1


@pytest.mark.parametrize("text", ["soon", "35", "d35", "2026-13-01", "-3d"])
def test_other_times_are_refused_with_a_hint(text):
    with pytest.raises(UsageError, match="35d, 2w, 12h or a date"):
        options.parse_time(text, NOON)


def test_a_dash_reads_ids_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("claude:1 codex:2\nqwen:3\n"))
    assert options.read_ids(("x", "-")) == ("x", "claude:1", "codex:2", "qwen:3")


def test_an_empty_standard_input_is_said_not_taken_for_everything(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="no ids on standard input"):
        options.read_ids(("-",))


def test_an_unknown_agent_names_the_known_ones():
    with pytest.raises(UsageError, match=r"unknown agent `cursr`. Known: claude, codex"):
        options.make_selection(agent="cursr")


def test_a_path_must_exist_and_a_project_folder_becomes_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app").mkdir()
    chosen = options.make_selection(project="app", paths=("app",), min_turns=2, now=NOON)
    assert chosen.project == str(tmp_path / "app") and chosen.paths == (str(tmp_path / "app"),) and chosen.min_turns == 2
    with pytest.raises(UsageError, match="nothing lies at"):
        options.make_selection(paths=("missing",))
