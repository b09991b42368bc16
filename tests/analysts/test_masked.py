"""A failure that no exit code tells is told by a line; a pipe that hides one is the shell's doing."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import masked
from hardwon.corpus import Corpus


def hidden(number: int, *lines: str, line: str = "wrap commit") -> Maker:
    maker = Maker(number)
    maker.run(line, lines[0], known_by="content", lines=lines)
    return maker


def test_the_line_that_most_sessions_share() -> None:
    members = [hidden(i, f"src/{i}.py: bad", "FAILED: commit").member() for i in range(3)]
    (finding,), _ = masked.analyse(Corpus(members))
    assert (
        finding.text
        == '`wrap commit` can fail without a failing exit code: look for "FAILED: commit" in its output before you go on.'
    )
    assert [e.quote for e in finding.evidence] == ["FAILED: commit"] * 3


def test_a_pipe_or_an_echo_behind_it_explains_the_exit_code() -> None:
    members = [hidden(i, "FAILED: commit", line="wrap commit 2>&1 | tail -3").member() for i in range(3)]
    assert masked.analyse(Corpus(members)) == ([], [])


def test_a_command_that_mostly_says_so_is_no_gain() -> None:
    loud = Maker(9)
    for _ in range(4):
        loud.run("wrap commit", "FAILED: commit")
    members = [hidden(1, "FAILED: commit").member(), hidden(2, "FAILED: commit").member(), loud.member()]
    findings, rejections = masked.analyse(Corpus(members))
    assert not findings
    assert [r.reason for r in rejections] == ["no_gain"]
