"""Erase members some time after they moved out.

Personal data may be kept for the shortest time its purpose needs (PIPL 19) and must be erased when
the purpose ends (47). Half a year lets a person who returns find their place again, and lets a
dispute about what they did here be settled. The 180 days for which the audit is kept are a separate
rule.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

import sqlalchemy as sa

from tenants.columns import TENANT, bound
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.identity.tables import affiliations
from tenants.membership.service import personal
from tenants.membership.tables import guests, members
from tenants.server import Server
from tenants.sweeps import Sweep

AT_ONCE = 100
# longer than the lifetime of any access token
GUESTS_KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Retention(Sweep):
    """Erase members `days` after they moved out."""

    what = "erasing who moved out"
    first = 30

    days: float = field(kw_only=True)

    @classmethod
    def of(cls, server: Server) -> Self:
        """Return the sweep of a server."""
        return cls(server.database, days=server.retention_days)

    async def community(self, number: int) -> int:
        """Erase them in one community; return the number of members erased."""
        erased = 0
        while found := await self._erase(number):
            erased += found
        await self._forget_at_the_door(number)
        return erased

    async def _erase(self, number: int) -> int:
        """Erase some due members of one community; skip those that another worker has locked."""
        async with self.inside(number) as tx:
            due = await tx.rows(_DUE, v_before=tx.now - timedelta(days=self.days))
            for member in due:
                await personal.anonymise(tx, member)
            if due:
                # before the commit: in the other order, if the server is killed in between, these
                # persons are never found again
                async with identity(self.database) as store:
                    for member in due:
                        await persons.forget(store, member["id"])
        return len(due)

    async def _forget_at_the_door(self, number: int) -> None:
        """Finish an `eraseMe` where the server was killed between its two commits.

        Also delete the rows of guests whose access tokens have all expired.
        """
        async with self.inside(number) as tx:
            await tx.row(_FORGET_GUESTS, v_before=tx.now - GUESTS_KEPT)
            erased = [member["id"] for member in await tx.rows(_ERASED)]
        if erased:
            async with identity(self.database) as store:
                for row in await store.rows(_KNOWN, subject_ids=erased):
                    await persons.forget(store, row["subject_id"])


# a member who applied again is no longer MOVED_OUT, and one who is applying holds the row lock
_DUE = (
    sa.select(members)
    .where(
        members.c.community_id == TENANT,
        members.c.state == "MOVED_OUT",
        members.c.left_at <= bound(members.c.left_at, "before"),
    )
    .order_by(members.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
)
_FORGET_GUESTS = sa.delete(guests).where(
    guests.c.community_id == TENANT,
    guests.c.changed_at <= bound(guests.c.changed_at, "before"),
)
_ERASED = sa.select(members.c.id).where(
    members.c.community_id == TENANT, members.c.state == "ANONYMISED"
)
_KNOWN = sa.select(affiliations.c.subject_id).where(
    affiliations.c.subject_id
    == sa.any_(sa.bindparam("subject_ids", type_=sa.ARRAY(affiliations.c.subject_id.type)))
)
