"""`hardwon sessions label`: say which sessions went well, by a file, by hand, or one key a run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import click

from hardwon.cli.options import json_option, selection_options

if TYPE_CHECKING:
    from hardwon.flow.labels import Labelled
    from hardwon.model import Selection
    from hardwon.model.outcomes import Label, Verdict
    from hardwon.store.db import Store
    from hardwon.store.rows import SessionRow

KEYS = "[g]ood  [b]ad  [s]kip  [n]ote  [q]uit"
OUTPUT_LIMIT = 1200
WORDS_LIMIT = 300


@click.command("label")
@selection_options()
@click.option("--good", is_flag=True, help="The named sessions went well.")
@click.option("--bad", is_flag=True, help="The named sessions went badly.")
@click.option("--note", "reason", metavar="TEXT", default=None, help="Why; goes with --good or --bad.")
@click.option("--file", metavar="FILE", default="", help="Verdicts from a file: lines, JSON or CSV.")
@click.option("--clear", "clearing", is_flag=True, help="Remove the labels of the sessions.")
@json_option
def label(selection: Selection, good: bool, bad: bool, reason: str | None, file: str, clearing: bool, as_json: bool) -> int | None:
    """Say which sessions went well and which did not.

    A file has lines such as `Run 3: good` and `Run 4: bad — why`. With neither
    a file nor a verdict, each session is shown and one key labels it.

    \b
    Example:
      hardwon sessions label --path runs --file feedback.txt
      hardwon sessions label 1d0bba32 --bad --note "too many cards"
      hardwon sessions label --project . --since 2w
    """
    from hardwon.cli.opening import opened, tell_empty
    from hardwon.cli.output import print_json
    from hardwon.flow.labels import clear, in_order, label_from
    from hardwon.flow.labels import label as label_rows

    _refuse_mixtures(selection, (good, bad, bool(file), clearing), reason)
    with opened(selection) as store:
        rows = in_order(store.sessions(selection))
        if not rows:
            tell_empty(store, selection)
            if as_json:
                print_json(_json(None, (), rows))
            return 1
        if clearing:
            _tell_cleared(clear(store, rows), rows, as_json)
            return None
        if not (file or good or bad):
            ask(store, rows, again=bool(selection.ids))
            return None
        if file:
            from pathlib import Path

            done = label_from(store, Path(file), rows)
        else:
            done = label_rows(store, rows, "good" if good else "bad", reason)
    return _tell(done, rows, as_json)


def _refuse_mixtures(selection: Selection, ways: tuple[bool, bool, bool, bool], reason: str | None) -> None:
    """Raise UsageError for options that exclude each other, and before anything is done to all sessions by an oversight."""
    from hardwon.errors import UsageError
    from hardwon.model import Selection

    good, bad, _, clearing = ways
    if sum(ways) > 1:
        raise UsageError("only one of --good, --bad, --file and --clear can be used at a time")
    if reason is not None and not (good or bad):
        raise UsageError("a note goes with a verdict", hint="Say --good or --bad, too")
    if selection == Selection() and (good or bad or clearing):
        raise UsageError("no session is named", hint="Give ids, or select with --project, --agent, --since, --path …")
    if not any(ways) and not is_terminal():
        raise UsageError(
            "sessions can be labelled key by key only on a terminal", hint="Give --file FILE, or ids with --good or --bad"
        )


def is_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _tell(done: Labelled, rows: Sequence[SessionRow], as_json: bool) -> int:
    from hardwon.cli.output import note, plural, print_json, say

    if as_json:
        print_json(_json(done, (), rows))
    else:
        for each in done.unknown:
            note(f"{each.where}: {each.name} is not among the {plural(len(rows), 'session')}; passed over")
        good = sum(each.verdict == "good" for each in done.changed)
        same = f"; {done.unchanged:,} were labelled so already" if done.unchanged else ""
        say(f"Labelled {plural(len(done.changed), 'session')}: {good} good, {len(done.changed) - good} bad{same}.")
    return 0 if done.changed or done.unchanged or not done.unknown else 1


def _tell_cleared(gone: list[str], rows: Sequence[SessionRow], as_json: bool) -> None:
    from hardwon.cli.output import plural, print_json, say

    if as_json:
        print_json(_json(None, gone, rows))
    else:
        say(f"Removed {plural(len(gone), 'label')}.")


def _json(done: Labelled | None, gone: Sequence[str], rows: Sequence[SessionRow]) -> dict[str, Any]:
    return {
        "labelled": [label_json(each) for each in (done.changed if done else ())],
        "unchanged": done.unchanged if done else 0,
        "unknown": [{"where": each.where, "name": each.name} for each in (done.unknown if done else ())],
        "cleared": list(gone),
        "sessions": len(rows),
    }


def label_json(label: Label) -> dict[str, str]:
    """A label with its stable keys."""
    return {"session": label.session, "verdict": label.verdict, "note": label.note, "origin": label.origin}


def ask(store: Store, rows: Sequence[SessionRow], *, again: bool) -> None:
    """Show each session and label it with one key; what was said is kept at once. again: ask of labelled ones, too."""
    from hardwon.cli.output import note, plural
    from hardwon.flow.labels import label as label_rows

    known = store.labels()
    waiting = [(number, row) for number, row in enumerate(rows, 1) if again or row.id not in known]
    done = 0
    for number, row in waiting:
        _show(store, row, f"Run {number} of {len(rows)}")
        verdict, reason = _answer()
        if verdict is None:
            break
        if verdict:
            label_rows(store, [row], verdict, reason)
            done += 1
    rest = len(rows) - len(waiting)
    note(f"Labelled {plural(done, 'session')}" + (f"; {rest:,} had a label before" if rest else ""))


def _answer() -> tuple[Verdict | Literal[""] | None, str | None]:
    """Verdict ("" to skip, None to quit) and note (None: none was given)."""
    from hardwon.cli.output import say

    reason: str | None = None
    say(KEYS, "bold")
    while True:
        key = click.getchar().lower()
        if key in ("g", "b"):
            say("good" if key == "g" else "bad")
            return ("good" if key == "g" else "bad"), reason
        if key == "s":
            return "", None
        if key in ("q", "\x04", ""):
            return None, None
        if key == "n":
            reason = click.prompt("note", default="", show_default=False)
            say(KEYS, "bold")


def _show(store: Store, row: SessionRow, heading: str) -> None:
    """Title, opening words and final output of a session."""
    from hardwon.cli.output import day, one_line, safe, say
    from hardwon.model import FileTouch, Utterance

    events = next(store.events([row]))[1]
    words = next((e.text for e in events if isinstance(e, Utterance)), "")
    written = dict.fromkeys(e.path for e in events if isinstance(e, FileTouch) and e.how in ("write", "edit") and e.worked)
    say()
    say(f"{heading} · {one_line(row.title or words, 100) or '(no title)'}", "bold")
    say(f"{row.id} · {day(row.started)} · {row.status}", "dim")
    if row.title and words:
        say(one_line(words, WORDS_LIMIT), "green", indent=2)
    if written:
        say(one_line("wrote " + ", ".join(written), WORDS_LIMIT), "dim", indent=2)
    say(safe(final_output(store, row)) or "(no final words)", indent=2)


def final_output(store: Store, row: SessionRow) -> str:
    """The agent's last text in a session, cut to its end."""
    for step in reversed(store.trajectory(row).steps):
        text = "\n".join(p.text for p in step.parts if p.kind == "text" and p.origin == "assistant").strip()
        if step.source == "agent" and not step.sidechain and text:
            return text if len(text) <= OUTPUT_LIMIT else "…" + text[-OUTPUT_LIMIT:]
    return ""
