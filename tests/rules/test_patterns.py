"""Rules get the pattern that their facts give, counted over all sessions, and only where it says what the rule says."""

from __future__ import annotations

import msgspec
from tests.making import Maker

from hardwon.corpus import Corpus
from hardwon.model import Reference, Rule, Verification
from hardwon.model.patterns import from_data
from hardwon.patterns import describe
from hardwon.rules.patterns import pattern_of, with_patterns

PROJECT = "/srv/work/shop"


def rule(subject: str, sessions: list[str], **fields: object) -> Rule:
    evidence = tuple(Reference("step", s, f"{s}#x", "q") for s in sessions)
    return Rule(**{"id": "r-1", "text": "T", "kind": "error_recovery", "evidence": evidence, "subject": subject} | fields)  # type: ignore[arg-type]


GATE = {"shape": "remedy", "remedy": "bun run typecheck", "keys": ["git commit"]}


def commits() -> tuple[Corpus, list[str]]:
    """Two stopped without a type check, one through a wrapper; two let through with one; one session without commits."""
    members = []
    for number in range(2):
        made = Maker(number, PROJECT).edit("src/a.ts")
        made.run("git commit -m x" if number else "wrap git commit -m x", "error TS2322")
        members.append(made.member())
    for number in (2, 3):
        made = Maker(number, PROJECT).edit("src/a.ts")
        made.run("bun run typecheck")
        made.edit("notes.md")
        made.run("git commit -m x")
        members.append(made.member())
    members.append(Maker(4, PROJECT).read("a.ts").member())
    return Corpus(members), [m.id for m in members[:2]]


def test_a_gate_is_counted_over_all_sessions():
    corpus, stopped = commits()
    heads = {a.command.key for m in corpus.members for a in m.attempts if a.command}
    assert any(h.endswith(" git commit") for h in heads)
    before = rule("gate:commit:bun run typecheck", stopped, facts=GATE)
    (after,) = with_patterns([before], corpus)
    assert after.basis == "tested" and (after.id, after.text) == (before.id, before.text)
    assert describe(from_data(after.pattern)).startswith("runs `bun run typecheck` that works before every `git commit`")
    counts = after.facts["tested"]
    assert (counts["not_applicable"], counts["kept"], counts["broken"]) == (1, 2, 2)
    assert (counts["activations"], counts["fulfilments"], counts["violations"]) == (4, 2, 2)
    assert counts["broken_lineages"] == 2
    assert msgspec.json.decode(msgspec.json.encode(after), type=Rule) == after


def test_a_pattern_that_does_not_find_the_evidence_again_is_dropped():
    corpus, stopped = commits()
    others = [m.id for m in corpus.members if m.id not in stopped]
    before = rule("gate:commit:bun run typecheck", others, facts=GATE)
    assert with_patterns([before], corpus) == [before]


def test_a_failing_form_that_worked_elsewhere_counts_against_the_rule():
    members = []
    for number, failure in enumerate(["unknown option", "unknown option", "", ""]):
        made = Maker(number, PROJECT)
        made.run("tool list --short" if number < 3 else "tool list", failure)
        members.append(made.member())
    key = members[0].attempts[0].command.key
    (after,) = with_patterns([rule("usage:tool:--short", [m.id for m in members[:2]], facts={"keys": [key]})], Corpus(members))
    assert after.counter == 1
    assert (after.facts["tested"]["kept"], after.facts["tested"]["broken"]) == (1, 3)


def test_another_command_is_absence_of_the_failing_one():
    made = pattern_of(
        rule(
            "variant:x",
            [],
            facts={"failing": "cat -A f", "working": "cat -v f", "removed": ["-A"], "added": ["-v"], "keys": ["cat"]},
        )
    )
    assert made and (made.template, made.target.words, made.target.without) == ("always", ("-v",), ("-A",))
    made = pattern_of(
        rule(
            "variant:x",
            [],
            facts={"failing": "wrap bun test", "working": "bun test", "removed": ["wrap"], "keys": ["wrap bun test"]},
        )
    )
    assert made and describe(made) == "never runs `wrap bun test`"


def test_companions_must_change_before_the_tests_run():
    def session(number: int, *, late: bool) -> Maker:
        made = Maker(number, PROJECT).edit("src/a.ts")
        if not late:
            made.edit("src/b.ts")
        made.events.append(Verification(**made._next(), check="test", key="bun test"))
        return made.edit("src/b.ts") if late else made

    members = [session(n, late=n < 2).member() for n in range(3)]
    facts = {"cause": "src/a.ts", "mend": "src/b.ts"}
    (after,) = with_patterns([rule("companions:src/a.ts>src/b.ts", [m.id for m in members[:2]], facts=facts)], Corpus(members))
    assert (after.facts["tested"]["kept"], after.facts["tested"]["broken"]) == (1, 2)
    assert after.facts["tested"]["pattern"].endswith("without the tests in between")


def test_what_is_no_order_has_no_pattern():
    remedy = {"remedy": "make db", "goal": "make test", "keys": ["make test"], "usual": True, "destructive": False}
    assert pattern_of(rule("remedy:make db>make test", [], facts=remedy)).template == "precedence"
    assert pattern_of(rule("remedy:x", [], facts=remedy | {"usual": False})) is None
    assert pattern_of(rule("remedy:x", [], facts=remedy | {"destructive": True})) is None
    assert pattern_of(rule("remedy:x", [], facts=remedy | {"remedy": "make …"})) is None
    assert pattern_of(rule("ask:x", [])) is None
