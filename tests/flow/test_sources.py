"""Which files hold sessions."""

from __future__ import annotations

import os
import shutil

import pytest
from tests.flow.homes import session_path, write

from hardwon.agents import Places
from hardwon.errors import UsageError
from hardwon.flow import sources


def names(discovery):
    return [found.path for found in discovery.found]


def test_the_agents_own_folders(tmp_path):
    path = write(tmp_path, 1)
    assert names(sources.at_home(Places(tmp_path))) == [str(path)]
    assert names(sources.at_home(Places(tmp_path), "codex")) == []


def test_a_variable_moves_an_agents_folder(tmp_path):
    path = write(tmp_path, 1)
    places = Places(tmp_path / "elsewhere", {"CLAUDE_CONFIG_DIR": str(tmp_path / ".claude")})
    assert names(sources.at_home(places)) == [str(path)]


def test_a_folder_laid_out_like_a_home_also_deeper_down(tmp_path):
    path = write(tmp_path / "backups" / "laptop", 1)
    for place in (tmp_path, tmp_path / "backups", tmp_path / "backups" / "laptop", tmp_path / "backups" / "laptop" / ".claude"):
        assert names(sources.under(place)) == [str(path)]


def test_plain_files_are_known_by_their_content(tmp_path):
    path = write(tmp_path / "user", 1)
    plain = tmp_path / "plain"
    plain.mkdir()
    shutil.copy(path, plain / "a name of its own.jsonl")
    (plain / "package.json").write_text("{}")
    (plain / "notes.jsonl").write_text('{"id": 1}\n')
    found = sources.under(plain)
    assert [(f.agent, f.path) for f in found.found] == [("claude", str(plain / "a name of its own.jsonl"))]
    assert found.skipped == {str(plain / "notes.jsonl"): sources.NO_SESSION}


def test_a_single_file(tmp_path):
    path = write(tmp_path, 1)
    assert names(sources.under(path)) == [str(path)]


def test_a_single_file_that_is_no_session_is_told(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("hello")
    assert sources.under(path).skipped == {str(path): "not a session in any known format"}


def test_a_path_that_is_not_there(tmp_path):
    with pytest.raises(UsageError):
        sources.under(tmp_path / "nothing")


def test_newest_first(tmp_path):
    paths = [str(write(tmp_path, n)) for n in (2, 3, 1)]
    assert names(sources.at_home(Places(tmp_path))) == [paths[1], paths[0], paths[2]]


def test_links_are_the_file_itself(tmp_path):
    path = write(tmp_path, 2)
    link = session_path(tmp_path, 1)
    link.symlink_to(path)
    assert names(sources.at_home(Places(tmp_path))) == [str(path)]


def test_a_link_to_nothing_is_told(tmp_path):
    path = session_path(tmp_path, 1)
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "gone.jsonl")
    assert list(sources.at_home(Places(tmp_path)).skipped) == [str(path)]


@pytest.mark.parametrize("how", ["folder", "whole"])
def test_a_folder_without_permission_is_told(tmp_path, how):
    path = write(tmp_path, 1)
    locked = path.parent if how == "folder" else tmp_path / ".claude" / "projects"
    locked.chmod(0)
    try:
        if os.access(locked, os.R_OK):
            pytest.skip("this user may read everything")
        assert sources.at_home(Places(tmp_path)).skipped == {str(locked): "permission denied"}
        assert str(locked) in sources.under(tmp_path).skipped
    finally:
        locked.chmod(0o700)
