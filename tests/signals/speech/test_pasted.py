"""Whose words a message is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.signals.speech.pasted import split

LOG = "2026-01-02 10:00:01 INFO start\n2026-01-02 10:00:02 ERROR stop"
DIFF = "diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n"
CODE = "const a = {\n  b: 1,\n};\nexport default a;"


@pytest.mark.parametrize(
    "pasted", [LOG, DIFF.strip(), f"```\n{CODE}\n```", CODE, "npm error code E404\nnpm error 404 Not Found", "$ pnpm test\n❯ cart"]
)
def test_pasted_text_is_split_off(pasted: str) -> None:
    assert split(f"why does this happen since yesterday?\n{pasted}") == ("why does this happen since yesterday?", pasted)


@pytest.mark.parametrize(
    "own",
    [
        "use pnpm, not npm",
        "- make the title bigger\n- remove the footer",
        "the page should:\n1. load faster\n2. show the total",
        "Ändere den Titel\nund den Fuß",
        "fix the error in src/a.ts: the total is wrong",
    ],
)
def test_own_words_stay(own: str) -> None:
    assert split(own) == (own, "")


def test_a_document_leaves_a_plain_word_in_front() -> None:
    body = "\n".join(
        f"## Part {n}\n- do this and that with care and patience\n- then do the next thing as well\n" for n in range(20)
    )
    own, pasted = split(f"please look at this issue\n\n{body}")
    assert own == "please look at this issue"
    assert "Part 7" in pasted


def test_long_plain_speech_is_speech() -> None:
    text = "so what I want is a page that shows all orders and their totals and lets me filter them by day. " * 18
    assert split(text) == (text.strip(), "")


@given(
    st.lists(
        st.sampled_from(
            ["why?", "    at x (a.js:1:2)", "", "- item", "```", "const a = 1;", "plain words of mine here", "# Title"]
        ),
        max_size=30,
    )
)
def test_no_line_is_lost_or_invented(lines: list[str]) -> None:
    own, pasted = split("\n".join(lines))
    got = sorted(x for x in (own + "\n" + pasted).split("\n") if x.strip())
    assert got == sorted(x.strip() if x.strip() in got and x not in got else x for x in lines if x.strip())


@given(st.text(max_size=3000))
def test_any_text_can_be_split(text: str) -> None:
    own, pasted = split(text)
    assert len(own) + len(pasted) <= len(text) + 2
