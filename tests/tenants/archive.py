"""An audit to meddle with: a database, the keys and files of its checkpoints, and who owns it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg

from api.keys import Keys
from api.settings import Settings
from tenants import audit
from tenants.audit.checkpoints import Checkpoints
from tenants.audit.tables import audit_entries
from tenants.audit.verify import Verified, verify
from tenants.db import Client, Database
from tenants.viewer import system
from tests.tenants.tampering import Trail

PLACES = (1, 2, 3)


@dataclass
class Archive:
    """Three communities, what was recorded of them, and what was signed."""

    settings: Settings
    database: Database
    owner: asyncpg.Connection
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keys(self.settings.checkpoint_keys)

    def checkpoints(self) -> Checkpoints:
        """What one worker writes with."""
        chosen = self.settings
        return Checkpoints(self.database, chosen.checkpoints, self.keys.signing, 60)

    async def record(self, place: int, *reasons: str | None, ago: int = 0) -> None:
        """Record so many entries in one transaction, so many seconds ago."""
        client, now = Client("tests", uuid4().hex), datetime.now(UTC) - timedelta(seconds=ago)
        async with self.database.act(system(310113), client, now, place) as tx:
            for reason in reasons:
                await audit.record(tx, "content.hidden", subject=uuid4(), reason=reason)

    async def verify(self) -> Verified:
        """Read everything again."""
        chosen = self.settings
        return await verify(self.database, PLACES, chosen.checkpoints, self.keys.verifies)

    async def trail(self, place: int) -> Trail:
        """What the database has of a community."""
        entries = "select * from tenant.audit_entry where community_id = $1 order by seq"
        head = "select * from tenant.audit_head where community_id = $1"
        found = [dict(row) for row in await self.owner.fetch(entries, place)]
        return Trail(found, dict(await self.owner.fetchrow(head, place)))

    async def put(self, trail: Trail) -> None:
        """Make the database have this instead, as a superuser can."""
        place = trail.head["community_id"]
        columns = [column.name for column in audit_entries.c]
        records = [[entry[name] for name in columns] for entry in trail.entries]
        await self.owner.execute("delete from tenant.audit_entry where community_id = $1", place)
        await self.owner.copy_records_to_table(
            "audit_entry", schema_name="tenant", columns=columns, records=records
        )
        await self.owner.execute(
            "update tenant.audit_head set seq = $2, hash = $3 where community_id = $1",
            *(place, trail.head["seq"], trail.head["hash"]),
        )
