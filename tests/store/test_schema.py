"""Migrations of the database."""

from __future__ import annotations

import sqlite3

import pytest

from hardwon.errors import StoreError
from hardwon.store import schema
from hardwon.store.db import Store
from hardwon.store.home import Home


def test_a_new_database_gets_the_current_schema(tmp_path):
    with Store.open(Home(tmp_path)) as store:
        assert schema.version(store.connection) == schema.VERSION


def test_opening_again_changes_nothing(tmp_path):
    with Store.open(Home(tmp_path)) as store:
        before = store.connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    with Store.open(Home(tmp_path)) as store:
        assert store.connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before


def test_a_newer_schema_is_refused_with_a_hint(tmp_path):
    with Store.open(Home(tmp_path)) as store:
        store.connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(StoreError, match="upgrade"):
        Store.open(Home(tmp_path))


def test_a_failing_migration_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    monkeypatch.setattr(schema, "MIGRATIONS", ("CREATE TABLE a (b);\nCREATE TABLE a (b);\n",))
    monkeypatch.setattr(schema, "VERSION", 1)
    with pytest.raises(sqlite3.OperationalError):
        schema.migrate(connection)
    assert schema.version(connection) == 0
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_damaged_database_is_a_clear_error(tmp_path):
    (tmp_path / "hardwon.db").write_bytes(b"this is no database, and never was one" * 100)
    with pytest.raises(StoreError, match="hardwon scan"):
        Store.open(Home(tmp_path))
