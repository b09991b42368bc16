"""Settings are typed, unknown ones refused, and a person's comments stay."""

from __future__ import annotations

import pytest

from hardwon.errors import StoreError, UsageError
from hardwon.flow.settings import MEANING, Settings, change_setting, read_settings, settings_file
from hardwon.store.home import Home


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def test_every_setting_has_a_meaning():
    assert tuple(MEANING) == Settings.__struct_fields__


def test_defaults_hold_and_nothing_is_written_by_reading(home):
    assert read_settings(home) == Settings()
    assert not home.path.exists()


def test_a_change_keeps_comments_and_other_lines(home):
    home.make()
    settings_file(home).write_text("# mine\nmax_skills: 3  # enough\n")
    assert change_setting(home, "archive", "off") == Settings(archive=False, max_skills=3)
    assert settings_file(home).read_text() == "# mine\nmax_skills: 3  # enough\narchive: false\n"


@pytest.mark.parametrize(("name", "value"), [("colour", "red"), ("archive", "maybe"), ("max_skills", "0"), ("max_skills", "many")])
def test_what_cannot_be_set_is_refused_and_nothing_is_written(home, name, value):
    with pytest.raises(UsageError):
        change_setting(home, name, value)
    assert not settings_file(home).exists()


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", "archive: soon\n", "colour: red\n", "just words\n"])
def test_a_broken_file_is_named(home, text):
    home.make()
    settings_file(home).write_text(text)
    with pytest.raises(StoreError, match=r"config\.yaml"):
        read_settings(home)
