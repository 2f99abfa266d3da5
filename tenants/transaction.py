"""`Tx` is an open transaction of one viewer, with row security set."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from tenants.connection import Connection
from tenants.domain import Domains
from tenants.errors import Code, NotFound, Refused
from tenants.ids import new_id, nth
from tenants.keyring import KeyRing
from tenants.policy import Rule, asked_of_officers, visible
from tenants.statements import (
    Lock,
    Values,
    find,
    hold,
    insert,
    insert_new,
    prefixed,
    rendered,
    tenant_key,
    update,
)
from tenants.viewer import Principal, Viewer

Row = asyncpg.Record
T = TypeVar("T")


@dataclass(frozen=True)
class Client:
    """It is the request that causes a change, as the audit records it."""

    client_id: str
    trace_id: str


class Opener(Protocol):
    """It is what a transaction needs of the database: transactions inside communities, and the keys."""

    @property
    def domains(self) -> Domains:
        """Return what all domains declare."""
        ...

    @property
    def ring(self) -> KeyRing:
        """Return the keys that encrypt personal data."""
        ...

    def act(
        self,
        viewer: Viewer,
        client: Client,
        now: datetime,
        community_id: int,
        person: UUID | None = None,
    ) -> AbstractAsyncContextManager["Tx"]:
        """Open a transaction inside one community."""
        ...

    def act_in_each(
        self,
        viewer: Viewer,
        client: Client,
        now: datetime,
        community_ids: Iterable[int],
        person: UUID | None,
    ) -> AbstractAsyncContextManager[dict[int, "Tx"]]:
        """Open a transaction inside each of several communities; commit all or none."""
        ...


class Tx:
    """It is an open transaction of one viewer.

    `tenant` is the community it changes: the viewer's own, or the one an officer acts in; 0 above
    the communities. `person` is the person of the officer who acts; None for other viewers.
    """

    def __init__(  # what a change is made of
        self,
        database: Opener,
        connection: Connection,
        viewer: Viewer,
        now: datetime,
        client: "Client",
        tenant: int,
        principal: Principal,
        *,
        person: UUID | None = None,
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
        self.set_person(person)
        self._last: dict[Callable[..., Awaitable[None]], list[Any]] = {}
        self._shown: dict[Callable[..., Awaitable[None]], str] = {}
        self._takes_keys_for_new = takes_keys_for_new
        self.supposed = False
        self._made = 0

    def set_person(self, person: UUID | None) -> None:
        """Set the person of the officer who acts, as read from their own row."""
        self.person = person
        self._values["viewer_person"] = person

    @asynccontextmanager
    async def act_in(self, community_id: int) -> AsyncGenerator["Tx"]:
        """Open a transaction inside one community, for an officer who is authorised already.

        It is a transaction of its own, under the community's row security, and is committed before
        this one ends.
        """
        await self.sent()
        async with self._database.act(
            self.viewer, self.client, self.now, community_id, self.person
        ) as inside:
            yield inside

    @asynccontextmanager
    async def act_in_each(self, community_ids: Iterable[int]) -> AsyncGenerator[dict[int, "Tx"]]:
        """Open a transaction inside each of several communities, as `act_in` does; commit all or none."""
        await self.sent()
        async with self._database.act_in_each(
            self.viewer, self.client, self.now, community_ids, self.person
        ) as opened:
            yield opened

    @property
    def domains(self) -> Domains:
        """Return what all domains declare."""
        return self._database.domains

    @property
    def ring(self) -> KeyRing:
        """Return the keys that encrypt personal data."""
        return self._database.ring

    def at_last(
        self,
        work: Callable[["Tx", list[T]], Awaitable[None]],
        item: T,
        *,
        of: sa.Table | None = None,
    ) -> None:
        """Run `work` once, with all its items, as the last thing before the commit.

        For what locks a row that many changes want: it is held from there to the commit only, and
        after every other lock, so that nobody waits for it while holding what its owner wants.
        Work `of` one table comes before the rest, and earlier where the table is read by `answer`.
        """
        self._last.setdefault(work, []).append(item)
        if of is not None:
            self._shown[work] = of.fullname

    async def finish(self) -> None:
        """Run the work that was left for last; called before the commit only."""
        await self._do_of("")
        while self._last:
            work = next(iter(self._last))
            await work(self, self._last.pop(work))

    async def answer(self, text: str, arguments: list[Any]) -> Any:
        """Run the compiled statement that reads the payload; return its one value."""
        await self._do_of(text)
        return await self.connection.fetchval(text, *arguments)

    async def _do_of(self, text: str) -> None:
        """Run the work that belongs to a table; with a text, only for the tables named in it."""
        for work, table in list(self._shown.items()):
            if not text or table in text:
                del self._shown[work]
                await work(self, self._last.pop(work))

    def supposes_new(self) -> bool:
        """Return whether an idempotency key is assumed to be new; remember that it was.

        Such a change is run again (see Uncertain) with its keys asked for if it does not go well.
        """
        self.supposed = self.supposed or self._takes_keys_for_new
        return self._takes_keys_for_new

    def new_id(self) -> UUID:
        """Return a new id for a row of now; it sorts after the earlier ids of this transaction."""
        self._made += 1
        return new_id(self.now, nth(self._made))

    async def rows(self, statement: sa.Executable, **values: Any) -> list[Row]:
        """Run a statement (a module's constant, whose text is cached) and return its rows.

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
        """Run a statement as `rows` does, and return its first row."""
        kept = rendered(statement)
        arguments = kept.arguments(self._values | values)
        if kept.gives_rows:
            return await self.connection.fetchrow(kept.text, *arguments)
        await self.connection.send_ahead(kept.text, arguments)
        return None

    async def sent(self) -> None:
        """Send the statements that wait; raise the error of the first that fails."""
        await self.connection.send()

    async def find(
        self, table: sa.Table, id: UUID | None, *path: str, permit: Rule, lock: Lock = Lock.CHANGE
    ) -> Row:
        """Lock a row that the viewer may see and check the rule; `path` names the input field.

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
        """Do as `find` does, but return None if there is no such row."""
        if visible(permit.table, self.principal) is None:
            return None
        if self.person is not None:
            permit = asked_of_officers(permit, acts=bool(self.tenant) and lock is Lock.CHANGE)
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
        """Lock a row of this tenant, if it exists, with a statement of its own.

        Before `find`, where its rule looks at other rows that change under this lock: a statement
        sees only in its locked row what was changed while it waited.
        """
        await self.row(hold(table), v_id=id)

    async def insert(self, table: sa.Table, **values: Any) -> None:
        """Insert one row of this tenant, or of the district if the table is above the communities."""
        row = self._keyed(table, values)
        await self.row(insert(table, tuple(row)), **prefixed(row))

    async def insert_new(self, table: sa.Table, **values: Any) -> bool:
        """Insert one row unless a unique constraint forbids it; return whether it was inserted.

        Whoever is adding that one at this moment is waited for.
        """
        row = self._keyed(table, values)
        return await self.row(insert_new(table, tuple(row)), **prefixed(row)) is not None

    def _keyed(self, table: sa.Table, values: Values) -> Values:
        key = tenant_key(table).name
        return {key: self._values[key], **values}

    async def update(self, table: sa.Table, id: UUID, **values: Any) -> None:
        """Update columns of one row of this tenant, and increase its version if it has one."""
        await self.row(update(table, tuple(values)), v_id=id, **prefixed(values))


@asynccontextmanager
async def unless_taken(tx: Tx, message: str, *path: str) -> AsyncGenerator[None]:
    """Raise ALREADY_DONE if a unique constraint refuses the block: the name is taken.

    Asked before, two at once are both told that it is free.
    """
    await tx.sent()
    try:
        yield
        await tx.sent()
    except asyncpg.UniqueViolationError:
        raise Refused(Code.ALREADY_DONE, message, *path) from None
