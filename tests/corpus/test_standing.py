"""The newest text of each instruction file as sessions show it, and since when each instruction is known to stand there."""

from __future__ import annotations

from tests.making import DAY, START, Maker

from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.corpus.standing import instructions, shown
from hardwon.model import StandingText


def session(number: int, *shows: tuple[str, str], whole: bool = True, line: int = 1) -> Maker:
    maker = Maker(number)
    for path, text in shows:
        maker.events.append(StandingText(**maker._next(), path=path, text=text, whole=whole, line=line))  # type: ignore[arg-type]
    return maker


def corpus(*makers: Maker) -> Corpus:
    return Corpus(m.member() for m in makers)


def test_the_newest_whole_text_stands_and_what_it_lacks_does_not() -> None:
    both = corpus(session(1, ("CLAUDE.md", "- Use make\n- Use tabs")), session(2, ("CLAUDE.md", "- Use make\n- Use uv")))
    assert [(s.line, s.text, s.source) for s in instructions(both)] == [(1, "Use make", "transcript"), (2, "Use uv", "transcript")]


def test_since_is_known_from_the_first_session_or_from_an_earlier_text_that_lacked_it() -> None:
    found = instructions(corpus(session(1, ("CLAUDE.md", "- Use make")), session(3, ("CLAUDE.md", "- Use make\n- Use uv"))))
    assert {s.text: s.since for s in found} == {"Use make": day(START + DAY), "Use uv": day(START + 3 * DAY)}


def test_what_was_first_seen_later_than_the_first_session_may_be_any_age() -> None:
    (found,) = instructions(corpus(session(1), session(3, ("CLAUDE.md", "- Use make"))))
    assert found.since == ""


def test_parts_stand_in_for_a_text_that_was_never_seen_whole() -> None:
    first = session(1, ("CLAUDE.md", "- Use make"), whole=False, line=80)
    assert [s.line for s in instructions(corpus(first))] == [80]
    assert [s.line for s in instructions(corpus(first, session(2, ("CLAUDE.md", "- Use make"))))] == [1]


def test_files_of_a_person_have_no_project_and_those_of_other_projects_no_place() -> None:
    found = shown(
        corpus(session(1, ("/home/dev/.agents/skills/x/SKILL.md", "a"), ("/home/dev/other/AGENTS.md", "b"), ("AGENTS.md", "c")))
    )
    assert [(f.project, f.path) for f in found] == [("", "~/.agents/skills/x/SKILL.md"), ("/srv/work/shop", "AGENTS.md")]


def test_of_several_versions_in_a_cache_the_newest_stands() -> None:
    old, new = (f"/home/dev/.codex/plugins/cache/x/{v}/skills/y/SKILL.md" for v in ("1.0.0", "1.2.0"))
    (file,) = shown(corpus(session(1, (old, "- a")), session(2, (new, "- b"))))
    assert file.path.endswith("1.2.0/skills/y/SKILL.md") and len(file.sights) == 2


def test_a_skill_that_hardwon_wrote_is_no_instruction_of_anyones() -> None:
    text = "---\nname: x\ndescription: y\nmetadata:\n  hardwon: '0.1'\n---\n- Use make"
    assert instructions(corpus(session(1, (".claude/skills/x/SKILL.md", text)))) == []
