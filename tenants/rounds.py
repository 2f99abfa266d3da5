"""Repeat background work of a worker for as long as the server runs."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from tenants.errors import Busy, TooSlow

log = logging.getLogger("linli.rounds")


@asynccontextmanager
async def again(
    work: Callable[[], Awaitable[object]], *, seconds: float, first: float, what: str
) -> AsyncGenerator[None]:
    """Run `work` after `first` seconds, then every `seconds`, for the length of the block.

    A failure is logged as `what` and the work is tried again; failures caused by the database are
    logged as warnings. Work in progress at the end of the block is cancelled.
    """

    async def forever() -> None:
        await asyncio.sleep(min(first, seconds))
        while True:
            try:
                await work()
            except (Busy, TooSlow) as error:
                log.warning("%s: not now: %s", what, error)
            except Exception:
                log.exception("%s failed", what)
            await asyncio.sleep(seconds)

    task = asyncio.create_task(forever())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
