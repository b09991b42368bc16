"""`hardwon mine`: scan, find what recurs, propose skills, and say so on one page."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hardwon.cli.options import json_option, selection_options

if TYPE_CHECKING:
    from hardwon.flow.report import MineReport
    from hardwon.model import Selection
    from hardwon.store.db import Store


@click.command()
@selection_options("since")
@click.option("--since", metavar="WHEN", default="", help="How far back, from the newest session: 35d (as is), 2w, or a date.")
@click.option(
    "--as-of", metavar="WHEN", default="", help="Mine as if it were then: a date. Default: the end of the newest session."
)
@click.option("--all", "everywhere", is_flag=True, help="All projects, not only the one in this folder.")
@click.option("--preview", is_flag=True, help="Look only: propose nothing.")
@click.option("--max-skills", type=click.IntRange(min=1), metavar="N", default=None, help="At most N skills a project (5).")
@click.option("--explain", "question", metavar="TEXT", default="", help="Why TEXT became a rule, or which gate it failed.")
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the page (Markdown, HTML), JSON and skills here.",
)
@click.option("--no-scan", is_flag=True, help="Use the index as it is.")
@json_option
def mine(
    selection: Selection,
    since: str,
    as_of: str,
    everywhere: bool,
    preview: bool,
    max_skills: int | None,
    question: str,
    folder: Path | None,
    no_scan: bool,
    as_json: bool,
) -> None:
    """Find what recurs in your sessions and propose skills.

    In a project's folder that project is mined, elsewhere all of them, each by itself. Nothing is installed: review what was
    proposed with `hardwon skill`.

    \b
    Example:
      hardwon mine
      hardwon mine --preview --agent codex --since 2w
      hardwon mine --path ~/backup/old-laptop --preview -o report
      hardwon mine --explain "run the tests"
    """
    import os

    from hardwon.agents import Places
    from hardwon.cli.opening import opened, tell_empty
    from hardwon.cli.options import parse_time
    from hardwon.cli.output import print_json
    from hardwon.cli.page import print_page
    from hardwon.flow.explain import explain
    from hardwon.flow.propose import mine_into, write_out
    from hardwon.flow.settings import read_settings
    from hardwon.store.home import Home

    settings = read_settings(Home.default())
    if not no_scan:
        bring_up_to_date(selection)
    with opened() as store:
        moment = parse_time(as_of, end=True)
        selection = narrowed(store, selection, since, moment, settings.since, everywhere)
        look_only = preview or bool(question)
        report, fresh = mine_into(
            store,
            selection,
            as_of=moment,
            max_skills=max_skills or settings.max_skills,
            preview=look_only,
            places=Places(Path.home(), os.environ),
        )
        report = dataclasses.replace(report, skipped=len(store.skipped(selection)))
        if not report.sessions and not as_json:
            tell_empty(store, selection, scanned=not no_scan)
    if folder:
        write_out(report, folder)
    if as_json:
        print_json(report.to_json())
        return
    if not report.sessions:
        return
    print_page(explain(report, question) if question else report.page())
    if not question:
        print_next(report, [plan.name for plan in fresh], look_only, folder)


def bring_up_to_date(selection: Selection) -> None:
    """Scan what is selected; if another scan is at work, say so and go on with what is there."""
    from hardwon.cli.opening import refuse_strangers, update
    from hardwon.cli.output import note
    from hardwon.errors import ScanRunning
    from hardwon.model import Selection

    try:
        refuse_strangers(selection, update(Selection(paths=selection.paths, agent=selection.agent)))
    except ScanRunning:
        note("Another scan is running: going on with what is indexed so far.")


def narrowed(store: Store, selection: Selection, since: str, as_of: int | None, default_since: str, everywhere: bool) -> Selection:
    """The selection with its time counted back from the newest session, and with this folder's project where none is named."""
    import msgspec

    from hardwon.cli.options import parse_time

    if not (selection.project or selection.paths or selection.ids or everywhere):
        selection = msgspec.structs.replace(selection, project=project_here(store))
    if since or not (selection.paths or selection.ids):
        newest = as_of or max((r.ended or r.started or 0 for r in store.sessions(selection)), default=0)
        selection = msgspec.structs.replace(selection, since=parse_time(since or default_since, newest))
    return selection


def project_here(store: Store) -> str:
    """This folder, or the nearest one above it with a repository, if the index has sessions of it; else ""."""
    from hardwon.model import Selection

    here = Path.cwd()
    above = [folder for folder in (here, *here.parents) if (folder / ".git").exists()]
    for folder in (*above[:1], here):
        if folder != Path.home() and store.sessions(Selection(project=str(folder), limit=1)):
            return str(folder)
    return ""


def print_next(report: MineReport, fresh: list[str], preview: bool, folder: Path | None) -> None:
    """What to do next, under the page."""
    from hardwon.cli.output import say

    say()
    if folder:
        say(f"Written to {folder}", "dim")
    if not report.proposals:
        say("Nothing to propose yet. Next: work on, then hardwon mine again; hardwon errors shows what failed meanwhile.", "green")
    elif preview:
        say("Nothing was proposed (--preview). Next: hardwon mine", "green")
    else:
        waiting = fresh or [name for name, (_, state) in report.skills.items() if state != "accepted"]
        if not fresh:
            say("Nothing new since the last time." + ("" if waiting else " All of it is accepted."), "dim")
        if not waiting:
            return
        say(f"Next: hardwon skill why {waiting[0]}", "green")
        say(f"then: hardwon skill accept {waiting[0]}", "green")
