"""A form of a command that fills the context, beside a form that does not."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import floods
from hardwon.corpus import Corpus, Member

LONG, SHORT = {"output_chars": 40_000, "tokens": 30_000}, {"output_chars": 2_000}


def tracked(number: int, long: str = "tracker list --json", short: str = "tracker list") -> Member:
    maker = Maker(number)
    maker.run(long, **LONG)
    maker.run(short, **SHORT)
    return maker.member()


def test_the_option_that_makes_it_long_is_left_out() -> None:
    (finding,), _ = floods.analyse(Corpus([tracked(n) for n in (1, 2, 3)]))
    assert finding.text == (
        "Run `tracker list` without `--json`: `tracker list --json` prints up to 30,000 tokens and gets cut, over 4,000 in 3 of 3 "
        "sessions."
    )
    assert len({e.session for e in finding.evidence}) == 3


def test_a_filter_that_makes_it_short_is_named() -> None:
    (finding,), _ = floods.analyse(Corpus([tracked(n, short="tracker list --json | jq .title") for n in (1, 2, 3)]))
    assert finding.text.startswith("Run `tracker list --json | jq …`: `tracker list --json` prints")


def test_options_before_the_sub_command_do_not_hide_it() -> None:
    members = [tracked(1), tracked(2), tracked(3, long="tracker --readonly list --json")]
    (finding,), _ = floods.analyse(Corpus(members))
    assert finding.facts["floods"] == 3


def test_reading_and_searching_files_is_as_long_as_they_are() -> None:
    for long, short in (("cat src/a.ts", "cat src/b.ts"), ("rg -n total src", "rg -l total src"), ("git diff", "git diff --stat")):
        assert floods.analyse(Corpus([tracked(n, long, short) for n in (1, 2, 3)])) == ([], [])


def test_a_long_form_with_no_short_one_beside_it_is_kept_as_a_rejection() -> None:
    findings, rejections = floods.analyse(Corpus([tracked(n, short="tracker list --json") for n in (1, 2, 3)]))
    assert not findings
    assert [r.reason for r in rejections] == ["unproven"]


def test_two_pieces_of_work_are_too_few() -> None:
    plain = Maker(3)
    plain.run("tracker list", **SHORT)
    findings, rejections = floods.analyse(Corpus([tracked(1), tracked(2), plain.member()]))
    assert not findings
    assert [r.reason for r in rejections] == ["one_off"]
