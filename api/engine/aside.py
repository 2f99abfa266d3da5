"""Run slow work in a helper thread, one piece at a time, in turn between the persons who wait."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from api.engine.errors import ErrorCode, RequestError

T = TypeVar("T")

MOST_WAITING = 50
_Timed = tuple[Any, Exception | None, float]


class Aside:
    """It is a single helper thread with a queue for each person; the persons are served in turn.

    After each piece of work it rests as long as the piece took.
    `spent` is called with a person and the seconds of thread time that their work took.
    """

    def __init__(self) -> None:
        self.spent: Callable[[Hashable, float], object] | None = None
        self._thread = ThreadPoolExecutor(1, "linli-engine")
        self._queues: OrderedDict[Hashable, deque[tuple[Callable[[], Any], asyncio.Future[Any]]]]
        self._queues = OrderedDict()
        self._is_busy = False

    async def do(self, person: Hashable, work: Callable[[], T]) -> T:
        """Run a person's work in the thread and return its result, or raise its exception.

        Raises RATE_LIMITED if too much of the person's work waits.
        """
        queue = self._queues.setdefault(person, deque())
        if len(queue) >= MOST_WAITING:
            raise RequestError(
                ErrorCode.RATE_LIMITED,
                f"{MOST_WAITING} new documents of yours wait; try again in 1 s.",
                retryAfter=1,
            )
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        queue.append((work, done))
        self._next()
        return await done

    def _next(self) -> None:
        while self._queues and not self._is_busy:
            person, queue = self._queues.popitem(last=False)
            work, done = queue.popleft()
            if queue:
                self._queues[person] = queue  # behind all other persons
            if not done.done():  # the request may have been cancelled
                self._is_busy = True
                running = asyncio.get_running_loop().run_in_executor(self._thread, _timed, work)
                running.add_done_callback(partial(self._end, person, done))

    def _end(
        self, person: Hashable, done: asyncio.Future[Any], running: asyncio.Future[_Timed]
    ) -> None:
        if running.cancelled():  # the loop ends
            done.cancel()
            return
        found, error, seconds = running.result()
        if self.spent is not None:
            self.spent(person, seconds)
        if not done.done():
            if error is None:
                done.set_result(found)
            else:
                done.set_exception(error)
        # Threads share one interpreter lock. Without this rest the event loop would wait for it at
        # every step as long as work waits here, and everyone's requests with it.
        asyncio.get_running_loop().call_later(seconds, self._rested)

    def _rested(self) -> None:
        self._is_busy = False
        self._next()


def _timed(work: Callable[[], Any]) -> _Timed:
    """Run work; return its result, its exception, and the seconds of the thread's time it took."""
    started = time.thread_time()
    found, failed = None, None
    try:
        found = work()
    except Exception as error:  # noqa: BLE001 # whoever asked for the work raises it
        failed = error
    return found, failed, time.thread_time() - started
