"""Overdue petitions: how petitions stand that are late, for the admins above."""

from datetime import datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.schema.catalogue import PetitionCategory, Urgency
from api.schema.common import Connection, Node
from api.schema.permissions import can, permissions
from api.schema.petitions import Petition
from api.schema.places import Community, District
from tenants.catalogue.tables import petition_categories
from tenants.petitions.facts import petition_facts
from tenants.petitions.tables import petitions
from tenants.petitions.words import Level, PetitionKind, PetitionState
from tenants.places.tables import communities, districts
from tenants.supervision import policy, views

node_over(petition_facts, "odc", "OverduePetition")


@object_type
class OverduePetition(Node):
    """逾期诉求只说明办理情况，没有正文。An overdue petition tells how it stands and never what it says."""

    id: strawberry.ID = public_id()
    community: Community | None = one(
        "社区。The community.", communities, {"community_id": petition_facts.c.community_id}
    )
    category: PetitionCategory | None = one(
        "分类。Its category.", petition_categories, {"id": petition_facts.c.category_id}
    )
    kind: PetitionKind = column("类别。What is asked for.", petition_facts.c.kind)
    urgency: Urgency = column("紧急程度。How urgent.", petition_facts.c.urgency)
    level: Level = column("现在哪一级。How high it is now.", petition_facts.c.level)
    state: PetitionState = column("状态。State.", petition_facts.c.state)
    submitted_at: datetime = column("提交时间。When it was sent.", petition_facts.c.submitted_at)
    responded_at: datetime | None = column(
        "首次响应。The first response.", petition_facts.c.responded_at
    )
    resolve_due_at: datetime = column(
        "答复期限。By when an answer was owed.", petition_facts.c.resolve_due_at
    )
    is_overdue: bool = column("仍未办结且已逾期。Open still, and overdue.", views.is_case_overdue)
    petition: Petition | None = one(
        "诉求；未到过您的办理台则为空。The petition itself; null unless it has come to your desk.",
        petitions,
        {"community_id": petition_facts.c.community_id, "id": petition_facts.c.id},
    )
    viewer_can: Any = can(permissions("OverduePetition", policy.ISSUE))


@extend(District)
class OfDistrict:
    """What is overdue under the viewer."""

    overdue_petitions: Connection[OverduePetition] | None = page(
        "您管辖的逾期诉求，最久的在前。The overdue petitions under you, the longest first.",
        b.Page(
            table=petition_facts,
            on={
                "district_id": districts.c.district_id,
                "is_open": views.is_still_open,
                "resolve_overdue": views.is_late,
            },
            order=(petition_facts.c.resolve_due_at, petition_facts.c.id),
            index="petition_fact_overdue",
            descending=False,
        ),
    )
