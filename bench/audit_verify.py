"""Time `linli audit verify` on 100,000 entries: `python -m bench.audit_verify`."""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import asyncpg

from api.administration import bring_in, read_communities
from api.keys import Keys
from api.settings import Settings
from tenants.audit import past
from tenants.audit.chain import sealed
from tenants.audit.checkpoints import Checkpoints
from tenants.audit.tables import audit_entries
from tenants.audit.verify import verify
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tenants.ids import new_id
from tenants.migrate import migrate

ENTRIES = 100_000
COMMUNITIES = Path(__file__).parents[1] / "demo" / "data" / "baoshan-communities.csv"
_BUSIEST = 4  # communities that share the entries


async def measure(settings: Settings, cluster: Cluster) -> None:
    """Fill a district with entries, then verify and time them."""
    database = await Database.connect(
        settings.role_urls(), DOMAINS, size=2, statements=100, ring=settings.ring
    )
    await bring_in(database, read_communities(COMMUNITIES), lambda _: None)
    owner = await asyncpg.connect(cluster.url())
    places = list(range(1, _BUSIEST + 1))
    for community in places:
        await fill(owner, community, ENTRIES // _BUSIEST)
    everyone = [r[0] for r in await owner.fetch("select community_id from tenant.community")]
    await owner.close()
    keys = Keys(settings.checkpoint_keys)
    await Checkpoints(database, settings.checkpoints, keys.signing, 60).write()

    began = time.perf_counter()
    verified = await verify(database, everyone, settings.checkpoints, keys.verifies)
    seconds = time.perf_counter() - began

    await database.close()
    assert not list(verified), list(verified)
    print(f"{verified.entries} entries of {len(everyone)} communities: {seconds:.2f} s")


async def fill(owner: asyncpg.Connection, community: int, count: int) -> None:
    """Append many entries to a community's chain, in bulk."""
    entries = (_entry(community, n) for n in range(count))
    linked = await past.continued(owner, community, entries)
    columns = [column.name for column in audit_entries.c]
    records = [[entry[name] for name in columns] for entry in linked]
    await owner.copy_records_to_table(
        "audit_entry", schema_name="tenant", columns=columns, records=records
    )
    await past.end_with(owner, community, linked[-1])


def _entry(community: int, number: int) -> dict[str, Any]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    return {
        "community_id": community,
        "id": new_id(at),
        "at": at,
        "actor_kind": "MEMBER",
        "actor_id": UUID(int=number % 300 + 1),
        "client_id": "wechat",
        "trace_id": f"{number:032x}",
        "action": "content.hidden",
        "subject_id": UUID(int=number),
        "actor_role": "COMMITTEE_MEMBER",
        "actor_desk": None,
        **sealed("广告，重复发布" if number % 4 == 0 else None),
    }


def main() -> None:
    """Run on a temporary PostgreSQL."""
    with TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            migrate(cluster.url())
            settings = Settings(data=Path(folder), database_url=cluster.url())
            asyncio.run(measure(settings, cluster))
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
