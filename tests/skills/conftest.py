from __future__ import annotations

import pytest

from hardwon.skills.library import Library
from hardwon.store.home import Home


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    return Home(tmp_path / "hardwon")


@pytest.fixture
def library(home):
    return Library.open(home)
