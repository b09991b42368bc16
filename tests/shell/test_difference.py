from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.shell.difference import difference
from hardwon.shell.parse import parse


@pytest.mark.parametrize(
    ("one", "other", "removed", "added"),
    [
        ("bun run test", "APP_ENV=test bun run test", (), ("APP_ENV=test",)),
        ("rtk bun run test", "bun run test", ("rtk",), ()),
        ("npm test", "cd web && npm test", (), ("cd web",)),
        ("npm test", "export A=1; npm test", (), ("A=1",)),
        ("npm test -- -t 'a b'", "npm test -- -t 'a c'", ("'a b'",), ("'a c'",)),
        ("npm test", "pnpm test", ("npm",), ("pnpm",)),
        ("a --x 1 --y 2", "a --y 2", ("--x", "1"), ()),
        ("npm test | tail", "npm test 2>&1", (), ()),
        ("A=1 x", "A=2 x", ("A=1",), ("A=2",)),
    ],
)
def test_difference(one: str, other: str, removed: tuple[str, ...], added: tuple[str, ...]) -> None:
    assert difference(parse(one)[-1], parse(other)[-1]) == (removed, added)


commands = st.lists(st.sampled_from(["a", "b", "--x", "c", "1"]), min_size=1, max_size=7).map(
    lambda words: parse("run " + " ".join(words))[0]
)


@given(commands, commands)
def test_both_ways_the_same_and_nothing_between_equals(one, other) -> None:
    removed, added = difference(one, other)
    assert difference(one, one) == ((), ())
    assert len(difference(other, one)[0]) == len(added)
    left, right = one.text.split(), other.text.split()
    assert (not removed and not added) == (left == right)
    assert len(left) - len(removed) == len(right) - len(added)
