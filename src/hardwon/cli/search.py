"""`hardwon search`: full text over all sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hardwon.cli.options import json_option, selection_options

if TYPE_CHECKING:
    from hardwon.model import Selection


@click.command()
@click.argument("text", nargs=-1, required=True)
@selection_options("ids", "match")
@click.option("--ids", "only_ids", is_flag=True, help="Print the ids of the sessions found, for pipes.")
@json_option
def search(text: tuple[str, ...], selection: Selection, only_ids: bool, as_json: bool) -> None:
    """Search the text of all sessions.

    All words must stand in one step; quote words that belong together, end one with * for its beginnings.

    \b
    Example:
      hardwon search stale tables
      hardwon search '"no gauge attached"' --ids | hardwon sessions list -
    """
    import msgspec

    from hardwon.cli.opening import opened, tell_empty
    from hardwon.cli.output import Column, note, print_json, print_table, short_ids

    found = msgspec.structs.replace(selection, limit=None)
    with opened(found) as store:
        hits = store.search(" ".join(text), found, selection.limit or 20)
        if as_json:
            keys = ("session", "step", "agent", "project", "text", "score", "ordinal")
            print_json([{key: getattr(hit, key) for key in keys} for hit in hits])
        elif only_ids:
            click.echo("".join(f"{id}\n" for id in dict.fromkeys(hit.session for hit in hits)), nl=False)
        elif not hits and store.sessions(msgspec.structs.replace(found, limit=1)):
            note("No step has all these words. Fewer words, or the beginning of one with a * behind it, find more.")
        elif not hits:
            tell_empty(store, selection)
        else:
            ids = dict(zip((h.session for h in hits), short_ids([h.session for h in hits]), strict=True))
            columns = [Column("session", style="cyan"), Column("step", number=True), Column("text", wide=True)]
            print_table(columns, ((ids[h.session], f"#{h.ordinal}", h.text) for h in hits))
