"""The library: where skills live, with their states, versions and history, under HARDWON_HOME/skills.

    library = Library.open(Home.default())
    change = library.propose(plan)            # new | updated | unchanged
    entry = library.show(change.skill)        # Entry(skill, path, text, …, proposed)
    print(library.diff(change.skill).lines)
    library.accept(change.skill)              # now `hardwon.deliver` may install it
    library.discard("other", "too general")   # its rules are remembered and come back only with more evidence

Every change is a commit of a git repository of its own; `library.note` says why when there is no history. What an accepted skill
says changes only when a person accepts again: until then a new version stands beside it. A person's edits to a SKILL.md here are
noticed, become a version of their own, and are merged with what is proposed later. All methods raise LibraryError for a skill that
does not exist, and for a folder that cannot be read or written.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock, Timeout

from hardwon.errors import LibraryError
from hardwon.model import Installation, Rule, Skill
from hardwon.model.trajectory import Value
from hardwon.skills import slots
from hardwon.skills.compose import SKILL_MD
from hardwon.skills.evidence import EVIDENCE_JSON
from hardwon.skills.files import File, content_hash, remove_folder, sweep_all, write_atomic
from hardwon.skills.git import Commit, History
from hardwon.skills.plan import SkillPlan
from hardwon.skills.proposals import Change, Pair, draft, draft_hash, extend, place, unchanged, withhold
from hardwon.skills.rejections import Rejected, read_rejections, reject, write_rejections
from hardwon.skills.slots import PENDING, RECORD, Slot, installable
from hardwon.skills.versions import SkillDiff, compare_rules, compare_texts, following, highest
from hardwon.store.home import Home, reason

INSTALLATIONS = "installations.json"
_IGNORED = f"/{INSTALLATIONS}\n*.hardwon-*\n"
_CHARACTERS_PER_TOKEN = 4


class Entry(Value, frozen=True):
    """A skill as the library shows it. path: its folder; text: its SKILL.md; edited: a person changed that; conflict: an open
    conflict with git's marks; proposed: the version that waits beside an accepted one, with its folder and text."""

    skill: Skill
    path: str
    text: str
    tokens: int
    edited: bool = False
    conflict: str = ""
    proposed: Skill | None = None
    proposed_path: str = ""
    proposed_text: str = ""


class Why(Value, frozen=True):
    """A rule and the skill that it stands in; `proposed`: only in the version that waits to be accepted."""

    skill: str
    version: str
    rule: Rule
    proposed: bool = False


# `list` is a method below, so its own name for these
Commits = list[Commit]
Reasons = list[Why]
Installations = list[Installation]


class Library:
    """The skills of one home. Open it with `Library.open`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._history = History(root)
        self._lock = FileLock(root.parent / "library.lock", timeout=30)

    @classmethod
    def open(cls, home: Home) -> Library:
        """The library of a home, created with its repository when it is new."""
        library = cls(home.make().path / "skills")
        with library._errors():
            library.root.mkdir(exist_ok=True)
            library._history.start()
            ignore = library.root / ".gitignore"
            if not ignore.exists():
                write_atomic(ignore, _IGNORED.encode())
                library._history.commit("library: begun")
        return library

    @property
    def note(self) -> str:
        """Why there is no history, "" when all is well."""
        return self._history.note

    def propose(self, plan: SkillPlan) -> Change:
        """Bring a plan in: as a new skill, as a new version of the skill it belongs to, or not at all when it says nothing new."""
        with self._changing():
            pairs = self._pairs()
            name = place(plan, pairs)
            pair = pairs.get(name)
            plan, withheld = withhold(plan, name, pairs, self.rejections())
            accepted = pair is not None and pair.current.record.state == "accepted"
            if pair and accepted:
                plan = extend(plan, pair.current)
            if not plan.rules or (pair and self._says_nothing_new(plan, pair)):
                version = pair.newest.record.version if pair else ""
                path = str(self.root / pair.newest.folder) if pair else ""
                return Change(name, "unchanged", version, path, withheld=withheld)
            slot, change = draft(plan, pair)
            self._write(slot, f"proposed, {_counts(change)}")
            return msgspec.structs.replace(change, path=str(self.root / slot.folder), withheld=withheld)

    def list(self) -> list[Entry]:
        """All skills by name, discarded ones among them."""
        return [self._entry(pair) for _, pair in sorted(self._pairs().items())]

    def show(self, name: str) -> Entry:
        """One skill."""
        return self._entry(self._pair(name))

    def accept(self, name: str) -> Entry:
        """A person's yes to the newest version of a skill; nothing changes when it was accepted before."""
        with self._changing():
            pair = self._pair(name)
            slot = pair.newest
            if slot.conflict:
                raise LibraryError(
                    f"`{name}` has an edit and a proposal that do not go together",
                    where=str(self.root / slot.folder / slots.conflict_name(SKILL_MD)),
                    hint="Bring SKILL.md into the form you want, delete that file, and accept again.",
                )
            if slot.record.state != "accepted":
                rejected = self.rejections()
                ids = {rule.id for rule in slot.rules}
                write_rejections(self.root, [each for each in rejected.values() if each.rule not in ids])
                record = msgspec.structs.replace(slot.record, state="accepted", declined="")
                self._write(Slot(name, record, slot.files), "accepted", drop_pending=True)
            return self.show(name)

    def discard(self, name: str, reason: str = "") -> Entry:
        """A person's no: to the version that waits beside an accepted skill, else to the skill. Its rules are remembered."""
        with self._changing():
            pair = self._pair(name)
            slot, current = pair.newest, pair.current
            if slot.record.state == "accepted":
                raise LibraryError(
                    f"`{name}` is accepted", hint=f"`hardwon skill delete {name}` removes it and uninstalls its copies."
                )
            keep = {rule.id for rule in current.rules} if pair.pending else set()
            refused = [rule for rule in slot.rules if rule.id not in keep]
            write_rejections(self.root, (self.rejections() | reject(refused, name, reason)).values())
            if pair.pending:
                latest = highest(current.record.latest, slot.record.version)
                # the next mining leaves the refused rules out: what it finds then is what was declined here
                left = draft_hash(name, (rule for rule in slot.rules if rule not in refused))
                record = msgspec.structs.replace(current.record, latest=latest, declined=left)
                self._write(Slot(name, record, current.files), f"version {slot.record.version} discarded", drop_pending=True)
            else:
                self._write(Slot(name, msgspec.structs.replace(slot.record, state="discarded"), slot.files), "discarded")
            return self.show(name)

    def revert(self, name: str, version: str) -> Entry:
        """Put an earlier version's content back, as a new version in the skill's present state; a version that waits is dropped."""
        with self._changing():
            pair = self._pair(name)
            old = self._version(name, version)
            numbers = highest(pair.newest.record.version, pair.current.record.latest)
            number = following(numbers, rules_moved=True)
            record = msgspec.structs.replace(old.record, version=number, latest=number, state=pair.current.record.state)
            self._write(Slot(name, record, old.files), f"back to {version}", drop_pending=True)
            return self.show(name)

    def delete(self, name: str, reason: str = "deleted") -> None:
        """Remove a skill from the library; its history stays. Its rules are remembered as not wanted. Uninstall first."""
        with self._changing():
            pair = self._pair(name)
            copies = [each.path for each in self.installations() if each.skill == name]
            if copies:
                raise LibraryError(f"`{name}` is still installed in {', '.join(copies)}", hint="Uninstall it first.")
            if pair.current.record.state != "discarded":
                write_rejections(self.root, (self.rejections() | reject(pair.rules, name, reason)).values())
            for slot in (pair.pending, pair.current):
                if slot:
                    remove_folder(self.root / slot.folder)
            self._history.commit(f"{name} {pair.newest.record.version}: deleted")

    def log(self, name: str) -> Commits:
        """The history of a skill, newest first; of a deleted one too. Empty without git."""
        commits = [each for each in self._history.log(name, f"{PENDING}/{name}") if each.skill == name]
        if not commits:
            self._pair(name)
        return commits

    def diff(self, name: str, before: str = "", after: str = "") -> SkillDiff:
        """What differs between two versions. Without numbers: from the accepted version to the one that waits, else from the
        version before to the present one."""
        pair = self._pair(name)
        new = self._version(name, after) if after else pair.newest
        old = self._version(name, before) if before else self._before(pair, new)
        if old is None:
            lines = compare_texts(SKILL_MD, "", new.text(SKILL_MD), ("nothing", new.record.version))
            return SkillDiff("", new.record.version, added=new.rules, lines=lines)
        versions = (old.record.version, new.record.version)
        added, removed, changed = compare_rules(old.rules, new.rules)
        lines = "".join(compare_texts(each, old.text(each), new.text(each), versions) for each in slots.EDITABLE)
        return SkillDiff(*versions, added, removed, changed, lines)

    def why(self, asked: str) -> Reasons:
        """The rules that an id, the start of one, or words of a rule's text mean, with all their evidence."""
        rules = [each for pair in self._pairs().values() for each in _rules_of(pair)]
        wanted = asked.casefold().strip()
        found = [each for each in rules if wanted and each.rule.id.casefold().startswith(wanted)]
        found = found or [each for each in rules if wanted and wanted in each.rule.text.casefold()]
        found = found or [each for each in rules if wanted and all(word in each.rule.text.casefold() for word in wanted.split())]
        if not found:
            close = difflib.get_close_matches(asked, [each.rule.text for each in rules], n=2, cutoff=0.3)
            hint = "Nearest: " + "; ".join(f"“{text}”" for text in close) if close else "`hardwon skill list` shows the skills."
            raise LibraryError(f"no rule has the id or the words `{asked}`", hint=hint)
        return found

    def rejections(self) -> dict[str, Rejected]:
        """The rules that a person turned down, by id (`Rejected.covers(rule)`: still not wanted)."""
        with self._errors():
            return read_rejections(self.root)

    def installations(self) -> Installations:
        """All copies that Hardwon put somewhere, sorted by path."""
        path = self.root / INSTALLATIONS
        with self._errors():
            if not path.exists():
                return []
            try:
                return msgspec.json.decode(path.read_bytes(), type=list[Installation])
            except msgspec.MsgspecError as error:
                raise LibraryError(f"the list of installed copies cannot be read ({error})", where=str(path)) from error

    def record(self, *installations: Installation) -> None:
        """Remember copies; one of the same skill at the same path replaces what was known."""
        with self._locked():
            known = {(each.path, each.skill): each for each in self.installations()}
            self._write_installations({**known, **{(each.path, each.skill): each for each in installations}})

    def forget(self, *installations: Installation) -> None:
        """Copies that are no longer there."""
        gone = {(each.path, each.skill) for each in installations}
        with self._locked():
            self._write_installations({(e.path, e.skill): e for e in self.installations() if (e.path, e.skill) not in gone})

    def files(self, name: str, with_evidence: bool = False) -> dict[str, File]:
        """What of a skill is installed, by path: its accepted version, else the proposed one."""
        return installable(self._pair(name).current.files, with_evidence)

    def _write_installations(self, known: dict[tuple[str, str], Installation]) -> None:
        data = msgspec.json.format(msgspec.json.encode([known[key] for key in sorted(known)]), indent=1) + b"\n"
        write_atomic(self.root / INSTALLATIONS, data)

    def _write(self, slot: Slot, what: str, drop_pending: bool = False) -> None:
        slots.save(self.root, slot)
        pending = self.root / PENDING / slot.record.name
        if drop_pending and pending.exists():
            remove_folder(pending)
        self._history.commit(f"{slot.record.name} {slot.record.version}: {what}")

    def _says_nothing_new(self, plan: SkillPlan, pair: Pair) -> bool:
        current, newest = pair.current, pair.newest
        if current.record.state == "discarded":
            return False
        if pair.pending and unchanged(plan, current):
            remove_folder(self.root / pair.pending.folder)
            self._history.commit(f"{plan.name} {pair.pending.record.version}: proposal no longer holds")
            return True
        return unchanged(plan, newest) or current.record.declined == draft_hash(plan.name, plan.rules)

    def _pairs(self) -> dict[str, Pair]:
        with self._errors():
            names = sorted(path.parent.name for path in self.root.glob(f"[!.]*/{RECORD}"))
        found = ((name, slots.load(self.root, name), slots.load(self.root, f"{PENDING}/{name}")) for name in names)
        return {name: Pair(current, pending) for name, current, pending in found if current}

    def _pair(self, name: str) -> Pair:
        pairs = self._pairs()
        if name in pairs:
            return pairs[name]
        close = difflib.get_close_matches(name, pairs, n=3, cutoff=0.5)
        known = ", ".join(close or sorted(pairs)) or "none yet; `hardwon mine` proposes some"
        raise LibraryError(f"no skill is called `{name}`", hint=f"{'Nearest' if close else 'Known'}: {known}.")

    def _entry(self, pair: Pair) -> Entry:
        current, pending = pair.current, pair.pending
        text = current.text(SKILL_MD)
        return Entry(
            skill=current.skill,
            path=str(self.root / current.folder),
            text=text,
            tokens=-(-len(text) // _CHARACTERS_PER_TOKEN),
            edited=current.edited,
            conflict=pair.newest.conflict,
            proposed=pending.skill if pending else None,
            proposed_path=str(self.root / pending.folder) if pending else "",
            proposed_text=pending.text(SKILL_MD) if pending else "",
        )

    def _version(self, name: str, version: str) -> Slot:
        pair = self._pair(name)
        present = next((slot for slot in (pair.pending, pair.current) if slot and slot.record.version == version), None)
        commits = [] if present else self.log(name)
        for commit in (each for each in commits if each.version == version):
            for folder in (f"{PENDING}/{name}", name):
                files = self._history.files(commit.id, folder)
                record = msgspec.json.decode(files[RECORD].data, type=slots.Record) if RECORD in files else None
                if record and record.version == version and EVIDENCE_JSON in files:
                    return Slot(folder, record, files)
        if present:
            return present
        known = ", ".join(dict.fromkeys(commit.version for commit in commits)) or pair.newest.record.version
        raise LibraryError(f"`{name}` has no version `{version}`", hint=f"Known: {known}.{' ' + self.note if self.note else ''}")

    def _before(self, pair: Pair, new: Slot) -> Slot | None:
        if pair.pending and new is pair.pending:
            return pair.current
        versions = list(dict.fromkeys(commit.version for commit in self.log(new.record.name)))
        older = versions[versions.index(new.record.version) + 1 :] if new.record.version in versions else []
        return self._version(new.record.name, older[0]) if older else None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._locked():
            self._take_in_edits()
            yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with self._errors(), self._lock:
                yield
        except Timeout as error:
            raise LibraryError("another process is changing the library", where=str(self.root)) from error

    def _take_in_edits(self) -> None:
        """What a person changed by hand since the last change becomes a version and a commit of its own."""
        for parent in (self.root, self.root / PENDING):
            sweep_all(parent)
        for pair in self._pairs().values():
            for slot in (pair.current, pair.pending):
                if slot and slot.record.hash != content_hash(installable(slot.files)):
                    number = following(highest(pair.newest.record.version, pair.current.record.latest), rules_moved=False)
                    record = msgspec.structs.replace(slot.record, version=number, latest=number)
                    self._write(Slot(slot.folder, record, slot.files), "edited by hand")
        self._history.commit("library: edited by hand")

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LibraryError(f"the library cannot be used ({reason(error)})", where=str(error.filename or self.root)) from error


def _rules_of(pair: Pair) -> Reasons:
    current = pair.current
    shown = [Why(current.record.name, current.record.version, rule, current.record.state != "accepted") for rule in current.rules]
    known = {each.rule.id: each.rule for each in shown}
    if pair.pending:
        record = pair.pending.record
        shown += [Why(record.name, record.version, rule, True) for rule in pair.pending.rules if known.get(rule.id) != rule]
    return shown


def _counts(change: Change) -> str:
    parts: list[tuple[int, Literal["added", "removed", "changed"]]] = [
        (len(change.added), "added"), (len(change.removed), "removed"), (len(change.changed), "changed")
    ]  # fmt: skip
    return ", ".join(f"{n} {'rule' if n == 1 else 'rules'} {what}" for n, what in parts if n) or "text changed"
