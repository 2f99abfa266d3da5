"""A district's categories are created from the defaults and then changed by its admins."""

import csv
from importlib.resources import files
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.catalogue.policy import CHANGE_CATEGORY
from tenants.catalogue.tables import CATEGORY_LENGTH, CategoryState, Urgency, petition_categories
from tenants.columns import DISTRICT
from tenants.errors import Code, Refused, VersionConflict
from tenants.text import written
from tenants.transaction import Tx


async def furnish(tx: Tx, district_id: int) -> None:
    """Add the default categories to a district that has none."""
    if await tx.row(_ANY, v_district_id=district_id) is not None:
        return
    text = (files("tenants.catalogue") / "default_categories.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        await _add(tx, district_id, row["topic"], row["name"], row["urgency"])


async def create(tx: Tx, *, topic: str, name: str, urgency: Urgency) -> UUID:
    """Add a category of the viewer's district; raise ALREADY_DONE if the name exists."""
    if tx.viewer.street_id:
        raise Refused(Code.FORBIDDEN, "分类由区里管理。Categories are the district's.")
    topic = written(topic, CATEGORY_LENGTH, "topic")
    name = written(name, CATEGORY_LENGTH, "name")
    made = await _add(tx, tx.viewer.district_id, topic, name, urgency.value)
    if made is None:
        raise Refused(Code.ALREADY_DONE, "已有同名分类。One of that name exists.", "name")
    await audit.record_above(tx, "category.created", subject=made, street_id=0)
    return made


async def change(
    tx: Tx, *, category_id: UUID, urgency: Urgency, state: CategoryState, expected_version: int
) -> UUID:
    """Change a category's urgency or state; petitions in it stay as they are."""
    category = await tx.find(petition_categories, category_id, "categoryId", permit=CHANGE_CATEGORY)
    if category["version"] != expected_version:
        raise VersionConflict(category["version"])
    await tx.row(_CHANGE, v_id=category["id"], v_urgency=urgency.value, v_state=state.value)
    await audit.record_above(tx, "category.updated", subject=category["id"], street_id=0)
    return category["id"]


async def _add(tx: Tx, district_id: int, topic: str, name: str, urgency: str) -> UUID | None:
    row = await tx.row(
        _ADD,
        v_district_id=district_id,
        v_id=tx.new_id(),
        v_topic=topic,
        v_name=name,
        v_urgency=urgency,
        v_created_at=tx.now,
    )
    return row["id"] if row is not None else None


def _bound(name: str) -> sa.BindParameter[object]:
    return sa.bindparam(f"v_{name}", type_=petition_categories.c[name].type)


_ANY = (
    sa.select(petition_categories.c.id)
    .where(petition_categories.c.district_id == _bound("district_id"))
    .limit(1)
)
_ADD = (
    insert(petition_categories)
    .values(
        **{n: _bound(n) for n in ("district_id", "id", "topic", "name", "urgency", "created_at")},
        state="ACTIVE",
        version=1,
    )
    .on_conflict_do_nothing()
    .returning(petition_categories.c.id)
)
_CHANGE = (
    sa.update(petition_categories)
    .where(petition_categories.c.id == _bound("id"), petition_categories.c.district_id == DISTRICT)
    .values(
        urgency=_bound("urgency"),
        state=_bound("state"),
        version=petition_categories.c.version + sa.literal_column("1"),
    )
)
