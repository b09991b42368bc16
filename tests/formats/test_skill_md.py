from __future__ import annotations

import pytest
import skills_ref
from hypothesis import given
from hypothesis import strategies as st

from hardwon.errors import LibraryError
from hardwon.formats import frontmatter
from hardwon.formats.skill_md import DESCRIPTION_LIMIT, NAME_LIMIT, SkillDocument, problems, read_skill, slug, write_skill

LINES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"), min_size=1, max_size=200
)


def document(**more) -> SkillDocument:
    return SkillDocument(
        **{"name": "commit", "description": "Commit here.", "body": "# Commit\n", "metadata": {"rules": "4"}, **more}
    )


def test_a_document_is_read_back_as_it_was_written():
    assert read_skill(write_skill(document())) == document(body="\n# Commit\n")


def test_a_quoted_error_with_a_colon_does_not_break_the_yaml():
    tricky = "Use when it says \"error: unrecognized subcommand 'x'\" or # 3, or ends in a colon:"
    assert read_skill(write_skill(document(description=tricky))).description == tricky


def test_metadata_stays_text_for_every_yaml_reader():
    text = write_skill(document(metadata={"rules": "3", "since": "2026-11-01", "hardwon": "1.0", "no": "yes"}))
    assert '  rules: "3"\n' in text
    assert '  since: "2026-11-01"\n' in text
    assert read_skill(text).metadata == {"rules": "3", "since": "2026-11-01", "hardwon": "1.0", "no": "yes"}


@given(LINES.filter(lambda s: s.strip()))
def test_any_one_line_description_survives(description):
    text = write_skill(document(description=description))
    assert read_skill(text).description == description
    assert text.split("\n")[2].startswith("description: ")
    assert text.split("\n")[3] == "metadata:"


@given(st.text(max_size=80))
def test_writing_never_produces_what_reading_does_not_give_back(description):
    try:
        text = write_skill(document(description=description))
    except LibraryError:
        return
    assert read_skill(text).description == description


@given(st.text(max_size=100))
def test_a_slug_is_a_valid_name(text):
    assert problems(document(name=slug(text))) == []


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"name": "Commit"}, "name"),
        ({"name": "a--b"}, "name"),
        ({"name": "a" * (NAME_LIMIT + 1)}, "name"),
        ({"description": "x" * (DESCRIPTION_LIMIT + 1)}, "1025"),
        ({"description": "two\nlines"}, "one line"),
        ({"description": " "}, "description"),
        ({"fields": {"model": "x"}}, "model"),
    ],
)
def test_what_an_agent_may_not_load_is_refused(more, word):
    assert word in problems(document(**more))[0]
    with pytest.raises(LibraryError):
        write_skill(document(**more))


def test_a_name_must_be_the_folders():
    assert "folder" in problems(document(), folder="other")[0]


def test_the_reference_validator_agrees(tmp_path):
    folder = tmp_path / "commit"
    folder.mkdir()
    description = 'Use when: "x: y" # z, ünï, ' + "w" * (DESCRIPTION_LIMIT - 27)
    (folder / "SKILL.md").write_text(write_skill(document(description=description)), "utf-8")
    assert skills_ref.validate(folder) == []


def test_files_with_bom_and_crlf_are_read():
    found = read_skill("\ufeff---\r\nname: a\r\ndescription: b\r\n---\r\nbody\r\n")
    assert (found.name, found.description, found.body) == ("a", "b", "body\r\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# no frontmatter\n", "no frontmatter"),
        ("---\nname: a\n---\n", "description"),
        ("---\nname: [a\n---\n", "SKILL.md:"),
        ("---\n- a\n---\n", "name: value"),
    ],
)
def test_broken_files_are_named(text, says):
    with pytest.raises(LibraryError, match=says):
        read_skill(text)


def test_a_file_without_frontmatter_is_all_body():
    assert frontmatter.read("# a\n") == ({}, "# a\n")
