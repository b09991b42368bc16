"""`hardwon doctor --instructions`: the standing instructions, held against what happened in the sessions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hardwon.flow.report import InstructionAudit
    from hardwon.model import Selection

WORDS = {"causes": "causes", "contradicted": "wrong", "broken": "not followed", "stale": "stale", "followed": "followed"}


def audit(selection: Selection, as_json: bool) -> None:
    """Print the audit of what is selected. Ends with 1 where a file causes or contradicts what happened."""
    from hardwon.agents import Places
    from hardwon.cli.mine import narrowed
    from hardwon.cli.opening import opened, tell_empty
    from hardwon.cli.output import print_json
    from hardwon.flow.propose import audit_instructions
    from hardwon.flow.settings import read_settings
    from hardwon.store.home import Home

    settings = read_settings(Home.default())
    with opened(selection) as store:
        chosen = narrowed(store, selection, "", None, settings.since, False)
        report = audit_instructions(store, chosen, Places(Path.home(), os.environ))
        if not report.sessions and not as_json:
            tell_empty(store, chosen)
    found = report.audit
    if as_json:
        print_json({"sessions": report.sessions, **found.to_json()})
    elif report.sessions:
        print_audit(found, report.sessions)
    if found.having("causes", "contradicted"):
        raise click.exceptions.Exit(1)


def print_audit(found: InstructionAudit, sessions: int) -> None:
    """The audit as a table, and the proposed edits under it."""
    from hardwon.cli.output import Column, plural, print_table, say
    from hardwon.cli.page import print_page
    from hardwon.flow.page import address, edits, happened, quoted, stands

    if not found.instructions:
        say("No instruction file was found on disk, and no session shows one.", "yellow")
        return
    say(f"{stands(found)} Held against {plural(sessions, 'session')}.")
    if not found.verdicts:
        return
    say()
    columns = [Column("what"), Column("where", style="cyan"), Column("instruction", wide=True), Column("what happened", wide=True)]
    print_table(columns, ((WORDS[v.relation], address(v), quoted(v), happened(v)) for v in found.verdicts))
    if any(v.edit for v in found.verdicts):
        say()
        say("Proposed edits. Nothing was applied: a skill cannot outvote a file that is always loaded, so mend the file.")
        print_page(edits(found))
