"""The database of the bench: embedded, seeded once, and copied afresh for each run."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg

from api.administration import bring_in, read_communities
from api.settings import Settings
from demo.seed import seed
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.migrate import migrate

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("LINLI_BENCH_DATA", ROOT / ".linli" / "bench"))
BOARD = "neighbours"  # read from
QUIET_BOARD = "plaza"  # written to, so that the board that is read does not change
_PRISTINE, _RUN = "linli", "linli_run"
Say = Callable[[str], None]


def _one(found: psycopg.Cursor[tuple[Any, ...]]) -> Any:
    """Return the one value that a query finds."""
    row = found.fetchone()
    assert row is not None
    return row[0]


@dataclass(frozen=True)
class Reader:
    """It is the resident of the busiest community who sends the requests, and sees what others see."""

    id: UUID
    version: int
    community_id: int
    community: UUID
    board: UUID
    post: UUID


class Ground:
    """It is the running cluster, and a copy of the seeded database that a run may change."""

    def __init__(self, say: Say, communities: int | None = None) -> None:
        """Use the first `communities` communities of the district, or all."""
        self._say = say
        self._communities = communities
        self._started = False
        self.cluster = Cluster(DATA)

    def __enter__(self) -> "Ground":
        self._started = self.cluster.start()
        self._seeded()
        with self._admin("postgres") as connection:
            connection.execute(f"drop database if exists {_RUN} with (force)")
            connection.execute(f"create database {_RUN} template {_PRISTINE}")
        with self._admin(_RUN) as connection:
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
        return self

    def __exit__(self, *_: object) -> None:
        if self._started:
            self.cluster.stop()

    @property
    def admin_url(self) -> str:
        """Return the database URL for linli's settings."""
        return self.cluster.url(database=_RUN)

    @property
    def app_url(self) -> str:
        """Return the database URL for tenant traffic, as libpq and node-postgres read it."""
        return self.cluster.url("linli_app", _RUN)

    @property
    def postmaster(self) -> psutil.Process:
        """Return PostgreSQL's main process, the parent of the others."""
        return psutil.Process(int((self.cluster.data / "postmaster.pid").read_text().split()[0]))

    @property
    def server_version(self) -> str:
        """Return PostgreSQL's version."""
        with self._admin(_RUN) as connection:
            return str(_one(connection.execute("show server_version")))

    def reader(self) -> Reader:
        """Return the reader, with what they read and where they write."""
        with self._admin(_RUN) as connection:
            found = connection.execute(_READER, {"read": BOARD, "write": QUIET_BOARD}).fetchone()
        assert found is not None, "the seed has no community with a board full of posts"
        return Reader(*found)

    def readers(self, number: int) -> list[Reader]:
        """Return one resident of each of up to `number` communities."""
        with self._admin(_RUN) as connection:
            found = connection.execute(
                _READERS, {"write": QUIET_BOARD, "number": number}
            ).fetchall()
        return [Reader(*row) for row in found]

    def voters(self, communities: int, number: int) -> list[Reader]:
        """Return up to `number` residents of the first communities, each community's in turn."""
        with self._admin(_RUN) as connection:
            found = connection.execute(
                _VOTERS, {"write": QUIET_BOARD, "communities": communities, "number": number}
            ).fetchall()
        return [Reader(*row) for row in found]

    def casts(self) -> int:
        """Count how often a ballot was cast or changed."""
        with self._admin(_RUN) as connection:
            counted = connection.execute("select coalesce(sum(version), 0) from tenant.vote_ballot")
            return int(_one(counted))

    def posts(self) -> int:
        """Count all posts."""
        with self._admin(_RUN) as connection:
            return int(_one(connection.execute("select count(*) from tenant.post")))

    def posts_on_the_quiet_board(self, reader: Reader) -> int:
        """Count the posts written, to check that the answered requests have left their rows."""
        with self._admin(_RUN) as connection:
            counted = connection.execute(
                "select count(*) from tenant.post where community_id = %s and board_id = %s",
                [reader.community_id, reader.board],
            )
            return int(_one(counted))

    def _admin(self, database: str) -> psycopg.Connection:
        return psycopg.connect(self.cluster.url(database=database), autocommit=True)

    def _seeded(self) -> None:
        """Seed again if the schema, the seed or its data changed."""
        mark, digest = DATA / "seeded", f"{_digest()} {self._communities}"
        if mark.exists() and mark.read_text() == digest:
            return
        with self._admin("postgres") as connection:
            for name in (_RUN, _PRISTINE):
                connection.execute(f"drop database if exists {name} with (force)")
        self._say("seeding")
        migrate(self.cluster.url())
        _fill(Settings(data=DATA), self._communities)
        mark.write_text(digest)


def _fill(settings: Settings, communities: int | None) -> None:
    async def run() -> None:
        database = await Database.connect(
            settings.role_urls(), DOMAINS, size=4, statements=200, ring=settings.ring
        )
        try:
            rows = read_communities(ROOT / "demo" / "data" / "baoshan-communities.csv")
            await bring_in(database, rows[:communities], lambda _: None)
            await seed(database, on_progress=lambda *_: None)
        finally:
            await database.close()

    asyncio.run(run())


def _digest() -> str:
    digest = sha256()
    for folder in ("demo", "migrations", "tenants/boards", "tenants/petitions", "tenants/duty"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".csv", ".toml"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()


# A plain resident with no held or hidden text: then every peer shows the same rows.
_READER = """
select m.id, m.permission_version, m.community_id, c.id, quiet.id, post.id
from tenant.board board
join lateral (
  select count(*) as posts from tenant.post p
  where (p.community_id, p.board_id, p.state) = (board.community_id, board.id, 'PUBLISHED')
) busy on true
join tenant.board quiet on quiet.community_id = board.community_id and quiet.slug = %(write)s
join tenant.community c on c.community_id = board.community_id and c.state = 'ACTIVE'
join tenant.member m on m.community_id = board.community_id
  and m.state = 'ACTIVE' and m.roles = array['RESIDENT']
  and not exists (select from tenant.post p where p.community_id = m.community_id
                  and p.author_id = m.id and p.state <> 'PUBLISHED')
  and not exists (select from tenant.comment k where k.community_id = m.community_id
                  and k.author_id = m.id and k.state <> 'PUBLISHED')
join lateral (
  select p.id from tenant.post p
  where (p.community_id, p.board_id, p.state) = (board.community_id, board.id, 'PUBLISHED')
  order by p.id desc limit 1
) post on true
where board.slug = %(read)s and busy.posts > 20
order by busy.posts desc, m.id
limit 1
"""

_READERS = """
select distinct on (m.community_id)
  m.id, m.permission_version, m.community_id, c.id, quiet.id, quiet.id as post
from tenant.member m
join tenant.community c on c.community_id = m.community_id and c.state = 'ACTIVE'
join tenant.board quiet on quiet.community_id = m.community_id and quiet.slug = %(write)s
where m.state = 'ACTIVE' and m.roles = array['RESIDENT']
order by m.community_id, m.id
limit %(number)s
"""

_VOTERS = """
select m.id, m.permission_version, m.community_id, c.id, quiet.id, quiet.id as post
from (
  select *, row_number() over (partition by community_id order by id) as place
  from tenant.member
  where state = 'ACTIVE' and roles = array['RESIDENT']
    and community_id in (
      select community_id from tenant.community where state = 'ACTIVE'
      order by community_id limit %(communities)s
    )
) m
join tenant.community c on c.community_id = m.community_id
join tenant.board quiet on quiet.community_id = m.community_id and quiet.slug = %(write)s
order by m.place, m.community_id
limit %(number)s
"""
