"""The same sessions give the same bytes: in any order of scanning, in two scans, after a kill."""

from __future__ import annotations

import random

import msgspec
import pytest
from tests.making import Maker

from hardwon.corpus import Corpus, Member
from hardwon.flow.mine import Options, analyse, propose
from hardwon.rules import make
from hardwon.skills.compose import compose


def sessions() -> list[Member]:
    members = []
    for n in range(6):
        maker = Maker(n).say("Add the export", "opening", "start").edit("src/a.py")
        bad = maker.run("tools/check.sh", "refused: MODE is not set")
        maker.recover(bad, maker.run("MODE=ci tools/check.sh"), "variant", added=("MODE=ci",))
        stuck = maker.run("tools/load.sh", "the table is locked")
        maker.run("tools/service stop")
        maker.recover(stuck, maker.run("tools/load.sh"), "remedy", between=("tools/service stop",))
        maker.report().say("use pnpm instead of npm" if n % 2 else "also put a line into the newsletter draft")
        members.append(maker.member())
    return members


def result(members: list[Member]) -> tuple[bytes, dict[str, str]]:
    corpus = Corpus(members)
    rules = make(*analyse(corpus), corpus)
    files = {f"{plan.name}/{name}": text for plan in propose(rules.rules, Options()) for name, text in compose(plan).files.items()}
    return msgspec.json.encode([msgspec.to_builtins(rules.rules), msgspec.to_builtins(rules.rejected)]), files


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_sessions_gives_the_same_rules_and_skills(seed: int) -> None:
    members = sessions()
    expected = result(members)
    random.Random(seed).shuffle(members)
    assert result(members) == expected


def test_the_fixture_has_something_to_find() -> None:
    _, files = result(sessions())
    text = "\n".join(files.values())
    assert "MODE=ci tools/check.sh" in text
    assert "tools/service stop" in text
    assert "pnpm" in text
