"""A fixer that mends what the check complains of is run first; a linter's complaint that no fixer mends is no reason to."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import fixers
from hardwon.corpus import Corpus
from hardwon.model import Diagnostic, Fingerprint


def lint(maker: Maker, *rules: str, command: str = "npm run lint") -> None:
    """A failing check that names rules, or a green one."""
    line = f"src/cart.ts {rules[0]}" if rules else ""
    told = {"fingerprint": Fingerprint(line, "biome", 1, line), "diagnostics": tuple(Diagnostic("rule", r) for r in rules)}
    maker.run(command, line, **(told if rules else {}))


def mended(number: int, *rules: str, fixer: str = "npx biome check --write src/cart.ts", hand: str = "") -> Maker:
    maker = Maker(number)
    maker.edit("src/cart.ts")
    lint(maker, *(rules or ("format",)))
    maker.run(fixer)
    if hand:
        maker.edit(hand)
    lint(maker)
    return maker


def analyse(*makers: Maker) -> tuple[list[str], list[str]]:
    found, rejected = fixers.analyse(Corpus([m.member() for m in makers]))
    return [f.text for f in found], [r.reason for r in rejected]


def test_a_fixer_that_had_to_follow_the_check_comes_before_it() -> None:
    texts, _ = analyse(mended(1), mended(2, "format", "organizeImports"))
    assert texts == [
        "After an edit, run `npx biome check --write` on the changed files before `npm run lint`: 2 of 2 checks without it failed only "
        "on what it mends (format)."
    ]


def test_checks_of_other_names_and_scripts_count_alike() -> None:
    other = Maker(3)
    other.edit("src/cart.ts")
    lint(other, "format", command="npx biome check src/cart.ts")
    other.run("npx biome check --write src/cart.ts")
    lint(other, command="npx biome check src/cart.ts")
    texts, _ = analyse(mended(1), mended(2), other)
    assert "3 of 3 checks without it" in texts[0]


def test_what_an_edit_by_hand_mended_no_fixer_did() -> None:
    assert analyse(mended(1, hand="src/cart.ts"), mended(2, hand="src/cart.ts")) == ([], [])


def test_once_is_a_lead_only() -> None:
    assert analyse(mended(1)) == ([], ["one_off"])


def test_where_checks_mostly_pass_there_is_no_gain() -> None:
    green = [Maker(n) for n in range(3, 20)]
    for maker in green:
        maker.edit("src/cart.ts")
        lint(maker)
    assert analyse(mended(1), mended(2), *green) == ([], ["unproven"])


def test_a_failure_that_names_more_than_the_fixer_mends_does_not_count() -> None:
    stubborn = Maker(3)
    stubborn.edit("src/cart.ts")
    lint(stubborn, "format", "noUnusedVariables")
    texts, _ = analyse(mended(1), mended(2), stubborn)
    assert "2 of 3 checks without it" in texts[0]


def test_a_check_that_never_ran_says_nothing() -> None:
    missing = Maker(3)
    missing.edit("src/cart.ts")
    line = "sh: biome: command not found"
    missing.run("npm run lint", line, fingerprint=Fingerprint(line, "shell", 1, line))
    lint(missing, "format")
    texts, _ = analyse(mended(1), mended(2), missing)
    assert "3 of 3 checks without it" in texts[0]


def test_a_formatter_that_lists_files_and_its_looking_form_are_told_apart() -> None:
    makers = [Maker(n) for n in (1, 2)]
    for maker in makers:
        maker.edit("src/lib.rs")
        line = "Diff in src/lib.rs:1:"
        told = {"fingerprint": Fingerprint(line, "prettier", 1, line), "diagnostics": (Diagnostic("path", "src/lib.rs"),)}
        maker.run("cargo fmt --check", line, **told)
        maker.run("cargo fmt")
        maker.run("cargo fmt --check")
    texts, _ = analyse(*makers)
    assert texts == [
        "After an edit, run `cargo fmt` before `cargo fmt --check`: 2 of 2 checks without it failed only on what it mends (format)."
    ]
