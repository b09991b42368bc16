"""The one folder that Hardwon owns."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hardwon.errors import StoreError
from hardwon.store.home import Home


def test_the_variable_moves_the_home(tmp_path):
    assert Home.default({"HARDWON_HOME": str(tmp_path / "h")}).path == tmp_path / "h"


def test_without_the_variable_it_is_the_platforms_data_folder():
    assert Home.default({}).path.name == "hardwon"


def test_nothing_is_created_before_it_is_made(tmp_path):
    home = Home(tmp_path / "a" / "b")
    assert not home.path.exists()
    home.make()
    assert home.path.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_it_is_private(tmp_path):
    home = Home(tmp_path / "h").make()
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_home_below_a_file_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="HARDWON_HOME"):
        Home(Path(tmp_path, "file", "h")).make()
