"""Provide a district with a clock that the tests set."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg

from api.administration import bring_in, read_communities
from api.app import create_app
from api.settings import Settings
from tenants.clock import Clock, Timed
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.migrate import migrate
from tests.conftest import COMMUNITIES, SignIn
from tests.street import Make

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: str, time: str = "10:00") -> datetime:
    """Return a moment in Shanghai."""
    return datetime.fromisoformat(f"{day} {time}").replace(tzinfo=SHANGHAI)


class Watch:
    """It is a clock that stands still; the server uses it too."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@dataclass(frozen=True)
class House:
    """It is a server over its own database, and its deadline worker, which runs when a test says so."""

    make: Make
    signed_in: SignIn
    watch: Watch
    clocks: tuple[Clock, ...]
    owner: str
    database: Database

    async def sweep(self, moment: datetime) -> int:
        """Set the clock and process what is due; return how many rows were moved."""
        self.watch.now = moment
        return sum([await each.sweep() for each in self.clocks])

    def run(self, statement: str) -> None:
        """Run a statement as the owner of the database."""
        with psycopg.connect(self.owner, autocommit=True) as connection:
            connection.execute(statement.encode())


@asynccontextmanager
async def house(
    settings: Settings, cluster: Cluster, folder: Path, name: str, communities: int
) -> AsyncGenerator[House]:
    """Open a server over a new database of this name with this many communities."""
    url = cluster.url(database=name)
    migrate(url)
    chosen = replace(settings, data=folder, database_url=url)
    async with opened(chosen, cluster, communities) as house:
        yield house
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


@asynccontextmanager
async def opened(
    settings: Settings, cluster: Cluster, communities: int = 0
) -> AsyncGenerator[House]:
    """Open a server over the database of these settings, and bring in so many communities."""
    watch = Watch()
    # only the tests run the deadline worker
    chosen = replace(settings, background=False, pool_size=4)
    assert chosen.database_url is not None
    database = await Database.connect(
        chosen.role_urls(), DOMAINS, size=4, statements=200, clock=watch, ring=chosen.ring
    )
    await bring_in(database, read_communities(COMMUNITIES)[:communities], lambda _: None)
    app = create_app(chosen, clock=watch)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://linli.test") as client,
    ):
        make = Make(database, cluster)
        timed = (getattr(start, "__self__", None) for start in DOMAINS.sweeps)
        clocks = tuple(Clock(database, timed=each) for each in timed if isinstance(each, Timed))
        yield House(make, SignIn(client, app), watch, clocks, chosen.database_url, database)
    await database.close()
