"""Classify the database's errors: it cannot serve now, it took too long, or it is a bug.

Only this module decides that. All other errors are bugs and stay unchanged.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
from asyncpg.exceptions import InternalClientError

from tenants.errors import Busy, Conflict, TooSlow, Unavailable

log = logging.getLogger("linli.database")
T = TypeVar("T")

DISK_FULL, READ_ONLY = "53100", "25006"
_START_PAUSE = 0.2
_TELL_SECONDS = 10

# Classes of SQLSTATE (PostgreSQL's appendix A): the connection broke; resources are lacking. Then
# single states: shut down, crashed, starting up; read-only, as after a failover.
_LACKING_CLASSES = ("08", "53")
_LACKING = {"57P01", "57P02", "57P03", READ_ONLY}
# statement, lock, idle-in-transaction and transaction timeouts
_SLOW = {"57014", "55P03", "25P03", "25P04"}
_CONFLICTS = {"40001", "40P01"}


def outage(error: BaseException) -> Busy | TooSlow | None:
    """Return the refusal that a database error means, or None if it is a bug."""
    if isinstance(error, asyncpg.PostgresError):
        return _by_state(str(getattr(error, "sqlstate", "")))
    # a broken connection can fail anywhere inside asyncpg
    is_broken = isinstance(error, ConnectionError | InternalClientError) or (
        type(error) is asyncpg.InterfaceError and "connection is closed" in str(error)
    )
    return Unavailable(type(error).__name__) if is_broken else None


def unreachable(error: BaseException) -> Busy | TooSlow | None:
    """Classify an error raised while connecting; here an OSError also means an unreachable server."""
    if isinstance(error, OSError):
        return Unavailable(type(error).__name__)
    return outage(error)


async def outlasted(work: Callable[[], Awaitable[T]], seconds: float) -> T:
    """Return the result of `work`; retry while the database is Unavailable, for at most `seconds`."""
    end, told = time.monotonic() + seconds, 0.0
    while True:
        try:
            return await work()
        except Unavailable as error:
            now = time.monotonic()
            if now >= end:
                raise
            if now - told >= _TELL_SECONDS:
                log.warning("waiting for the database: %s", error.reason)
                told = now
        await asyncio.sleep(_START_PAUSE)


def _by_state(state: str) -> Busy | TooSlow | None:
    if state.startswith(_LACKING_CLASSES) or state in _LACKING:
        return Unavailable(state)
    if state in _CONFLICTS:
        return Conflict(state)
    return TooSlow(state) if state in _SLOW else None
