"""A report made by hand: one session after the other in which a wrapper fails, in a project whose CLAUDE.md demands the wrapper."""

from __future__ import annotations

from tests.making import Maker

from hardwon.analysts import asks, variants
from hardwon.corpus import Corpus
from hardwon.flow.instructions import standing
from hardwon.flow.mine import Options, propose
from hardwon.flow.report import InstructionAudit, MineReport
from hardwon.model import Rejection, StandingText
from hardwon.rules import RuleSet, make
from hardwon.rules.age import aged
from hardwon.rules.standing import weigh
from hardwon.skills.collisions import collisions

HOSTILE = "</style><script>alert(1)</script>"
TEACHES = f"# Rules\n\nAlways prefix commands with `wrap` {HOSTILE}\n\n- Never run `make some` directly\n"
SKILL = "---\nname: shop-checks\ndescription: Checks.\n---\n"


def session(number: int) -> Maker:
    maker = Maker(number)
    bad = maker.run("wrap make test", f"error: unrecognized subcommand {HOSTILE}")
    maker.recover(bad, maker.run("make test"), "variant", removed=("wrap",))
    maker.run("make some")
    for path, text in (("CLAUDE.md", TEACHES), (".claude/skills/shop-checks/SKILL.md", SKILL)):
        maker.events.append(StandingText(**maker._next(), path=path, text=text))  # type: ignore[arg-type]
    return maker


def report(numbers: tuple[int, ...] = (0, 1, 2)) -> MineReport:
    """The report on sessions of these days."""
    corpus = Corpus([*(session(n).member() for n in numbers)])
    findings, refused = variants.analyse(corpus)
    found, also = asks.analyse(corpus)
    rejected = [*refused, *also, Rejection("Run `make all` first.", "no_gain", "kept 9 of 9 times", sessions=("claude:0000",))]
    rejected += [Rejection("build", "generic", "x"), Rejection("Use `x`, not `y`.", "one_off", "once", sessions=("claude:0000",))]
    made = make([*findings, *found], rejected, corpus)
    stands = standing(corpus)
    weighed = weigh(made.rules, stands.instructions, corpus)
    rules = RuleSet(aged(weighed.rules, corpus), (*made.rejected, *weighed.rejected))
    plans = propose(rules.rules, Options())
    audit = InstructionAudit.of(stands, weighed.verdicts, collisions(plans, stands.skills))
    return MineReport.of(corpus, rules, plans, 0, audit)
