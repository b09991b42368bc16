"""What outputs say about themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.signals.failures.totals import cut_tokens, number_of_tests


@pytest.mark.parametrize(
    ("text", "ran"),
    [
        (" 31 pass\n 1 fail\nRan 32 tests across 4 files. [1.2s]", 32),
        ("  24 passing (2s)\n  1 failing\n\n  1) syncs", 25),
        ("Test Suites: 2 passed, 2 total\nTests:       1 failed, 11 passed, 12 total\n", 12),
        (" Test Files  2 passed (2)\n      Tests  1 failed | 6 passed (7)\n", 7),
        ("==== 1 failed, 8 passed, 2 warnings in 0.31s ====", 9),
        ("==== 8 passed in 0.31s ====", 8),
        ("test result: ok. 3 passed; 0 failed; 1 ignored\n\ntest result: FAILED. 4 passed; 1 failed; 0 ignored", 8),
        ("14 examples, 1 failure", 14),
        ("OK (7 tests, 12 assertions)", 7),
        (
            "Tests run: 4, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s\nTests run: 9, Failures: 0, Errors: 0, Skipped: 0",
            9,
        ),
        ("# tests 5\n# pass 5", 5),
        ("Ran 3 tests in 0.002s\n\nOK", 3),
        ("\x1b[32m  3 passing (2s)\x1b[0m", 3),
        ("all good", None),
        ("12 passing grades were found", None),
    ],
)
def test_number_of_tests(text: str, ran: int | None) -> None:
    assert number_of_tests(text) == ran


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Warning: truncated output (original token count: 56359)\nTotal output lines: 900\n\nx", 56359),
        ("<persisted-output>\nOutput too large (42KB). Full output saved to: /srv/x.txt", 10500),
        ("x\n" * 400 + "original token count: 12", 0),
        ("ok", 0),
    ],
)
def test_length_before_the_cut(text: str, tokens: int) -> None:
    assert cut_tokens(text) == tokens


@given(st.text())
def test_any_text_gives_a_number_or_none(text: str) -> None:
    assert (number_of_tests(text) or 0) >= 0
    assert cut_tokens(text) >= 0
