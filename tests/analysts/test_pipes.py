"""A command run again only for another part of its output says which filter shows what is wanted."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import pipes
from hardwon.corpus import Corpus, Member
from hardwon.model import Diagnostic

NAMED = {"diagnostics": (Diagnostic("rule", "noUnused"),)}
LINT = "npm run lint 2>&1 | tail -5"


def looked_again(number: int, first: str = LINT, then: str = "npm run lint 2>&1 | head -20", between: str = "") -> Member:
    maker = Maker(number)
    maker.run(first, "Found 2 errors.")
    if between == "edit":
        maker.edit("src/a.ts")
    elif between:
        maker.run(between)
    maker.run(then, "noUnused: x", **NAMED)
    return maker.member()


def test_the_filter_that_showed_what_failed_is_named_with_the_numbers() -> None:
    (finding,), _ = pipes.analyse(Corpus([looked_again(n) for n in (1, 2, 3)]))
    assert finding.text == (
        "To see what fails, pipe `npm run lint` through `head -20`, not `tail`: `tail` cut off what failed in 3 of 3 failing runs, "
        "and 3 times the whole command was run again."
    )
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002", "claude:0003"}


def test_two_pieces_of_work_are_too_few() -> None:
    findings, rejections = pipes.analyse(Corpus([looked_again(1), looked_again(2)]))
    assert not findings
    assert [r.reason for r in rejections] == ["one_off"]


def test_an_edit_or_another_command_in_between_is_another_run() -> None:
    for between in ("edit", "npm install"):
        assert pipes.analyse(Corpus([looked_again(n, between=between) for n in (1, 2, 3)])) == ([], [])


def test_reading_another_part_of_a_file_is_no_repetition() -> None:
    first, then = "cat src/a.ts | head -40", "cat src/a.ts | tail -40"
    assert pipes.analyse(Corpus([looked_again(n, first, then) for n in (1, 2, 3)])) == ([], [])


def test_where_the_second_filter_tells_no_more_there_is_nothing_to_advise() -> None:
    members = []
    for n in (1, 2, 3):
        maker = Maker(n)
        maker.run(LINT, "noUnused: x", **NAMED)
        maker.run("npm run lint 2>&1 | head -20", "Found 2 errors.")
        members.append(maker.member())
    findings, rejections = pipes.analyse(Corpus(members))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]
