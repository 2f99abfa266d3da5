"""Provide a separate community for each test, with one signed-in person of each kind."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from api.engine.bindings import prefix_of
from api.settings import Settings
from tenants.boards.tables import comments
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tests.conftest import SignIn
from tests.street import SECRETARY, STAFF, Answer, Make, Person, Place, SignedIn


@dataclass(frozen=True)
class Lane:
    """It is a community, and the neighbours in a test's story."""

    place: Place
    make: Make
    author: SignedIn
    neighbour: SignedIn
    staff: SignedIn
    secretary: SignedIn

    async def value(self, query: str, *arguments: Any) -> Any:
        """Return the one value that a query finds here."""
        return await self.make.value(self.place, query, *arguments)

    async def rows(self, query: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Return the rows that a query finds here, as tuples."""
        return [tuple(row) for row in await self.make.rows(self.place, query, *arguments)]

    async def trace(self) -> list[tuple[Any, ...]]:
        """Return the audit: action, actor, subject, reason; the outbox must have each once."""
        return await self.make.trace(self.place)

    async def actions(self) -> list[str]:
        """Return the audit's actions only."""
        return [done[0] for done in await self.trace()]


@pytest.fixture
async def lane(make: Make, signed_in: SignIn) -> Lane:
    """Give a community that no other test uses."""
    place = await make.community()
    roles: tuple[tuple[str, ...], ...] = ((), (), STAFF, SECRETARY)
    people = [signed_in(await make.member(place, *held)) for held in roles]
    return Lane(place, make, *people)


@pytest.fixture
async def owner(cluster: Cluster) -> AsyncGenerator[asyncpg.Connection]:
    """Give a connection of the database's owner."""
    connection = await asyncpg.connect(cluster.url())
    yield connection
    await connection.close()


@asynccontextmanager
async def database_at(now: datetime, settings: Settings) -> AsyncGenerator[Database]:
    """Open the same database with a clock that stands at this time."""
    opened = await Database.connect(
        settings.role_urls(), DOMAINS, size=4, statements=100, clock=lambda: now, ring=settings.ring
    )
    yield opened
    await opened.close()


async def seen(asker: SignedIn, subject_id: str, select: str) -> Any:
    """Return what a person sees of a post or comment; None if they see nothing."""
    kind = "Comment" if subject_id.startswith(prefix_of(comments)) else "Post"
    answer: Answer = await asker.run(
        f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {select} }} }} }}", id=subject_id
    )
    return answer.data["node"]


def id_of(person: SignedIn) -> Any:
    """Return the row id of a signed-in person."""
    who: Person = person.person
    return who.id


def faults(answer: Answer) -> list[tuple[str, list[str]]]:
    """Return the code and input path of each refusal."""
    return [(error["code"], error["path"]) for error in answer.payload["userErrors"]]
