"""A district's categories are created from the defaults and then changed by its admins."""

import csv
from importlib.resources import files
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.catalogue.policy import CHANGE_CATEGORY, CREATE_CATEGORY
from tenants.catalogue.tables import CATEGORY_LENGTH, CategoryState, Urgency, petition_categories
from tenants.errors import Code, Refused, VersionConflict
from tenants.procedure import Row
from tenants.taking import first, note, take
from tenants.text import written
from tenants.transaction import Tx


async def furnish(tx: Tx, district_id: int) -> None:
    """Add the default categories to a district that has none."""
    if await tx.row(_ANY, v_district_id=district_id) is not None:
        return
    text = (files("tenants.catalogue") / "default_categories.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        await _add(tx, district_id=district_id, **row)


async def create(tx: Tx, *, topic: str, name: str, urgency: Urgency) -> UUID:
    """Add a category of the viewer's district; raise ALREADY_DONE if the name exists."""
    if tx.viewer.street_id:
        raise Refused(Code.FORBIDDEN, "分类由区里管理。Categories are the district's.")
    topic = written(topic, CATEGORY_LENGTH, "topic")
    name = written(name, CATEGORY_LENGTH, "name")
    made = await _add(tx, topic=topic, name=name, urgency=urgency.value)
    if made is None:
        raise Refused(Code.ALREADY_DONE, "已有同名分类。One of that name exists.", "name")
    await note(tx, CREATE_CATEGORY, made)
    return made["id"]


async def change(
    tx: Tx, *, category_id: UUID, urgency: Urgency, state: CategoryState, expected_version: int
) -> UUID:
    """Change a category's urgency or state; petitions in it stay as they are."""
    category = await tx.find(petition_categories, category_id, "categoryId", permit=CHANGE_CATEGORY)
    if category["version"] != expected_version:
        raise VersionConflict(category["version"])
    await take(tx, CHANGE_CATEGORY, category, to=state.value, urgency=urgency.value)
    return category["id"]


async def _add(tx: Tx, **given: Any) -> Row | None:
    """Insert a category; return it, or None if its district has one of that name."""
    made = first(tx, CREATE_CATEGORY, **given)
    return made if await tx.insert_new(petition_categories, **made) else None


_ANY = (
    sa.select(petition_categories.c.id)
    .where(petition_categories.c.district_id == sa.bindparam("v_district_id", type_=sa.Integer()))
    .limit(1)
)
