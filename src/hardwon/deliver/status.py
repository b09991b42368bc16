"""How the copies of skills stand to the library: current, behind it, edited by hand, or gone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from hardwon.deliver.sections import find_sections
from hardwon.errors import DeliveryError, LibraryError
from hardwon.model import Installation
from hardwon.model.trajectory import Value
from hardwon.skills.files import content_hash, read_folder
from hardwon.skills.library import Library

State = Literal["current", "outdated", "edited", "missing"]


class Copy(Value, frozen=True):
    """A copy and its state. `outdated`: the library holds a newer accepted version; `edited`: a person changed the copy (or its
    file cannot be understood any more)."""

    installation: Installation
    state: State


def copies(library: Library, name: str = "") -> list[Copy]:
    """All copies that Hardwon put somewhere, or those of one skill, by path."""
    versions = {entry.skill.name: entry.skill.version for entry in library.list()}
    return [Copy(e, _state(e, versions.get(e.skill, e.version))) for e in library.installations() if name in ("", e.skill)]


def _state(copy: Installation, newest: str) -> State:
    try:
        hash = _folder_hash(Path(copy.path)) if copy.kind == "folder" else _section_hash(Path(copy.path), copy.skill)
    except (OSError, DeliveryError, LibraryError):
        return "edited"
    if not hash:
        return "missing"
    if hash != copy.hash:
        return "edited"
    return "current" if copy.version == newest else "outdated"


def _folder_hash(path: Path) -> str:
    return content_hash(read_folder(path)) if path.is_dir() else ""


def _section_hash(path: Path, name: str) -> str:
    sections = find_sections(path.read_bytes(), str(path)) if path.is_file() else ()
    found = next((section for section in sections if section.name == name), None)
    return "" if found is None else "edited" if found.edited else found.hash
