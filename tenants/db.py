"""The database is a connection pool for each role, and the transactions opened on them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from tenants.connection import Connection
from tenants.domain import Domains
from tenants.errors import Refused, Unavailable
from tenants.keyring import KeyRing
from tenants.outages import READ_ONLY
from tenants.pool import WAIT_SECONDS, Pool
from tenants.standing import stand
from tenants.transaction import Client, Row, Tx
from tenants.turns import Spent
from tenants.viewer import Principal, Viewer, entering

Clock = Callable[[], datetime]

ROLE_OF = {
    Principal.COMMUNITY: "linli_app",
    Principal.GUEST: "linli_app",
    Principal.DISTRICT: "linli_district",
    Principal.DEPARTMENT: "linli_district",
    Principal.APP: "linli_app",
    Principal.INSPECTOR: "linli_app",
    Principal.IDENTITY: "linli_identity",
}
_FEW = 2  # connections for what is seldom done
_ONLY_READS = "select pg_catalog.current_setting('transaction_read_only') = 'on'"
# a page of a file of its own: what a full disk refuses
_WRITE_SOMETHING = (
    "begin; create temporary table linli_writes on commit drop as select 1 as page; commit"
)


class Uncertain(Exception):
    """A change that took its idempotency key for new did not go well: it may have been made before."""


class Database:
    """It keeps one pool for each database role. Only this class begins, commits or rolls back."""

    def __init__(
        self,
        pools: dict[Principal, Pool],
        domains: Domains,
        clock: Clock | None = None,
        ring: KeyRing | None = None,
    ) -> None:
        self.pools = pools
        self.domains = domains
        self._ring = ring
        self.clock = clock or (lambda: datetime.now(UTC))
        self._several = asyncio.Lock()

    @classmethod
    async def connect(
        cls,
        urls: dict[Principal, str],
        domains: Domains,
        *,
        size: int,
        statements: int,
        wait_seconds: float = WAIT_SECONDS,
        clock: Clock | None = None,
        ring: KeyRing | None = None,
    ) -> "Database":
        """Open a pool for each role: `size` connections for communities, two for each other.

        `domains` are what tenants.domains lists. `statements` is how many prepared statements each
        connection keeps; `ring` seals what is personal, and without it none can be written or read.
        Raises Unavailable where the database cannot serve now.
        """
        pools: dict[str, Pool] = {}
        for principal, url in urls.items():
            if url not in pools:
                number = size if principal is Principal.COMMUNITY else _FEW
                pools[url] = Pool(url, number, statements=statements, wait_seconds=wait_seconds)
        opened = cls(
            {principal: pools[url] for principal, url in urls.items()}, domains, clock, ring
        )
        try:
            for pool in pools.values():
                await pool.open()
        except BaseException:
            await opened.close()
            raise
        return opened

    def charge(self, spent: Spent) -> None:
        """Have `spent` told who held a connection for how long."""
        for pool in self.pools.values():
            pool.spent = spent

    async def close(self) -> None:
        """Wait for the connections in use, then close them all."""
        for pool in set(self.pools.values()):
            await pool.close()

    @property
    def ring(self) -> KeyRing:
        """Give the keys that seal what is personal."""
        if self._ring is None:
            raise LookupError("the database was opened without a key ring")
        return self._ring

    @property
    def has_ring(self) -> bool:
        """Return whether it was opened with a key ring."""
        return self._ring is not None

    @asynccontextmanager
    async def identity(self) -> AsyncGenerator[Connection]:
        """Open a transaction over persons, logins and sessions, which have no tenant."""
        async with (
            self.pools[Principal.IDENTITY].acquire() as connection,
            _transaction(connection, ()),
        ):
            yield connection

    async def answer(self) -> None:
        """Have PostgreSQL answer, and write something if writes failed; raises Busy if it does not."""
        async with self.pools[Principal.COMMUNITY].acquire() as connection:
            if await connection.fetchval(_ONLY_READS):
                raise Unavailable(READ_ONLY)
            if any(pool.is_doubtful for pool in self.pools.values()):
                await connection.execute(_WRITE_SOMETHING)
                for pool in self.pools.values():
                    pool.is_doubtful = False

    async def read(
        self, viewer: Viewer, text: str, arguments: list[Any], *, prepare: bool = True
    ) -> Row:
        """Run one statement that gives one row, read only, in the viewer's role and place.

        `prepare` keeps the statement's plan on the connection (about 200 KB in its backend): for
        texts that come again, not for a stranger's first.
        """
        pool = self.pools[viewer.principal]
        connection = await pool.take(viewer)
        try:
            try:
                if prepare:
                    connection.begin(viewer.enter, read_only=True)
                    row = await connection.fetchrow(text, *arguments)
                else:
                    row = await _read_once(connection, viewer, text, arguments)
                if pool.is_wanted(connection):
                    # the next reader's message ends this transaction: a round trip less
                    connection.is_unended = True
                else:
                    await connection.commit()
            except BaseException as error:
                await _undo(connection, error)
                pool.explain(connection, error)
                raise
        finally:
            pool.give_back(connection)
        assert row is not None, "a compiled read gives one row"  # noqa: S101 # its shape is ours
        return row

    @asynccontextmanager
    async def write(
        self,
        viewer: Viewer,
        client: Client,
        *,
        takes_keys_for_new: bool = False,
        holds_self: bool = False,
    ) -> AsyncGenerator[Tx]:
        """Open a transaction for one change, after locking and checking the viewer's own row.

        Raises StaleViewer if the token no longer tells the truth about it. Idempotency keys are
        asked for before anything is changed; with `takes_keys_for_new` the first of a key pays
        no round trip for that, and Uncertain is raised where the change must run again and ask.

        `holds_self` locks that row for a change from the start. Two changes that share it, and then
        both want it for themselves, would each wait for the other.
        """
        async with self.pools[viewer.principal].acquire(viewer) as connection:
            tx = Tx(
                self, connection, viewer, self.clock(), client,
                viewer.community_id, viewer.principal, takes_keys_for_new=takes_keys_for_new,
            )  # fmt: skip
            try:
                async with _transaction(connection, viewer.enter, tx.finish):
                    await stand(tx, holds_self=holds_self)
                    yield tx
            except (Refused, AssertionError, asyncpg.UniqueViolationError) as error:
                if tx.supposed:
                    raise Uncertain from error
                raise

    @asynccontextmanager
    async def command(self, viewer: Viewer) -> AsyncGenerator[Tx]:
        """Open a district's transaction for a command of whoever runs the server, unchecked."""
        async with self.pools[viewer.principal].acquire() as connection:
            client = Client(viewer.client_id, "")
            tx = Tx(self, connection, viewer, self.clock(), client, 0, viewer.principal)
            async with _transaction(connection, viewer.enter, tx.finish):
                yield tx

    @asynccontextmanager
    async def act(
        self,
        viewer: Viewer,
        client: Client,
        now: datetime,
        community_id: int,
        person: UUID | None = None,
    ) -> AsyncGenerator[Tx]:
        """Open a transaction inside one community for someone authorised elsewhere (Tx.act_in)."""
        place = entering(community_id=community_id)
        async with self.pools[Principal.COMMUNITY].acquire() as connection:
            tx = Tx(
                self, connection, viewer, now, client,
                community_id, Principal.COMMUNITY, person=person,
            )  # fmt: skip
            async with _transaction(connection, place, tx.finish):
                yield tx

    @asynccontextmanager
    async def act_in_each(
        self,
        viewer: Viewer,
        client: Client,
        now: datetime,
        community_ids: Iterable[int],
        person: UUID | None,
    ) -> AsyncGenerator[dict[int, Tx]]:
        """Open a transaction inside each of these communities; commit all or none.

        One caller at a time takes several connections, so that two callers never wait for each
        other's, and all are taken before any row is locked. Everything that may fail is done before
        the first commit: only a lost connection can separate two commits.
        """
        async with self._several, AsyncExitStack() as stack:
            opened = {
                number: await stack.enter_async_context(
                    self.act(viewer, client, now, number, person)
                )
                for number in sorted(community_ids)
            }
            yield opened
            for tx in opened.values():
                await tx.finish()
                await tx.sent()


@asynccontextmanager
async def _transaction(
    connection: Connection,
    enter: tuple[str, ...],
    finish: Callable[[], Awaitable[None]] | None = None,
) -> AsyncGenerator[None]:
    """Begin in the place that `enter` sets; commit what went well, roll back what did not."""
    try:
        connection.begin(enter)
        yield
        if finish is not None:
            await finish()
        await connection.commit()
    except BaseException as error:
        await _undo(connection, error)
        raise


async def _read_once(
    connection: Connection, viewer: Viewer, text: str, arguments: list[Any]
) -> Row | None:
    """Read by a statement that is not kept, which therefore nothing can go ahead of."""
    await connection.commit()
    await connection.execute("; ".join(["begin read only", *viewer.enter]))
    unnamed = await connection.prepare(text, name="")
    return await unnamed.fetchrow(*arguments)


async def _undo(connection: Connection, error: BaseException) -> None:
    """Roll back; where that cannot be (a cancelled task, a broken line), give the connection up."""
    if isinstance(error, asyncio.CancelledError):
        connection.terminate()
        return
    try:
        await connection.rollback()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
