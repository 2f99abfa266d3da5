"""The origin of a row is kept as a flat list of steps, from the first post or petition on.

A row that follows from another copies its steps and adds its own, so that one list of one statement
walks the whole way back, across kinds. Steps are added to and never changed.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import METADATA, TENANT, TIME, among, one_of, tenant_column
from tenants.columns import UUID as ID
from tenants.domain import Domain
from tenants.policy import PART, protect
from tenants.transaction import Tx
from tenants.words import Words, word

MOST_SHOWN = 100


class OriginKind(Words):
    """来历的一步是这种事物。A step of an origin is a thing of this kind."""

    POST = word("帖子", "It is a post")
    PETITION = word("诉求", "It is a petition")
    TOPIC = word("议题", "It is a topic")
    CONSULTATION = word("协商", "It is a consultation")
    VOTE = word("表决", "It is a vote of a meeting")
    RESOLUTION = word("决议", "It is a resolution")
    PROJECT = word("项目", "It is a project")


# `subject_id` is the row whose origin it is, `node_id` the row that the step names: it may be deleted,
# or hidden from the viewer, and the step stays.
origin_steps = sa.Table(
    "origin_step",
    METADATA,
    tenant_column(),
    sa.Column("subject_id", ID, nullable=False),
    sa.Column("position", sa.Integer(), nullable=False),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("node_id", ID, nullable=False),
    sa.Column("at", TIME, nullable=False),
    sa.PrimaryKeyConstraint("community_id", "subject_id", "position"),
    one_of("kind", OriginKind),
    sa.CheckConstraint("position >= 0", name="counted_from_nought"),
    schema="tenant",
)
protect(origin_steps, PART, community=sa.true())


@dataclass(frozen=True)
class Step:
    """It names one row and says when it came to be."""

    kind: OriginKind
    node_id: UUID
    at: datetime


def node_of(kind: OriginKind) -> sa.ColumnElement[UUID]:
    """Return the id of the row that a step of an origin names, if it is of this kind."""
    return sa.case((among(origin_steps.c.kind, kind), origin_steps.c.node_id))


async def lead_to(tx: Tx, subject_id: UUID, *steps: Step, after: UUID | None = None) -> None:
    """Add steps to the origin of a row; a new one begins with all steps of the row `after`.

    The caller holds the row's lock, or has just inserted it.
    """
    if after is not None:
        await tx.row(_COPY, v_subject_id=subject_id, v_after=after)
    row = await tx.row(_COUNT, v_subject_id=subject_id)
    assert row is not None  # noqa: S101 # a count is a row
    for position, step in enumerate(steps, row["count"]):
        await tx.insert(
            origin_steps, subject_id=subject_id, position=position, kind=step.kind.value,
            node_id=step.node_id, at=step.at,
        )  # fmt: skip


_SUBJECT = sa.bindparam("v_subject_id", type_=ID)
_COPIED = {
    "community_id": origin_steps.c.community_id,
    "subject_id": _SUBJECT,
    **{name: origin_steps.c[name] for name in ("position", "kind", "node_id", "at")},
}
_COPY = sa.insert(origin_steps).from_select(
    list(_COPIED),
    sa.select(*_COPIED.values()).where(
        origin_steps.c.community_id == TENANT,
        origin_steps.c.subject_id == sa.bindparam("v_after", type_=ID),
    ),
)
_COUNT = sa.select(sa.cast(sa.func.count(), sa.Integer()).label("count")).where(
    origin_steps.c.community_id == TENANT, origin_steps.c.subject_id == _SUBJECT
)

DOMAIN = Domain(name="origins", tables=(origin_steps,))
