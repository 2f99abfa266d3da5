"""Residents and villagers authorise their representatives to decide some matters."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import column, node_over, object_type, one, page, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.places import Community
from api.schema.votes import Vote
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.votes.authorisations import (
    RECORD,
    REVOKE,
    AuthorisationState,
    AuthorisationWay,
    authorisations,
    is_in_force,
)
from tenants.votes.meetings import RECORD_LENGTH
from tenants.votes.service import authorising
from tenants.votes.tables import votes

node_over(authorisations, "aut", "Authorisation")

published(AuthorisationWay)
published(AuthorisationState)


@object_type
class Authorisation(Node):
    """居民会议或村民会议授权代表会议决定这些事项，到某日为止。
    The meeting of all lets the representatives decide matters of these kinds, until a day.
    """

    id: strawberry.ID = public_id()
    matters: list[str] = column(
        "这里列出事项的代码，见 `decisionMatters`。\n"
        "This lists the matters' codes, as in `decisionMatters`.",
        authorisations.c.matters,
    )
    way: AuthorisationWay = column(
        "它说明怎样授权。It says how the authorisation was given.", authorisations.c.way
    )
    vote: Vote | None = one(
        "这项表决作出授权；书面的则为空。This vote gave it; it is null if it is on paper.",
        votes,
        authorisations.c.vote_id,
    )
    document: str | None = column(
        "这份书面决定作出授权。This document gave it.", authorisations.c.document
    )
    decided_on: date = column("这一天决定。It was given on this day.", authorisations.c.decided_on)
    expires_on: date | None = column(
        "这是最后一天；直至收回则为空。\n"
        "This is its last day; it is null where it holds until it is revoked.",
        authorisations.c.expires_on,
    )
    state: AuthorisationState = column(
        "它说明授权是否已收回。It says whether the authorisation was revoked.",
        authorisations.c.state,
    )
    is_in_force: bool = column(
        "它今天有效：没有收回、没有到期，作出授权的表决没有被推翻。\n"
        "It holds today: it is neither revoked nor expired, and its vote was not overturned.",
        is_in_force,
    )
    recorded_at: datetime = column("这时登记。It was recorded then.", authorisations.c.recorded_at)
    recorded_by: Member | None = one(
        "这位成员登记；已迁出则为空。This member recorded it; it is null once they are gone.",
        members,
        authorisations.c.recorded_by,
    )
    revoked_at: datetime | None = column(
        "这时收回。It was revoked then.", authorisations.c.revoked_at
    )
    revocation_reason: str | None = column(
        "授权因此收回。It was revoked for this reason.", authorisations.c.revoke_reason
    )
    viewer_can: Any = can(permissions("Authorisation", REVOKE))


@extend(Community)
class OfCommunity:
    """It adds what the representatives may decide."""

    authorisations: Connection[Authorisation] | None = page(
        "这里列出对代表会议的授权，新的在前；社区之外看不到。\n"
        "This lists what the representatives were authorised to decide, newest first; it is null "
        "from outside.",
        b.Page(
            table=authorisations,
            on={"community_id": communities.c.community_id},
            order=(authorisations.c.id,),
            index="authorisation_pkey",
        ),
    )


@extend(Vote)
class OfVote:
    """It adds by what right representatives decide."""

    authorisation: Authorisation | None = one(
        "代表会议依这项授权决定；不需授权则为空。\n"
        "Representatives decide it by this authorisation; it is null where they need none.",
        authorisations,
        votes.c.authorisation_id,
    )


_AUTHORISATION = {"authorisation": link(Authorisation, authorisations)}


@verb(RECORD, _AUTHORISATION, authorising.record)
class RecordAuthorisation(Keyed):
    """登记对代表会议的授权：依据本系统中已生效的表决，或者书面决定。限书记和监督委员。
    Record what representatives may decide: by a vote here that is final, or by a document. Only the \
secretary and supervisors may.
    """

    matters: list[str] = field(
        "填写 1–10 种事项的代码，见 `decisionMatters`。\n"
        "Give the codes of 1 to 10 kinds of matters, as in `decisionMatters`."
    )
    way: AuthorisationWay = field(
        "选择怎样授权。Choose how it was given.", AuthorisationWay.MEETING
    )
    vote_id: UUID | None = ref(
        votes, "填写作出授权的表决的标识。Give the id of the vote that gave it."
    )
    document: str | None = text("书面决定的名称和文号", "the document that gave it", RECORD_LENGTH)
    decided_on: date | None = field("填写书面决定的日期。Give the day of the document.")
    expires_on: date | None = field(
        "填写最后一天；不填则直至收回。Give its last day; it holds until it is revoked if this is "
        "left out."
    )


@verb(REVOKE, _AUTHORISATION)
class RevokeAuthorisation:
    """登记授权已收回，从当天起不再有效，须写明缘由。限书记和监督委员。
    Record that an authorisation was revoked, and by what: it holds no longer from this day on. Only \
the secretary and supervisors may.
    """

    authorisation_id: UUID = ref(authorisations)
    reason: str = text("缘由和文号，成员可见", "the reason, which members read")
