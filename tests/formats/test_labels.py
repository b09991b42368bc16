"""Label files."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.errors import UsageError
from hardwon.formats.labels import Entry, read_labels, read_runs


def read(text: str):
    return read_labels(text.encode(), "f.txt")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Run 3: good", Entry(1, "good", "", 3)),
        ("Run 4: bad — too many cards", Entry(1, "bad", "too many cards", 4)),
        ("Run 4: bad - why", Entry(1, "bad", "why", 4)),
        ("Run 4: bad – why", Entry(1, "bad", "why", 4)),
        ("Run 4: bad --why", Entry(1, "bad", "why", 4)),
        ("4. bad: why", Entry(1, "bad", "why", 4)),
        ("- run #4 : BAD, why: because", Entry(1, "bad", "why: because", 4)),
        ("4: bad", Entry(1, "bad", "", 4)),
        ("Run 4: bad (two buttons)", Entry(1, "bad", "(two buttons)", 4)),
        ("8b7db4d5: bad — why", Entry(1, "bad", "why", None, "8b7db4d5")),
        ("12345678: good", Entry(1, "good", "", None, "12345678")),
        ("claude:8b7db4d5-ac15: good", Entry(1, "good", "", None, "claude:8b7db4d5-ac15")),
        ("session 8b7d: good", Entry(1, "good", "", None, "8b7d")),
    ],
)
def test_a_line(line, expected):
    assert read(line) == [expected]


@pytest.mark.parametrize(
    "line", ["Run 3: meh", "Run 3:", "Run 3: goodish", "Run 3: good-ish", "Run 3: good or bad", "Run x: good", "Run 0: bad"]
)
def test_a_line_without_a_verdict_is_told_with_its_place_and_what_to_write(line):
    with pytest.raises(UsageError, match=r"f\.txt:3: .*Write `Run 3: good`"):
        read(f"Run 1: good\n\n{line}\nRun 9: bad")


def test_bare_verdicts_stand_for_the_runs_in_order():
    assert read("\ufeffgood\r\n\r\n# remark\r\nbad — why\r\n") == [Entry(1, "good", "", 1), Entry(4, "bad", "why", 2)]


def test_bare_verdicts_among_named_ones_are_refused():
    with pytest.raises(UsageError, match=r"f\.txt:2: "):
        read("Run 1: good\nbad")


def test_json_tells_the_line_of_each_entry():
    text = '[\n {"run": 3, "verdict": "Good"},\n {"session": "ab", "verdict": "bad", "note": "why"}\n]\n'
    assert read(text) == [Entry(2, "good", "", 3), Entry(3, "bad", "why", None, "ab")]


def test_json_lines_are_read_alike():
    assert read('{"run": "Run 3", "verdict": "good"}\n{"run": 4, "verdict": "bad"}') == [
        Entry(1, "good", "", 3),
        Entry(2, "bad", "", 4),
    ]


@pytest.mark.parametrize(
    "bad", ['[\n{"run": 3}]', '[\n{"verdict": "good"}]', '[\n{"run": true, "verdict": "bad"}]', "[\n{", "[\n3]"]
)
def test_bad_json_is_told_with_its_line(bad):
    with pytest.raises(UsageError, match=r"f\.txt:2: "):
        read(bad)


def test_csv_goes_by_its_header():
    assert read('Run,Verdict,Note\n3,good,\n\n4,BAD,"a, b"\n') == [Entry(2, "good", "", 3), Entry(4, "bad", "a, b", 4)]
    assert read("session;verdict\nab;good\n") == [Entry(2, "good", "", None, "ab")]


def test_csv_with_a_wrong_verdict_is_told_with_its_line():
    with pytest.raises(UsageError, match=r"f\.txt:3: the verdict is neither"):
        read("run,verdict\n3,good\n4,maybe\n")


def test_what_is_no_text_is_told():
    with pytest.raises(UsageError, match=r"f\.txt:2: .*UTF-8"):
        read_labels(b"Run 1: good\nRun 2: bad \xff", "f.txt")


def test_runs_are_read_from_a_list_or_an_object():
    assert read_runs(b'[{"run": 2, "session": "b", "prompt": "x"}, {"run": 1, "session": "a"}]', "r") == {1: "a", 2: "b"}
    assert read_runs(b'{"1": "a", "2": "b"}', "r") == {1: "a", 2: "b"}


def test_one_run_with_two_sessions_is_refused():
    with pytest.raises(UsageError, match="r:2: run 1 has two sessions"):
        read_runs(b'[{"run": 1, "session": "a"},\n{"run": 1, "session": "b"}]', "r")


notes = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "P", "S")), min_size=2).filter(
    lambda t: t == t.strip() and not t.lower().startswith("or")
)
given_labels = st.lists(st.tuples(st.integers(1, 99_999), st.sampled_from(["good", "bad"]), st.just("") | notes), min_size=1)


@given(given_labels, st.sampled_from([" — ", " - ", ": ", " – ", ", "]))
def test_every_form_says_the_same(entries, dash):
    expected = [(run, verdict, note) for run, verdict, note in entries]
    lines = "\n".join(f"Run {r}: {v}" + (dash + n if n else "") for r, v, n in entries)
    as_json = json.dumps([{"run": r, "verdict": v, "note": n} for r, v, n in entries])
    for text in (lines, as_json):
        assert [(e.run, e.verdict, e.note) for e in read(text)] == expected


@given(st.binary())
def test_any_bytes_are_labels_or_a_usage_error(data):
    for reader in (read_labels, read_runs):
        try:
            reader(data, "f.txt")
        except UsageError as error:
            assert error.where.startswith("f.txt:")
