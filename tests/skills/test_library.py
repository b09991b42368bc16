from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest
from tests.skills.plans import make_plan, make_rule

from hardwon.errors import LibraryError
from hardwon.model import Installation
from hardwon.skills.library import Library

NAME = "check-changes"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def edit(path: str, old: str, new: str) -> None:
    file = Path(path) / "SKILL.md"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_new_plan_becomes_a_proposed_skill(library):
    change = library.propose(make_plan())
    assert (change.kind, change.version, change.added) == ("new", "1.0.0", ("r1", "r2"))
    entry = library.show(NAME)
    assert entry.skill.state == "proposed"
    assert entry.skill.rules == make_plan().rules
    assert (Path(entry.path) / "SKILL.md").read_text("utf-8") == entry.text
    assert entry.skill.sessions == 6


def test_the_same_plan_again_changes_not_one_byte(library):
    library.propose(make_plan())
    before = tree(library.root)
    assert library.propose(make_plan()).kind == "unchanged"
    assert tree(library.root) == before


def test_another_version_of_hardwon_is_no_news(library, monkeypatch):
    library.propose(make_plan())
    monkeypatch.setattr("hardwon.skills.proposals.__version__", "77.0")
    monkeypatch.setattr("hardwon.skills.compose.__version__", "77.0")
    assert library.propose(make_plan()).kind == "unchanged"


def test_a_proposal_is_replaced_by_the_next_one(library):
    library.propose(make_plan())
    change = library.propose(make_plan(make_rule("r1"), make_rule("r3")))
    assert (change.kind, change.version, change.added, change.removed) == ("updated", "1.1.0", ("r3",), ("r2",))
    assert [rule.id for rule in library.show(NAME).skill.rules] == ["r1", "r3"]


def test_an_accepted_skill_stays_as_it_is_until_accepted_again(library):
    library.propose(make_plan())
    accepted = library.accept(NAME)
    library.propose(make_plan(make_rule("r1"), make_rule("r3")))
    entry = library.show(NAME)
    assert entry.text == accepted.text
    assert [rule.id for rule in entry.proposed.rules] == ["r1", "r2", "r3"]
    assert "make r3" in entry.proposed_text
    assert library.accept(NAME).text == entry.proposed_text
    assert library.show(NAME).proposed is None


def test_accepting_twice_changes_nothing(library):
    library.propose(make_plan())
    library.accept(NAME)
    before = tree(library.root)
    assert library.accept(NAME).skill.state == "accepted"
    assert tree(library.root) == before


def test_accepted_rules_neither_vanish_nor_shrink_but_may_be_retired(library):
    library.propose(make_plan(make_rule("r1", sessions=5), make_rule("r2")))
    library.accept(NAME)
    assert library.propose(make_plan(make_rule("r1", sessions=2))).kind == "unchanged"
    change = library.propose(make_plan(make_rule("r1", sessions=5), retired=("r2",)))
    assert change.removed == ("r2",)


def test_a_skill_is_extended_under_its_own_name_when_most_of_its_rules_are_in_the_plan(library):
    library.propose(make_plan(make_rule("r1"), make_rule("r2"), make_rule("r3")))
    change = library.propose(make_plan(make_rule("r1"), make_rule("r2"), make_rule("r4"), name="verify"))
    assert (change.skill, change.kind) == (NAME, "updated")
    assert library.propose(make_plan(make_rule("r4"), make_rule("r5"), name="other")).skill == "other"


def test_a_rule_lives_in_one_accepted_skill_only(library):
    library.propose(make_plan(make_rule("r1"), make_rule("r2"), make_rule("r3")))
    library.accept(NAME)
    change = library.propose(make_plan(make_rule("r3"), make_rule("r4"), name="other"))
    assert (change.added, change.withheld) == (("r4",), ("r3",))


def test_the_same_name_in_another_project_is_another_skill(library):
    library.propose(make_plan())
    change = library.propose(make_plan(make_rule("z1"), project="/work/Other Shop"))
    assert change.skill == f"{NAME}-other-shop"
    assert library.propose(make_plan(make_rule("z1"), project="/elsewhere/other-shop")).skill == f"{NAME}-other-shop-2"


def test_discarded_rules_come_back_only_with_more_evidence(library):
    library.propose(make_plan(make_rule("r1"), make_rule("r2")))
    assert library.discard(NAME, "too general").skill.state == "discarded"
    again = library.propose(make_plan(make_rule("r1"), make_rule("r2")))
    assert (again.kind, again.withheld) == ("unchanged", ("r1", "r2"))
    assert library.show(NAME).skill.state == "discarded"
    grown = library.propose(make_plan(make_rule("r1", sessions=4), make_rule("r2")))
    assert (grown.kind, grown.withheld) == ("updated", ("r2",))
    assert library.show(NAME).skill.state == "proposed"
    assert library.rejections()["r1"].reason == "too general"
    library.accept(NAME)
    assert set(library.rejections()) == {"r2"}


def test_discarding_what_waits_keeps_what_is_accepted(library):
    library.propose(make_plan())
    accepted = library.accept(NAME)
    update = make_plan(make_rule("r1", sessions=4), make_rule("r3"))
    library.propose(update)
    entry = library.discard(NAME)
    assert (entry.text, entry.proposed, entry.skill.state) == (accepted.text, None, "accepted")
    assert set(library.rejections()) == {"r3"}
    again = library.propose(update)
    assert (again.kind, again.withheld) == ("unchanged", ("r3",)), "one no is enough for what was added and for what changed"
    assert library.show(NAME).proposed is None
    assert library.propose(make_plan(make_rule("r1", sessions=5), make_rule("r3"))).kind == "updated"


def test_an_accepted_skill_is_not_discarded_by_mistake(library):
    library.propose(make_plan())
    library.accept(NAME)
    with pytest.raises(LibraryError, match="delete"):
        library.discard(NAME)


def test_an_edit_becomes_a_version_and_is_merged_with_later_proposals(library):
    entry = library.show(library.propose(make_plan()).skill)
    edit(entry.path, "Run `make r2`", "Always run `make r2`")
    accepted = library.accept(NAME)
    assert (accepted.skill.version, accepted.edited) == ("1.0.1", True)
    assert library.propose(make_plan()).kind == "unchanged"
    change = library.propose(make_plan(make_rule("r1"), make_rule("r2", sessions=8), make_rule("r3")))
    assert change.conflict == ""
    text = library.accept(NAME).text
    assert "- Always run `make r2`, not `r2`. `[8 sessions, since 2026-11-01]`\n" in text
    assert "make r3" in text


def test_a_conflict_is_shown_beside_and_must_be_settled(library):
    path = Path(library.show(library.propose(make_plan()).skill).path)
    edit(str(path), "Run `make r2`", "Always run `make r2`")
    plan = make_plan(make_rule("r1"), make_rule("r2", text="Never run `r2`."))
    change = library.propose(plan)
    assert "Always run" in change.conflict
    assert "Never run" in change.conflict
    assert "Always run" in library.show(NAME).text
    assert library.propose(plan).kind == "unchanged"
    with pytest.raises(LibraryError, match="go together"):
        library.accept(NAME)
    (path / "SKILL.conflict.md").unlink()
    assert "Always run" in library.accept(NAME).text
    assert library.propose(plan).kind == "unchanged"


def test_a_persons_own_files_stay(library):
    path = Path(library.show(library.propose(make_plan()).skill).path)
    (path / "scripts").mkdir()
    (path / "scripts" / "run.sh").write_text("#!/bin/sh\n")
    (path / "scripts" / "run.sh").chmod(0o755)
    library.accept(NAME)
    library.propose(make_plan(make_rule("r1"), make_rule("r2"), make_rule("r3")))
    library.accept(NAME)
    files = library.files(NAME)
    assert files["scripts/run.sh"].executable
    assert set(files) == {"SKILL.md", "scripts/run.sh"}
    assert {"evidence.json", "references/evidence.md"} <= set(library.files(NAME, with_evidence=True))


def test_log_diff_and_revert(library):
    library.propose(make_plan())
    first = library.accept(NAME).text
    library.propose(make_plan(make_rule("r1", sessions=9), make_rule("r2"), make_rule("r3")))
    waiting = library.diff(NAME)
    assert ([r.id for r in waiting.added], [c.after.id for c in waiting.changed]) == (["r3"], ["r1"])
    assert "+- Run `make r3`" in waiting.lines
    library.accept(NAME)
    assert library.diff(NAME).lines == waiting.lines
    assert library.diff(NAME, "1.1.0", "1.0.0").removed == waiting.added
    assert library.diff(NAME, "1.0.0", "1.0.0").empty
    back = library.revert(NAME, "1.0.0")
    assert (back.text, back.skill.version, back.skill.state) == (first, "1.2.0", "accepted")
    assert [(c.version, c.what.split(",")[0]) for c in library.log(NAME)] == [
        ("1.2.0", "back to 1.0.0"), ("1.1.0", "accepted"), ("1.1.0", "proposed"), ("1.0.0", "accepted"), ("1.0.0", "proposed"),
    ]  # fmt: skip
    with pytest.raises(LibraryError, match=r"no version `7\.0\.0`.*1\.2\.0, 1\.1\.0, 1\.0\.0"):
        library.revert(NAME, "7.0.0")


def test_deleting_keeps_the_history_and_the_refusal(library):
    library.propose(make_plan())
    library.accept(NAME)
    copy = Installation(NAME, "1.0.0", "/p/.claude/skills/x", "project", "h")
    library.record(copy)
    with pytest.raises(LibraryError, match="still installed"):
        library.delete(NAME)
    library.forget(copy)
    library.delete(NAME)
    assert library.list() == []
    assert len(library.log(NAME)) == 3
    assert library.propose(make_plan()).kind == "unchanged"


def test_why_finds_a_rule_by_id_and_by_words(library):
    library.propose(make_plan(make_rule("r1"), make_rule("q2", text="Stop the worker before you migrate.")))
    library.accept(NAME)
    library.propose(make_plan(make_rule("r1"), make_rule("q3")))
    assert [why.rule.id for why in library.why("q")] == ["q2", "q3"]
    assert [why.proposed for why in library.why("q")] == [False, True]
    assert [why.rule.id for why in library.why("the Worker")] == ["q2"]
    assert [why.rule.id for why in library.why("migrate worker")] == ["q2"]
    with pytest.raises(LibraryError, match="no rule"):
        library.why("something else entirely")


def test_an_unknown_skill_names_the_nearest(library):
    library.propose(make_plan())
    with pytest.raises(LibraryError, match="check-changes"):
        library.show("check-change")
    with pytest.raises(LibraryError, match="no skill is called"):
        library.log("zzz")


def test_every_change_is_a_commit_and_the_tree_is_clean(library):
    library.propose(make_plan())
    library.accept(NAME)
    run = subprocess.run(["git", "status", "--porcelain"], cwd=library.root, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    who = subprocess.run(["git", "log", "--format=%an <%ae>"], cwd=library.root, capture_output=True, text=True, check=True)
    assert set(who.stdout.split("\n")) == {"Hardwon <hardwon@localhost>", ""}


def test_hooks_and_settings_of_the_user_have_no_say(home, tmp_path, monkeypatch):
    person = tmp_path / "person"
    hooks = person / "hooks"
    hooks.mkdir(parents=True)
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 1\n")
    (hooks / "pre-commit").chmod(0o755)
    settings = f"[core]\n\thooksPath = {hooks}\n[commit]\n\tgpgSign = true\n[user]\n\tname = Jo\n\temail = jo@example.org\n"
    (person / ".gitconfig").write_text(settings)
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    library = Library.open(home)
    library.propose(make_plan())
    assert [commit.what for commit in library.log(NAME)] == ["proposed, 2 rules added"]
    assert library.note == ""


def test_without_git_all_but_the_history_works(home, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    library = Library.open(home)
    assert "git" in library.note
    path = library.show(library.propose(make_plan()).skill).path
    library.accept(NAME)
    edit(path, "Run `make r2`", "Always run `make r2`")
    change = library.propose(make_plan(make_rule("r1"), make_rule("r2"), make_rule("r3")))
    assert "make r3" in change.conflict
    assert library.log(NAME) == []
    with pytest.raises(LibraryError, match="history"):
        library.revert(NAME, "0.9.0")


def test_a_broken_record_is_named_with_its_file(library):
    path = Path(library.show(library.propose(make_plan()).skill).path)
    (path / "skill.json").write_text("{")
    with pytest.raises(LibraryError, match=r"skill\.json"):
        library.list()


def test_a_write_that_was_killed_between_two_renames_is_healed(library):
    path = Path(library.show(library.propose(make_plan()).skill).path)
    path.rename(path.with_name(f".{NAME}.hardwon-old-abc"))
    path.with_name(f".{NAME}.hardwon-new-abc").mkdir()
    library.propose(make_plan(make_rule("z9"), name="other"))
    assert {entry.skill.name for entry in library.list()} == {NAME, "other"}
    assert not list(library.root.glob("*.hardwon-*"))


def test_two_proposals_at_once_both_arrive(home, library):
    errors = []

    def propose(number: int) -> None:
        try:
            Library.open(home).propose(make_plan(make_rule(f"x{number}"), name=f"skill-{number}"))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=propose, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [entry.skill.name for entry in library.list()] == [f"skill-{n}" for n in range(4)]


def test_the_history_begins_with_the_library_and_holds_nothing_of_git_s_templates(library):
    library.propose(make_plan())
    root = Path(library.show(NAME).path).parent
    subjects = subprocess.run(["git", "log", "--format=%s", "--reverse"], cwd=root, capture_output=True, text=True, check=True)
    assert subjects.stdout.splitlines() == ["library: begun", f"{NAME} 1.0.0: proposed, 2 rules added"]
    assert not (root / ".git" / "hooks").exists()
