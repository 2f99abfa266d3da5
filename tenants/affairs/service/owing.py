"""Something is owed by the calendar or by an event, and is met. Higher domains call this."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.affairs.procedure import MET, OWED
from tenants.affairs.statutes import About, Statute, in_force, statute_of
from tenants.affairs.tables import obligations
from tenants.columns import TENANT, among
from tenants.places.tables import communities
from tenants.taking import first, take
from tenants.transaction import Row, Tx
from tenants.workdays import after_days, day_of


async def owe(
    tx: Tx, code: str, *, subject: UUID, days: int | None = None, due_at: datetime | None = None
) -> UUID | None:
    """Have an event make something due: in the days of its statute, in so many days, or at a time.

    Each event does so once. Returns the id of what is owed; None if nothing is by this community's
    statutes, or if the event made it due before.
    """
    here = await place(tx)
    today = day_of(tx.now)
    statute = statute_of(here["kind"], code, today)
    within = days if days is not None else None if statute is None else statute.days
    if statute is None or (due_at is None and within is None):
        return None
    due = due_at if due_at is not None else after_days(tx.now, within or 0)
    return await open_(tx, here, statute, begins_on=today, due_at=due, subject=subject)


async def meet(tx: Tx, obligation: Row, note: str | None = None) -> None:
    """Have what is owed met; nothing happens if it was met before."""
    if obligation["state"] in MET.from_:
        await take(tx, MET, obligation, words=note)


async def meet_period(tx: Tx, about: About, day: date, body: str | None = None) -> None:
    """Have met what is owed in the period of a day: a meeting of this body, or an appraisal."""
    here = await place(tx)
    codes = [
        each.code
        for each in in_force(here["kind"], day)
        if each.about is about and (body is None or body in each.bodies)
    ]
    if not codes:
        return
    for row in await tx.rows(_OF_PERIOD, v_codes=codes, v_day=day):
        await meet(tx, row)


async def open_(
    tx: Tx, here: Row, statute: Statute, *, begins_on: date, due_at: datetime, subject: UUID | None
) -> UUID | None:
    """Insert what is owed, unless it is owed already; return its id or None."""
    row = first(
        tx, OWED,
        district_id=here["district_id"], street_id=here["street_id"], code=statute.code,
        statute_from=statute.begins, about=statute.about.value, name=statute.name,
        source=statute.source, is_house_rule=bool(statute.house_rules), subject_id=subject,
        begins_on=begins_on, due_at=due_at,
    )  # fmt: skip
    return row["id"] if await tx.insert_new(obligations, **row) else None


async def place(tx: Tx) -> Row:
    """Return the community's row."""
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    return here


_HERE = sa.select(communities).where(communities.c.community_id == TENANT)
_DAY = sa.bindparam("v_day", type_=obligations.c.begins_on.type)
# of one code the last period that begins by that day
_later = obligations.alias("later")
_OF_PERIOD = (
    sa.select(obligations)
    .where(
        obligations.c.community_id == TENANT,
        obligations.c.code == sa.any_(sa.bindparam("v_codes", type_=sa.ARRAY(sa.Text()))),
        obligations.c.subject_id.is_(None),
        among(obligations.c.state, *MET.from_),
        obligations.c.begins_on <= _DAY,
        ~sa.exists(
            sa.select(sa.literal_column("1")).where(
                _later.c.community_id == TENANT,
                _later.c.code == obligations.c.code,
                _later.c.subject_id.is_(None),
                _later.c.begins_on <= _DAY,
                _later.c.begins_on > obligations.c.begins_on,
            )
        ),
    )
    .order_by(obligations.c.id)
    .with_for_update(key_share=True)
)
