"""Take the heads of owners on the rolls of a meeting from the register of their area."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import TENANT, among
from tenants.errors import Code, NotFound, Refused
from tenants.membership.tables import members
from tenants.owners.heads import Head
from tenants.owners.service.reading import (
    OwnRules,
    Register,
    building_of,
    owners_of,
    register_of,
    rules_of,
)
from tenants.owners.tables import property_parts
from tenants.procedure import Facts
from tenants.scopes import Role
from tenants.statements import prefixed
from tenants.transaction import Row, Tx
from tenants.votes.assemblies import assemblies, ballot_services, roll_owners, roll_parts
from tenants.votes.meetings import rolls, voters
from tenants.votes.proxies import proxies, proxy_instructions
from tenants.votes.tables import votes
from tenants.workdays import day_of

Owners = frozenset[UUID]


async def begin_assembly(
    tx: Tx, meeting: Facts, area_id: UUID, organiser_id: UUID | None, *, is_special: bool
) -> None:
    """Say that a drafted meeting is of the owners of an area, under their rules of its opening.

    Raises REQUIRED without a member who calls them together, NOT_FOUND for somebody else, and INVALID
    for the Party secretary, who has no office among owners.
    """
    if organiser_id is None:
        raise Refused(Code.REQUIRED, "请写明会议召集人。Name who calls it.", "organiserId")
    organiser = await tx.row(_ORGANISER, v_id=organiser_id)
    if organiser is None:
        raise NotFound("organiserId")
    if Role.PARTY_SECRETARY in organiser["roles"]:
        raise Refused(
            Code.INVALID,
            "业主大会会议不由党组织书记召集。The Party secretary does not call owners together.",
            "organiserId",
        )
    rules = await rules_of(tx, area_id, day_of(meeting["opens_at"]))
    await tx.insert(
        assemblies, meeting_id=meeting["id"], area_id=area_id, organiser_id=organiser_id,
        is_special=is_special, told_on=None, told_by=None, **_columns(rules),
    )  # fmt: skip


async def buildings_of(tx: Tx, meeting_id: UUID, buildings: Sequence[str]) -> list[str]:
    """Return buildings as the register writes them; raise INVALID for one that the area has not."""
    rows = await tx.rows(_BUILDINGS, v_meeting_id=meeting_id)
    known = {building_of(row["building"]): row["building"] for row in rows}
    missing = [each for each in buildings if building_of(each) not in known]
    if missing:
        raise Refused(
            Code.INVALID,
            f"登记中没有 {'、'.join(missing)}。The register has no such building.",
            "buildings",
        )
    return list(dict.fromkeys(known[building_of(each)] for each in buildings))


async def take_owners(tx: Tx, meeting: Facts) -> list[UUID]:
    """Make the rolls of a meeting anew from the register, and return their ids.

    A head that was on them before, of the same owners, keeps its entry with what was entered for it.
    """
    assembly = await tx.row(_ASSEMBLY, v_meeting_id=meeting["id"])
    assert assembly is not None  # noqa: S101 # a meeting of owners has one
    rules = await rules_of(tx, assembly["area_id"], day_of(meeting["opens_at"]))
    await tx.row(_RULES_ANEW, v_meeting_id=meeting["id"], **prefixed(_columns(rules)))
    register = await register_of(tx, assembly["area_id"])
    counts = rules.counts_parking
    whole = meeting["roll_id"]
    known = await _entries(tx, whole)
    every = register.heads(counts_parking=counts)
    ids = {head.owners: known.get(owners_of(head)) or tx.new_id() for head in every}
    gone = {*known.values()} - {*ids.values()}
    scopes = await tx.rows(_SCOPES, v_meeting_id=meeting["id"])
    roll_ids = [whole, *(row["roll_id"] for row in scopes)]
    await tx.row(_FORGET_INSTRUCTIONS, v_meeting_id=meeting["id"], v_ids=list(gone))
    await tx.row(_FORGET_PROXIES, v_meeting_id=meeting["id"], v_ids=list(gone))
    await tx.row(_UNSERVE, v_roll_id=whole, v_ids=list(gone))
    kept = {row["voter_id"]: row for row in await tx.rows(_CASTERS, v_roll_id=whole)}
    for roll_id in roll_ids:
        for clear in _CLEAR:
            await tx.row(clear, v_roll_id=roll_id)
    await _write(tx, whole, every, ids, register, kept)
    await tx.row(_DROP, v_roll_id=whole, v_ids=list(ids.values()))
    for row in scopes:
        some = register.heads(
            [building_of(each) for each in row["buildings"]], counts_parking=counts
        )
        await _write(tx, row["roll_id"], some, ids, register, kept)
        await tx.row(_DROP, v_roll_id=row["roll_id"], v_ids=[ids[head.owners] for head in some])
    return roll_ids


async def _write(
    tx: Tx,
    roll_id: UUID,
    every: Sequence[Head],
    ids: Mapping[Any, UUID],
    register: Register,
    kept: Mapping[UUID, Row],
) -> None:
    """Write the heads of a roll, with their parts and their owners."""
    casters = [_caster(head, register, kept.get(ids[head.owners])) for head in every]
    await tx.row(
        _ENTER, v_roll_id=roll_id,
        v_voter_ids=[ids[head.owners] for head in every], v_areas=[head.area for head in every],
        v_member_ids=[member for member, _ in casters],
        v_documents=[document for _, document in casters],
    )  # fmt: skip
    parts = [(ids[head.owners], register.rows[part.id]) for head in every for part in head.parts]
    await tx.row(
        _ENTER_PARTS, v_roll_id=roll_id,
        v_voter_ids=[voter for voter, _ in parts], v_part_ids=[row["id"] for _, row in parts],
        v_buildings=[row["building"] for _, row in parts],
        v_rooms=[row["room"] for _, row in parts], v_areas=[row["area"] for _, row in parts],
    )  # fmt: skip
    owners = [
        (ids[head.owners], register.owners[owner]) for head in every for owner in owners_of(head)
    ]
    await tx.row(
        _ENTER_OWNERS, v_roll_id=roll_id,
        v_voter_ids=[voter for voter, _ in owners], v_owner_ids=[row["id"] for _, row in owners],
        v_names=[row["name"] for _, row in owners],
    )  # fmt: skip


def _caster(head: Head, register: Register, kept: Row | None) -> tuple[UUID | None, str | None]:
    """Return who casts for a head and by which paper: its one owner, or whom its co-owners named."""
    owners = owners_of(head)
    if len(owners) == 1:
        (owner,) = owners
        return register.owners[owner]["member_id"], None
    return (kept["member_id"], kept["document"]) if kept is not None else (None, None)


async def _entries(tx: Tx, roll_id: UUID) -> dict[Owners, UUID]:
    """Return the entries of a roll by their owners."""
    found: dict[UUID, set[UUID]] = {}
    for row in await tx.rows(_KNOWN, v_roll_id=roll_id):
        owners = found.setdefault(row["voter_id"], set())
        if row["owner_id"] is not None:
            owners.add(row["owner_id"])
    return {frozenset(owners): voter for voter, owners in found.items()}


def _columns(rules: OwnRules) -> dict[str, Any]:
    """Return what an assembly keeps of the owners' own rules."""
    return {
        "silence": rules.silence.value, "admits_electronic": rules.admits_electronic,
        "counts_parking": rules.counts_parking, "rules_from": rules.effective_from,
        "rules_decision": rules.decision,
    }  # fmt: skip


_U = voters.c.voter_id.type
_MEETING_ID = sa.bindparam("v_meeting_id", type_=_U)
_ROLL_ID = sa.bindparam("v_roll_id", type_=_U)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(_U)))
_ASSEMBLY = sa.select(assemblies).where(
    assemblies.c.community_id == TENANT, assemblies.c.meeting_id == _MEETING_ID
)
_RULES_ANEW = (
    sa.update(assemblies)
    .where(assemblies.c.community_id == TENANT, assemblies.c.meeting_id == _MEETING_ID)
    .values(
        {
            name: sa.bindparam(f"v_{name}", type_=assemblies.c[name].type)
            for name in _columns(OwnRules())
        }
    )
)
_BUILDINGS = (
    sa.select(property_parts.c.building)
    .join(
        assemblies,
        (assemblies.c.community_id == property_parts.c.community_id)
        & (assemblies.c.area_id == property_parts.c.area_id),
    )
    .where(
        property_parts.c.community_id == TENANT,
        assemblies.c.community_id == TENANT,
        assemblies.c.meeting_id == _MEETING_ID,
    )
    .order_by(property_parts.c.address)
)
_SCOPES = (
    sa.select(votes.c.roll_id, votes.c.buildings)
    .where(
        votes.c.community_id == TENANT,
        votes.c.meeting_id == _MEETING_ID,
        votes.c.buildings.is_not(None),
    )
    .order_by(votes.c.id)
)
_ON_ROLL = (voters.c.community_id == TENANT) & (voters.c.roll_id == _ROLL_ID)
_KNOWN = (
    sa.select(voters.c.voter_id, roll_owners.c.owner_id)
    .select_from(voters)
    .outerjoin(
        roll_owners,
        (roll_owners.c.community_id == TENANT)
        & (roll_owners.c.community_id == voters.c.community_id)
        & (roll_owners.c.roll_id == voters.c.roll_id)
        & (roll_owners.c.voter_id == voters.c.voter_id),
    )
    .where(_ON_ROLL)
)
_CASTERS = sa.select(voters.c.voter_id, voters.c.member_id, voters.c.document).where(_ON_ROLL)
_FORGET_INSTRUCTIONS = sa.delete(proxy_instructions).where(
    proxy_instructions.c.community_id == TENANT,
    proxy_instructions.c.meeting_id == _MEETING_ID,
    proxy_instructions.c.voter_id == _AMONG,
)
_FORGET_PROXIES = sa.delete(proxies).where(
    proxies.c.community_id == TENANT,
    proxies.c.meeting_id == _MEETING_ID,
    proxies.c.voter_id == _AMONG,
)
_UNSERVE = sa.delete(ballot_services).where(
    ballot_services.c.community_id == TENANT,
    ballot_services.c.roll_id == _ROLL_ID,
    ballot_services.c.voter_id == _AMONG,
)
_CLEAR = [
    sa.delete(table).where(table.c.community_id == TENANT, table.c.roll_id == _ROLL_ID)
    for table in (roll_parts, roll_owners)
]
_DROP = sa.delete(voters).where(
    _ON_ROLL, voters.c.voter_id != sa.all_(sa.bindparam("v_ids", type_=sa.ARRAY(_U)))
)


def _listed(table: sa.Table, **columns: str) -> Any:
    """Return rows of lists: a bound list for each column of `table`, by the parameter's name."""
    names = [table.c[name] for name in columns]
    lists = [
        sa.bindparam(f"v_{given}", type_=sa.ARRAY(table.c[name].type))
        for name, given in columns.items()
    ]
    return (
        sa.func.unnest(*lists)
        .table_valued(*(sa.column(each.name, each.type) for each in names))
        .render_derived(name="listed")
    )


def _enter(table: sa.Table, **columns: str) -> Any:
    listed = _listed(table, **columns)
    return insert(table).from_select(
        ["community_id", "roll_id", *columns],
        sa.select(rolls.c.community_id, rolls.c.id, *(listed.c[name] for name in columns))
        .select_from(rolls.join(listed, sa.true()))
        .where(rolls.c.community_id == TENANT, rolls.c.id == _ROLL_ID),
    )


_ORGANISER = sa.select(members.c.roles).where(
    members.c.community_id == TENANT,
    members.c.id == sa.bindparam("v_id", type_=_U),
    among(members.c.state, "ACTIVE"),
)
_ENTRY = _enter(
    voters, voter_id="voter_ids", member_id="member_ids", area="areas", document="documents"
)
_ENTER = _ENTRY.on_conflict_do_update(
    index_elements=list(voters.primary_key.columns),
    set_={name: _ENTRY.excluded[name] for name in ("member_id", "area", "document")},
)
_ENTER_PARTS = _enter(
    roll_parts, voter_id="voter_ids", part_id="part_ids", building="buildings", room="rooms",
    area="areas",
)  # fmt: skip
_ENTER_OWNERS = _enter(roll_owners, voter_id="voter_ids", owner_id="owner_ids", name="names")
