"""Files that break each other's tests belong together; red tests of new work, flaky ones and mends in the edited file do not tell."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import companions
from hardwon.corpus import Corpus
from hardwon.model import Diagnostic

SOURCE, TABLE = "src/db/orders.py", "tests/api/test_routes.py"


def red(maker: Maker, name: str, line: str = "") -> None:
    maker.run("pytest", line or f"FAILED {TABLE}::{name}", diagnostics=(Diagnostic("test", name),))


def broken(number: int, name: str = "test_history", mend: str = TABLE, before: str = "", line: str = "") -> Maker:
    maker = Maker(number)
    for path in filter(None, (before, SOURCE)):
        maker.edit(path)
    red(maker, name, line)
    if mend:
        maker.edit(mend)
    maker.run("pytest")
    return maker


def analyse(*makers: Maker) -> tuple[list[str], list[str]]:
    found, rejected = companions.analyse(Corpus([m.member() for m in makers]))
    return [f.text for f in found], [r.reason for r in rejected]


def test_the_same_test_in_two_sessions_names_both_files_and_the_price() -> None:
    untouched = Maker(3)
    untouched.edit(SOURCE)
    untouched.run("pytest")
    texts, _ = analyse(broken(1), broken(2, line="OperationalError: no such column: paid"), untouched)
    assert texts == [
        f'When you change `{SOURCE}`, change `{TABLE}` too: otherwise "test_history" fails (with "OperationalError: no such column: '
        'paid"), in 2 of the 3 sessions that changed it.'
    ]


def test_evidence_is_the_red_line_and_the_edit_that_mended_it() -> None:
    (finding,), _ = companions.analyse(Corpus([broken(n).member() for n in (1, 2)]))
    assert {(e.session, e.quote) for e in finding.evidence} == {
        (f"claude:000{n}", quote) for n in (1, 2) for quote in (f"FAILED {TABLE}::test_history", "test_routes.py")
    }


def test_different_tests_of_one_pair_need_three_sessions() -> None:
    names = ["cart > adds", "cart > removes", "cart > sums"]
    assert analyse(*(broken(n, name) for n, name in enumerate(names[:2]))) == ([], ["one_off"])
    texts, _ = analyse(*(broken(n, name) for n, name in enumerate(names)))
    assert texts == [
        f'When you change `{SOURCE}`, search `{TABLE}` for what you changed, before you run the tests: tests of "cart" failed, in '
        "3 of the 3 sessions that changed it."
    ]


def test_tests_that_the_session_wrote_itself_are_ordinary_work() -> None:
    assert analyse(broken(1, before=TABLE), broken(2, before=TABLE)) == ([], ["one_off"])


def test_a_mend_in_the_edited_file_is_ordinary_work() -> None:
    assert analyse(broken(1, mend=SOURCE), broken(2, mend=SOURCE))[0] == []


def test_a_test_that_passes_again_with_nothing_edited_is_flaky() -> None:
    assert analyse(broken(1), broken(2), broken(3, mend="")) == ([], [])


def test_a_file_that_mostly_changes_without_harm_gains_nothing() -> None:
    harmless = [Maker(n) for n in range(3, 12)]
    for maker in harmless:
        maker.edit(SOURCE)
        maker.run("pytest")
    assert analyse(broken(1), broken(2), *harmless) == ([], ["no_gain"])
