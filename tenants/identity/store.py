"""Open one transaction over the schema `identity`, in the only role that can see it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tenants.db import Database
from tenants.keyring import KeyRing
from tenants.pool import Connection
from tenants.statements import rendered
from tenants.transaction import Row


class Store:
    """Run cached statements with named values."""

    def __init__(self, connection: Connection, ring: KeyRing, now: datetime) -> None:
        self._connection = connection
        self.ring = ring
        self.now = now

    async def rows(self, statement: sa.Executable, **values: Any) -> list[Row]:
        """Return the rows."""
        kept = rendered(statement)
        return await self._connection.fetch(kept.text, *kept.arguments(values))

    async def row(self, statement: sa.Executable, **values: Any) -> Row | None:
        """Return the first row, or None."""
        kept = rendered(statement)
        return await self._connection.fetchrow(kept.text, *kept.arguments(values))

    async def value(self, statement: sa.Executable, **values: Any) -> Any:
        """Return the first column of the first row, or None."""
        row = await self.row(statement, **values)
        return row[0] if row is not None else None

    async def run(self, statement: sa.Executable, **values: Any) -> None:
        """Run a statement without returning its rows."""
        await self.row(statement, **values)


@asynccontextmanager
async def identity(database: Database) -> AsyncGenerator[Store]:
    """Open a transaction on the schema `identity`."""
    async with database.identity() as connection:
        yield Store(connection, database.ring, database.clock())


@lru_cache(maxsize=16)
def inserted(table: sa.Table) -> sa.Executable:
    """Return the statement that inserts one row with all its columns."""
    return sa.insert(table).values({c.name: sa.bindparam(c.name, type_=c.type) for c in table.c})
