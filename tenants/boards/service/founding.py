"""Create a community: its place under a street, and the first boards of its kind."""

import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.boards.tables import boards
from tenants.catalogue import service as categories
from tenants.columns import TENANT, bound
from tenants.errors import Code, NotFound, Refused
from tenants.membership.service import codes
from tenants.places import service as places
from tenants.places.tables import (
    NAME_LENGTH,
    CommunityKind,
    communities,
    districts,
    streets,
)
from tenants.text import written
from tenants.transaction import Tx

_CODE_DIGITS = 12


@cache
def default_boards() -> dict[str, list[dict[str, str]]]:
    """Return the first boards of each kind of community, from default_boards.toml."""
    text = (Path(__file__).parents[1] / "default_boards.toml").read_text()
    return tomllib.loads(text)


async def create_community(
    tx: Tx, *, street_id: UUID, code: str, name: str, kind: CommunityKind
) -> UUID:
    """Create a community in one of the officer's streets; its code can never be used again."""
    street = await places.street_of(tx, street_id)
    if street is None:
        raise NotFound("streetId")
    if not (code.isascii() and code.isdigit() and len(code) == _CODE_DIGITS):
        raise Refused(Code.INVALID, "须为 12 位数字。Twelve digits.", "code")
    if not code.startswith(street["code"]):
        raise Refused(Code.INVALID, "与街镇代码不符。Not a code of that street.", "code")
    name = written(name, NAME_LENGTH, "name")

    key, is_new = await places.key_of(tx, code)
    if not is_new:
        raise Refused(Code.ALREADY_DONE, "该代码已建社区。That code has a community.", "code")
    async with tx.act_in(key) as inside:
        return await _found(
            inside, street["district_id"], street["street_id"], code, name, kind.value
        )


async def import_communities(
    tx: Tx, rows: Iterable[dict[str, str]], done: Callable[[str], None]
) -> None:
    """Create or update the places that the rows name; call `done` with the result for each.

    A row has code, name, kind, street_code, street_name, district_code and district_name. `done`
    gets CREATED, CHANGED or UNCHANGED. Communities that no row names are not changed.
    """
    for row in rows:
        await _place_above(tx, row)
        key, _ = await places.key_of(tx, row["code"])
        async with tx.act_in(key) as inside:
            done(await _brought_up(inside, row))


async def _brought_up(inside: Tx, row: dict[str, str]) -> str:
    known = await inside.row(_KNOWN)
    if known is None:
        await _found(
            inside,
            int(row["district_code"]),
            int(row["street_code"]),
            row["code"],
            row["name"],
            row["kind"],
        )
        return "CREATED"
    if all(known[name] == row[name] for name in ("name", "kind")):
        return "UNCHANGED"
    await inside.row(_BRING_UP, v_name=row["name"], v_kind=row["kind"])
    if known["name"] != row["name"]:
        await audit.record(inside, "community.renamed", subject=known["id"])
    if known["kind"] != row["kind"]:  # 撤村建居: its boards stay as they are
        await audit.record(
            inside, "community.kind_updated", subject=known["id"], reason=row["kind"]
        )
    return "CHANGED"


async def _found(
    inside: Tx, district_id: int, street_id: int, code: str, name: str, kind: str
) -> UUID:
    community = await places.found(
        inside, district_id=district_id, street_id=street_id, code=code, name=name, kind=kind
    )
    for position, board in enumerate(default_boards()[kind]):
        await inside.insert(
            boards,
            id=inside.new_id(),
            position=position,
            archived_at=None,
            created_at=inside.now,
            version=1,
            **board,
        )
    await codes.issue(inside)
    return community


async def _place_above(tx: Tx, row: dict[str, str]) -> None:
    await tx.row(
        _DISTRICT,
        v_district_id=int(row["district_code"]),
        v_id=tx.new_id(),
        v_code=row["district_code"],
        v_name=row["district_name"],
    )
    await categories.furnish(tx, int(row["district_code"]))
    await tx.row(
        _STREET,
        v_street_id=int(row["street_code"]),
        v_district_id=int(row["district_code"]),
        v_id=tx.new_id(),
        v_code=row["street_code"],
        v_name=row["street_name"],
    )
    for level, table in (("street", streets), ("district", districts)):
        found = await tx.row(_NAMES[table], v_code=row[f"{level}_code"])
        if found is not None and found["name"] != row[f"{level}_name"]:
            raise Refused(
                Code.INVALID,
                f"{row['code']}: the {level} {row[f'{level}_code']} is called {found['name']} "
                f"here, not {row[f'{level}_name']}.",
            )


def _upsert(table: sa.Table, names: tuple[str, ...]) -> sa.Executable:
    values = {n: bound(table.c[n]) for n in names}
    return insert(table).values(values).on_conflict_do_nothing()


_DISTRICT = _upsert(districts, ("district_id", "id", "code", "name"))
_STREET = _upsert(streets, ("street_id", "district_id", "id", "code", "name"))
_NAMES = {
    table: sa.select(table.c.name).where(table.c.code == sa.bindparam("v_code", type_=sa.Text()))
    for table in (streets, districts)
}
_KNOWN = sa.select(communities).where(communities.c.community_id == TENANT).with_for_update()
_BRING_UP = (
    sa.update(communities)
    .where(communities.c.community_id == TENANT)
    .values(
        name=sa.bindparam("v_name", type_=sa.Text()),
        kind=sa.bindparam("v_kind", type_=sa.Text()),
        version=communities.c.version + sa.literal_column("1"),
    )
)
