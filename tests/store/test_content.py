"""A hash that goes on where it stopped."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from hardwon.store import content
from hardwon.store.content import BLOCK, Chain


def chain(data: bytes, before: Chain | None = None, size: int = 0) -> Chain:
    running = Chain(before.state, size) if before else Chain()
    for block in content.blocks(io.BytesIO(data), running.whole, len(data)):
        running.feed(block)
    return running


@given(st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK]), st.sampled_from([0, 1, BLOCK, BLOCK + 7]))
def test_hashing_in_two_parts_equals_hashing_whole(first, more):
    data = bytes(i % 251 for i in range(997)) * ((first + more) // 997 + 1)
    before = chain(data[:first])
    assert chain(data[: first + more], before, first).content_hash() == chain(data[: first + more]).content_hash()


@given(st.binary(min_size=1, max_size=200), st.integers(0, 199))
def test_a_changed_byte_is_no_prefix(data, place):
    place %= len(data)
    running = chain(data)
    changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    assert content.is_prefix(io.BytesIO(data + b"more"), len(data), running.state, running.content_hash())
    assert not content.is_prefix(io.BytesIO(changed + b"more"), len(data), running.state, running.content_hash())


def test_the_last_block_of_a_giant_file_is_enough_to_know_it(monkeypatch):
    monkeypatch.setattr(content, "CHECKED_WHOLE", 10)
    data = b"x" * (BLOCK + 5)
    running = chain(data)
    assert content.is_prefix(io.BytesIO(data + b"y"), len(data), running.state, running.content_hash())
    assert not content.is_prefix(io.BytesIO(data[:-1] + b"yy"), len(data), running.state, running.content_hash())
