"""`hardwon sessions label`, and what `list` and `show` tell of labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardwon.cli import label as module


@pytest.fixture
def scanned(shell):
    assert shell("scan") == 0
    return shell


def by_start(shell):
    return [r["id"] for r in sorted(shell.json("sessions", "list"), key=lambda r: (r["started"], r["id"]))]


def outcomes(shell):
    return {row["id"]: row["outcome"] for row in shell.json("sessions", "list") if row["outcome"]}


def test_a_file_labels_runs_by_start_time_and_twice_changes_nothing(scanned):
    ids = by_start(scanned)
    Path("f.txt").write_text("Run 3: good\nRun 4: bad — why\n", "utf-8")
    done = scanned.json("sessions", "label", "--file", "f.txt")
    assert [(e["session"], e["verdict"], e["note"]) for e in done["labelled"]] == [(ids[2], "good", ""), (ids[3], "bad", "why")]
    assert outcomes(scanned) == {ids[2]: "good", ids[3]: "bad"}
    again = scanned.json("sessions", "label", "--file", "f.txt")
    assert (again["labelled"], again["unchanged"]) == ([], 2)


def test_runs_beside_the_file_say_which_session_is_which(scanned):
    ids = by_start(scanned)
    Path("runs.json").write_text(json.dumps([{"run": 1, "session": ids[5].partition(":")[2]}]))
    Path("f.txt").write_text("Run 1: bad\nRun 2: good\n")
    done = scanned.json("sessions", "label", "--file", "f.txt")
    assert [e["session"] for e in done["labelled"]] == [ids[5]]
    assert done["unknown"] == [{"where": "f.txt:2", "name": "run 2"}]


def test_an_unknown_run_is_reported_and_passed_over(scanned):
    Path("f.txt").write_text("Run 1: good\nRun 999: bad\nzzzz: bad\n")
    assert scanned("sessions", "label", "--file", "f.txt") == 0
    assert "f.txt:2: run 999" in scanned.err and "f.txt:3: zzzz" in scanned.err and "1 good, 0 bad" in scanned.out


def test_a_file_of_which_nothing_is_known_fails(scanned):
    Path("f.txt").write_text("Run 999: bad\n")
    assert scanned("sessions", "label", "--file", "f.txt") == 1


@pytest.mark.parametrize("last", ["Run 2: hm", "Run 1: bad", "claude: good"])
def test_a_file_with_an_error_labels_nothing(scanned, last):
    Path("f.txt").write_text(f"Run 1: good\n{last}\n")
    assert scanned("sessions", "label", "--file", "f.txt") == 2
    assert "f.txt:2: " in scanned.err and outcomes(scanned) == {}


def test_by_hand_with_a_note_that_is_shown_and_redacted(scanned):
    id = by_start(scanned)[0]
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2
    assert scanned("sessions", "label", id, "--bad", "--note", f"too many cards {secret[:40]}") == 0
    assert scanned("sessions", "show", id) == 0
    assert "label: bad — too many cards" in scanned.out and secret[:40] not in scanned.out
    assert scanned.json("sessions", "show", id)["label"]["verdict"] == "bad"
    assert scanned("sessions", "list") == 0 and "label" in scanned.out.splitlines()[0]


def test_the_same_verdict_again_keeps_the_note_and_another_drops_it(scanned):
    id = by_start(scanned)[0]
    scanned("sessions", "label", id, "--bad", "--note", "why")
    assert scanned.json("sessions", "label", id, "--bad")["unchanged"] == 1
    assert scanned.json("sessions", "label", id, "--good")["labelled"][0]["note"] == ""


def test_clear_removes_and_the_column_goes(scanned):
    id = by_start(scanned)[0]
    scanned("sessions", "label", id, "--good")
    assert scanned.json("sessions", "label", id, "--clear")["cleared"] == [id]
    assert outcomes(scanned) == {}
    assert scanned("sessions", "list") == 0 and "label" not in scanned.out.splitlines()[0]


def test_a_label_survives_a_scan_and_goes_with_purge(scanned):
    id = by_start(scanned)[0]
    scanned("sessions", "label", id, "--good")
    assert scanned("scan") == 0 and outcomes(scanned) == {id: "good"}
    assert scanned("purge", "--yes") == 0 and scanned("scan") == 0
    assert outcomes(scanned) == {}


@pytest.mark.parametrize(
    "words",
    [
        ["--good"],
        ["--clear"],
        ["x", "--good", "--bad"],
        ["--note", "why"],
        ["x", "--good", "--file", "f"],
        ["--file", "missing"],
        [],
    ],
)
def test_wrong_use_is_told_and_changes_nothing(scanned, words):
    assert scanned("sessions", "label", *words) == 2
    assert scanned.err.startswith("error: ") and outcomes(scanned) == {}


def test_without_a_terminal_it_says_what_to_give(scanned):
    assert scanned("sessions", "label") == 2
    assert "only on a terminal" in scanned.err and "--file" in scanned.err


def test_one_key_a_run(scanned, monkeypatch):
    ids = by_start(scanned)
    keys = iter("g?snbq")
    monkeypatch.setattr(module, "is_terminal", lambda: True)
    monkeypatch.setattr(module.click, "getchar", lambda: next(keys))
    monkeypatch.setattr(module.click, "prompt", lambda *a, **k: "the reason")
    assert scanned("sessions", "label") == 0
    assert f"Run 1 of {len(ids)}" in scanned.out and "Run 4" in scanned.out and "Run 5" not in scanned.out
    assert outcomes(scanned) == {ids[0]: "good", ids[2]: "bad"}
    assert scanned.json("sessions", "show", ids[2])["label"]["note"] == "the reason"
    keys = iter("q")
    assert scanned("sessions", "label") == 0 and "Run 2 of" in scanned.out and "Run 1 of" not in scanned.out


@pytest.mark.samples
def test_the_sample_is_labelled_right(empty, samples):
    folder = samples / "landing-page"
    if not folder.is_dir():
        pytest.skip("no such sample here")
    done = empty.json("sessions", "label", "--path", str(folder), "--file", str(folder / "feedback.txt"))
    runs = {f"claude:{run['session']}": run["run"] for run in json.loads((folder / "runs.json").read_text("utf-8"))}
    told = {f"Run {runs[e['session']]}: {e['verdict']}" + (f" — {e['note']}" if e["note"] else "") for e in done["labelled"]}
    assert told == set((folder / "feedback.txt").read_text("utf-8").splitlines()) and len(told) == 20
