from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hardwon.deliver.sections import find_sections, put_section, take_section
from hardwon.errors import DeliveryError

PIECES = st.sampled_from(
    [b"a", b"\n", b"\r\n", b"\r", b" ", b"\xef\xbb\xbf", b"# T", "ü".encode(), b"\xff", b"<!--", b"-->", b"```"]
)
FILES = st.lists(PIECES, max_size=30).map(b"".join) | st.binary(max_size=60).filter(lambda b: b"\0" not in b)
FILES = FILES.filter(lambda b: not b.startswith((b"\xff\xfe", b"\xfe\xff")) and b"hardwon:" not in b)
BODIES = st.lists(st.sampled_from(["- rule", "", "## T", "ünï"]), max_size=5).map(lambda lines: "\n".join(lines) + "\n")


@given(FILES, BODIES)
@example(b"", "x\n")
@example(b"\xef\xbb\xbf", "x\n")
@example(b"no newline", "x\n")
@example(b"a\r\nb", "x\n")
@example(b"a\r", "x\n")
@example(b"\n", "x\n")
def test_in_and_out_gives_the_same_bytes(data, body):
    there = put_section(data, "one", "1.0.0", body)
    assert there.startswith(data)
    assert find_sections(there)[0].body == body
    assert not find_sections(there)[0].edited
    assert take_section(there, "one") == data


@given(FILES, BODIES, BODIES)
def test_in_again_changes_nothing_and_an_update_only_the_section(data, body, other):
    there = put_section(data, "one", "1.0.0", body)
    assert put_section(there, "one", "1.0.0", body) == there
    updated = put_section(there, "one", "1.1.0", other)
    assert updated == put_section(data, "one", "1.1.0", other)


@given(FILES, BODIES, st.permutations(["one", "two", "three"]))
def test_several_sections_go_in_any_order(data, body, order):
    there = data
    for name in ("one", "two", "three"):
        there = put_section(there, name, "1.0.0", body)
    assert [section.name for section in find_sections(there)] == ["one", "two", "three"]
    for name in order:
        there = take_section(there, name)
    assert there == data


@given(FILES, FILES, BODIES)
def test_what_a_person_writes_below_a_section_stays(data, more, body):
    there = put_section(data, "one", "1.0.0", body) + b"\n" + more
    assert take_section(there, "one").endswith(more)
    assert take_section(there, "one").startswith(data.removesuffix(b"\n").removesuffix(b"\r"))


def test_the_layout():
    assert put_section(b"# Mine\n", "one", "1.2.0", "## T\n\n- a\n").decode() == (
        "# Mine\n\n<!-- hardwon:begin name=one version=1.2.0 hash=ecd7d6b709df6d92 -->\n## T\n\n- a\n<!-- hardwon:end -->\n"
    )


def test_crlf_files_get_crlf():
    there = put_section(b"a\r\nb\r\n", "one", "1.0.0", "x\ny\n")
    assert there.count(b"\n") == there.count(b"\r\n")


def test_an_edit_is_seen():
    there = put_section(b"", "one", "1.0.0", "- a\n")
    assert find_sections(there.replace(b"- a", b"- b"))[0].edited


GOOD = put_section(b"# Mine\n", "one", "1.0.0", "- a\n")


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (GOOD.replace(b"<!-- hardwon:end -->", b""), 3, "not closed"),
        (GOOD.replace(b"version=", b"v="), 3, "damaged begin"),
        (b"a\n<!-- hardwon:end -->\n", 2, "without a beginning"),
        (GOOD + GOOD, 8, "second section"),
        (GOOD.replace(b"- a\n", b"<!-- hardwon:begin name=x version=1 hash=0 -->\n"), 4, "inside"),
        (GOOD.replace(b"- a\n<!--", b"- a <!--"), 4, "inside"),
        (GOOD.replace(b"\n<!-- hardwon:begin", b"> <!-- hardwon:begin"), 2, "damaged begin"),
    ],
)
def test_damaged_marks_are_named_with_their_line(data, line, says):
    for act in (lambda: put_section(data, "one", "1.0.0", "x\n", "CLAUDE.md"), lambda: take_section(data, "one", "CLAUDE.md")):
        with pytest.raises(DeliveryError, match=says) as caught:
            act()
        assert caught.value.where == f"CLAUDE.md:{line}"
        assert caught.value.hint


@pytest.mark.parametrize("data", ["ü".encode("utf-16"), b"a\0b"])
def test_what_is_no_utf8_text_is_refused(data):
    with pytest.raises(DeliveryError, match="UTF-8"):
        put_section(data, "one", "1.0.0", "x\n")


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer_or_a_delivery_error(data):
    try:
        there = put_section(data, "one", "1.0.0", "x\n")
    except DeliveryError:
        return
    assert take_section(there, "one") == take_section(data, "one")
