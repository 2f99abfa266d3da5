"""The pool, and `Tx`: one transaction, one viewer, row security set."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from tenants.connection import Connection
from tenants.errors import Code, NotFound, Refused, StaleViewer, Unavailable
from tenants.ids import new_id, nth
from tenants.outages import READ_ONLY
from tenants.policy import Rule, visible
from tenants.pool import WAIT_SECONDS, Pool
from tenants.secrets import KeyRing
from tenants.statements import (
    Lock,
    Values,
    find,
    hold,
    insert,
    insert_new,
    prefixed,
    rendered,
    update,
)
from tenants.turns import Spent
from tenants.viewer import Principal, Viewer, entering

Row = asyncpg.Record
Clock = Callable[[], datetime]
T = TypeVar("T")

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


class Tx:
    """An open transaction and the one it speaks for.

    `tenant` is where it acts: the viewer's own community, or the one an officer acts in.
    """

    def __init__(  # what a change is made of
        self,
        database: "Database",
        connection: Connection,
        viewer: Viewer,
        now: datetime,
        client: "Client",
        tenant: int,
        principal: Principal,
        *,
        takes_keys_for_new: bool = False,
    ) -> None:
        self._database = database
        self.connection = connection
        self.principal = principal
        self.viewer = viewer
        self.now = now
        self.client = client
        self.tenant = tenant
        self._values: Values = {**viewer.parameters, "community_id": tenant, "now": now}
        self._last: dict[Callable[..., Awaitable[None]], list[Any]] = {}
        self._shown: dict[Callable[..., Awaitable[None]], str] = {}
        self._takes_keys_for_new = takes_keys_for_new
        self.supposed = False
        self._made = 0

    @asynccontextmanager
    async def act_in(self, community_id: int) -> AsyncGenerator["Tx"]:
        """Act inside one community of the officer's, already authorised here, as its actor.

        The act is a transaction of its own, under the community's row security; it is committed
        before this one ends.
        """
        await self.sent()
        async with self._database.act(self.viewer, self.client, self.now, community_id) as inside:
            yield inside

    @asynccontextmanager
    async def inside(self, community_id: int) -> AsyncGenerator["Tx"]:
        """Act in a community: here where it is the viewer's own, else as `act_in` does."""
        if self.tenant == community_id:
            yield self
        else:
            async with self.act_in(community_id) as inside:
                yield inside

    @property
    def ring(self) -> KeyRing:
        """Give the keys that seal what is personal."""
        return self._database.ring

    def at_last(
        self,
        work: Callable[["Tx", list[T]], Awaitable[None]],
        item: T,
        *,
        of: sa.Table | None = None,
    ) -> None:
        """Have `work` done once, with all its items, as the last thing before the commit.

        For what locks a row that many changes want: it is held from there to the commit only, and
        after every other lock, so that nobody waits for it while holding what its owner wants.
        Work `of` one table comes before the rest, and earlier where the table is read by `answer`.
        """
        self._last.setdefault(work, []).append(item)
        if of is not None:
            self._shown[work] = of.fullname

    async def finish(self) -> None:
        """Do what was left for last; whoever commits calls this, nobody else."""
        await self._do_of("")
        for work, items in self._last.items():
            await work(self, items)

    async def answer(self, text: str, arguments: list[Any]) -> Any:
        """Read what the change gives back: one value, by a compiled text."""
        await self._do_of(text)
        return await self.connection.fetchval(text, *arguments)

    async def _do_of(self, text: str) -> None:
        """Do the work that is of one table; with a text, of the tables that it names."""
        for work, table in list(self._shown.items()):
            if not text or table in text:
                del self._shown[work]
                await work(self, self._last.pop(work))

    def supposes_new(self) -> bool:
        """Say whether an idempotency key is taken for new without asking; it is remembered if so.

        Such a change is run again (see Uncertain) with its keys asked for if it does not go well.
        """
        self.supposed = self.supposed or self._takes_keys_for_new
        return self._takes_keys_for_new

    def new_id(self) -> UUID:
        """Make the id of a row that comes into being now; it stands after those made here before."""
        self._made += 1
        return new_id(self.now, nth(self._made))

    async def rows(self, statement: sa.Executable, **values: Any) -> list[Row]:
        """Run a statement that is kept (a module's constant) and give its rows.

        A change that gives none goes ahead of the next statement that does, in the same message;
        that one raises its error, if it has one. Where the error is looked for, see `sent`.
        """
        kept = rendered(statement)
        arguments = kept.arguments(self._values | values)
        if kept.gives_rows:
            return await self.connection.fetch(kept.text, *arguments)
        await self.connection.send_ahead(kept.text, arguments)
        return []

    async def row(self, statement: sa.Executable, **values: Any) -> Row | None:
        """Run a statement that is kept, as `rows` does, and give its first row."""
        kept = rendered(statement)
        arguments = kept.arguments(self._values | values)
        if kept.gives_rows:
            return await self.connection.fetchrow(kept.text, *arguments)
        await self.connection.send_ahead(kept.text, arguments)
        return None

    async def sent(self) -> None:
        """Have everything done that was to be done until here; raises what went wrong with it."""
        await self.connection.send()

    async def find(
        self, table: sa.Table, id: UUID | None, *path: str, permit: Rule, lock: Lock = Lock.CHANGE
    ) -> Row:
        """Lock the row the viewer may see and ask the rule; `path` names the input field.

        Raises NotFound where it is missing, foreign or hidden, and Refused with the first reason
        that holds.
        """
        row = await self.seek(table, id, *path, permit=permit, lock=lock)
        if row is None:
            raise NotFound(*path)
        return row

    async def seek(
        self, table: sa.Table, id: UUID | None, *path: str, permit: Rule, lock: Lock = Lock.CHANGE
    ) -> Row | None:
        """Do as `find` does, but give None where there is no such row."""
        if visible(permit.table, self.principal) is None:
            return None
        row = await self.row(find(permit, self.principal, lock), v_id=id)
        if row is None:
            return None
        if (failing := row["refusal"]) is not None:
            reason = permit.reasons[failing]
            state = row["state"] if "state" in table.c else None
            at_fault = () if reason.code is Code.FORBIDDEN else path
            raise Refused(reason.code, reason.message, *at_fault, current_state=state)
        return row

    async def hold(self, table: sa.Table, id: UUID | None) -> None:
        """Lock a row of this tenant, if it is there, by a statement of its own.

        Before `find`, where its rule looks at other rows that change under this lock: a statement
        sees only in its locked row what was changed while it waited.
        """
        await self.row(hold(table), v_id=id)

    async def insert(self, table: sa.Table, **values: Any) -> None:
        """Add one row to this tenant."""
        row = {"community_id": self.tenant, **values}
        await self.row(insert(table, tuple(row)), **prefixed(row))

    async def insert_new(self, table: sa.Table, **values: Any) -> bool:
        """Add one row, unless a unique constraint has one already; says whether it was added.

        Whoever is adding that one at this moment is waited for.
        """
        row = {"community_id": self.tenant, **values}
        return await self.row(insert_new(table, tuple(row)), **prefixed(row)) is not None

    async def update(self, table: sa.Table, id: UUID, **values: Any) -> None:
        """Set columns of one row of this tenant, and raise its version where it has one."""
        await self.row(update(table, tuple(values)), v_id=id, **prefixed(values))


@asynccontextmanager
async def unless_taken(tx: Tx, message: str, *path: str) -> AsyncGenerator[None]:
    """Refuse as ALREADY_DONE what a unique constraint refuses: another has that name.

    Asked before, two at once are both told that it is free.
    """
    await tx.sent()
    try:
        yield
        await tx.sent()
    except asyncpg.UniqueViolationError:
        raise Refused(Code.ALREADY_DONE, message, *path) from None


class Uncertain(Exception):
    """A change that took its idempotency key for new did not go well: it may have been made before."""


@dataclass(frozen=True)
class Client:
    """The request behind a change, as the audit names it."""

    client_id: str
    trace_id: str


class Database:
    """The pools, one for each database role. Only this class begins, commits or rolls back."""

    def __init__(
        self,
        pools: dict[Principal, Pool],
        clock: Clock | None = None,
        ring: KeyRing | None = None,
    ) -> None:
        self.pools = pools
        self._ring = ring
        self.clock = clock or (lambda: datetime.now(UTC))

    @classmethod
    async def connect(
        cls,
        urls: dict[Principal, str],
        *,
        size: int,
        statements: int,
        wait_seconds: float = WAIT_SECONDS,
        clock: Clock | None = None,
        ring: KeyRing | None = None,
    ) -> "Database":
        """Open a pool for each role: `size` connections for communities, two for each other.

        `statements` is how many prepared statements each connection keeps; `ring` seals what is
        personal, and without it none can be written or read. Raises Unavailable where the database
        cannot serve now.
        """
        pools: dict[str, Pool] = {}
        for principal, url in urls.items():
            if url not in pools:
                number = size if principal is Principal.COMMUNITY else _FEW
                pools[url] = Pool(url, number, statements=statements, wait_seconds=wait_seconds)
        opened = cls({principal: pools[url] for principal, url in urls.items()}, clock, ring)
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
                    await _stand(tx, holds_self=holds_self)
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
        self, viewer: Viewer, client: Client, now: datetime, community_id: int
    ) -> AsyncGenerator[Tx]:
        """Open a transaction inside one community for someone authorised elsewhere (Tx.act_in)."""
        place = entering(community_id=community_id)
        async with self.pools[Principal.COMMUNITY].acquire() as connection:
            tx = Tx(self, connection, viewer, now, client, community_id, Principal.COMMUNITY)
            async with _transaction(connection, place, tx.finish):
                yield tx


# The viewer's own row: its state and permission version, and whether its community is at work.
_STANDING: dict[Principal, sa.Executable] = {}
_SELF: dict[Principal, sa.Table] = {}


def standing(
    principal: Principal, statement: sa.Executable, *, shares: sa.Table | None = None
) -> None:
    """Say how a principal's standing is read and locked (the membership domain knows the tables).

    `shares` is the table whose row of the viewer the statement locks in share mode, if a verb of
    theirs may change that row.
    """
    _STANDING[principal] = statement
    if shares is not None:
        _SELF[principal] = shares


async def _stand(tx: Tx, *, holds_self: bool) -> None:
    if holds_self and tx.principal in _SELF:
        await tx.hold(_SELF[tx.principal], tx.viewer.id)
    row = await tx.row(_STANDING[tx.viewer.principal])
    if row is None or row["permission_version"] != tx.viewer.version:
        raise StaleViewer
    if row["suspended"]:
        raise Refused(
            Code.WRONG_STATE,
            "社区已停用，暂时只能浏览。The community is suspended: reading only.",
            current_state="SUSPENDED",
        )


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
