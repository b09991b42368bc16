"""What sessions look for past its place, and then open there."""

from __future__ import annotations

import pytest
from tests.making import Maker

from hardwon.analysts import whereabouts
from hardwon.corpus import Corpus, Member
from hardwon.model import Diagnostic

PACKAGES = ("node_modules/acorn/CHANGELOG.md", "node_modules/husky/CHANGELOG.md")


def hunted(number: int, *listed: str, results: int | None = None, opens: str = "CHANGELOG.md") -> Member:
    return Maker(number).search("**/CHANGELOG*", *listed, results=results).search("changelog*", results=0).read(opens).member()


def test_a_file_that_searches_miss_is_told_with_its_place() -> None:
    (finding,), _ = whereabouts.analyse(Corpus([hunted(n, *PACKAGES) for n in (1, 2, 3)]))
    assert finding.text == (
        "Open `CHANGELOG.md` directly, it lies in the project's root: a search for `**/CHANGELOG*` lists files in `node_modules` instead "
        "(6 searches missed it in 3 sessions)."
    )
    assert len({e.session for e in finding.evidence}) == 3


def test_a_wrong_path_is_a_search_too() -> None:
    members = []
    for n in (1, 2, 3):
        maker = Maker(n)
        maker.run("cat docs/guide/style.md", "No such file", diagnostics=(Diagnostic("path", "docs/guide/style.md"),))
        members.append(maker.read(".agents/style.md").member())
    (finding,), _ = whereabouts.analyse(Corpus(members))
    assert finding.text.startswith("Open `.agents/style.md` directly, it lies in `.agents`: a search for `docs/guide/style.md`")


def test_a_search_that_finds_it_costs_nothing() -> None:
    members = [Maker(n).search("**/CHANGELOG*", "CHANGELOG.md", results=1).read("CHANGELOG.md").member() for n in (1, 2, 3)]
    assert whereabouts.analyse(Corpus(members)) == ([], [])


def test_a_name_that_several_files_have_has_no_place() -> None:
    elsewhere = Maker(4).read("web/CHANGELOG.md").member()
    assert whereabouts.analyse(Corpus([*(hunted(n, *PACKAGES) for n in (1, 2, 3)), elsewhere])) == ([], [])


def test_two_pieces_of_work_are_too_few() -> None:
    findings, rejections = whereabouts.analyse(Corpus([hunted(1, *PACKAGES), hunted(2, *PACKAGES)]))
    assert not findings
    assert [r.reason for r in rejections] == ["one_off"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("**/CHANGELOG*", "changelog"),
        ("**/[Cc]hange[Ll]og*", "changelog"),
        ("src/**/*.test.ts", ""),
        ("*.ts", ""),
        ("**/*", ""),
        ("docs/style-guide.md", "style-guide.md"),
        ("**/index.{ts,tsx}", ""),
    ],
)
def test_the_name_that_a_search_is_after(query: str, name: str) -> None:
    assert whereabouts.sought(query) == name
