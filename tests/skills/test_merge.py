from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.skills.plans import make_plan, make_rule

from hardwon.skills.compose import compose
from hardwon.skills.merge import merge

LINES = st.lists(
    st.sampled_from(["# A", "", "- Run `x`. `[3 sessions]`", "- Do y. `[2 of 2]`", "text", '  rules: "3"']), max_size=8
)


def document(*sessions: int) -> str:
    return compose(make_plan(*(make_rule(f"r{n}", sessions=count) for n, count in enumerate(sessions)))).files["SKILL.md"]


def test_wording_of_a_person_and_new_counts_go_together_in_every_rule():
    base, theirs = document(3, 3, 3), document(4, 5, 6)
    mine = base.replace("Run `make", "Please run `make")
    merged = merge(mine, base, theirs)
    assert merged.conflict == ""
    assert merged.text == theirs.replace("Run `make", "Please run `make")


def test_a_deleted_rule_stays_deleted_when_it_did_not_change():
    base, theirs = document(3, 3, 3), document(3, 3, 3, 3)
    mine = "\n".join(line for line in base.split("\n") if "make r1" not in line)
    merged = merge(mine, base, theirs)
    assert merged.conflict == ""
    assert "make r1" not in merged.text
    assert "make r3" in merged.text


def test_a_line_of_the_persons_own_stays():
    base, theirs = document(3, 3), document(3, 4)
    mine = base.replace("\n# Check changes\n", "\n# Check changes\n\nTalk to Ops first.\n")
    assert "Talk to Ops first." in merge(mine, base, theirs).text


@given(LINES, LINES)
def test_without_an_edit_the_proposal_is_taken_as_it_is(base, theirs):
    base, theirs = "\n".join(base), "\n".join(theirs)
    assert merge(base, base, theirs).text == theirs
    assert merge(theirs, base, theirs).text == theirs


@given(LINES, LINES)
def test_in_a_conflict_the_persons_text_stays_whole(mine, theirs):
    mine, base, theirs = "\n".join(mine) + "\n", "base\n", "\n".join(theirs) + "\n"
    merged = merge(mine, base, theirs)
    assert not merged.conflict or merged.text == mine
    assert "\x1e" not in merged.text + merged.conflict
