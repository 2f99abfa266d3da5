"""The members of the committee are appraised each year (民主评议)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    bound,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node
from api.schema.meetings import MeetingPermissions
from api.schema.members import Member
from api.schema.permissions import Permission, can, permission, permissions
from api.schema.places import Community
from api.schema.votes import Vote
from tenants.appraisals import policy, service
from tenants.appraisals.tables import AppraisalState, Verdict, appraisals, appraised
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.votes.meetings import meetings
from tenants.votes.tables import MOST_OPTIONS, VoteSecrecy, votes

node_over(appraisals, "apr", "Appraisal")

published(AppraisalState)
published(Verdict, "AppraisalVerdict")


@object_type
class AppraisedMember:
    """这是对一名居（村）委会成员的评议；连续两次不称职，职务终止（城市法第37条、村法第38条）。
    This is the judgement on one member of the committee; the second unfit in a row ends the office.
    """

    member: Member | None = one(
        "被评议的是这位成员；已迁出则为空。This member was appraised; it is null once they are gone.",
        members,
        {"id": appraised.c.member_id},
    )
    name: str = column("这是选票上的称呼。This is the name on the ballot.", appraised.c.name)
    verdict: Verdict | None = column(
        "这是结果；公布前为空。This is the verdict; it is null before it is published.",
        appraised.c.verdict,
    )
    fit: int | None = column("这么多人评为称职。So many say fit.", appraised.c.fit)
    unfit: int | None = column("这么多人评为不称职。So many say unfit.", appraised.c.unfit)
    is_office_ended: bool = column(
        "它说明职务是否因此终止。It says whether the office ended by it.", appraised.c.is_ended
    )


@object_type
class Appraisal(Node):
    """民主评议每年至少一次，由监督委员会主持，是会议的一项表决，结果公布。
    An appraisal takes place at least once a year, is chaired by the supervision committee, and is a
    vote of a meeting whose result is published.
    """

    id: strawberry.ID = public_id()
    year: int = column("评议属于这一年。The appraisal is of this year.", appraisals.c.year)
    state: AppraisalState = column(
        "它说明评议的进展。It says how far the appraisal is.", appraisals.c.state
    )
    vote: Vote | None = one(
        "评议依这项表决作出。The appraisal is made by this vote.",
        votes,
        {"id": appraisals.c.vote_id},
    )
    drafted_at: datetime = column(
        "评议在这时列入议题。It was put on an agenda at this time.", appraisals.c.drafted_at
    )
    ended_at: datetime | None = column(
        "结果在这时公布。Its result was published at this time.", appraisals.c.ended_at
    )
    members: list[AppraisedMember] = bound(
        "这里列出被评议的成员，按选票上的次序。This lists who is appraised, in the order of the ballot.",
        b.Rows(
            table=appraised,
            on={"appraisal_id": appraisals.c.id},
            order=(appraised.c.place,),
            most=MOST_OPTIONS,
        ),
    )
    viewer_can: Any = can(permissions("Appraisal", policy.PUBLISH_APPRAISAL))


@extend(Community)
class OfCommunity:
    """It adds how the committee was appraised."""

    appraisals: Connection[Appraisal] | None = page(
        "这里列出民主评议，新的在前。This lists the appraisals, newest first.",
        b.Page(
            table=appraisals,
            on={"community_id": communities.c.community_id},
            order=(appraisals.c.id,),
            index="appraisal_pkey",
        ),
    )


@extend(MeetingPermissions)
class OfMeetingPermissions:
    """It adds whether the viewer may put an appraisal on the agenda of a meeting."""

    draft_appraisal: Permission = permission(policy.DRAFT_APPRAISAL)


_APPRAISAL = {"appraisal": link(Appraisal, appraisals)}


@verb(policy.DRAFT_APPRAISAL, _APPRAISAL, service.draft)
class DraftAppraisal(Keyed):
    """把对居（村）委会全体成员的民主评议列入一次会议的议题，限监督委员。
    Put the appraisal of the whole committee on the agenda of a drafted meeting; the supervision \
committee only.
    """

    meeting_id: UUID = ref(meetings)
    secrecy: VoteSecrecy = field(
        "填写是否秘密；秘密表决须有三位监票人。\n"
        "Say whether it is secret; a secret one has three scrutineers.",
        VoteSecrecy.RECORDED,
    )


@verb(policy.PUBLISH_APPRAISAL, _APPRAISAL, service.publish)
class PublishAppraisal:
    """表决结果生效后公布评议结果，限监督委员；连续两次不称职者职务终止。
    Publish the verdicts once the vote is final; the supervision committee only. An office ends with \
the second unfit in a row.
    """

    appraisal_id: UUID = ref(appraisals)
