"""What is kept of those who moved out is erased when its time is over.

Personal data may be kept for the shortest time its purpose needs (PIPL 19) and goes when the purpose
is gone (47). Half a year lets whoever comes back find their place again, and a quarrel about what
they did here be settled. The 180 days that the audit is kept are another rule.
"""

import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.db import Database
from tenants.errors import Busy
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.identity.tables import affiliations
from tenants.membership.service import personal
from tenants.membership.tables import guests, members
from tenants.places.everywhere import everywhere
from tenants.rounds import again
from tenants.transaction import Client
from tenants.viewer import system

log = logging.getLogger("linli.retention")

AT_ONCE = 100
# longer than any access token lives
GUESTS_KEPT = timedelta(days=2)
_FIRST_SECONDS = 30  # a server that starts has better things to do


@dataclass(frozen=True)
class Retention:
    """Erases who moved out `days` ago, looking every `seconds`; any number of workers may."""

    database: Database
    days: float
    seconds: float = 3600

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Look again and again for the length of the block; what is under way is left undone."""
        return again(
            self.sweep,
            seconds=self.seconds,
            first=_FIRST_SECONDS,
            what="erasing who moved out",
        )

    async def sweep(self) -> int:
        """Go through all communities once; gives how many members were erased."""
        before = self.database.clock() - timedelta(days=self.days)
        erased = 0
        for number in await everywhere(self.database):
            try:
                while found := await self._erase(number, before):
                    erased += found
                await self._forget_at_the_door(number)
            except (Busy, OSError):
                raise  # no database: the next round will do
            except Exception:
                # the others are owed it all the same
                log.exception("community %d: who moved out was not erased", number)
        return erased

    async def _erase(self, number: int, before: datetime) -> int:
        """Erase some who are due in one community; whom another worker has at hand is left to it."""
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            due = await tx.rows(_DUE, v_before=before)
            for member in due:
                await personal.anonymise(tx, member)
            if due:
                # before the commit: were it the other way round and the server killed between, nobody
                # would look for them again
                async with identity(self.database) as store:
                    for member in due:
                        await persons.forget(store, member["id"])
        return len(due)

    async def _forget_at_the_door(self, number: int) -> None:
        """Finish what `eraseMe` began, where the server was killed between its two commits.

        Forgets as well what was kept of guests' tokens that have all expired since.
        """
        actor = system(0)
        client = Client(actor.client_id, "")
        now = self.database.clock()
        async with self.database.act(actor, client, now, number) as tx:
            await tx.row(_FORGET_GUESTS, v_before=now - GUESTS_KEPT)
            erased = [member["id"] for member in await tx.rows(_ERASED)]
        if erased:
            async with identity(self.database) as store:
                for row in await store.rows(_KNOWN, subject_ids=erased):
                    await persons.forget(store, row["subject_id"])


# who applied again meanwhile is no longer MOVED_OUT, and who does so now holds the row
_DUE = (
    sa.select(members)
    .where(
        members.c.community_id == TENANT,
        members.c.state == "MOVED_OUT",
        members.c.left_at <= sa.bindparam("v_before", type_=members.c.left_at.type),
    )
    .order_by(members.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)
)
_FORGET_GUESTS = sa.delete(guests).where(
    guests.c.community_id == TENANT,
    guests.c.changed_at <= sa.bindparam("v_before", type_=guests.c.changed_at.type),
)
_ERASED = sa.select(members.c.id).where(
    members.c.community_id == TENANT, members.c.state == "ANONYMISED"
)
_KNOWN = sa.select(affiliations.c.subject_id).where(
    affiliations.c.subject_id
    == sa.any_(sa.bindparam("subject_ids", type_=sa.ARRAY(affiliations.c.subject_id.type)))
)
