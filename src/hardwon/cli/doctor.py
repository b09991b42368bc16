"""`hardwon doctor`: what is here, and what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hardwon.cli.options import json_option

if TYPE_CHECKING:
    from hardwon.flow.doctor import AgentHealth, Health


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check agents, store, library and skill folders.

    Ends with 1 when something needs a look.

    \b
    Example:
      hardwon doctor
      hardwon doctor --json
    """
    import os
    from pathlib import Path

    from hardwon.agents import Places
    from hardwon.cli.output import print_json
    from hardwon.flow.doctor import examine
    from hardwon.store.home import Home

    health = examine(Home.default(), Places(Path.home(), os.environ))
    print_json(health.to_json()) if as_json else print_health(health)
    if health.problems:
        raise click.exceptions.Exit(1)


def print_health(health: Health) -> None:
    """The picture as a page."""
    from hardwon.cli.output import Column, day, plural, print_table, say, size

    columns = [
        Column("agent", style="cyan"),
        Column("here"),
        Column("files", number=True),
        Column("sessions", number=True),
        Column("newest"),
        Column("versions", wide=True),
    ]
    rows = (
        (a.name, "yes" if a.found else "no", a.files, a.sessions, day(a.newest)[:10], ", ".join(a.versions)) for a in health.agents
    )
    print_table(columns, rows)
    say()
    for agent in health.agents:
        if agent.found:
            print_folders(agent)
    say(f"index    {size(health.index_bytes)}, {plural(health.sessions, 'session')}, archive {size(health.archive_bytes)}")
    say(f"home     {health.home}")
    say(f"library  {', '.join(f'{n} {state}' for state, n in health.skills.items())}")
    say()
    for problem in health.problems:
        say(f"✗ {problem}", "red")
    if not any(a.found for a in health.agents):
        say("No agent was found. Sessions from elsewhere can be read with --path DIR; `hardwon demo` shows what it does.", "yellow")
    elif not health.sessions:
        say("Nothing is indexed yet. Next: hardwon scan", "yellow")
    elif not health.problems:
        say("All is well. Next: hardwon mine", "green")


def print_folders(agent: AgentHealth) -> None:
    """Where an agent keeps sessions and reads skills."""
    from hardwon.cli.output import plural, say

    places = ", ".join(f.path for f in agent.folders if f.state != "missing")
    skills = ", ".join(f"{f.path} ({plural(len(f.skills), 'skill')})" for f in agent.skill_folders if f.state == "here")
    say(f"{agent.name}: {places}", "dim")
    if skills:
        say(f"reads skills from {skills}", "dim", indent=2)
