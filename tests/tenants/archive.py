"""Provide an audit archive to tamper with: a database, its checkpoint keys and files, its owner."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg

from api.keys import Keys
from api.settings import Settings
from tenants import audit
from tenants.audit.checkpoints import Checkpoints
from tenants.audit.tables import audit_entries, district_entries
from tenants.audit.verify import Verified, verify
from tenants.db import Database
from tenants.transaction import Client
from tenants.viewer import system
from tests.tenants.tampering import Trail

PLACES = (1, 2, 3)
# A district's chain has its negative number.
DISTRICT = -310113
CHAINS = (*PLACES, DISTRICT)


@dataclass
class Archive:
    """It holds three communities, their audit entries, and the signed checkpoints."""

    settings: Settings
    database: Database
    owner: asyncpg.Connection
    keys: Keys = field(init=False)

    def __post_init__(self) -> None:
        self.keys = Keys(self.settings.checkpoint_keys)

    def checkpoints(self) -> Checkpoints:
        """Return the checkpoint writer of one worker."""
        chosen = self.settings
        return Checkpoints(self.database, chosen.checkpoints, self.keys.signing, 60)

    async def record(self, place: int, *reasons: str | None, ago: int = 0) -> None:
        """Record one entry for each reason in one transaction, `ago` seconds in the past."""
        if place < 0:
            async with self.database.command(system(-place)) as tx:
                for reason in reasons:
                    await audit.record_above(
                        tx, "officer.dismissed", subject=uuid4(), street_id=0, reason=reason
                    )
            return
        client, now = Client("tests", uuid4().hex), datetime.now(UTC) - timedelta(seconds=ago)
        async with self.database.act(system(310113), client, now, place) as tx:
            for reason in reasons:
                await audit.record(tx, "content.hidden", subject=uuid4(), reason=reason)

    async def verify(self) -> Verified:
        """Verify everything again."""
        chosen = self.settings
        return await verify(self.database, PLACES, chosen.checkpoints, self.keys.verifies)

    async def trail(self, place: int) -> Trail:
        """Return the stored entries and head of a community or district."""
        schema, column = _kept_in(place)
        entries = f"select * from {schema}.audit_entry where {column} = $1 order by seq"
        head = f"select * from {schema}.audit_head where {column} = $1"
        found = [dict(row) for row in await self.owner.fetch(entries, abs(place))]
        found_head = await self.owner.fetchrow(head, abs(place))
        assert found_head is not None
        return Trail(found, dict(found_head))

    async def put(self, trail: Trail) -> None:
        """Replace the stored entries and head, as a superuser can."""
        is_above = "community_id" not in trail.head
        schema, column = _kept_in(-1 if is_above else 1)
        table, place = district_entries if is_above else audit_entries, trail.head[column]
        columns = [each.name for each in table.c]
        records = [[entry[name] for name in columns] for entry in trail.entries]
        await self.owner.execute(f"delete from {schema}.audit_entry where {column} = $1", place)
        await self.owner.copy_records_to_table(
            "audit_entry", schema_name=schema, columns=columns, records=records
        )
        await self.owner.execute(
            f"update {schema}.audit_head set seq = $2, hash = $3 where {column} = $1",
            *(place, trail.head["seq"], trail.head["hash"]),
        )


def _kept_in(place: int) -> tuple[str, str]:
    """Return the schema of a chain and the column with its number."""
    return ("tenant", "community_id") if place > 0 else ("district", "district_id")


def found_in(verified: Verified) -> dict[int, list[str]]:
    """Return the findings of every chain by its number."""
    above = {-district: found for district, found in verified.districts.items()}
    return verified.communities | above
