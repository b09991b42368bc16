"""Patterns that are compiled late."""

from __future__ import annotations

import copy
import pickle
import re

from hardwon.signals.failures.search import TOOLS
from hardwon.text.patterns import Lazy
from hardwon.text.secret_rules import ASSIGNMENT, OPTION, RULES


def test_it_answers_like_the_compiled_pattern() -> None:
    lazy, compiled = Lazy(r"(?P<word>\w+)!"), re.compile(r"(?P<word>\w+)!")
    for _ in range(2):  # compiled at the first question, kept for the second
        assert (found := lazy.search("a bc!")) is not None and found["word"] == "bc"
        assert lazy.match("a bc!") is None
        assert dict(lazy.groupindex) == dict(compiled.groupindex)


def test_it_can_be_copied_and_pickled() -> None:
    assert copy.copy(Lazy("a+")).match("aa") is not None
    assert pickle.loads(pickle.dumps(Lazy("a+"))).match("aa") is not None


def test_every_pattern_of_the_tables_compiles() -> None:
    forms = [form for tool in TOOLS for form in (*tool.forms, *tool.passes)]
    for lazy in [form.pattern for form in forms] + [rule.pattern for rule in (*RULES, ASSIGNMENT, OPTION)]:
        re.compile(lazy.pattern)
