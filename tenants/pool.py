"""The connections of one database role: few, kept open, handed from one transaction to the next.

asyncpg's pool wraps each connection and makes a task for each timeout and each release; measured,
that costs as much as a round trip. Here an idle connection is handed over as it is, a timer exists
only while someone waits, and a connection that broke is opened anew by whoever needs it next.
Whose turn it is, and how many one person may hold, is kept in turns.py.
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tenants.connection import Connection
from tenants.deadlines import Deadline
from tenants.errors import Busy, Unavailable
from tenants.outages import DISK_FULL, READ_ONLY, outage, unreachable
from tenants.turns import Spent, Turns
from tenants.viewer import Viewer

WAIT_SECONDS = 2.0


class Pool:
    """Connections to one address, at most `size`; an `acquire` waits `wait_seconds`, then is Busy."""

    def __init__(
        self, url: str, size: int, *, statements: int, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._url = url
        self._size = size
        self._statements = statements
        self._patience = Deadline(wait_seconds)
        self._idle: list[Connection] = []
        self._turns = Turns(size)
        # who holds each connection, and since when
        self._lent: dict[Connection, tuple[Viewer | None, float]] = {}
        # is told how many seconds a person held one
        self.spent: Spent | None = None
        self._out = 0
        self._all_in = asyncio.Event()
        self._all_in.set()
        # whether the last that went wrong was a write, for want of space or because nothing is written
        self.is_doubtful = False

    async def open(self) -> "Pool":
        """Open every connection, so that no request waits for one; raises Unavailable."""
        try:
            for _ in range(self._size):
                self._idle.append(await self._connect())
        except BaseException:
            await self.close()
            raise
        return self

    async def close(self) -> None:
        """Wait for the connections in use, then close them all."""
        await self._all_in.wait()
        for connection in self._idle:
            await connection.close()
        self._idle.clear()

    def size(self) -> tuple[int, int]:
        """Give how many connections are idle and how many in use."""
        return len(self._idle), self._out

    def is_wanted(self, connection: Connection) -> bool:
        """Say whether someone waits who would have this connection if it were given back now."""
        return self._turns.is_wanted(self._lent[connection][0])

    async def take(self, viewer: Viewer | None = None) -> Connection:
        """Give a connection, which must be handed to `give_back`; it may be `is_unended`.

        Raises Busy where none came in time.
        """
        if self._out < self._size and self._turns.may(viewer):
            connection = self._begin(viewer)
        else:
            connection = await self._wait(viewer)
        if connection is None or connection.is_closed():
            try:
                connection = await self._connect()
            except BaseException:
                self._leave(None, viewer, 0)
                raise
        self._lent[connection] = viewer, time.perf_counter()
        return connection

    def give_back(self, connection: Connection) -> None:
        """Hand the connection to whoever's turn it is, or keep it for the next."""
        viewer, since = self._lent.pop(connection)
        seconds = time.perf_counter() - since
        self._leave(None if connection.is_closed() else connection, viewer, seconds)
        if viewer is not None and self.spent is not None:
            self.spent(viewer.payer, seconds)

    @asynccontextmanager
    async def acquire(self, viewer: Viewer | None = None) -> AsyncGenerator[Connection]:
        """Lend a connection for the length of a block."""
        connection = await self.take(viewer)
        try:
            if connection.is_unended:
                await connection.commit()
            yield connection
        except asyncio.CancelledError:
            # an answer may be on its way that the next who has it would take for theirs
            connection.terminate()
            raise
        except Exception as error:
            self.explain(connection, error)
            raise
        finally:
            self.give_back(connection)

    def explain(self, connection: Connection, error: BaseException) -> None:
        """Raise what an error on this connection means (see `outage`); nothing if it is a bug."""
        meant = outage(error)
        if meant is None:
            return
        if isinstance(meant, Unavailable):
            self.is_doubtful = meant.reason in {DISK_FULL, READ_ONLY}
            if not meant.reason.startswith("53"):
                # whatever is left of the line: the next one may lead to a server that serves
                connection.terminate()
        raise meant from error

    def _begin(self, viewer: Viewer | None) -> Connection | None:
        """Count one more out; gives an idle one, or None where one is to be opened."""
        self._out += 1
        self._all_in.clear()
        self._turns.begin(viewer)
        return self._idle.pop() if self._idle else None

    def _leave(self, connection: Connection | None, viewer: Viewer | None, seconds: float) -> None:
        self._out -= 1
        self._turns.end(viewer, seconds)
        if connection is not None:
            self._idle.append(connection)
        while self._out < self._size and (waiter := self._turns.next()) is not None:
            waiter[1].set_result(self._begin(waiter[0]))
        if self._out == 0:
            self._all_in.set()

    async def _wait(self, viewer: Viewer | None) -> Connection | None:
        waiter = self._turns.wait(viewer)
        try:
            return await self._patience.keep(waiter)
        except BaseException as error:
            # a connection may have come in the very moment that the wait ended
            if waiter.done() and not waiter.cancelled():
                self._leave(waiter.result(), viewer, 0)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise

    async def _connect(self) -> Connection:
        options: dict[str, Any] = {
            # a statement stays as long as its connection, however long its text
            "statement_cache_size": self._statements,
            "max_cached_statement_lifetime": 0,
            "max_cacheable_statement_size": 0,
        }
        try:
            connection: Connection = await asyncpg.connect(
                self._url, connection_class=Connection, **options
            )
            # an answer goes to the client as it came: decoding and encoding a page costs 5 % of it
            await connection.set_type_codec(
                "json", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary"
            )
            await connection.get_ready()
        except Exception as error:
            if (meant := unreachable(error)) is None:
                raise
            raise meant from error
        return connection
