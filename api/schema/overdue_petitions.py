"""Admins above the communities see how overdue petitions stand."""

from datetime import datetime
from typing import Any

import strawberry

from api.engine.declare import column, node_over, object_type, one, page, public_id
from api.engine.extend import extend
from api.engine.lists import page_of
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
        "诉求在这个社区。The petition is in this community.",
        communities,
        {"community_id": petition_facts.c.community_id},
    )
    category: PetitionCategory | None = one(
        "诉求属于这个分类。The petition is in this category.",
        petition_categories,
        petition_facts.c.category_id,
    )
    kind: PetitionKind = column(
        "它说明诉求人要什么。It says what is asked for.", petition_facts.c.kind
    )
    urgency: Urgency = column(
        "它说明有多紧急。It says how urgent the petition is.", petition_facts.c.urgency
    )
    level: Level = column(
        "它说明现在到哪一级。It says at which level the petition is now.", petition_facts.c.level
    )
    state: PetitionState = column(
        "它说明办理到哪一步。It says how far the handling is.", petition_facts.c.state
    )
    submitted_at: datetime = column(
        "诉求在这时提交。The petition was submitted at this time.", petition_facts.c.submitted_at
    )
    responded_at: datetime | None = column(
        "办理台在这时首次响应。The desk first responded at this time.",
        petition_facts.c.responded_at,
    )
    resolve_due_at: datetime = column(
        "最迟在这时答复。An answer was owed by this time.", petition_facts.c.resolve_due_at
    )
    is_overdue: bool = column("诉求未办结且已逾期。It is open but overdue.", views.is_case_overdue)
    petition: Petition | None = one(
        "这是诉求；未到过您的办理台则为空。\n"
        "This is the petition itself; it is null unless it has come to your desk.",
        petitions,
        {"community_id": petition_facts.c.community_id, "id": petition_facts.c.id},
    )
    viewer_can: Any = can(permissions("OverduePetition", policy.ISSUE))


@extend(District)
class OfDistrict:
    """It adds the overdue petitions under the viewer."""

    overdue_petitions: Connection[OverduePetition] | None = page(
        "这里列出您管辖的逾期诉求，最久的在前。"
        "This lists the overdue petitions under you, the longest first.",
        page_of(
            petition_facts,
            {
                "district_id": districts.c.district_id,
                "is_open": views.is_still_open,
                "resolve_overdue": views.is_late,
            },
            petition_facts.c.resolve_due_at,
            petition_facts.c.id,
            index="petition_fact_overdue",
            descending=False,
        ),
    )
