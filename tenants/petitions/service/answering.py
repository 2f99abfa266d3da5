"""A desk answers one petition or many at once, by a template or not, and says what came of it."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting_on_each
from tenants.columns import TENANT, bound
from tenants.errors import Code, Refused
from tenants.petitions.changes import answered
from tenants.petitions.desks import answer_templates
from tenants.petitions.policy import DELETE_TEMPLATE
from tenants.petitions.service.moving import invalid, show
from tenants.petitions.steps import ANSWER
from tenants.petitions.tables import ANSWER_LENGTH, TITLE_LENGTH, petitions
from tenants.petitions.words import Outcome
from tenants.procedure import Facts
from tenants.taking import on_row, take
from tenants.text import written
from tenants.transaction import Tx, unless_taken

MOST_AT_ONCE = 50


async def answer(
    tx: Tx,
    *,
    petition_id: UUID,
    body: str,
    outcome: Outcome,
    planned_for: datetime | None,
    upload_ids: Sequence[UUID],
) -> UUID:
    """Answer a petition; the system asks its author back, at once or when the plan is due."""
    body = _answer(tx, body, outcome, planned_for)
    async with on_row(tx, ANSWER, petition_id) as (inside, petition):
        await _answered(inside, petition, body, outcome, planned_for)
        await show(inside, petition, upload_ids, inside.now)
    return petition["id"]


@asynccontextmanager
async def with_image(tx: Tx, petition_id: UUID | None) -> AsyncGenerator[Tx]:
    """Work on an image for an answer from above, in the petition's community; refused as the answer is."""
    async with on_row(tx, ANSWER, petition_id) as (inside, _):
        yield inside


async def answer_many(
    tx: Tx,
    *,
    petition_ids: Sequence[UUID],
    body: str,
    outcome: Outcome,
    planned_for: datetime | None,
) -> list[UUID]:
    """Answer many petitions alike: all of them, or none and the reason at the first that cannot be.

    An officer's may be of a few communities (tenants.acting).
    """
    body = _answer(tx, body, outcome, planned_for)
    if not 1 <= len(petition_ids) <= MOST_AT_ONCE:
        raise Refused(
            Code.TOO_LONG if petition_ids else Code.REQUIRED,
            f"一次 1–{MOST_AT_ONCE} 件。1 to {MOST_AT_ONCE} at a time.",
            "petitionIds",
        )
    if len(set(petition_ids)) < len(petition_ids):
        raise invalid("有重复。The same petition twice.", "petitionIds")
    async with acting_on_each(tx, petitions, petition_ids, "petitionIds", permit=ANSWER) as found:
        for inside, petition in found:
            await _answered(inside, petition, body, outcome, planned_for)
    return list(petition_ids)


async def create_template(tx: Tx, *, name: str, body: str) -> UUID:
    """Keep an answer for use again by the people of the viewer's desk."""
    name = written(name, TITLE_LENGTH, "name")
    body = written(body, ANSWER_LENGTH, "body")
    template_id = tx.new_id()
    async with unless_taken(tx, "已有同名模板。One of that name exists.", "name"):
        await tx.insert(
            answer_templates,
            id=template_id,
            name=name,
            words=body,
            created_at=tx.now,
            created_by=tx.viewer.id,
            version=1,
            district_id=tx.viewer.district_id or None,
            desk=tx.viewer.desk,
        )
    await _record(tx, "template.created", template_id)
    return template_id


async def delete_template(tx: Tx, *, template_id: UUID) -> UUID:
    """Drop a template; answers that were given with it stay as they are."""
    template = await tx.find(answer_templates, template_id, "templateId", permit=DELETE_TEMPLATE)
    await tx.row(_DELETE, v_id=template["id"])
    await _record(tx, "template.deleted", template["id"])
    return template["id"]


async def _record(tx: Tx, action: str, template_id: UUID) -> None:
    """Write it down in the community, or above the communities in the district."""
    if tx.tenant:
        await audit.record(tx, action, subject=template_id)
    else:
        await audit.record_above(tx, action, subject=template_id, street_id=tx.viewer.street_id)


def _answer(tx: Tx, body: str, outcome: Outcome, planned_for: datetime | None) -> str:
    body = written(body, ANSWER_LENGTH, "body")
    if (outcome is Outcome.PLANNED) != (planned_for is not None):
        raise invalid(
            "列入计划须有日期，其他不须。PLANNED has a date, and nothing else.", "plannedFor"
        )
    if planned_for is not None and planned_for <= tx.now:
        raise invalid("须在将来。It must lie ahead.", "plannedFor")
    return body


async def _answered(
    tx: Tx, petition: Facts, body: str, outcome: Outcome, planned_for: datetime | None
) -> None:
    await take(
        tx,
        ANSWER,
        petition,
        words=body,
        outcome=outcome.value,
        **answered(tx.now, planned_for),
    )


_DELETE = sa.delete(answer_templates).where(
    answer_templates.c.community_id == TENANT,
    answer_templates.c.id == bound(answer_templates.c.id),
)
