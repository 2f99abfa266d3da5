"""Encrypt contacts with the newest key, one community at a time; then the old keys may be deleted."""

import sqlalchemy as sa

from tenants.columns import TENANT, bound
from tenants.db import Database
from tenants.membership.service.envelopes import context
from tenants.membership.service.personal import SEALED
from tenants.membership.tables import member_records
from tenants.transaction import Client
from tenants.viewer import system


async def reseal(database: Database, community_id: int) -> int:
    """Encrypt again what an older key encrypted in one community; return how many envelopes.

    It may be repeated.
    """
    actor, done = system(0), 0
    client = Client(actor.client_id, "")
    async with database.act(actor, client, database.clock(), community_id) as tx:
        for row in await tx.rows(_SEALED_HERE):
            changed = {
                name: tx.ring.seal(tx.ring.open(row[name], context=here), context=here)
                for name in SEALED
                if row[name] and not tx.ring.is_current(row[name])
                for here in [context(tx, row["id"], name)]
            }
            if changed:
                kept = {f"v_{name}": changed.get(name, row[name]) for name in SEALED}
                await tx.row(_RESEAL, v_id=row["id"], **kept)
                done += len(changed)
    return done


_SEALED_HERE = (
    sa.select(member_records.c.id, *(member_records.c[name] for name in SEALED))
    .where(member_records.c.community_id == TENANT)
    .with_for_update(key_share=True)
)
_RESEAL = (
    sa.update(member_records)
    .where(
        member_records.c.community_id == TENANT,
        member_records.c.id == bound(member_records.c.id),
    )
    .values({name: sa.bindparam(f"v_{name}", type_=sa.Text()) for name in SEALED})
)
