"""The registry equals the folder, and every signal explains itself under the fixed headings."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import hardwon.signals
from hardwon.signals import SIGNALS

FOLDER = Path(hardwon.signals.__file__).parent
NOT_SIGNALS = {"__init__", "contract", "scenes"}
HEADINGS = ["What it notices:", "Why it matters:", "Example:", "When it is wrong:"]


def test_registry_equals_the_folder() -> None:
    assert set(SIGNALS) == {path.stem for path in FOLDER.glob("*.py")} - NOT_SIGNALS


@pytest.mark.parametrize("name", SIGNALS)
def test_signal_explains_itself(name: str) -> None:
    module = importlib.import_module(f"hardwon.signals.{name}")
    assert SIGNALS[name] is module.notice
    text = module.__doc__ or ""
    assert re.findall(r"^(" + "|".join(HEADINGS) + ")", text, re.M) == HEADINGS
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]
    assert all(len(paragraph) > 40 for paragraph in paragraphs[1:5])
