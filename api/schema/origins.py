"""The origin of something is the list of steps that led to it, across kinds."""

from datetime import datetime
from typing import Any

from api.engine import bindings as b
from api.engine.declare import bound, column, object_type, published
from api.schema.common import Node
from tenants.boards.tables import posts
from tenants.origins import MOST_SHOWN, OriginKind, node_of, origin_steps
from tenants.petitions.tables import petitions
from tenants.projects.tables import projects
from tenants.topics.consultations import consultations, resolutions
from tenants.topics.tables import topics
from tenants.votes.tables import votes

published(OriginKind)

_KINDS = {
    "Post": (posts, OriginKind.POST),
    "Petition": (petitions, OriginKind.PETITION),
    "Topic": (topics, OriginKind.TOPIC),
    "Consultation": (consultations, OriginKind.CONSULTATION),
    "Vote": (votes, OriginKind.VOTE),
    "Resolution": (resolutions, OriginKind.RESOLUTION),
    "Project": (projects, OriginKind.PROJECT),
}


@object_type
class Origin:
    """它是来历中的一步，您看不到的只有种类和时间。
    It is one step of an origin; of one that you may not see, only the kind and the time are given.
    """

    kind: OriginKind = column("这一步是这种事物。The step is of this kind.", origin_steps.c.kind)
    at: datetime = column("这一步发生在这时。The step took place then.", origin_steps.c.at)
    node: Node | None = bound(
        "这是那一件；您看不到则为空。This is the thing itself; it is null if you may not see it.",
        b.Either(
            {type_: b.One(table, {"id": node_of(kind)}) for type_, (table, kind) in _KINDS.items()}
        ),
    )


def origin_of(subject: Any) -> Any:
    """Declare the origin of what `subject` is the id of."""
    return bound(
        "这里列出来历，从最初的帖子或诉求开始。\n"
        "This lists what led here, from the first post or petition on.",
        b.Rows(
            table=origin_steps,
            on={"subject_id": subject},
            order=(origin_steps.c.position,),
            most=MOST_SHOWN,
        ),
    )
