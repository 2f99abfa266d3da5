"""A pool keeps a few open connections of one database role, used by one transaction each.

asyncpg's pool wraps each connection and creates a task for each timeout and each release; measured,
that costs as much as a round trip. Here an idle connection is handed over as it is, a timer exists
only while a caller waits, and the next user of a broken connection reopens it. turns.py decides
which caller is next, and how many connections one person may hold.
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
    """At most `size` connections to one address; `acquire` raises Busy after `wait_seconds`."""

    def __init__(
        self, url: str, size: int, *, statements: int, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._url = url
        self._size = size
        self._statements = statements
        self._patience = Deadline(wait_seconds)
        self._idle: list[Connection] = []
        self._turns = Turns(size)
        # the viewer that holds each connection, and since when
        self._lent: dict[Connection, tuple[Viewer | None, float]] = {}
        # called with the seconds for which a person held a connection
        self.spent: Spent | None = None
        self._out = 0
        self._all_in = asyncio.Event()
        self._all_in.set()
        # whether a write failed on a full disk or a read-only server, and none was tried since
        self.is_doubtful = False

    async def open(self) -> "Pool":
        """Open all connections, so that no request waits for one; raise Unavailable."""
        try:
            for _ in range(self._size):
                self._idle.append(await self._connect())
        except BaseException:
            await self.close()
            raise
        return self

    async def close(self) -> None:
        """Wait for the connections in use, then close all."""
        await self._all_in.wait()
        for connection in self._idle:
            await connection.close()
        self._idle.clear()

    def size(self) -> tuple[int, int]:
        """Return the number of idle connections and of those in use."""
        return len(self._idle), self._out

    def is_wanted(self, connection: Connection) -> bool:
        """Return whether a waiting caller would get this connection if it were returned now."""
        return self._turns.is_wanted(self._lent[connection][0])

    async def take(self, viewer: Viewer | None = None) -> Connection:
        """Return a connection; the caller must pass it to `give_back`. It may be `is_unended`.

        Raise Busy if none is free in time.
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
        """Hand the connection to the next caller in turn, or keep it idle."""
        viewer, since = self._lent.pop(connection)
        seconds = time.perf_counter() - since
        self._leave(None if connection.is_closed() else connection, viewer, seconds)
        if viewer is not None and self.spent is not None:
            self.spent(viewer.payer, seconds)

    @asynccontextmanager
    async def acquire(self, viewer: Viewer | None = None) -> AsyncGenerator[Connection]:
        """Yield a connection for the length of a block."""
        connection = await self.take(viewer)
        try:
            if connection.is_unended:
                await connection.commit()
            yield connection
        except asyncio.CancelledError:
            # an answer may still arrive, and the next user would take it for their own
            connection.terminate()
            raise
        except Exception as error:
            if connection.is_in_transaction():
                # the next user of the connection would get the error of this failed transaction
                connection.terminate()
            self.explain(connection, error)
            raise
        finally:
            self.give_back(connection)

    def explain(self, connection: Connection, error: BaseException) -> None:
        """Raise what an error on this connection means (see `outage`); return if it is a bug."""
        meant = outage(error)
        if meant is None:
            return
        if isinstance(meant, Unavailable):
            self.is_doubtful |= meant.reason in {DISK_FULL, READ_ONLY}
            if not meant.reason.startswith("53"):
                # close it: a new connection may reach a server that works
                connection.terminate()
        raise meant from error

    def _begin(self, viewer: Viewer | None) -> Connection | None:
        """Count one more connection in use; return an idle one, or None to open a new one."""
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
            # a connection may have come at the moment when the wait ended
            if waiter.done() and not waiter.cancelled():
                self._leave(waiter.result(), viewer, 0)
            if isinstance(error, TimeoutError):
                raise Busy from None
            raise

    async def _connect(self) -> Connection:
        options: dict[str, Any] = {
            # a statement stays cached as long as its connection, however long its text
            "statement_cache_size": self._statements,
            "max_cached_statement_lifetime": 0,
            "max_cacheable_statement_size": 0,
        }
        try:
            connection: Connection = await asyncpg.connect(
                self._url, connection_class=Connection, **options
            )
            # JSON goes to the client as it came: to decode and encode a page costs 5 % of it
            await connection.set_type_codec(
                "json", schema="pg_catalog", encoder=str.encode, decoder=bytes, format="binary"
            )
            await connection.get_ready()
        except Exception as error:
            if (meant := unreachable(error)) is None:
                raise
            raise meant from error
        return connection
