"""Share a scarce resource fairly, by person and by place.

A person holds at most half of it at once, and a place at most three quarters, so that no one can
take all. Among those who wait, the person who used the least time is next (start-time fair
queueing: https://doi.org/10.1109/90.649569); time spent away earns no advantage.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from tenants.viewer import Viewer

T = TypeVar("T")
Spent = Callable[[UUID, float], object]

_MOST_KEPT = 10_000
_Waiter = tuple[Viewer | None, "asyncio.Future[Any]"]


class Turns:
    """Count who holds how much of `size`, who waits, and the seconds used. None is no person."""

    def __init__(self, size: int) -> None:
        self._most_person = max(1, size // 2)
        self._most_place = max(1, size - size // 4)
        self._held: Counter[Any] = Counter()
        self._queues: dict[UUID | None, deque[_Waiter]] = {}
        # the virtual time of each person; one who is behind the last that was served starts from
        # there
        self._far: dict[UUID, float] = {}
        self._now = 0.0

    def may(self, viewer: Viewer | None) -> bool:
        """Return whether the viewer may hold one more."""
        return viewer is None or (
            self._held[viewer.payer] < self._most_person
            and self._held[viewer.place] < self._most_place
        )

    def begin(self, viewer: Viewer | None) -> None:
        """Record that the viewer holds one more."""
        if viewer is not None:
            self._held[viewer.payer] += 1
            self._held[viewer.place] += 1
            self._now = max(self._now, self._reached(viewer.payer))

    def end(self, viewer: Viewer | None, seconds: float) -> None:
        """Record that the viewer returned one after `seconds`."""
        if viewer is None:
            return
        for key in (viewer.payer, viewer.place):
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]
        self._far[viewer.payer] = max(self._now, self._reached(viewer.payer)) + seconds
        if len(self._far) > _MOST_KEPT:
            self._far = {who: far for who, far in self._far.items() if far > self._now}

    def wait(self, viewer: Viewer | None) -> "asyncio.Future[Any]":
        """Join the queue; the caller of `next` sets the result of the returned future."""
        waiter: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        payer = None if viewer is None else viewer.payer
        self._queues.setdefault(payer, deque()).append((viewer, waiter))
        return waiter

    def next(self) -> _Waiter | None:
        """Remove and return the next waiter; None if no waiter may hold one more."""
        payer = self._first()
        return None if payer is _NOBODY else self._queues[payer].popleft()

    def is_wanted(self, viewer: Viewer | None) -> bool:
        """Return whether a waiter would be next at once if this viewer returned one."""
        if not self._queues:
            return False
        if viewer is None:
            return self._first() is not _NOBODY
        keys = (viewer.payer, viewer.place)
        for key in keys:
            self._held[key] -= 1
        try:
            return self._first() is not _NOBODY
        finally:
            for key in keys:
                self._held[key] += 1

    def _reached(self, payer: UUID) -> float:
        return self._far.get(payer, 0.0)

    def _first(self) -> Any:
        best, least = _NOBODY, 0.0
        for payer, queue in list(self._queues.items()):
            while queue and queue[0][1].done():
                queue.popleft()
            if not queue:
                del self._queues[payer]
                continue
            far = -1.0 if payer is None else max(self._now, self._reached(payer))
            if (best is _NOBODY or far < least) and self.may(queue[0][0]):
                best, least = payer, far
        return best


_NOBODY: Any = object()
