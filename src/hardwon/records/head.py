"""The first bytes of a file, as a reader's `detects` gets to see them."""

from __future__ import annotations

from pathlib import Path

from hardwon.errors import SourceError
from hardwon.records import zstd
from hardwon.records.open import open_source, read_blocks


def read_head(path: Path, n: int = 65536) -> bytes:
    """The first `n` bytes of the decoded content (decompressed, UTF-16 made UTF-8); what could be read if the rest is damaged.

    Raises SourceError when the file cannot be opened or read.
    """
    head = bytearray()
    with open_source(path) as file:
        try:
            for block in read_blocks(file):
                head += block
                if len(head) >= n:
                    break
        except zstd.BrokenFrame:
            pass
        except OSError as error:
            raise SourceError(error.strerror or str(error), where=str(path)) from error
    return bytes(head[:n])
