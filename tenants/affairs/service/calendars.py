"""A sweep writes down what each period asks of each community, once: the statutory calendar."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tenants.affairs.service.owing import open_, place
from tenants.affairs.statutes import in_force, periods
from tenants.affairs.tables import obligations
from tenants.columns import TENANT
from tenants.sweeps import Sweep
from tenants.transaction import Tx
from tenants.workdays import day_of


@dataclass(frozen=True)
class Calendar(Sweep):
    """Write down what is owed in the periods that have begun; catch up after a stop.

    Any number of workers may: a unique key lets each period of a statute be written once.
    """

    what = "the statutory calendar"
    first = 40

    async def community(self, number: int) -> int:
        """Write down what one community owes; return how many rows are new."""
        async with self.inside(number) as tx:
            return await write_down(tx)


async def write_down(tx: Tx) -> int:
    """Write down what this community owes today; return how many rows are new."""
    here, today = await place(tx), day_of(tx.now)
    known = {row["code"]: row["begins_on"] for row in await tx.rows(_KNOWN)}
    made = 0
    for statute in in_force(here["kind"], today):
        if statute.every is None:
            continue
        since: date = max(known.get(statute.code, today), statute.begins)
        for period in periods(statute.every, since, today):
            if known.get(statute.code) == period.begins:
                continue
            new = await open_(
                tx, here, statute, begins_on=period.begins, due_at=period.due_at, subject=None
            )
            made += new is not None
    return made


_KNOWN = (
    sa.select(obligations.c.code, sa.func.max(obligations.c.begins_on).label("begins_on"))
    .where(obligations.c.community_id == TENANT, obligations.c.subject_id.is_(None))
    .group_by(obligations.c.code)
)
