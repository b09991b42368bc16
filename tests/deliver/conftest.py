from __future__ import annotations

import pytest
from tests.skills.plans import make_plan, make_rule

from hardwon.agents import Places
from hardwon.skills.library import Library
from hardwon.store.home import Home

NAME = "check-changes"


@pytest.fixture
def places(tmp_path, monkeypatch):
    person = tmp_path / "person"
    person.mkdir()
    monkeypatch.setenv("HOME", str(person))
    return Places(person)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def library(tmp_path, places):
    """A library with one accepted skill."""
    made = Library.open(Home(tmp_path / "hardwon"))
    made.propose(make_plan(make_rule("r1"), make_rule("r2"), make_rule("r3", tier="edge")))
    made.accept(NAME)
    return made
