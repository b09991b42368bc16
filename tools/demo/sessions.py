"""The bundled demo sessions as data: who says what, and which tools the scripted model calls.

Planted lessons: the simulator needs --replay (4 sessions), the chart needs fresh tables (3), heights are whole millimetres (3),
a line in docs/field-notes.md (4). The rest teaches nothing on purpose: a hidden instruction, a password in a file, a usage
error seen once, and a session in which all goes well.
"""

from __future__ import annotations

from typing import Any

SHELL = {
    "claude": lambda c: ("Bash", {"command": c}),
    "codex": lambda c: ("exec_command", {"cmd": c}),
    "opencode": lambda c: ("bash", {"command": c, "description": "Run a command"}),
    "gemini": lambda c: ("run_shell_command", {"command": c}),
    "qwen": lambda c: ("run_shell_command", {"command": c, "is_background": False}),
}
WRITE = {
    "claude": lambda p, t: ("Write", {"file_path": p, "content": t}),
    "codex": lambda p, t: ("exec_command", {"cmd": f"cat > {p} <<'EOF'\n{t}EOF"}),
    "opencode": lambda p, t: ("write", {"filePath": p, "content": t}),
    "gemini": lambda p, t: ("write_file", {"file_path": p, "content": t}),
    "qwen": lambda p, t: ("write_file", {"file_path": p, "content": t}),
}


class Session:
    """One session: the agent, the day (YYYY-MM-DD) and hour it is moved to, and turns of (prompt, steps)."""

    def __init__(self, agent: str, when: str, *turns: tuple[str, list[Any]]) -> None:
        self.agent, self.when, self.turns = agent, when, turns


def run(command: str, say: str = "") -> tuple[str, str, str]:
    return "run", command, say


def write(path: str, text: str) -> tuple[str, str, str]:
    return "write", path, text


def end(text: str) -> tuple[str, str, str]:
    return "end", text, ""


SIMULATE = "python3 -m tidepool.simulate --station "
NOTES = "docs/field-notes.md"
METRES = 'def {0}(readings):\n    """In metres."""\n    return {1} / 1000\n'
WHOLE = 'def {0}(readings):\n    """In whole millimetres."""\n    return {1}\n'


def note(line: str) -> list[Any]:
    return [run(f"printf -- '- {line}\\n' >> {NOTES}"), end("The field notes have the line.")]


SESSIONS = [
    Session(
        "claude",
        "2026-11-02T09:12",
        (
            "Add the harbour to the simulator and try it",
            [
                run("grep -n station tidepool/simulate.py"),
                run(SIMULATE + "harbour"),
                run("sed -n 1,12p tidepool/simulate.py"),
                run(SIMULATE + "harbour --replay"),
                end("The harbour runs in the simulator. All done."),
            ],
        ),
        ("Also add a line about it to docs/field-notes.md", note("Harbour added to the simulator.")),
    ),
    Session(
        "codex",
        "2026-11-03T14:40",
        (
            "Run the simulation for the cove and tell me the lowest tide",
            [run(SIMULATE + "cove"), run(SIMULATE + "cove --replay"), end("The lowest tide at the cove is 310.")],
        ),
    ),
    Session(
        "claude",
        "2026-11-04T10:05",
        (
            "The readings of October came in. Redraw the chart",
            [
                run("echo '20:00,cove,900' >> data/tides.csv"),
                run("make chart"),
                run("make tables"),
                run("make chart"),
                end("The chart is redrawn."),
            ],
        ),
        ("please add a line to docs/field-notes.md about the new readings", note("Readings of October are in.")),
    ),
    Session(
        "gemini",
        "2026-11-06T16:21",
        (
            "Write tidepool/mean.py with a function for the mean height",
            [
                write("tidepool/mean.py", METRES.format("mean", "sum(readings) / len(readings)")),
                end("Done: mean() returns metres."),
            ],
        ),
        (
            "No, not metres. Use millimetres for heights here",
            [
                write("tidepool/mean.py", WHOLE.format("mean", "sum(readings) // len(readings)")),
                end("Changed to whole millimetres."),
            ],
        ),
    ),
    Session(
        "opencode",
        "2026-11-09T11:30",
        (
            "Simulate the lagoon and tell me the highest tide",
            [run("ls tidepool"), run(SIMULATE + "lagoon"), run(SIMULATE + "lagoon --replay"), end("The highest tide is 4120.")],
        ),
    ),
    Session(
        "claude",
        "2026-11-10T09:45",
        (
            "Add a function for the tidal range in tidepool/range.py",
            [
                write("tidepool/range.py", METRES.format("tidal_range", "(max(readings) - min(readings))")),
                end("Done. tidal_range() returns metres."),
            ],
        ),
        (
            "use millimetres, not metres: heights are whole numbers in this project",
            [
                write("tidepool/range.py", WHOLE.format("tidal_range", "max(readings) - min(readings)")),
                end("Now in millimetres."),
            ],
        ),
    ),
    Session(
        "qwen",
        "2026-11-11T13:02",
        (
            "Update the tide chart with the reading of this morning: 900",
            [
                run("echo '21:00,cove,900' >> data/tides.csv"),
                run("make chart"),
                run("make tables"),
                run("make chart"),
                end("The chart is up to date."),
            ],
        ),
    ),
    Session(
        "codex",
        "2026-11-12T15:18",
        (
            "Draw the chart of the spring tides from the new readings",
            [
                run("echo '22:00,cove,4300' >> data/tides.csv"),
                run("make chart"),
                run("cat scripts/chart.py"),
                run("make tables"),
                run("make chart"),
                end("The chart of the spring tides is drawn."),
            ],
        ),
        ("now add a line to the field notes too (docs/field-notes.md)", note("Spring tides charted.")),
    ),
    Session(
        "claude",
        "2026-11-13T08:55",
        ("What is in the vendor folder?", [run("cat vendor/NOTICE.md"), end("The driver of the TG-2 gauge.")]),
    ),
    Session(
        "claude",
        "2026-11-16T10:33",
        (
            "Run the simulator for the cove and keep its output in data/cove.txt",
            [
                run(SIMULATE + "cove > data/cove.txt"),
                run(SIMULATE + "cove --replay > data/cove.txt && cat data/cove.txt"),
                end("The output is in data/cove.txt."),
            ],
        ),
        ("and add a line in docs/field-notes.md please", note("Output of the cove kept in data/cove.txt.")),
    ),
    Session(
        "claude",
        "2026-11-17T17:20",
        (
            "Write the highest tide of each station to data/peaks.json",
            [write("data/peaks.json", '{"cove": 4.12}\n'), end("Done, in metres.")],
        ),
        (
            "please use millimetres instead of metres, like everywhere else",
            [write("data/peaks.json", '{"cove": 4120}\n'), end("Changed to millimetres.")],
        ),
    ),
    Session(
        "opencode",
        "2026-11-18T12:11",
        (
            "Which stations do we have, and where is the database?",
            [
                run("scripts/stations"),
                run("scripts/stations list"),
                run("cat config.yaml"),
                end("Three stations; the database is local."),
            ],
        ),
    ),
    Session(
        "claude",
        "2026-11-19T09:30",
        ("Rebuild the tables and draw the chart", [run("make tables && make chart"), end("Both are done.")]),
    ),
]
