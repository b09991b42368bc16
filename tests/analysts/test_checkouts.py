"""Folders outside of the project that sessions search the disk for."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import checkouts
from hardwon.corpus import Corpus, Member

INFRA, DOCS = "/srv/work/ops/infra", "/srv/work/docs-site"


def searched(number: int, name: str, *paths: str, root: str = "/srv/work", kind: str = "-type d ") -> Member:
    return Maker(number).search(name, *paths, line=f"find {root} -maxdepth 4 {kind}-name '{name}' | sort").member()


def test_checkouts_found_by_searches_over_one_root_are_listed() -> None:
    members = [searched(1, "infra", INFRA), searched(2, "infra", INFRA), searched(3, "docs-site", DOCS)]
    (finding,), _ = checkouts.analyse(Corpus(members))
    assert finding.text == f"Other checkouts lie at `{DOCS}`, `{INFRA}`: do not search `/srv/work` for them (3 times so far)."
    assert {e.quote for e in finding.evidence} >= {INFRA, DOCS}


def test_a_search_inside_the_project_for_files_or_in_scratch_folders_is_another_thing() -> None:
    for root, kind in (("src", "-type d "), ("/srv/work", "-type f "), ("/tmp", "-type d ")):
        place = f"{root}/infra"
        assert checkouts.analyse(Corpus([searched(n, "infra", place, root=root, kind=kind) for n in (1, 2, 3)])) == ([], [])


def test_a_name_found_at_two_places_is_left_out() -> None:
    members = [searched(1, "infra", INFRA), searched(2, "infra", "/srv/work/old/infra"), searched(3, "docs-site", DOCS)]
    (finding,), _ = checkouts.analyse(Corpus(members))
    assert finding.facts["places"] == [DOCS]


def test_two_pieces_of_work_are_too_few() -> None:
    findings, rejections = checkouts.analyse(Corpus([searched(1, "infra", INFRA), searched(2, "infra", INFRA)]))
    assert not findings
    assert [r.reason for r in rejections] == ["one_off"]
