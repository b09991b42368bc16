"""What the sandbox forbids and the outside allows is a finding; what fails everywhere, or was never tried outside, is none."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import sandboxes
from hardwon.corpus import Corpus

LINE = "Error: getaddrinfo ENOTFOUND cdn.shop.test"


def run(number: int, *, inside: str = "", outside: str | None = None) -> Maker:
    maker = Maker(number, agent="codex")
    maker.run("npm test", inside, sandbox="workspace-write")
    if outside is not None:
        maker.run("npm test", outside, sandbox="escalated")
    return maker


def analyse(*makers: Maker) -> tuple[list[str], list[str]]:
    found, rejected = sandboxes.analyse(Corpus([m.member() for m in makers]))
    return [f.text for f in found], [r.reason for r in rejected]


def test_denied_inside_and_never_outside_is_told_with_both_counts() -> None:
    texts, _ = analyse(run(1, inside=LINE), run(2, inside=LINE, outside=""), run(3, outside="1) adds an item"))
    assert texts == [
        f'When `npm test` fails in the sandbox with "{LINE}", ask at once to run it outside: 2 of 3 runs there failed so, 0 of 2 outside.'
    ]


def test_a_network_that_is_down_everywhere_is_no_lesson() -> None:
    assert analyse(run(1, inside=LINE, outside=LINE), run(2, inside=LINE, outside="")) == ([], ["unproven"])


def test_never_tried_outside_proves_nothing() -> None:
    assert analyse(run(1, inside=LINE), run(2, inside=LINE)) == ([], ["unproven"])


def test_other_failures_inside_are_not_the_sandbox() -> None:
    assert analyse(run(1, inside="1) adds an item", outside=""), run(2, inside="1) adds an item")) == ([], [])


def test_a_long_line_is_told_by_the_part_that_says_no() -> None:
    long = (
        "Error while looking for the newest version of the browser, falling back to the one that is installed already, 1.2.3: "
        + LINE
    )
    texts, _ = analyse(run(1, inside=long), run(2, inside=long, outside=""))
    assert '"getaddrinfo ENOTFOUND cdn.shop.test"' in texts[0]
