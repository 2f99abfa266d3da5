"""Pacts are made by residents, reviewed and filed by the street, and signed by households."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
)
from api.engine.extend import extend
from api.schema.common import Connection, Node
from api.schema.pact_parts import PactEvent, PactMatter, PactSignature, PactSuggestion
from api.schema.pact_versions import PactDraftClause, PactVersion
from api.schema.permissions import can, permissions
from api.schema.places import Community
from api.schema.property_areas import PropertyArea
from tenants.owners.tables import property_areas
from tenants.pacts import procedure, views
from tenants.pacts.events import pact_events
from tenants.pacts.matters import pact_votes
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pacts
from tenants.pacts.versions import draft_clauses, pact_versions
from tenants.pacts.words import PactKind, PactState
from tenants.places.tables import communities

node_over(pacts, "pct", "Pact")


@object_type
class Pact(Node):
    """这是一件公约的一次制定；修订是另一件，施行后取代前一件。成员都看得到；街镇看得到报送给它的。
    This is one making of a pact; an amendment is another, and takes the place of the one before. All \
members see it, and a street sees what was handed to it.
    """

    id: strawberry.ID = public_id()
    kind: PactKind = column("这是公约的种类。This is its kind.", pacts.c.kind)
    title: str = column("这是公约的名称。This is its title.", pacts.c.title)
    state: PactState = column("这是它的进展。This is how far it is.", pacts.c.state)
    community: Community | None = one(
        "这是它的社区。This is its community.", communities, {"community_id": pacts.c.community_id}
    )
    building: str | None = column(
        "楼组公约为这栋楼而定。A building's pact is for this building.", pacts.c.building
    )
    property_area: PropertyArea | None = one(
        "管理规约为这个物业区域而定。An owners' pact is for this property area.",
        property_areas,
        {"id": pacts.c.area_id},
    )
    created_at: datetime = column("制定在这时启动。Its making began then.", pacts.c.started_at)
    latest_version: PactVersion | None = one(
        "这是最近公布的版本；还没有则为空。This is the version published last; it is null before there is one.",
        pact_versions,
        {"community_id": pacts.c.community_id, "id": pacts.c.version_id},
    )
    versions: Connection[PactVersion] = page(
        "这里列出公布的版本，先公布的在前。This lists the published versions, oldest first.",
        b.Page(
            table=pact_versions,
            on={"community_id": pacts.c.community_id, "pact_id": pacts.c.id},
            order=(pact_versions.c.number,),
            index="pact_version_by_number",
            descending=False,
        ),
    )
    draft: Connection[PactDraftClause] | None = page(
        "这里列出正在起草的条文；限居委和书记。This lists the clauses being drafted, for the staff only.",
        b.Page(
            table=draft_clauses,
            on={"pact_id": pacts.c.id},
            order=(draft_clauses.c.place,),
            index="pact_draft_clause_pkey",
            descending=False,
        ),
    )
    suggestions: Connection[PactSuggestion] | None = page(
        "这里列出对它的建议，先提的在前。This lists the suggestions on it, oldest first.",
        b.Page(
            table=pact_suggestions,
            on={"pact_id": pacts.c.id},
            order=(pact_suggestions.c.id,),
            index="pact_suggestion_of_pact",
            descending=False,
        ),
    )
    review_due_at: datetime | None = column(
        "街镇应在这时之前答复（本系统所定）。The street owes an answer by then, which is a house rule.",
        pacts.c.review_due_at,
    )
    is_review_overdue: bool = column(
        "街镇的答复已逾期；逾期不算通过。The street's answer is overdue, which approves nothing.",
        views.is_review_overdue,
    )
    matters: Connection[PactMatter] | None = page(
        "这里列出就它表决的议题，先提请的在前。This lists the matters that decide on it, oldest first.",
        b.Page(
            table=pact_votes,
            on={"pact_id": pacts.c.id},
            order=(pact_votes.c.put_at, pact_votes.c.vote_id),
            index="pact_vote_of_pact",
            descending=False,
        ),
    )
    adopted_at: datetime | None = column(
        "通过它的决定在这时生效。The decision that passed it was final then.", pacts.c.adopted_at
    )
    attending: int | None = column(
        "表决它的会议到会这么多。So many were present when it was decided.", pacts.c.attending
    )
    women_attending: int | None = column(
        "到会的有这么多妇女。So many of them were women.", pacts.c.women_attending
    )
    filing_due_at: datetime | None = column(
        "居委应在这时之前备案（本系统所定）。The committee owes its filing by then, which is a house rule.",
        pacts.c.filing_due_at,
    )
    is_filing_overdue: bool = column("备案已逾期。The filing is overdue.", views.is_filing_overdue)
    filed_at: datetime | None = column("它在这时备案。It was filed then.", pacts.c.filed_at)
    filing_document: str | None = column(
        "这是备案的文号或回执。This is the number of the filing.", pacts.c.document
    )
    in_force_on: date | None = column(
        "它自这一天起施行。It is in force from this day.", views.in_force_on
    )
    revision_on: date | None = column(
        "到这一天应当复审。It should be looked at again on this day.", views.revision_on
    )
    is_revision_due: bool = column("复审的日期已到。That day has come.", views.is_revision_due)
    ended_at: datetime | None = column("它在这时终止。It ended then.", pacts.c.ended_at)
    ending_reason: str | None = column("这是终止的理由。This is why it ended.", pacts.c.ended_why)
    signature_count: int | None = column(
        "最近的版本有这么多户签署。So many households have signed the latest version.",
        views.signature_count,
    )
    viewer_signature: PactSignature | None = one(
        "这是您家对最近版本的签署；没有则为空。This is your household's signature on the latest version, if any.",
        pact_signatures,
        {"version_id": pacts.c.version_id},
        where=views.is_of_viewers_household,
    )
    signatures: Connection[PactSignature] | None = page(
        "这里列出签署；居委看全部，成员看自己家的。This lists signatures: all for the staff, their own for members.",
        b.Page(
            table=pact_signatures,
            on={"pact_id": pacts.c.id},
            order=(pact_signatures.c.id,),
            index="pact_signature_of_pact",
            descending=False,
        ),
    )
    events: Connection[PactEvent] | None = page(
        "这里列出经过，先发生的在前。This lists what happened, oldest first.",
        b.Page(
            table=pact_events,
            on={"pact_id": pacts.c.id},
            order=(pact_events.c.id,),
            index="pact_event_of_pact",
            descending=False,
        ),
    )
    version: int = column(
        "保存草案时以它防止互相覆盖。It keeps two from overwriting each other's draft.",
        pacts.c.version,
    )
    viewer_can: Any = can(
        permissions(
            "Pact",
            *(step for step in procedure.PACTS.steps if step.from_),
            procedure.SET_DRAFT,
            procedure.SUGGEST,
            procedure.SUBMIT_REPEAL,
            procedure.SIGN,
            procedure.RECORD_SIGNATURE,
        )
    )


@extend(PactMatter)
class OfMatter:
    """A matter decides a pact."""

    pact: Pact | None = one("这是该公约。This is the pact.", pacts, {"id": pact_votes.c.pact_id})


def _listed(
    first: First = 20,
    after: After = None,
    state: Annotated[
        PactState | None,
        strawberry.argument(description="只列出这种状态的。List only those in this state."),
    ] = None,
    kind: Annotated[
        PactKind | None,
        strawberry.argument(description="只列出这一类的。List only those of this kind."),
    ] = None,
) -> Any: ...


@extend(Community)
class OfCommunity:
    """A community has pacts."""

    pacts: Connection[Pact] | None = page(
        "这里列出公约，新的在前。This lists its pacts, newest first.",
        b.Page(
            table=pacts,
            on={"community_id": communities.c.community_id},
            order=(pacts.c.id,),
            index="pact_pkey",
            filters=(
                b.Filter(b.text_argument("state"), views.in_state),
                b.Filter(b.text_argument("kind"), views.of_kind),
            ),
        ),
        resolver=_listed,
    )
