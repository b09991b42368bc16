"""What the user typed while the agent worked: `queue-operation` records.

`enqueue` holds the text. `dequeue` takes the first (a user record with the text follows), `remove` hands one over in the middle of
a turn (newer versions write a `queued_command` attachment, older ones nothing), `popAll` puts all back into the input line, where
the user edits them: sent again they stand in a user record, else they were withdrawn. About a quarter of such texts stand nowhere
else.
"""

from __future__ import annotations

from hardwon.agents.claude.records import Record
from hardwon.agents.claude.words import same


class _Waiting:
    """A text in the queue; `taken` once it was handed over."""

    def __init__(self, value: str, key: str, offset: int, record: Record) -> None:
        self.value, self.key, self.offset, self.record = value, key, offset, record
        self.taken = False


class Queue:
    """Texts that were enqueued and are not yet known to stand in a record of their own."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    def add(self, value: str, offset: int, record: Record) -> None:
        """A text was enqueued; `offset` is the place of its record in the file."""
        self._waiting.append(_Waiting(value, same(value), offset, record))

    def restore(self, value: str, offset: int, record: Record, taken: bool) -> None:
        """A text that an earlier reading left in the queue."""
        self.add(value, offset, record)
        self._waiting[-1].taken = taken

    def take(self, operation: str, value: str) -> bool:
        """An operation other than `enqueue`; False if it is not known."""
        if operation == "popAll":
            self._waiting = [w for w in self._waiting if w.taken]
            return True
        if operation not in ("dequeue", "remove"):
            return False
        key = same(value)
        open_ = [w for w in self._waiting if not w.taken]
        found = next((w for w in open_ if w.key == key), open_[0] if open_ else None)
        if found is not None:
            found.taken = True
        return True

    def spoken(self, value: str) -> None:
        """A record of its own holds this text."""
        if not self._waiting:
            return
        key = same(value)
        found = next((w for w in self._waiting if w.key == key), None)
        if found is not None:
            self._waiting.remove(found)

    def due(self, now: str) -> list[tuple[str, Record, int]]:
        """Texts handed over before `now` that no record repeated before the agent went on; they leave the queue.

        A fork writes the queue first and the copied records after it: those are older and say nothing.
        """
        if not self._waiting:
            return []
        due = [w for w in self._waiting if w.taken and (w.record.timestamp or "") <= now]
        self._waiting = [w for w in self._waiting if w not in due]
        return [(w.value, w.record, w.offset) for w in due]

    def left(self) -> list[tuple[str, Record, int]]:
        """Texts still there at the end of the file (they stay)."""
        return [(w.value, w.record, w.offset) for w in self._waiting]

    def places(self) -> list[tuple[int, bool]]:
        """Where the texts still there stand in the file, and whether they were handed over."""
        return [(w.offset, w.taken) for w in self._waiting]
