"""Read a register for a roll: its heads, and the owners' own rules of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.addresses import address_of
from tenants.columns import TENANT
from tenants.owners.heads import Head, Part, heads
from tenants.owners.tables import owners_rules, part_owners, property_owners, property_parts
from tenants.owners.words import PartKind, Silence
from tenants.transaction import Row, Tx
from tenants.workdays import day_of

_DEVELOPER = "developer"


@dataclass(frozen=True)
class OwnRules:
    """It holds the owners' own rules; without any, the strict ones, which have no day and no decision."""

    silence: Silence = Silence.NOTHING
    admits_electronic: bool = False
    counts_parking: bool = False
    effective_from: date | None = None
    decision: str | None = None


@dataclass(frozen=True)
class Register:
    """It holds the parts of an area with their rows, and the owners by id."""

    parts: Sequence[Part]
    rows: Mapping[Any, Row]
    owners: Mapping[UUID, Row]

    def heads(self, buildings: Iterable[str] | None = None, *, counts_parking: bool) -> list[Head]:
        """Return the heads of the area, or of some of its buildings in their normal form."""
        return heads(
            self.parts, developer=_DEVELOPER, counts_parking=counts_parking,
            buildings=None if buildings is None else frozenset(buildings),
        )  # fmt: skip


def owners_of(head: Head) -> frozenset[UUID]:
    """Return the ids of a head's owners; none of the developer's."""
    return frozenset(each for each in head.owners if isinstance(each, UUID))


def building_of(text: str) -> str:
    """Return the normal form of a building: equal for spellings of one."""
    return address_of(text, "").split("/", maxsplit=1)[0]


async def register_of(tx: Tx, area_id: UUID) -> Register:
    """Return the register of an area as it is now."""
    rows = await tx.rows(_PARTS, v_area_id=area_id)
    held: dict[UUID, set[UUID]] = {row["id"]: set() for row in rows}
    owners: dict[UUID, Row] = {}
    for row in await tx.rows(_OWNERS, v_area_id=area_id):
        held[row["part_id"]].add(row["id"])
        owners[row["id"]] = row
    parts = [
        Part(
            row["id"], building_of(row["building"]), row["area"], frozenset(held[row["id"]]),
            PartKind(row["kind"]), row["is_developers"],
        )
        for row in rows
    ]  # fmt: skip
    return Register(parts, {row["id"]: row for row in rows}, owners)


async def heads_of(tx: Tx, area_id: UUID, at: datetime) -> list[Head]:
    """Return the heads of an area, as their own rules of that day count them."""
    rules = await rules_of(tx, area_id, day_of(at))
    return (await register_of(tx, area_id)).heads(counts_parking=rules.counts_parking)


async def rules_of(tx: Tx, area_id: UUID, day: date) -> OwnRules:
    """Return the owners' own rules of a day."""
    row = await tx.row(_RULES, v_area_id=area_id, v_day=day)
    if row is None:
        return OwnRules()
    return OwnRules(
        Silence(row["silence"]), row["admits_electronic"], row["counts_parking"], row["effective_from"],
        row["decision"],
    )  # fmt: skip


_AREA_ID = sa.bindparam("v_area_id", type_=property_parts.c.area_id.type)
_RULES = (
    sa.select(owners_rules)
    .where(
        owners_rules.c.community_id == TENANT,
        owners_rules.c.area_id == _AREA_ID,
        owners_rules.c.effective_from <= sa.bindparam("v_day", type_=sa.Date()),
    )
    .order_by(owners_rules.c.effective_from.desc())
    .limit(sa.literal_column("1"))
)
_PARTS = (
    sa.select(property_parts)
    .where(property_parts.c.community_id == TENANT, property_parts.c.area_id == _AREA_ID)
    .order_by(property_parts.c.address)
)
_OWNERS = (
    sa.select(part_owners.c.part_id, property_owners)
    .select_from(part_owners)
    .join(
        property_owners,
        (property_owners.c.community_id == part_owners.c.community_id)
        & (property_owners.c.id == part_owners.c.owner_id),
    )
    .where(
        part_owners.c.community_id == TENANT,
        property_owners.c.community_id == TENANT,
        property_owners.c.area_id == _AREA_ID,
    )
)
