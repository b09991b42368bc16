from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.skills.scan import hidden, scan, visible
from hardwon.text.redact import redact

HOME = "/" + "home/jo/project"


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a\nzero\u200bwidth", "hidden", 2),
        ("tag \U000e0041", "hidden", 1),
        ("over\u202eride", "hidden", 1),
        ("bell \x07", "hidden", 1),
        (f"\n\ncd {HOME}", "home", 3),
        ("<!-- hardwon:end -->", "mark", 1),
    ],
)
def test_notices(text, kind, line):
    assert [(p.kind, p.line, p.file) for p in scan({"SKILL.md": text})] == [(kind, line, "SKILL.md")]


@pytest.mark.parametrize("text", ["plain\n\ttext\n", "naïve 日本語 🎉 — “x”\n", "windows\r\nlines\r\n", "~/x and /etc/hosts"])
def test_ignores(text):
    assert scan({"SKILL.md": text}) == []


def test_evidence_may_hold_a_home_path_because_it_is_a_quote():
    assert scan({"references/evidence.md": HOME, "evidence.json": HOME}) == []


def test_notices_a_secret_without_showing_it():
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7xY9zA1cE3gI5"
    if redact(token) == token:
        pytest.skip("the redaction table is not there yet")
    found = scan({"SKILL.md": f"x\nTOKEN={token}\n"})
    assert [(p.kind, p.line) for p in found] == [("secret", 2)]
    assert token not in found[0].detail


@given(st.text())
def test_visible_leaves_nothing_hidden(text):
    assert not any(hidden(c) for c in visible(text))
