"""Instructions against rules and commands: what they cause, contradict, say in vain, or have no more to gain from."""

from __future__ import annotations

from collections.abc import Sequence

from tests.making import DAY, START, Maker

from hardwon.analysts import variants
from hardwon.corpus import Corpus
from hardwon.corpus.lineages import day
from hardwon.formats.instructions import split
from hardwon.model import Reference, Rule, Standing
from hardwon.rules import make
from hardwon.rules.standing import Weighed, weigh

PROJECT = "/srv/work/shop"
UNKNOWN = "error: unrecognized subcommand 'make'"


def wrapped(number: int) -> Maker:
    """A session in which a wrapper in front of a command fails and the command alone works."""
    maker = Maker(number)
    bad = maker.run("wrap make test", UNKNOWN)
    good = maker.run("make test")
    return maker.recover(bad, good, "variant", removed=("wrap",))


def plain(number: int, *lines: str) -> Maker:
    maker = Maker(number)
    for line in lines:
        maker.run(line)
    return maker


def corpus(*makers: Maker) -> Corpus:
    return Corpus(m.member() for m in makers)


def told(text: str, path: str = "CLAUDE.md", **fields: str) -> list[Standing]:
    return split(text, path, project=PROJECT, **fields)  # type: ignore[arg-type]


def weighed(instructions: Sequence[Standing], *makers: Maker) -> Weighed:
    sessions = corpus(*makers)
    findings, refused = variants.analyse(sessions)
    return weigh(make(findings, refused, sessions).rules, instructions, sessions)


def wish(number: int, **facts: object) -> tuple[Rule, Reference]:
    evidence = Reference("step", f"claude:{number:04d}", "s0", "x", time=START + number * DAY)
    return Rule("r-1", "Use pnpm, not npm.", "correction", (evidence,), project=PROJECT, support=1, facts=facts), evidence


def test_a_file_that_teaches_the_failing_form_causes_it() -> None:
    found = weighed(
        told("# Rules\n\n**Always prefix commands with `wrap`**. It is safe.\n"), wrapped(1), wrapped(2), plain(3, "make lint")
    )
    (verdict,) = found.verdicts
    assert (verdict.relation, verdict.path, verdict.line, verdict.sessions, verdict.of) == ("causes", "CLAUDE.md", 3, 2, 3)
    assert verdict.detail == "2 of 2 calls of `wrap make …` failed"
    assert verdict.edit.splitlines() == [
        "--- a/CLAUDE.md",
        "+++ b/CLAUDE.md",
        "@@ -3,0 +4,1 @@",
        f'+Exception: run `make …` without `wrap`: `wrap make …` fails with "{UNKNOWN}".',
    ]
    (rule,) = found.rules
    assert rule.standing is not None and rule.standing["relation"] == "causes" and rule.standing["line"] == 3


def test_a_line_that_is_shown_as_wrong_forbids_what_it_shows() -> None:
    found = weighed(told("```\n# ❌ Wrong\nwrap make test\n```\n"), wrapped(1), wrapped(2)).verdicts
    assert [v.relation for v in found] == ["broken"]


def test_an_instruction_of_another_project_says_nothing_here() -> None:
    elsewhere = split("Always prefix commands with `wrap`.", "CLAUDE.md", project="/srv/work/other")
    assert weighed(elsewhere, wrapped(1), wrapped(2)).verdicts == ()


def test_what_says_the_same_and_is_broken_all_the_same() -> None:
    (verdict,) = weighed(told("- Run `make test`, never `wrap make test`\n"), wrapped(1), wrapped(2)).verdicts
    assert (verdict.relation, verdict.sessions, verdict.edit) == ("broken", 2, "")


def test_only_sessions_since_it_was_written_break_it_and_a_followed_one_ends_the_rule() -> None:
    late = [Standing("CLAUDE.md", 1, "Run `make test`, never `wrap make test`", project=PROJECT, since=day(START + 2 * DAY))]
    (verdict,) = weighed(late, wrapped(1), wrapped(2)).verdicts
    assert (verdict.relation, verdict.sessions, verdict.since) == ("broken", 1, day(START + 2 * DAY))
    followed = [Standing("CLAUDE.md", 1, "Run `make test`, never `wrap make test`", project=PROJECT, since=day(START + 3 * DAY))]
    after = [plain(n, "make test") for n in (3, 4, 5)]
    found = weighed(followed, wrapped(1), wrapped(2), *after)
    assert found.rules == () and [r.reason for r in found.rejected] == ["standing"]
    assert found.rejected[0].detail.startswith("CLAUDE.md:1 says it since")


def test_too_early_to_say_keeps_the_rule() -> None:
    fresh = [Standing("CLAUDE.md", 1, "Run `make test`, never `wrap make test`", project=PROJECT, since=day(START + 3 * DAY))]
    found = weighed(fresh, wrapped(1), wrapped(2))
    assert len(found.rules) == 1 and found.rejected == ()


def test_a_direction_contradicts_a_command_of_the_file_and_mends_it() -> None:
    rule, _ = wish(1, wanted="pnpm", unwanted="npm", said=2, against=0)
    found = weigh([rule], told("- Install with `npm ci`\n"), corpus(plain(1, "ls"))).verdicts
    assert [(v.relation, v.edit.splitlines()[-2:]) for v in found] == [
        ("contradicted", ["-- Install with `npm ci`", "+- Install with `pnpm ci`"])
    ]
    agreeing = weigh([rule], told("- Use pnpm, never npm\n"), corpus(plain(1, "ls"))).verdicts
    assert [(v.relation, v.detail) for v in agreeing] == [("broken", "you had to say so")]


def test_a_remedy_before_its_goal_is_missing_in_a_file_that_names_the_goal_alone() -> None:
    facts = {
        "remedy": "make format", "goal": "make lint", "keys": ["make lint"],
        "failed": 4, "failing_total": 9, "worked": 3, "working_total": 3,
    }  # fmt: skip
    evidence = tuple(Reference("step", f"claude:{n:04d}", "s0", "x", time=START + n * DAY) for n in (1, 2))
    rule = Rule("r-2", "Run `make format` before `make lint`.", "error_recovery", evidence, project=PROJECT, support=2, facts=facts)
    sessions = corpus(plain(1, "make lint"), plain(2, "make lint"), plain(3, "make lint"))
    text = "At the end run the linter:\n```\nmake lint\n```\n"
    (verdict,) = weigh([rule], told(text), sessions).verdicts
    assert (verdict.relation, verdict.line, verdict.sessions, verdict.of) == ("causes", 3, 2, 3)
    assert verdict.edit.splitlines()[-2:] == ["@@ -2,0 +3,1 @@", "+make format"]
    both = weigh([rule], told("- Run `make format`, then `make lint`\n"), sessions).verdicts
    assert [v.relation for v in both] == ["broken"]


def test_commands_that_never_worked_are_gone_or_are_simply_run() -> None:
    def failing(number: int, message: str) -> Maker:
        maker = Maker(number)
        maker.run("make old", message)
        return maker

    never = weigh([], told("- Run `make old` first\n"), corpus(*(failing(n, "boom") for n in (1, 2, 3)))).verdicts
    assert [(v.relation, v.sessions) for v in never] == [("contradicted", 3)]
    missing = "make: *** No rule to make target 'old'."
    gone = weigh(
        [], told("- Run `make old` first\n"), corpus(plain(1, "make old"), failing(2, missing), failing(3, missing))
    ).verdicts
    assert [(v.relation, v.sessions) for v in gone] == [("stale", 2)] and "worked until" in gone[0].detail
    kept = weigh([], told("- Run `make old` first\n"), corpus(*(plain(n, "make old") for n in (1, 2, 3)))).verdicts
    assert [(v.relation, v.sessions) for v in kept] == [("followed", 3)]


def test_what_is_forbidden_and_done_all_the_same() -> None:
    sessions = corpus(plain(1, "make some"), plain(2, "make some"), plain(3, "make all"))
    (verdict,) = weigh([], told("- Never run `make some` directly\n"), sessions).verdicts
    assert (verdict.relation, verdict.sessions) == ("broken", 2)
    assert weigh([], told("- Never run `make some` unless asked\n"), sessions).verdicts == ()
    assert weigh([], told("- Never run `make some` directly\n", "SKILL.md"), sessions).verdicts == ()


def test_a_file_that_is_named_and_gone() -> None:
    text = told("- See `docs/old.md` and `docs/new.md`\n")
    found = weigh([], text, corpus(plain(1, "ls")), lambda project, path: path == "docs/old.md").verdicts
    assert [(v.relation, v.detail) for v in found] == [("stale", "`docs/old.md` is not there")]
    assert weigh([], text, corpus(plain(1, "ls"))).verdicts == ()


def test_the_most_pressing_comes_first_and_order_of_input_does_not_matter() -> None:
    instructions = told("Always prefix commands with `wrap`.\n\n- Never run `make some` directly\n")
    makers = (wrapped(1), wrapped(2), plain(3, "make some"), plain(4, "make some"))
    found = weighed(instructions, *makers)
    assert [v.relation for v in found.verdicts] == ["causes", "broken"]
    assert weighed(list(reversed(instructions)), *reversed(makers)) == found
