"""Accept an invitation: the code and the person behind a session make an officer."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import DISTRICT, NOW, bound
from tenants.db import Database
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership.tables import officers
from tenants.officers.policy import ACCEPT_INVITATION
from tenants.officers.service.inviting import digest, person_of, read
from tenants.officers.tables import invitations
from tenants.places.tables import departments, districts, streets
from tenants.taking import take
from tenants.transaction import Row, Tx
from tenants.viewer import system


async def accept(database: Database, person: UUID, code: str) -> UUID | None:
    """Make the person the officer they were invited to be, and give the id of the place.

    None where the code opens nothing: unknown, used, declined, not confirmed yet, too old, to a
    department closed since, made by this very person, or to where they serve already.
    """
    typed = read(code)
    if typed is None:
        return None
    district, code = typed
    async with database.command(system(district)) as tx:
        invitation = await tx.row(_USABLE, v_code_hash=digest(code))
        if invitation is None or person in {
            await person_of(tx, invitation["invited_by"]),
            await person_of(tx, invitation["decided_by"] or invitation["invited_by"]),
        }:
            return None
        kind, number, place = await _place(tx, invitation)
        officer = await _affiliated(database, tx, person, kind, number, place)
        if officer is None or not await _joined(tx, invitation):
            return None

        await tx.row(
            _OFFICER,
            v_id=officer,
            v_person_id=person,
            v_roles=[invitation["role"]],
            **{f"v_{name}": invitation[name] for name in _COPIED},
        )
        await take(tx, ACCEPT_INVITATION, invitation, officer_id=officer)
    return place


async def is_open(database: Database, code: str) -> bool:
    """Return whether a code can be accepted now, by somebody who has no part in the invitation."""
    typed = read(code)
    if typed is None:
        return False
    district, code = typed
    async with database.command(system(district)) as tx:
        return await tx.row(_USABLE, v_code_hash=digest(code)) is not None


async def _place(tx: Tx, invitation: Row) -> tuple[str, int, UUID]:
    """Give what the door calls the place that someone is invited to."""
    for kind, column in (
        ("DEPARTMENT", departments.c.department_id),
        ("DISTRICT", streets.c.street_id),
        ("DISTRICT", districts.c.district_id),
    ):
        number = invitation[column.name]
        if number:
            found = await tx.row(_ID_OF[column], v_number=number)
            assert found is not None  # noqa: S101 # no place is ever deleted
            return kind, number, found["id"]
    raise LookupError("an invitation is to somewhere")


async def _affiliated(
    database: Database, tx: Tx, person: UUID, kind: str, number: int, place: UUID
) -> UUID | None:
    """Write the person down at the door; None where they serve there already.

    Committed before the officer is: who is at the door with no officer behind is nobody there.
    """
    officer = tx.new_id()
    async with identity(database) as store:
        known = await persons.affiliate(
            store, person, place=kind, number=number, place_id=place, subject_id=officer
        )
        if known == officer:
            return officer
        held = await tx.row(_HELD, v_id=known)
        if held is not None and held["ended_at"] is None:
            return None
        await persons.leave(store, known)
        return await persons.affiliate(
            store, person, place=kind, number=number, place_id=place, subject_id=officer
        )


async def _joined(tx: Tx, invitation: Row) -> bool:
    """Count a handler in, if the department is not closed; an admin joins no department."""
    department = invitation["department_id"]
    return department is None or await tx.row(_ONE_MORE, v_number=department) is not None


_COPIED = ("street_id", "department_id", "display_name", "ends_at")
_NUMBER = sa.bindparam("v_number", type_=sa.Integer())


_OURS = invitations.c.district_id == DISTRICT
_USABLE = (
    sa.select(invitations)
    .where(
        _OURS,
        invitations.c.code_hash == bound(invitations.c.code_hash),
        invitations.c.state == "OPEN",
        invitations.c.expires_at > NOW,
        sa.func.coalesce(invitations.c.ends_at, sa.literal_column("'infinity'::timestamptz")) > NOW,
    )
    .with_for_update(key_share=True)
)
_ID_OF = {
    column: sa.select(column.table.c.id).where(column == _NUMBER)
    for column in (departments.c.department_id, streets.c.street_id, districts.c.district_id)
}
_HELD = sa.select(officers.c.ended_at).where(
    officers.c.district_id == DISTRICT, officers.c.id == bound(officers.c.id)
)
_ONE = sa.literal_column("1")
_ONE_MORE = (
    sa.update(departments)
    .where(departments.c.department_id == _NUMBER, departments.c.state == "ACTIVE")
    .values(handlers=departments.c.handlers + _ONE)
    .returning(departments.c.id)
)
_OFFICER = sa.insert(officers).values(
    district_id=DISTRICT,
    state=sa.literal_column("'ACTIVE'"),
    permission_version=_ONE,
    **{name: bound(officers.c[name]) for name in ("id", "person_id", "roles", *_COPIED)},
)
