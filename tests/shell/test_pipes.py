"""What stands behind a command's pipe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.shell.parse import parse
from hardwon.shell.pipes import filters_behind


@pytest.mark.parametrize(
    ("line", "command", "filters"),
    [
        ("npm test", "npm test", ()),
        ("npm test 2>&1 | tail -20", "npm test", ("tail -20",)),
        ('npm test 2>&1 | grep -E "a|b" | head -5 && ls', "npm test", ('grep -E "a|b"', "head -5")),
        ("npm test | tail -2 && npm run lint | head -3", "npm run lint", ("head -3",)),
        ("cd web && CI=1 npm test | tail -2", "CI=1 npm test", ("tail -2",)),
        ("seq 3 | while read n; do echo $n; done | tail -1", "seq 3", ()),
        ("npm test | tail -2", "npm run lint", ()),
    ],
)
def test_filters_of_a_command(line: str, command: str, filters: tuple[str, ...]) -> None:
    assert filters_behind(line, command) == filters


@given(st.text(alphabet="ab |&;\"'()$\n-", max_size=40))
def test_any_text_gives_filters_only_where_the_parser_sees_some(line: str) -> None:
    for command in parse(line):
        assert not filters_behind(line, command.text) or any(c.piped_into for c in parse(line))
