"""Property areas: name one, enter its owners' own rules, and say which member an owner is."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, NotFound, Refused
from tenants.membership.tables import members
from tenants.owners.policy import DELETE_PART, SET_ELECTION, SET_MEMBER, SET_RULES
from tenants.owners.tables import (
    DECISION_LENGTH,
    NAME_LENGTH,
    elections,
    owners_rules,
    part_owners,
    property_areas,
    property_owners,
    property_parts,
)
from tenants.owners.words import Silence
from tenants.text import written
from tenants.transaction import Tx, unless_taken


async def create(tx: Tx, *, name: str) -> UUID:
    """Name a property area of the community; raise ALREADY_DONE if the name is taken."""
    area_id = tx.new_id()
    name = written(name, NAME_LENGTH, "name")
    async with unless_taken(tx, "已有同名的物业区域。There is one of this name.", "name"):
        await tx.insert(
            property_areas, id=area_id, name=name, created_at=tx.now, created_by=tx.viewer.id
        )
    await audit.record(tx, "property_area.created", subject=area_id)
    return area_id


async def set_rules(
    tx: Tx,
    *,
    area_id: UUID,
    effective_from: date,
    silence: Silence,
    admits_electronic: bool,
    counts_parking: bool,
    document: str,
) -> UUID:
    """Enter the owners' own rules from a day on, with their decision; the same day's are replaced."""
    area = await tx.find(property_areas, area_id, "areaId", permit=SET_RULES)
    await tx.row(
        _SET_RULES,
        v_area_id=area["id"],
        v_effective_from=effective_from,
        v_silence=silence.value,
        v_admits_electronic=admits_electronic,
        v_counts_parking=counts_parking,
        v_decision=written(document, DECISION_LENGTH, "document"),
    )
    await audit.record(tx, "property_area.rules_set", subject=area["id"])
    return area["id"]


async def set_election(
    tx: Tx, *, area_id: UUID, starts_on: date, ends_on: date | None, document: str
) -> UUID:
    """Enter that the owners' committee changes its term, and when that ends; the same day's is replaced.

    Raises INVALID if it ends before it starts.
    """
    area = await tx.find(property_areas, area_id, "areaId", permit=SET_ELECTION)
    if ends_on is not None and ends_on < starts_on:
        raise Refused(Code.INVALID, "止期早于起期。It ends before it starts.", "endsOn")
    await tx.row(
        _SET_ELECTION, v_area_id=area["id"], v_starts_on=starts_on, v_ends_on=ends_on,
        v_document=written(document, DECISION_LENGTH, "document"),
    )  # fmt: skip
    await audit.record(tx, "property_area.election_set", subject=area["id"])
    return area["id"]


async def set_member(tx: Tx, *, owner_id: UUID, member_id: UUID | None) -> UUID:
    """Say which member an owner is, or who acts for a company; None says that it is nobody here."""
    owner = await tx.find(property_owners, owner_id, "ownerId", permit=SET_MEMBER)
    if member_id is not None and await tx.row(_MEMBER, v_id=member_id) is None:
        raise NotFound("memberId")
    await tx.update(property_owners, owner["id"], member_id=member_id)
    await audit.record(tx, "property_area.owner_linked", subject=owner["id"])
    return owner["id"]


async def delete_part(tx: Tx, *, part_id: UUID) -> UUID:
    """Take a part off the register that was entered wrongly; rolls keep what they were made of."""
    part = await tx.find(property_parts, part_id, "partId", permit=DELETE_PART)
    await tx.row(_FORGET_OWNERS, v_id=part["id"])
    await tx.row(_FORGET_PART, v_id=part["id"])
    await audit.record(tx, "property_area.part_deleted", subject=part["id"])
    return part["area_id"]


def _bound(name: str) -> sa.BindParameter[object]:
    return sa.bindparam(f"v_{name}", type_=owners_rules.c[name].type)


_RULES = {
    name: _bound(name) for name in ("silence", "admits_electronic", "counts_parking", "decision")
} | {"entered_by": VIEWER, "entered_at": NOW}
_SET_RULES = (
    insert(owners_rules)
    .values(
        community_id=TENANT,
        area_id=_bound("area_id"),
        effective_from=_bound("effective_from"),
        **_RULES,
    )
    .on_conflict_do_update(index_elements=list(owners_rules.primary_key.columns), set_=_RULES)
)
_ELECTION = {
    name: sa.bindparam(f"v_{name}", type_=elections.c[name].type)
    for name in ("ends_on", "document")
} | {"entered_by": VIEWER, "entered_at": NOW}
_SET_ELECTION = (
    insert(elections)
    .values(
        community_id=TENANT,
        area_id=_bound("area_id"),
        starts_on=sa.bindparam("v_starts_on", type_=sa.Date()),
        **_ELECTION,
    )
    .on_conflict_do_update(index_elements=list(elections.primary_key.columns), set_=_ELECTION)
)
_ID = sa.bindparam("v_id", type_=members.c.id.type)
_MEMBER = (
    sa.select(members.c.id)
    .where(
        members.c.community_id == TENANT,
        members.c.id == _ID,
        members.c.state == sa.literal_column("'ACTIVE'"),
    )
    .with_for_update(read=True)
)
_FORGET_OWNERS = sa.delete(part_owners).where(
    part_owners.c.community_id == TENANT, part_owners.c.part_id == _ID
)
_FORGET_PART = sa.delete(property_parts).where(
    property_parts.c.community_id == TENANT, property_parts.c.id == _ID
)
