"""Forgetting sessions."""

from __future__ import annotations

import pytest
from tests.store.making import START, made

from hardwon.errors import UsageError
from hardwon.model import Selection, Source
from hardwon.store.archive import Archive
from hardwon.store.db import Store
from hardwon.store.home import Home
from hardwon.store.sources import NEVER, SourceRow


@pytest.fixture
def store(tmp_path):
    with Store.open(Home(tmp_path / "home")) as opened:
        yield opened


def put(store, *digests, path="/s/one.jsonl"):
    """Sessions of one source, with an archive."""
    length = Archive(store.home).append("", path, 0, b"12345")
    with store.writing() as writer:
        key = writer.put_source(SourceRow(Source("claude", path, size=5, content_hash="h", cursor=b"c"), archived=length, raw=9))
        for digest in digests:
            writer.put_session(digest, "", key)


def disk(store):
    store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(p.read_bytes() for p in sorted(store.home.path.rglob("*")) if p.is_file())


def test_forgetting_tells_what_went(store):
    put(store, made("xylophone"))
    gone = store.forget(Selection(ids=("one",)))
    assert (gone.sessions, gone.sources, gone.archive_bytes) == (("claude:one",), ("/s/one.jsonl",), 5)
    assert store.sessions() == [] and store.search("xylophone") == []
    assert not Archive(store.home).holds("", "/s/one.jsonl", 5)


def test_no_word_of_it_stays_on_disk(store):
    put(store, made("xylophone", "nothing more"))
    put(store, made("trombone", name="two"), path="/s/two.jsonl")
    assert b"xylophone" in disk(store)
    store.forget(Selection(ids=("one",)))
    assert b"xylophone" not in disk(store)
    assert [h.session for h in store.search("trombone")] == ["claude:two"]


def test_its_source_is_remembered_by_name_and_hash_only(store):
    put(store, made("a"))
    store.forget(Selection(ids=("one",)))
    row = store.source_rows()["/s/one.jsonl"]
    assert row.forgotten and row.source.content_hash == "h" and row.source.cursor == b"" and row.archived == 0


def test_it_does_not_come_back_unless_it_went_on(store):
    put(store, made("a"))
    store.forget(Selection(ids=("one",)))
    put(store, made("a"))
    assert store.sessions() == []
    put(store, made("a", "b", ended=START + 120_000))
    assert [row.steps for row in store.sessions()] == [2]


def test_sub_agents_go_with_their_parent(store):
    put(store, made("a"), made("b", name="child", parent="claude:one"), made("c", name="grandchild", parent="claude:child"))
    assert store.forget(Selection(ids=("claude:one",))).sessions == ("claude:child", "claude:grandchild", "claude:one")


def test_a_database_keeps_its_other_sessions_but_not_its_archive(store):
    put(store, made("a"), made("b", name="two"))
    gone = store.forget(Selection(ids=("claude:one",)))
    assert gone.sources == () and gone.archive_bytes == 5
    row = store.source_rows()["/s/one.jsonl"]
    assert not row.forgotten and row.source.cursor == b"c" and (row.archived, row.raw) == (0, NEVER)
    assert [r.native_id for r in store.sessions()] == ["two"]


def test_an_empty_selection_forgets_nothing(store):
    put(store, made("a"))
    with pytest.raises(UsageError, match="--project"):
        store.forget(Selection())
    assert store.forget(Selection(project="elsewhere")).sessions == ()
    assert len(store.sessions()) == 1
