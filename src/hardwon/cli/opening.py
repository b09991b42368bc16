"""The store as commands open it: scanned first where sessions are to be read straight from a path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hardwon.cli.output import note, progress

if TYPE_CHECKING:
    from hardwon.flow.scan import ScanResult
    from hardwon.model import Selection
    from hardwon.store.db import Store

NOTHING_READ = "No sessions are indexed yet. Run `hardwon scan` (or `hardwon mine`), or read a folder with --path DIR."
NO_MATCH = "No session matches. `hardwon sessions list` shows all of them."


@contextmanager
def opened(selection: Selection | None = None) -> Iterator[Store]:
    """The store of this user's home; paths of the selection are brought up to date first."""
    from hardwon.model import Selection
    from hardwon.store.db import Store
    from hardwon.store.home import Home

    if selection is not None and selection.paths:
        update(Selection(paths=selection.paths, agent=selection.agent))
    with Store.open(Home.default()) as store:
        yield store


def update(selection: Selection) -> ScanResult:
    """Scan, with progress on the terminal: the agents' own folders, or the selection's paths."""
    from hardwon.flow.scan import Options, scan
    from hardwon.flow.settings import read_settings
    from hardwon.store.home import Home

    home = Home.default()
    with progress("Reading sessions") as step:
        return scan(home, selection, options=Options(archive=read_settings(home).archive), progress=step)


def tell_empty(store: Store, selection: Selection) -> None:
    """Say on standard error why nothing was found, and what to do."""
    note(NO_MATCH if selection.paths or store.sources() else NOTHING_READ)
