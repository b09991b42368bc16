"""`hardwon demo`: the whole path in a few seconds, on sessions that come with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hardwon.cli.options import json_option

if TYPE_CHECKING:
    from hardwon.flow.demo import Demo


@click.command()
@json_option
def demo(as_json: bool) -> None:
    """Show the whole path on bundled sessions, in a temporary home.

    The sessions were written by the real agents on a fictional project; nothing of yours is read or written.

    \b
    Example:
      hardwon demo
    """
    from hardwon.cli.output import print_json
    from hardwon.flow.demo import demonstration

    with demonstration() as shown:
        if as_json:
            print_json(shown.report.to_json())
        else:
            print_demo(shown)
    if not shown.report.rules:
        raise click.exceptions.Exit(1)


def print_demo(shown: Demo) -> None:
    """The demo as a page in four parts."""
    from hardwon.cli.output import plural, safe, say, size
    from hardwon.cli.page import print_page
    from hardwon.cli.skill import rule_page

    scanned = shown.scanned
    heading("1", "Read what agents left on disk", "hardwon scan")
    say(f"{plural(scanned.sessions, 'session')} of five agents, {size(scanned.bytes)}, in {scanned.seconds:.1f} s.")
    heading("2", "Find what recurs", "hardwon mine")
    print_page(shown.report.page())
    if shown.entry and shown.rule:
        heading("3", "The skill that it proposes", f"hardwon skill show {shown.entry.skill.name}")
        click.echo(safe(shown.entry.text.rstrip()))
        heading("4", "Why it says so: one rule and its evidence", f"hardwon skill why {shown.rule.id}")
        print_page(rule_page(shown.rule))
    say("All this lay in a temporary home and is gone again. In your own home it lies where `hardwon config path` says.", "dim")
    say("Next, with your own sessions: hardwon mine --preview", "bold green")


def heading(number: str, title: str, command: str) -> None:
    """The heading of a part, with the command that does this in earnest."""
    from rich.text import Text

    from hardwon.cli.output import console

    console().print(Text.assemble("\n", (f"{number}  {title}", "bold magenta"), (f"   $ {command}", "dim"), "\n"))
