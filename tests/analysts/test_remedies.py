"""A command that makes another one work is a finding; what merely came in between is not."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import remedies
from hardwon.corpus import Corpus


def remedied(number: int, then: str = "tools/service stop", extra: str = "") -> Maker:
    maker = Maker(number)
    bad = maker.run("tools/migrate.sh", "could not lock the table")
    for line in filter(None, (extra, then)):
        maker.run(line)
    good = maker.run("tools/migrate.sh")
    return maker.recover(bad, good, "remedy", between=tuple(filter(None, (extra, then))))


def test_a_remedy_is_what_all_have_in_common_and_reads_as_an_order() -> None:
    members = [remedied(1, extra="make deps").member(), remedied(2).member(), remedied(3, extra="tools/warm up").member()]
    findings, _ = remedies.analyse(Corpus(members))
    assert findings[0].text == (
        'Run `tools/service stop` before `tools/migrate.sh`: otherwise it fails with "could not lock the table".'
    )
    assert {e.session for e in findings[0].evidence} == {"claude:0001", "claude:0002", "claude:0003"}


def test_a_destructive_remedy_asks_first() -> None:
    members = [remedied(n, then="rm -rf build/leftovers").member() for n in (1, 2)]
    (finding,), _ = remedies.analyse(Corpus(members))
    assert "ask before you run `rm -rf build/leftovers`" in finding.text


def stale(number: int, what: str, command: str = "bun apps/cli.ts list", then: str = "bun run build") -> Maker:
    maker = Maker(number)
    bad = maker.run(command, f"SyntaxError: Export named '{what}' not found in module 'core/dist/index.js'")
    maker.run(then)
    good = maker.run(command)
    return maker.recover(bad, good, "remedy", between=(then,))


def with_successes(maker: Maker, times: int = 8) -> Maker:
    for _ in range(times):
        maker.run("bun apps/cli.ts list")
    return maker


def test_lines_that_differ_in_what_they_name_are_one_symptom() -> None:
    members = [with_successes(stale(1, "alpha")).member(), stale(2, "beta").member()]
    (finding,), _ = remedies.analyse(Corpus(members))
    assert finding.text == (
        "When `bun apps/cli.ts list` fails with \"SyntaxError: Export named '…' not found in module 'core/dist/index.js'\", "
        "run `bun run build`, then repeat it."
    )


def late(number: int, *, then: str = "bun run build", line: str = "gamma") -> Maker:
    """The same failure of another sub-command, mended much later, and so no recovery of its own."""
    maker = Maker(number)
    maker.run("bun apps/cli.ts show", f"SyntaxError: Export named '{line}' not found in module 'core/dist/index.js'")
    maker.run(then)
    maker.run("bun apps/cli.ts show")
    return maker


def test_the_same_failure_mended_late_is_evidence_too() -> None:
    members = [with_successes(stale(1, "alpha")).member(), stale(2, "beta").member(), late(3).member()]
    (finding,), _ = remedies.analyse(Corpus(members))
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002", "claude:0003"}
    assert finding.text.startswith("When `bun apps/cli.ts …` fails with")


def test_the_same_failure_that_went_away_without_the_remedy_is_none() -> None:
    members = [with_successes(stale(1, "alpha")).member(), stale(2, "beta").member(), late(3, then="bun run lint").member()]
    (finding,), _ = remedies.analyse(Corpus(members))
    assert {e.session for e in finding.evidence} == {"claude:0001", "claude:0002"}


def test_a_wrapper_makes_no_other_goal() -> None:
    members = []
    for number, command in ((1, "git commit -m x"), (2, "wrap git commit -m x")):
        maker = Maker(number)
        bad = maker.run(command, "hook: leftovers in build/")
        maker.run("tools/tidy all")
        members.append(maker.recover(bad, maker.run(command), "remedy", between=("tools/tidy all",)).member())
    (finding,), _ = remedies.analyse(Corpus(members))
    assert finding.text == 'Run `tools/tidy all` before `git commit`: otherwise it fails with "hook: leftovers in build/".'


def test_programs_that_no_shell_found_until_all_was_installed_are_one_symptom() -> None:
    members = []
    for number, (command, line) in enumerate(
        (("npm run lint", "sh: 1: biome: not found"), ("npm run typecheck", "sh: 1: tsc: not found")), start=1
    ):
        maker = Maker(number)
        bad = maker.run(command, line)
        maker.run("npm ci")
        members.append(maker.recover(bad, maker.run(command), "remedy", between=("npm ci",)))
    for _ in range(6):
        members[0].run("npm run lint")
    (finding,), _ = remedies.analyse(Corpus([m.member() for m in members]))
    assert finding.text == 'When `npm run …` fails with "…: not found", run `npm ci`, then repeat it.'
