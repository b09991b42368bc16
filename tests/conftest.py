"""What all tests share: the flag that rewrites golden files (the diff is the review), and the optional sample sessions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

Golden = Callable[[Path, object], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", default=False, help="write golden files anew instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a value with the JSON file that is expected of it."""

    def check(path: Path, value: object) -> None:
        text = json.dumps(msgspec.to_builtins(value), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.read_text(encoding="utf-8") == text

    return check


@pytest.fixture
def samples() -> Path:
    """The optional sample sessions beside the checkout."""
    path = Path(os.environ.get("HARDWON_SAMPLES") or Path(__file__).resolve().parents[2] / "shared" / "samples")
    if not path.is_dir():
        pytest.skip("no sample sessions here")
    return path
