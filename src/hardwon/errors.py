"""The one family of errors that Hardwon raises on purpose.

HardwonError
├── UsageError        the request cannot be understood (exit 2)
├── SourceError       a trace cannot be opened at all
├── StoreError        the index, the archive or the folder they live in
├── LibraryError      a skill that does not exist, or cannot change as asked
├── DeliveryError     an instruction file or skill folder that must not be touched
└── ScanRunning       another scan holds the lock

A message says what is wrong, where (`file:line` or `session#step`), and what to do about it.
Broken input is not an error: readers report it as a `Gap` (see `hardwon.model`).
"""

from __future__ import annotations


class HardwonError(Exception):
    """Something a user can understand and mend.

    Args:
        what: one sentence without a final full stop: what is wrong.
        where: the address it is wrong at (`file:line`, a path, `session#step`), or "".
        hint: what the user can do next, as a sentence, or "".
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}. {self.hint}" if self.hint else text


class UsageError(HardwonError):
    """The request itself is wrong: an unknown name, an impossible date, two options that exclude each other."""

    exit_code = 2


class SourceError(HardwonError):
    """A trace file or database that cannot be opened."""


class StoreError(HardwonError):
    """The index or the archive cannot be read or written."""


class LibraryError(HardwonError):
    """A skill is missing, is in another state than needed, or would be overwritten."""


class DeliveryError(HardwonError):
    """A file of the user's is not as Hardwon left it, so it is not touched."""


class ScanRunning(StoreError):
    """Another process is scanning into the same home."""
