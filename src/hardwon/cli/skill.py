"""`hardwon skill`: the library. Here is how one looks at skills; `skill_changes` has the commands that change something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from hardwon.cli import skill_changes
from hardwon.cli.group import Group
from hardwon.cli.options import json_option

if TYPE_CHECKING:
    from hardwon.model import Rule
    from hardwon.skills.library import Entry, Library


@click.group(cls=Group)
def skill() -> None:
    """Review, accept, install and version skills.

    \b
    Example:
      hardwon skill list
      hardwon skill why tidepool-workflow
      hardwon skill accept tidepool-workflow
    """


def library() -> Library:
    """The library of this user's home."""
    from hardwon.skills.library import Library
    from hardwon.store.home import Home

    return Library.open(Home.default())


@skill.command("list")
@json_option
def list_skills(as_json: bool) -> None:
    """List the skills in the library.

    \b
    Example:
      hardwon skill list
    """
    from hardwon.cli.output import Column, note, print_json, print_table

    shelf = library()
    entries = shelf.list()
    installed = {e.skill.name: [i.path for i in shelf.installations() if i.skill == e.skill.name] for e in entries}
    if as_json:
        print_json([skill_json(entry, installed[entry.skill.name]) for entry in entries])
        return
    if not entries:
        note("The library is empty. Next: hardwon mine")
        return
    columns = [
        Column("skill", style="cyan"), Column("state"), Column("version"), Column("rules", number=True),
        Column("sessions", number=True), Column("copies", number=True), Column("used for", wide=True),
    ]  # fmt: skip
    rows = (
        (s.name, s.state + (" +new" if e.proposed else ""), s.version, len(s.rules), s.sessions, len(installed[s.name]), s.trigger)
        for e in entries
        for s in (e.skill,)
    )
    print_table(columns, rows)
    for entry in entries:
        if entry.proposed:
            note(f"{entry.skill.name} {entry.proposed.version} waits: hardwon skill diff {entry.skill.name}")


def skill_json(entry: Entry, installed: list[str]) -> dict[str, Any]:
    """One skill with the stable keys of `skill list --json`."""
    skill = entry.skill
    return {
        "name": skill.name,
        "type": skill.type,
        "version": skill.version,
        "state": skill.state,
        "description": skill.trigger,
        "rules": len(skill.rules),
        "sessions": skill.sessions,
        "tokens": entry.tokens,
        "installed": installed,
        "project": skill.project,
        "path": entry.path,
        "proposed": entry.proposed.version if entry.proposed else None,
    }


@skill.command("show")
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show a skill's SKILL.md as it would be installed.

    \b
    Example:
      hardwon skill show tidepool-workflow
    """
    from hardwon.cli.output import note, print_json, safe

    shelf = library()
    entry = shelf.show(name)
    text = entry.proposed_text or entry.text
    if as_json:
        installed = [each.path for each in shelf.installations() if each.skill == name]
        print_json({**skill_json(entry, installed), "text": text})
        return
    click.echo(safe(text))
    newest = entry.proposed or entry.skill
    note(f"{newest.state} {newest.version}, {entry.proposed_path or entry.path}")
    if entry.conflict:
        note("An edit of yours and a proposal do not go together: settle it in that folder before you accept.")


@skill.command("why")
@click.argument("what")
@click.argument("rule", default="")
@json_option
def why(what: str, rule: str, as_json: bool) -> None:
    """Show the sessions and the words that prove each rule.

    WHAT is a skill's name (all its rules, or the one called RULE), the id of a rule, or words of it.

    \b
    Example:
      hardwon skill why tidepool-workflow
      hardwon skill why r-1f3a
    """
    from hardwon.cli.output import note, print_json
    from hardwon.cli.page import print_page
    from hardwon.flow.report import rule_json

    rules = asked_for(library(), what, rule)
    if as_json:
        print_json([rule_json(each) for each in rules])
        return
    for each in rules:
        print_page(rule_page(each))
    note("Follow a session with: hardwon sessions show ID --step STEP")


def asked_for(shelf: Library, what: str, rule: str) -> list[Rule]:
    """The rules that were asked about. Raises LibraryError where nothing fits."""
    entry = next((e for e in shelf.list() if e.skill.name == what), None)
    if entry is None:
        return [each.rule for each in shelf.why(what)]
    rules = list((entry.proposed or entry.skill).rules)
    if not rule:
        return rules
    ids = {each.rule.id for each in shelf.why(rule) if each.skill == what}
    return [each for each in rules if each.id in ids] or [each.rule for each in shelf.why(rule)]


def rule_page(rule: Rule) -> list[str]:
    """A rule with its evidence, as Markdown lines."""
    from hardwon.flow.explain import evidence_lines

    facts = [rule.mark, rule.kind.replace("_", " "), f"{rule.basis}, {rule.status}", f"`{rule.id}`"]
    return [f"## {rule.text}", " · ".join(f for f in facts if f), *evidence_lines(rule.evidence), ""]


@skill.command("log")
@click.argument("name")
@json_option
def log(name: str, as_json: bool) -> None:
    """Show the history of a skill, newest first.

    \b
    Example:
      hardwon skill log tidepool-workflow
    """
    import msgspec

    from hardwon.cli.output import Column, note, print_json, print_table

    shelf = library()
    commits = shelf.log(name)
    if as_json:
        print_json([msgspec.to_builtins(commit) for commit in commits])
        return
    print_table(
        [Column("version", style="cyan"), Column("when"), Column("what", wide=True)],
        ((c.version, c.when[:16], c.what) for c in commits),
    )
    if shelf.note:
        note(shelf.note)


@skill.command("diff")
@click.argument("name")
@click.argument("before", default="")
@click.argument("after", default="")
@json_option
def diff(name: str, before: str, after: str, as_json: bool) -> None:
    """Show what differs between two versions of a skill.

    Without versions: what waits to be accepted against what is accepted, else the present version against the one before.

    \b
    Example:
      hardwon skill diff tidepool-workflow
      hardwon skill diff tidepool-workflow 1.0.0 1.1.0
    """
    from hardwon.cli.output import note, print_json, say
    from hardwon.flow.report import rule_json

    found = library().diff(name, before, after)
    if as_json:
        print_json(
            {
                "before": found.before,
                "after": found.after,
                "added": [rule_json(r) for r in found.added],
                "removed": [rule_json(r) for r in found.removed],
                "changed": [{"before": rule_json(c.before), "after": rule_json(c.after)} for c in found.changed],
                "lines": found.lines,
            }
        )
        return
    if found.empty:
        note("Nothing differs.")
        return
    say(f"{found.before or 'nothing'} → {found.after}", "bold")
    for mark, style, rules in (("+", "green", found.added), ("-", "red", found.removed)):
        for rule in rules:
            say(f"{mark} {rule.text}", style)
    for change in found.changed:
        marks = change.before.mark, change.after.mark
        say(f"~ {change.after.text}" + (f" [was {marks[0]}; now {marks[1]}]" if marks[0] != marks[1] else ""), "yellow")
    say()
    for line in found.lines.splitlines():
        say(line, {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""))


for _command in (
    skill_changes.accept,
    skill_changes.discard,
    skill_changes.revert,
    skill_changes.sync,
    skill_changes.unsync,
    skill_changes.uninstall,
    skill_changes.delete,
):
    skill.add_command(_command)
