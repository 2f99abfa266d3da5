"""Bring in a register of owners: what a file says of a part is followed, and importing again does nothing."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import TENANT
from tenants.errors import Code, Refused
from tenants.owners.policy import IMPORT
from tenants.owners.register import BadRow, Register, RegisteredPart, read_register
from tenants.owners.tables import part_owners, property_areas, property_owners, property_parts
from tenants.transaction import Row, Tx

CSV_LENGTH = 30_000
MOST_TOLD = 200

Shares = dict[UUID, Fraction | None]


class Imported(NamedTuple):
    """It says which area it is, and how many parts are new, changed, and as they were."""

    area_id: UUID
    added: int
    changed: int
    unchanged: int


async def bring_in(tx: Tx, *, area_id: UUID, csv: str) -> Imported:
    """Bring in parts with their owners; a part that is known is changed to what the file says.

    Parts that the file does not name stay. Raises INVALID for every row that is wrong, with its
    line, and takes none; TOO_LONG for a file that must be brought in by pieces.
    """
    area = await tx.find(property_areas, area_id, "areaId", permit=IMPORT)
    if len(csv) > CSV_LENGTH:
        raise Refused(
            Code.TOO_LONG,
            f"一次至多 {CSV_LENGTH} 字，请分几次导入。At most {CSV_LENGTH} characters: by pieces.",
            "csv",
        )
    register = read_register(csv)
    _refuse(register.wrong)
    if not register.parts:
        raise Refused(Code.REQUIRED, "表中没有任何一处。The file has no part.", "csv")
    owners = await _owners(tx, area["id"], register)
    done = await _parts(tx, area["id"], register, owners)
    await audit.record(tx, "property_area.imported", subject=area["id"])
    return done


def _refuse(wrong: tuple[BadRow, ...]) -> None:
    """Raise all rows that are wrong at once."""
    if not wrong:
        return
    refused = [
        Refused(
            Code.INVALID,
            f"第 {row.line} 行：{row.why}",
            "csv",
            str(row.line),
            *filter(None, [row.column]),
        )
        for row in wrong[:MOST_TOLD]
    ]
    raise refused[0].beside(*refused[1:])


async def _owners(tx: Tx, area_id: UUID, register: Register) -> dict[str, UUID]:
    """Write the owners that are new or called otherwise now; return the ids by number."""
    known = {row["number"]: row for row in await tx.rows(_OWNERS, v_area_id=area_id)}
    ids = {number: row["id"] for number, row in known.items()}
    for number, owner in register.owners.items():
        now = {"kind": owner.kind.value, "name": owner.name}
        before = known.get(number)
        if before is None:
            ids[number] = tx.new_id()
            await tx.insert(
                property_owners,
                id=ids[number],
                area_id=area_id,
                number=number,
                member_id=None,
                **now,
            )
        elif _differs(before, now):
            await tx.update(property_owners, before["id"], **now)
    return ids


async def _parts(tx: Tx, area_id: UUID, register: Register, owners: Mapping[str, UUID]) -> Imported:
    known = {row["address"]: row for row in await tx.rows(_PARTS, v_area_id=area_id)}
    shares: dict[UUID, Shares] = {}
    for row in await tx.rows(_SHARES, v_area_id=area_id):
        whole = row["share_whole"]
        shares.setdefault(row["part_id"], {})[row["owner_id"]] = (
            None if whole is None else Fraction(row["share_part"], whole)
        )
    added = changed = 0
    for address, part in register.parts.items():
        now = _columns(part)
        of = {owners[number]: share for number, share in part.owners.items()}
        before = known.get(address)
        if before is None:
            part_id = tx.new_id()
            await tx.insert(
                property_parts, id=part_id, area_id=area_id, address=address,
                building=part.building, room=part.room, **now,
            )  # fmt: skip
            await _own(tx, part_id, of)
            added += 1
            continue
        is_others = shares.get(before["id"], {}) != of
        if _differs(before, now):
            await tx.update(property_parts, before["id"], **now)
        elif not is_others:
            continue
        changed += 1
        if is_others:
            await tx.row(_DISOWN, v_id=before["id"])
            await _own(tx, before["id"], of)
    return Imported(area_id, added, changed, len(register.parts) - added - changed)


def _columns(part: RegisteredPart) -> dict[str, Any]:
    return {
        "kind": part.kind.value,
        "area": part.area,
        "area_source": part.area_source.value,
        "is_developers": part.is_developers,
    }


def _differs(before: Row, now: Mapping[str, Any]) -> bool:
    return any(before[name] != value for name, value in now.items())


async def _own(tx: Tx, part_id: UUID, owners: Shares) -> None:
    for owner_id, share in owners.items():
        await tx.insert(
            part_owners, part_id=part_id, owner_id=owner_id,
            share_part=None if share is None else share.numerator,
            share_whole=None if share is None else share.denominator,
        )  # fmt: skip


_AREA = sa.bindparam("v_area_id", type_=property_areas.c.id.type)
_OWNERS = sa.select(property_owners).where(
    property_owners.c.community_id == TENANT, property_owners.c.area_id == _AREA
)
_OF_AREA = (property_parts.c.community_id == TENANT) & (property_parts.c.area_id == _AREA)
_PARTS = sa.select(property_parts).where(_OF_AREA)
_SHARES = (
    sa.select(part_owners)
    .join(
        property_parts,
        (property_parts.c.community_id == part_owners.c.community_id)
        & (property_parts.c.id == part_owners.c.part_id),
    )
    .where(_OF_AREA, part_owners.c.community_id == TENANT)
)
_DISOWN = sa.delete(part_owners).where(
    part_owners.c.community_id == TENANT,
    part_owners.c.part_id == sa.bindparam("v_id", type_=property_parts.c.id.type),
)
