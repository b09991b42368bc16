"""Sessions in, sessions out."""

from __future__ import annotations

import os
import stat

import pytest
from tests.store.making import START, made, trajectory, utterances

from hardwon.errors import StoreError, UsageError
from hardwon.model import Selection
from hardwon.store.db import Store
from hardwon.store.home import Home


@pytest.fixture
def store(tmp_path):
    with Store.open(Home(tmp_path / "home")) as opened:
        yield opened


def ids(store, **chosen):
    return [row.native_id for row in store.sessions(Selection(**chosen))]


def test_a_session_comes_back_with_its_counts_events_and_steps(store):
    store.put(made("one", "two"))
    (row,) = store.sessions()
    whole = trajectory("one", "two")
    assert row.session == whole.session
    assert (row.user_turns, row.tool_calls, row.failed_calls, row.steps, row.outcome) == (2, 0, 0, 2, None)
    assert len(row.records) == 2
    assert store.trajectory("claude:one") == whole
    assert list(store.events(["claude:one"])) == [(row, utterances(whole))]


def test_putting_again_replaces(store):
    store.put(made("one", "two"))
    store.put(made("three"))
    assert store.trajectory("claude:one") == trajectory("three")
    assert [h.text for h in store.search("one")] == []
    assert [h.text for h in store.search("three")] == ["three"]


def test_a_grown_session_equals_one_read_whole(store, tmp_path):
    texts = [f"word{i}" for i in range(300)]
    store.put(made(*texts[:130]))
    store.put(made(*texts, first_new=130))
    with Store.open(Home(tmp_path / "other")) as other:
        other.put(made(*texts))
        assert dump(store) == dump(other)
        for word in ("word0", "word129", "word130", "word299"):
            assert [(h.step, h.text) for h in store.search(word)] == [(h.step, h.text) for h in other.search(word)] != []


def test_a_step_that_changed_is_found_by_its_new_words_only(store):
    store.put(made("alpha", "beta"))
    store.put(made("alpha", "gamma", "delta", first_new=1))
    assert store.search("beta") == []
    assert [h.ordinal for h in store.search("gamma")] == [1]
    assert [h.ordinal for h in store.search("alpha")] == [0]


def test_selections(store):
    store.put(made("a", name="old", started=START - 10**9, ended=START - 10**9))
    store.put(made("a", "b", name="new", status="completed", cost=2.0, project="/srv/work/notes", cwd="/srv/work/notes"))
    store.put(made("a", name="child", parent="claude:new"))
    assert ids(store) == ["new", "old"]
    assert ids(store, children=True) == ["child", "new", "old"]
    assert ids(store, since=START) == ["new"]
    assert ids(store, until=START - 1) == ["old"]
    assert ids(store, status="completed") == ids(store, min_cost=1.5) == ids(store, min_turns=2) == ["new"]
    assert ids(store, agent="codex") == []
    assert ids(store, limit=1) == ["new"]
    assert ids(store, ids=("claude:child",)) == ids(store, ids=("chil",)) == ["child"]
    assert ids(store, match="b") == ["new"]


@pytest.mark.parametrize("project", ["/srv/work/shop", "/srv/work/shop/", "shop", "work/shop", "/srv/work"])
def test_a_project_is_named_by_its_folder_or_what_ends_or_begins_it(store, project):
    store.put(made("a"))
    assert ids(store, project=project) == ["one"]


@pytest.mark.parametrize("project", ["hop", "/srv/work/sho", "sh*p", "shop/x", "[s]hop"])
def test_another_project_is_not(store, project):
    store.put(made("a"))
    assert ids(store, project=project) == []


def test_sessions_read_from_a_path_stand_apart(store):
    store.put(made("mine", name="mine"))
    with store.writing() as writer:
        writer.put_session(made("theirs", name="theirs"), "/elsewhere", None)
    assert ids(store) == ["mine"]
    assert ids(store, paths=("/elsewhere",)) == ["theirs"]
    assert store.search("theirs") == []
    assert [h.text for h in store.search("theirs", Selection(paths=("/elsewhere",)))] == ["theirs"]


def test_resolving_a_part_of_an_id(store):
    for name in ("abc1", "abc2", "xyz"):
        store.put(made("a", name=name))
    assert store.resolve("xy") == store.resolve("claude:xyz") == "claude:xyz"
    with pytest.raises(UsageError, match=r"claude:abc1, claude:abc2"):
        store.resolve("abc")
    with pytest.raises(UsageError, match="no session"):
        store.resolve("nothing")


def test_an_id_that_is_part_of_another_is_itself(store):
    store.put(made("a", name="abc"))
    store.put(made("a", name="abcd"))
    assert store.resolve("claude:abc") == "claude:abc"


def test_an_unknown_session_is_wrong_use(store):
    with pytest.raises(UsageError, match="sessions list"):
        store.trajectory("claude:nothing")
    assert list(store.events(["claude:nothing"])) == []


def test_a_failed_transaction_leaves_nothing(store):
    with pytest.raises(RuntimeError), store.writing() as writer:
        writer.put_session(made("a"), "", None)
        raise RuntimeError
    assert store.sessions() == []


def test_two_readers_and_a_writer(store):
    with Store.open(store.home) as other, store.writing() as writer:
        writer.put_session(made("a"), "", None)
        assert other.sessions() == []
    with Store.open(store.home) as other:
        assert len(other.sessions()) == 1


def test_a_full_database_says_so_and_stays_sound(store):
    store.put(made("kept"))
    pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
    store.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match=r"full.*Free some space"):
        store.put(made(*(os.urandom(3000).hex() for _ in range(40)), name="big"))
    assert [row.native_id for row in store.sessions()] == ["one"]
    assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_the_database_is_private(store):
    store.put(made("a"))
    assert {stat.S_IMODE(p.stat().st_mode) for p in store.home.path.glob("hardwon.db*")} == {0o600}


def test_a_home_that_cannot_be_written_can_be_read(store, monkeypatch):
    store.put(made("a"))
    store.close()
    monkeypatch.setattr(Home, "writable", lambda _self: False)
    with Store.open(store.home) as readonly:
        assert len(readonly.sessions()) == 1 and len(readonly.search("a")) == 1
        with pytest.raises(StoreError, match="cannot be written"):
            readonly.put(made("b"))


def test_an_empty_home_that_cannot_be_written_is_a_clear_error(tmp_path, monkeypatch):
    monkeypatch.setattr(Home, "writable", lambda _self: False)
    with pytest.raises(StoreError, match="HARDWON_HOME"):
        Store.open(Home(tmp_path))


def dump(store: Store) -> list[object]:
    """All content, whatever the order of scanning."""
    rows = store.sessions(Selection(children=True))
    return [(r.session, r.records, next(store.events([r]))[1], store.pieces(r.key)) for r in rows]


def test_an_id_that_was_read_from_a_path_is_found_without_naming_the_path(store):
    store.put(made("one", name="elsewhere"), root="/srv/work/traces")
    assert ids(store, ids=("elsewh",)) == ["elsewhere"]
    assert ids(store) == []


def test_of_two_places_the_users_own_comes_first(store):
    store.put(made("theirs", name="both"), root="/srv/work/traces")
    store.put(made("mine", name="both"))
    assert [row.root for row in store.sessions(Selection(ids=("both",)))] == [""]
