"""Find the roles of a person in a place at this moment, for their next access token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import NOW, TENANT, bound
from tenants.db import Database
from tenants.membership.service import leaving, serving, terms
from tenants.membership.tables import guests, members, officers
from tenants.places.tables import communities, departments, districts, streets
from tenants.scopes import Role
from tenants.transaction import Client, Row
from tenants.viewer import Viewer

GUEST = frozenset({Role.GUEST})


@dataclass(frozen=True)
class Stand:
    """Roles and their permission version; `state` is null for a person who has not applied.

    `ends_at` is when the first of the roles expires: no access token may outlive it.
    """

    roles: frozenset[Role]
    version: int
    name: str
    state: str | None
    ends_at: datetime | None = None


async def in_community(database: Database, actor: Viewer, number: int, id: UUID) -> Stand | None:
    """Return a member's roles if ACTIVE, otherwise those of a guest; end what has expired.

    Return None for an erased member: their affiliation is deleted a moment later.
    """
    async with database.act(actor, Client(actor.client_id, ""), database.clock(), number) as tx:
        place = await tx.row(_COMMUNITY)
        assert place is not None  # noqa: S101 # a community is never deleted
        row = await tx.row(_MEMBER, v_id=id)
        for lapse in (leaving.lapse_suspension, terms.lapse):
            if row is not None and await lapse(tx, row):
                row = await tx.row(_MEMBER, v_id=id)
        ends_at = await terms.first_end(tx, id)
        guest = await tx.row(_GUEST, v_id=id) if row is None else None
    if row is None:
        version = guest["permission_version"] if guest is not None else 0
        return Stand(GUEST, version, place["name"], None)
    if row["state"] == "ANONYMISED":
        return None
    is_active = row["state"] == "ACTIVE"
    roles = frozenset(map(Role, row["roles"])) if is_active else GUEST
    return Stand(
        roles,
        row["permission_version"],
        place["name"],
        row["state"],
        ends_at if is_active else None,
    )


async def in_district(
    database: Database, actor: Viewer, id: UUID
) -> tuple[Stand, sa.Table, int] | None:
    """Return an officer's roles and place: a district, street or department, by its number.

    Return None for a person who is not an officer any more. End what has expired.
    """
    async with database.command(actor) as tx:
        row = await tx.row(_OFFICER, v_id=id)
        if row is None or row["state"] != "ACTIVE" or await serving.lapse(tx, row):
            return None
        table, number = _seat(row)
        place = await tx.row(_PLACE[table], v_number=number)
    assert place is not None  # noqa: S101 # a street or department is never deleted
    stand = Stand(
        frozenset(map(Role, row["roles"])),
        row["permission_version"],
        place["name"],
        row["state"],
        row["ends_at"],
    )
    return stand, table, number


def _seat(officer: Row) -> tuple[sa.Table, int]:
    if officer["department_id"]:
        return departments, officer["department_id"]
    if officer["street_id"]:
        return streets, officer["street_id"]
    return districts, officer["district_id"]


async def end_tokens(database: Database, actor: Viewer, place: str, number: int, id: UUID) -> None:
    """Make all access tokens of a member or officer invalid from the next request on."""
    if place == "COMMUNITY":
        client = Client(actor.client_id, "")
        async with database.act(actor, client, database.clock(), number) as tx:
            if await tx.row(_BUMP_MEMBER, v_id=id) is None:
                await tx.row(_BUMP_GUEST, v_id=id)
                # a parallel application locked the guest's row until its commit: now there is a
                # member
                await tx.row(_BUMP_MEMBER, v_id=id)
    else:
        async with database.command(actor) as tx:
            await tx.row(_BUMP_OFFICER, v_id=id)


_ID = bound(members.c.id)
_NUMBER = sa.bindparam("v_number", type_=sa.Integer())
_IS_MEMBER = (members.c.community_id == TENANT) & (members.c.id == _ID)
_MEMBER = sa.select(members).where(_IS_MEMBER).with_for_update(key_share=True)
_COMMUNITY = sa.select(communities).where(communities.c.community_id == TENANT)
_IS_OFFICER = (officers.c.id == _ID) & (
    officers.c.district_id == sa.bindparam("district_id", type_=sa.Integer())
)
_OFFICER = sa.select(officers).where(_IS_OFFICER).with_for_update(key_share=True)
_PLACE = {
    districts: sa.select(districts).where(districts.c.district_id == _NUMBER),
    streets: sa.select(streets).where(streets.c.street_id == _NUMBER),
    departments: sa.select(departments).where(departments.c.department_id == _NUMBER),
}
_ONE = sa.literal_column("1")
_BUMP_MEMBER = (
    sa.update(members)
    .where(_IS_MEMBER)
    .values(permission_version=members.c.permission_version + _ONE)
    .returning(members.c.id)
)
_GUEST = sa.select(guests.c.permission_version).where(
    guests.c.community_id == TENANT, guests.c.id == _ID
)
_BUMP_GUEST = (
    insert(guests)
    .values(community_id=TENANT, id=_ID, permission_version=_ONE, changed_at=NOW)
    .on_conflict_do_update(
        index_elements=["community_id", "id"],
        set_={"permission_version": guests.c.permission_version + _ONE, "changed_at": NOW},
    )
)
_BUMP_OFFICER = (
    sa.update(officers)
    .where(_IS_OFFICER)
    .values(permission_version=officers.c.permission_version + _ONE)
)
