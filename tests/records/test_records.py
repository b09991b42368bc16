"""Lines of JSON into records: each case is a file, with what is found in it beside it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwon.errors import SourceError
from hardwon.model import Gap
from hardwon.records.json import RecordDecoder, Unreadable, read_records

CASES = sorted((Path(__file__).parent / "cases").glob("*.jsonl"))


class Case(msgspec.Struct):
    type: str
    text: str = ""
    score: float | None = None
    payload: msgspec.Raw = msgspec.Raw()


def described(path: Path) -> dict[str, object]:
    decoder: RecordDecoder[Case] = RecordDecoder(Case)
    found: list[dict[str, object]] = []
    for one in read_records(path, decoder):
        if isinstance(one, Gap):
            found.append({"gap": one.reason, "offset": one.offset, "bytes": one.bytes})
        else:
            found.append({"text": one.value.text, "offset": one.offset, "number": one.number, "complete": one.complete})
    return {"found": found, "repaired": decoder.repaired}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    assert described(path) == json.loads(path.with_suffix(".expected.json").read_text())


def test_there_are_cases() -> None:
    assert len(CASES) > 30


def test_a_raw_field_of_a_mended_record_decodes() -> None:
    [value] = RecordDecoder[Case](Case).decode(b'{"type":"u","text":"\\udfff","payload":{"x":"\\ud800"}}')
    assert msgspec.json.decode(value.payload) == {"x": "�"}


def test_deep_nesting_is_no_crash() -> None:
    raw = b'{"type":"u","payload":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    with pytest.raises(Unreadable) as caught:
        RecordDecoder(dict).decode(raw)
    assert caught.value.reason == "broken"


def test_start_goes_on_where_a_reading_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"type":"a"}\n{"type":"b"}\n')
    first, second = read_records(path, RecordDecoder[Case](Case))
    assert not isinstance(first, Gap)
    assert not isinstance(second, Gap)
    [again] = read_records(path, RecordDecoder[Case](Case), start=first.offset + first.raw_size + 1)
    assert again == msgspec.structs.replace(second, number=1)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.jsonl"):
        list(read_records(tmp_path / "none.jsonl", RecordDecoder(dict)))


@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_a_reason(raw: bytes) -> None:
    try:
        values = RecordDecoder[object](object).decode(raw)
    except Unreadable as error:
        assert error.detail
        values = error.values
    json.dumps(values).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(json_values, min_size=1, max_size=3))
def test_whatever_the_standard_library_writes_is_read(values: list[object]) -> None:
    raw = " ".join(json.dumps(value) for value in values).encode()
    read = RecordDecoder[object](object).decode(raw)
    assert len(read) == len(values)
    json.dumps(read, ensure_ascii=False).encode()  # no lone surrogate is left


@given(
    st.lists(st.dictionaries(st.sampled_from(["type", "text"]), st.text(), min_size=2), min_size=1, max_size=3), st.integers(0, 300)
)
def test_a_line_cut_anywhere_loses_only_the_cut_record(values: list[dict[str, str]], cut: int) -> None:
    whole = [json.dumps(value, ensure_ascii=False).encode() for value in values]
    raw = b"".join(whole)[:cut]
    complete = 0
    while complete < len(whole) and sum(map(len, whole[: complete + 1])) <= cut:
        complete += 1
    try:
        read = RecordDecoder[object](object).decode(raw)
    except Unreadable as error:
        read = error.values
    assert read == values[:complete]
