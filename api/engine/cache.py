"""This cache is bounded in bytes, and gives little room to values that were used only once."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_OF_TRIAL = 8  # values on trial have one eighth of the room


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    size: int
    was_used: bool = False


class _Part(Generic[K, V]):
    """Entries of at most `most` bytes together; the least recently used is dropped first.

    The newest entry stays even if it alone is larger, so that what is used can be kept at all.
    """

    def __init__(self, most: int) -> None:
        self.entries: OrderedDict[K, _Entry[V]] = OrderedDict()
        self.bytes = 0
        self._most = most

    def add(self, key: K, entry: _Entry[V]) -> None:
        self.entries[key] = entry
        self.bytes += entry.size
        self._trim()

    def pop(self, key: K) -> _Entry[V]:
        entry = self.entries.pop(key)
        self.bytes -= entry.size
        return entry

    def replace(self, key: K, value: V, size: int) -> None:
        entry = self.entries[key]
        self.entries.move_to_end(key)
        self.bytes += size - entry.size
        entry.value, entry.size = value, size
        self._trim()

    def _trim(self) -> None:
        while self.bytes > self._most and len(self.entries) > 1:
            self.bytes -= self.entries.popitem(last=False)[1].size


class Cache(Generic[K, V]):
    """It keeps values by key, of at most `most_bytes` together.

    A new value is on trial, in an eighth of the room, until it is used for the second time. So a
    thousand new documents that nobody sends again push out one another, and nothing else.
    """

    def __init__(self, most_bytes: int) -> None:
        on_trial = most_bytes // _OF_TRIAL
        self._trial: _Part[K, V] = _Part(on_trial)
        self._proven: _Part[K, V] = _Part(most_bytes - on_trial)

    def __len__(self) -> int:
        return len(self._trial.entries) + len(self._proven.entries)

    def __iter__(self) -> Iterator[V]:
        """Iterate over the values; this does not use them."""
        for part in (self._proven, self._trial):
            for entry in part.entries.values():
                yield entry.value

    @property
    def bytes(self) -> int:
        """Return the bytes of all values."""
        return self._trial.bytes + self._proven.bytes

    def peek(self, key: K) -> V | None:
        """Return a value without using it, or None; any thread may call this."""
        entry = self._proven.entries.get(key) or self._trial.entries.get(key)
        return None if entry is None else entry.value

    def get(self, key: K) -> V | None:
        """Use a value: return it, or None if it is not kept."""
        entry = self._proven.entries.get(key)
        if entry is not None:
            self._proven.entries.move_to_end(key)
            return entry.value
        entry = self._trial.entries.get(key)
        if entry is None:
            return None
        if entry.was_used:
            self._proven.add(key, self._trial.pop(key))
        else:
            entry.was_used = True
            self._trial.entries.move_to_end(key)
        return entry.value

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of so many bytes, or change the value and the size of a kept one."""
        for part in (self._proven, self._trial):
            if key in part.entries:
                part.replace(key, value, size)
                return
        self._trial.add(key, _Entry(value, size))
