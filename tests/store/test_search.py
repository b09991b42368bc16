"""Full-text search."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.making import made

from hardwon.model import Selection
from hardwon.store import search
from hardwon.store.db import Store
from hardwon.store.home import Home


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(Home(tmp_path_factory.mktemp("home"))) as opened:
        opened.put(made("stop the worker before you migrate", "the worker runs, we migrate nothing", name="one"))
        opened.put(made("set APP_ENV=test, then run src/app_test.py", "naïve café", "E404: not found (again)", name="two"))
        opened.put(made("worker worker worker", name="three", project="/srv/other", cwd="/srv/other"))
        yield opened


def found(store, text, **chosen):
    return [(h.session.removeprefix("claude:"), h.ordinal) for h in store.search(text, Selection(**chosen))]


def test_all_words_must_stand_in_a_step(store):
    assert sorted(found(store, "worker migrate")) == [("one", 0), ("one", 1)]
    assert found(store, "worker nothing stop") == []


def test_quoted_words_are_a_phrase(store):
    assert found(store, '"worker before you"') == [("one", 0)]
    assert found(store, '"before worker"') == []
    assert found(store, '"worker before" migrate') == [("one", 0)]


def test_a_star_ends_a_prefix(store):
    assert found(store, "migr* stop*") == [("one", 0)]
    assert found(store, "migr") == []


@pytest.mark.parametrize("text", ["APP_ENV=test", "src/app_test.py", "(again)", "E404:", "app_env", "cafe", "NAIVE"])
def test_words_with_punctuation_case_or_accents(store, text):
    assert [s for s, _ in found(store, text)] == ["two"]


def test_the_best_comes_first_with_falling_scores(store):
    hits = store.search("worker")
    assert hits[0].session == "claude:three"
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert all(h.score > 0 for h in store.search('"stop the worker"'))


def test_a_selection_narrows(store):
    assert found(store, "worker", project="other") == [("three", 0)]
    assert found(store, "worker", ids=("claude:three",)) == [("three", 0)]


def test_the_limit_holds(store):
    assert len(store.search("worker", limit=1)) == 1
    assert store.search("worker", limit=0) == []


def test_a_hit_tells_where_it_stands(store):
    (hit,) = store.search("E404")
    assert (hit.session, hit.step, hit.agent, hit.project) == ("claude:two", "record-of-the-session-2", "claude", "/srv/work/shop")
    assert "E404" in hit.text


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=40), st.text(alphabet="\"*()^:+-{}ANDORNEAT '\\\0a\ud800", max_size=20)))
def test_whatever_a_person_types_is_a_query(store, text):
    store.search(text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_snippet_is_one_line_with_the_word_in_it(before, after):
    line = search.snippet(f"{before * 5} needle {after * 5}", ["needle"])
    assert "needle" in line and "\n" not in line and len(line) <= search.SNIPPET_CHARS + 2


def test_nothing_to_look_for_finds_nothing(store):
    assert store.search("") == store.search("?!") == store.search('""') == []
