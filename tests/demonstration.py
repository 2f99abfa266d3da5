"""A demo of two communities, as `linli demo` serves it but smaller, in its own process."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from api.settings import Settings
from demo.seed import seed
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.migrate import migrate
from tests.api.server import Server
from tests.linli import Linli
from tests.overheard import unspeakable

_COMMUNITIES = Path(__file__).parents[1] / "demo" / "data" / "baoshan-communities.csv"


@dataclass(frozen=True)
class Demonstration:
    """It says where the demo is served, and its settings."""

    url: str
    settings: Settings

    @property
    def linli(self) -> Linli:
        """Return the command over the same data."""
        return Linli(self.settings.data, self.settings.database_url, LINLI_DEMO="1")

    def token(self, role: str) -> str:
        """Sign in as one of the demo's people, as its page does; return the access token."""
        answer = httpx.post(f"{self.url}/auth/demo", json={"role": role}).raise_for_status()
        return unspeakable(answer.json()["access_token"])


@contextmanager
def demonstrated(
    cluster: Cluster, folder: Path, name: str = "demonstration"
) -> Generator[Demonstration]:
    """Serve a demo for the length of the block."""
    url = cluster.url(database=name)
    migrate(url)
    few = folder / "few.csv"
    few.write_text("".join(_COMMUNITIES.read_text().splitlines(keepends=True)[:3]))
    Linli(folder, url)("communities", "import", few, code=0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # WeChat's stand-in is expected at the public address
    settings = Settings(
        data=folder,
        database_url=url,
        demo=True,
        public_url=f"http://127.0.0.1:{port}",
        documents_seconds=0.2,
        # deadlines are processed, as in the demo
        clock_seconds=0.5,
    )
    asyncio.run(_people(settings))
    server = Server(settings, folder, port, LINLI_DEMO="1")
    try:
        yield Demonstration(server.url, settings)
    finally:
        server.stop()
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())


async def _people(settings: Settings) -> None:
    """Create the people, as the demo does."""
    database = await Database.connect(
        settings.role_urls(), DOMAINS, size=2, statements=100, ring=settings.ring
    )
    await seed(database, on_progress=lambda *_: None)
    await database.close()
