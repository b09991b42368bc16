"""A filter with which as many tests run as without it filters nothing."""

from __future__ import annotations

import pytest
from tests.making import Maker

from hardwon.analysts import silent_filters
from hardwon.corpus import Corpus, Member
from hardwon.shell.parse import parse

SILENT = "npm test -- --grep"


def suite(number: int, *values: str, ran: int = 50, works: bool = False, whole: bool = True) -> Member:
    maker = Maker(number)
    if whole:
        maker.run("npm test", ran=50)
    for value in values:
        maker.run(f'{SILENT} "{value}"', ran=ran)
        if works:
            maker.run(f'npm test --grep "{value}"', ran=4)
    return maker.member()


def test_the_form_that_filters_is_told_beside_the_one_that_does_not() -> None:
    (finding,), _ = silent_filters.analyse(Corpus([suite(1, "cart", works=True), suite(2, "tax", works=True), suite(3, "vat")]))
    assert finding.text == (
        "To run some of the tests, run `npm test --grep …`, not `npm test -- --grep …`: that one filters nothing, 3 of 3 runs of it "
        "ran the whole suite (50 tests); this ran 4."
    )
    assert len({e.session for e in finding.evidence}) == 3


def test_without_a_form_that_works_the_fact_is_told() -> None:
    (finding,), _ = silent_filters.analyse(Corpus([suite(1, "cart"), suite(2, "tax", whole=False), suite(3, "vat")]))
    assert finding.text.startswith("`npm test -- --grep …` filters nothing, 3 of 3 runs")


@pytest.mark.parametrize(
    "members",
    [
        [suite(n, "cart", ran=4) for n in (1, 2, 3)],
        [suite(n, "all of them") for n in (1, 2, 3)],
        [suite(n, v, whole=False) for n, v in ((1, "a"), (2, "b"), (3, "c"))],
    ],
    ids=["it filters", "one value only, which may match everything", "how many there are is not known"],
)
def test_no_finding(members: list[Member]) -> None:
    assert silent_filters.analyse(Corpus(members)) == ([], [])


def test_two_pieces_of_work_are_too_few() -> None:
    findings, rejections = silent_filters.analyse(Corpus([suite(1, "cart"), suite(2, "tax")]))
    assert not findings
    assert [r.reason for r in rejections] == ["one_off"]


@pytest.mark.parametrize(
    ("line", "form", "value"),
    [
        ("npm test", "npm test", ""),
        ('pnpm test -- --grep "a b"', "pnpm test -- --grep …", "a b"),
        ("bun run test src/a.test.ts src/b.test.ts", "bun run test …", "src/a.test.ts src/b.test.ts"),
        ("mvn test -Dtest=CartTest", "mvn test -Dtest=…", "CartTest"),
        ("pytest -q -k cart", "pytest -q -k …", "cart"),
        ("npm test -- --coverage", "npm test -- --coverage", ""),
    ],
)
def test_the_form_of_a_command(line: str, form: str, value: str) -> None:
    assert silent_filters.filtered(parse(line)[0]) == (form, value)
