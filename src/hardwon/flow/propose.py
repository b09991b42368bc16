"""Mining with the library in view: what is there already, what a person turned down, and new proposals written into it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec

from hardwon.agents import Places
from hardwon.flow.html import html
from hardwon.flow.mine import Options, mine
from hardwon.flow.page import document
from hardwon.flow.report import MineReport
from hardwon.model import Selection
from hardwon.rules import Known, Memory
from hardwon.skills.compose import compose
from hardwon.skills.files import write_atomic
from hardwon.skills.keys import evidence_key
from hardwon.skills.library import Entry, Library
from hardwon.skills.plan import SkillPlan
from hardwon.store.db import Store


def mine_into(
    store: Store,
    selection: Selection,
    *,
    as_of: int | None = None,
    max_skills: int = 5,
    preview: bool = False,
    places: Places | None = None,
) -> tuple[MineReport, list[SkillPlan]]:
    """Mine and bring what was found into the library of the store's home.

    Args:
        as_of, max_skills, places: see `hardwon.flow.mine.Options`. preview: change nothing in the library.

    Returns:
        the report, with the name, path and state that each skill has in the library now; and the plans that are new there.
    """
    library = Library.open(store.home)
    options = Options(
        as_of=as_of, max_skills=max_skills, memory=_memory(library), existing=_existing(library.list()), places=places
    )
    report = mine(store, selection, evidence_key(store.home), options)
    if preview:
        return report, list(report.proposals)
    plans, skills, fresh = [], {}, []
    for plan in report.proposals:
        change = library.propose(plan)
        if not change.path:
            continue
        placed = msgspec.structs.replace(plan, name=change.skill)
        plans.append(placed)
        skills[change.skill] = (change.path, _state(library.show(change.skill)))
        if change.kind != "unchanged":
            fresh.append(placed)
    return dataclasses.replace(report, proposals=tuple(plans), skills=skills), fresh


def audit_instructions(store: Store, selection: Selection, places: Places) -> MineReport:
    """Hold what stands already against what happened. Nothing is written; the report's `audit` is what is asked for."""
    return mine(store, selection, evidence_key(store.home), Options(places=places))


def write_out(report: MineReport, folder: Path) -> list[Path]:
    """Write the page (Markdown and HTML), the JSON and each skill's files into a folder. Returns what was written."""
    written = [folder / "report.md", folder / "report.html", folder / "report.json"]
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(written[0], document(report).encode())
    write_atomic(written[1], html(report).encode())
    write_atomic(written[2], msgspec.json.format(msgspec.json.encode(report.to_json()), indent=2) + b"\n")
    for plan in report.proposals:
        for name, text in compose(plan).files.items():
            path = folder / plan.name / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, text.encode())
            written.append(path)
    return written


def _memory(library: Library) -> Memory:
    known = {
        rule.id: Known(rule.kind, rule.project, frozenset(e.session for e in rule.evidence if e.role == "supports"))
        for entry in library.list()
        if entry.skill.state != "discarded"
        for rule in entry.skill.rules
    }
    return Memory({id: rejected.lineages for id, rejected in library.rejections().items()}, known)


def _existing(entries: list[Entry]) -> dict[str, frozenset[str]]:
    return {e.skill.name: frozenset(r.id for r in e.skill.rules) for e in entries if e.skill.state != "discarded"}


def _state(entry: Entry) -> str:
    return f"{entry.skill.state}, new version proposed" if entry.proposed else entry.skill.state
