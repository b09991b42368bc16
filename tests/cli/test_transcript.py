"""A session as lines: who spoke, what ran, how it ended, and nothing that a terminal would obey."""

from __future__ import annotations

from hardwon.cli.transcript import transcript
from hardwon.model import Gap, Observation, Part, Session, Step, ToolCall, Trajectory

CALL = ToolCall("c1", "Bash", "shell", command="make chart\nmake tables\necho 3\necho 4")
RESULT = Observation("c1", "line 1\n\x1b[31mline 2\x1b[0m\nline 3\nline 4\nline 5", error_flag=True, exit=4)


def lines(*steps, gaps=(), **options):
    trajectory = Trajectory(Session("claude:1", "claude", "1", "s.jsonl"), steps, gaps=gaps)
    return [line.plain for line in transcript(trajectory, **options)]


def step(number, source, *parts, **more):
    return Step(f"uuid-{number}", number, source, parts, **more)


def test_words_calls_and_results():
    shown = lines(
        step(0, "user", Part("text", "Draw the chart\nplease", "user")),
        step(1, "agent", Part("text", "I will."), Part("call", call=CALL)),
        step(2, "tool", Part("result", result=RESULT, origin="tool")),
    )
    assert shown == [
        "#0    user    uuid-0",
        "    Draw the chart",
        "    please",
        "#1    agent    uuid-1",
        "    I will.",
        "    $ make chart",
        "    make tables",
        "    echo 3",
        "    … 1 more line",
        "#2    tool    uuid-2",
        "      ✗ exit 4 line 1",
        "      line 2",
        "      line 3",
        "      … 2 more lines",
    ]


def test_full_and_a_single_step_show_everything():
    steps = (step(0, "user", Part("text", "hi", "user")), step(7, "tool", Part("result", result=RESULT, origin="tool")))
    assert lines(*steps, full=True)[-1] == "      line 5"
    for name in ("7", "#7", "uuid-7"):
        only = lines(*steps, only=name)
        assert only[0].startswith("#7") and only[-1] == "      line 5"
    assert lines(*steps, only="9") == []


def test_what_is_not_the_users_is_marked_and_short():
    shown = lines(step(0, "user", Part("text", "reminder\nof many\nlines", "harness"), Part("text", "log\nmore", "pasted")))
    assert shown[1:3] == ["    [harness] reminder", "    … 2 more lines"]
    assert shown[3] == "    [pasted] log"


def test_a_refusal_shows_the_users_words():
    refused = Observation("c1", "…", error_flag=True, rejected=True, said="use tables first")
    assert lines(step(0, "tool", Part("result", result=refused)))[1] == "    ✗ refused by the user: use tables first"


def test_gaps_are_told():
    assert "70,000,000 bytes unread (too_long)" in lines(gaps=(Gap("s.jsonl", 12, 70_000_000, "too_long"),))[0]
