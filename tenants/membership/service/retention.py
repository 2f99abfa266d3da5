"""Erase members some time after they moved out.

Personal data may be kept for the shortest time its purpose needs (PIPL 19) and must be erased when
the purpose ends (47). Half a year lets a person who returns find their place again, and lets a
dispute about what they did here be settled. The 180 days for which the audit is kept are a separate
rule.
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
# longer than the lifetime of any access token
GUESTS_KEPT = timedelta(days=2)
_FIRST_SECONDS = 30  # not while the server is busy starting


@dataclass(frozen=True)
class Retention:
    """Erase members `days` after they moved out; any number of workers may sweep every `seconds`."""

    database: Database
    days: float
    seconds: float = 3600

    def kept(self) -> AbstractAsyncContextManager[None]:
        """Repeat the sweep for the length of the block; work in progress at its end is cancelled."""
        return again(
            self.sweep,
            seconds=self.seconds,
            first=_FIRST_SECONDS,
            what="erasing who moved out",
        )

    async def sweep(self) -> int:
        """Go through all communities once; return the number of members erased."""
        before = self.database.clock() - timedelta(days=self.days)
        erased = 0
        for number in await everywhere(self.database):
            try:
                while found := await self._erase(number, before):
                    erased += found
                await self._forget_at_the_door(number)
            except (Busy, OSError):
                raise  # no database: wait for the next round
            except Exception:
                # the other communities must still be processed
                log.exception("community %d: who moved out was not erased", number)
        return erased

    async def _erase(self, number: int, before: datetime) -> int:
        """Erase some due members of one community; skip those that another worker has locked."""
        actor = system(0)
        client = Client(actor.client_id, "")
        async with self.database.act(actor, client, self.database.clock(), number) as tx:
            due = await tx.rows(_DUE, v_before=before)
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


# a member who applied again is no longer MOVED_OUT, and one who is applying holds the row lock
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
