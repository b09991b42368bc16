"""Typed decoding that a surprise in one field cannot stop: formats change monthly, and a record must not be lost for a `null`."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

import msgspec

from hardwon.records.json import RecordDecoder, Unreadable

T = TypeVar("T")

_PLACE = re.compile(r" - at `\$(.*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]|\[\.\.\.\]")
_TRIES = 50


class LooseDecoder(RecordDecoder[T]):
    """A `RecordDecoder` that drops a field whose value has another type than expected (its default stands instead)."""

    def decode(self, raw: bytes) -> list[T]:
        """The records of one line. Raises Unreadable for what is no JSON, or no object at the top."""
        try:
            return [self._decoder.decode(raw)]
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return self._decode_loosely(raw)

    def _decode_loosely(self, raw: bytes) -> list[T]:
        try:
            return super().decode(raw)
        except Unreadable as error:
            if error.reason != "schema":
                raise
            value = loads(raw)
            if not isinstance(value, dict):
                raise
            return [self._without_surprises(value, error)]

    def _without_surprises(self, value: Any, first: Unreadable) -> T:
        for _ in range(_TRIES):
            try:
                return self._decoder.decode(json.dumps(value).encode())
            except msgspec.DecodeError as error:
                place = _PLACE.search(str(error))
                if place is None or not _drop(value, _STEP.findall(place[1])):
                    break
        raise first


def loads(raw: bytes | msgspec.Raw | str | None, default: Any = None) -> Any:
    """Plain JSON values, from a piece that a typed record kept raw; `default` for an empty or broken one."""
    if raw is None or not len(raw):
        return default
    try:
        return msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        text = raw if isinstance(raw, str) else bytes(raw).decode("utf-8", "replace")
        return _clean(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return default


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_clean(v) for v in value]
    return {_clean(k): _clean(v) for k, v in value.items()} if isinstance(value, dict) else value


def _drop(value: Any, steps: list[tuple[str, str]]) -> bool:
    """Takes out what lies at the end of `steps`; at a step that cannot be followed, what holds it."""
    holder: Any = None
    key: Any = None
    following: Any
    for name, index in steps:
        following = name or (int(index) if index else None)
        if following is None:
            break
        if not isinstance(value, (dict, list)):
            break
        holder, key = value, following
        try:
            value = holder[following]
        except (KeyError, IndexError, TypeError):
            return False
    if isinstance(holder, dict):
        holder.pop(key)
    elif isinstance(holder, list):
        del holder[key]
    return holder is not None
