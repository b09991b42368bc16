"""The whole path on bundled sessions: real files of the real agents about a fictional project (see `tools/demo`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from hardwon.agents import Places
from hardwon.flow.propose import mine_into
from hardwon.flow.report import MineReport
from hardwon.flow.scan import ScanResult, scan
from hardwon.model import Rule, Selection
from hardwon.skills.library import Entry, Library
from hardwon.store.db import Store
from hardwon.store.home import Home


@dataclass(frozen=True)
class Demo:
    """What the demo made: counts of the scan, the report, the skill with most rules, and its rule with most sessions."""

    home: Home
    scanned: ScanResult
    report: MineReport
    entry: Entry | None = None
    rule: Rule | None = None


@contextmanager
def demonstration() -> Iterator[Demo]:
    """Scan, mine and propose in a temporary home, which is gone afterwards. Nothing of the user's is read or written."""
    with TemporaryDirectory(prefix="hardwon-demo-") as folder, as_file(files("hardwon") / "demo" / "home") as sessions:
        home = Home(Path(folder) / "hardwon")
        yield run(home, sessions)


def run(home: Home, sessions: Path) -> Demo:
    """The demo's path on a folder laid out as a home."""
    scanned = scan(home, places=Places(sessions, {}))
    with Store.open(home) as store:
        report, _ = mine_into(store, Selection())
    entries = [e for e in Library.open(home).list() if e.skill.rules]
    entry = max(entries, key=lambda e: (len(e.skill.rules), e.skill.name), default=None)
    rule = max(entry.skill.rules, key=lambda r: (r.support, r.priority, r.id)) if entry else None
    return Demo(home, scanned, report, entry, rule)
