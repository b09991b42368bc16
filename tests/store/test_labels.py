"""Labels in the index."""

from __future__ import annotations

import sqlite3

import pytest
from tests.store.making import made

from hardwon.model import Selection
from hardwon.model.outcomes import Label
from hardwon.store import labels, schema
from hardwon.store.db import Store
from hardwon.store.home import Home

BAD = Label("claude:one", "bad", "too many cards")


@pytest.fixture
def store(tmp_path):
    with Store.open(Home(tmp_path / "home")) as opened:
        yield opened


def test_a_label_is_kept_and_told_with_the_session(store):
    store.put(made("hello"))
    store.put(made("hello", name="two"))
    store.put_labels([BAD])
    assert store.labels() == {"claude:one": BAD}
    assert {row.id: row.outcome for row in store.sessions()} == {"claude:one": "bad", "claude:two": None}
    assert [store.session(f"claude:{name}").outcome for name in ("one", "two")] == ["bad", None]


def test_a_person_is_put_before_a_reward_whichever_came_first(store):
    reward = Label("claude:one", "good", "reward 1.0", "reward")
    store.put_labels([BAD])
    store.put_labels([reward])
    assert store.labels() == {"claude:one": BAD}
    store.drop_labels(["claude:one"])
    store.put_labels([reward])
    assert store.labels() == {"claude:one": reward}


def test_a_label_survives_a_rescan(store):
    store.put(made("hello"))
    store.put_labels([BAD])
    store.put(made("hello", "and more"))
    assert store.sessions()[0].outcome == "bad"


def test_forgetting_a_session_removes_its_label_and_no_other(store):
    other = Label("claude:two", "good")
    store.put(made("hello"))
    store.put(made("hello", name="two"))
    store.put_labels([BAD, other])
    store.forget(Selection(ids=("claude:one",)))
    assert store.labels() == {"claude:two": other}


def test_a_label_stays_while_the_session_stands_elsewhere(store, tmp_path):
    store.put(made("hello"), "")
    store.put(made("hello"), str(tmp_path))
    store.put_labels([BAD])
    store.forget(Selection(ids=("claude:one",)))
    assert store.labels() == {"claude:one": BAD}


def test_an_older_database_gets_the_table_and_keeps_what_it_has(tmp_path, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[: schema.LABELS_SINCE - 1])
        older.setattr(schema, "VERSION", schema.LABELS_SINCE - 1)
        with Store.open(Home(tmp_path)) as store:
            store.put(made("hello"))
            assert store.labels() == {}
    with Store.open(Home(tmp_path)) as store:
        assert [row.id for row in store.sessions()] == ["claude:one"]
        store.put_labels([BAD])
        assert store.labels() == {"claude:one": BAD}


def test_a_database_without_the_table_has_no_labels():
    assert labels.read(sqlite3.connect(":memory:")) == {}
