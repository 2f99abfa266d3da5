"""Meetings that decide: notice, roll, attendance and objections."""

from datetime import date, datetime
from typing import Any

import strawberry

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
from api.engine.lists import page_of, rows_of
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.petitions import Petition
from api.schema.places import Community
from api.schema.rolls import RollEntry
from tenants.membership.tables import members
from tenants.petitions.tables import petitions
from tenants.places.tables import communities
from tenants.votes import calls, entries, procedure, views
from tenants.votes.meetings import (
    MeetingState,
    ObjectionKind,
    ObjectionState,
    attendances,
    meetings,
    voters,
)
from tenants.votes.objections import objections

node_over(meetings, "mtg", "Meeting")
node_over(objections, "obj", "VoteObjection")

published(MeetingState)
published(ObjectionKind, "VoteObjectionKind")
published(ObjectionState, "VoteObjectionState")


@object_type
class MeetingAttendance:
    """居委登记了到会的一人。The staff recorded one person who came to the sitting."""

    voter: Member | None = one(
        "这位成员到会；已迁出则为空，业主见 `entry`。\n"
        "This member came; it is null once they are gone, and for owners see `entry`.",
        members,
        attendances.c.voter_id,
    )
    entry: RollEntry | None = one(
        "到会的是名册上的这一户。This entry of the roll came.",
        voters,
        {"roll_id": attendances.c.roll_id, "voter_id": attendances.c.voter_id},
    )


@object_type
class VoteObjection(Node):
    """异议针对名册或结果；成员都看得到异议和裁定。
    An objection is made to a roll or a result; all members see it and its decision.
    """

    id: strawberry.ID = public_id()
    kind: ObjectionKind = column(
        "它说明异议针对什么。It says what the objection is against.", objections.c.kind
    )
    author: Member | None = one(
        "这位成员提出异议；已迁出则为空。"
        "This member raised the objection; it is null once they are gone.",
        members,
        objections.c.author_id,
    )
    body: str = column("这是异议的内容。This is what the objection says.", objections.c.words)
    state: ObjectionState = column(
        "它说明异议的进展。It says how far the objection is.", objections.c.state
    )
    created_at: datetime = column("这时提出。The objection was raised then.", objections.c.made_at)
    decided_at: datetime | None = column("这时裁定。It was decided then.", objections.c.decided_at)
    decision_reason: str | None = column(
        "这是裁定的理由。This is why it was so decided.", objections.c.decision_reason
    )
    viewer_can: Any = can(permissions("VoteObjection", procedure.DECIDE_OBJECTION))


MeetingPermissions = permissions(
    "Meeting",
    procedure.ADD_MATTER,
    procedure.SET_ROLL,
    procedure.NOTICE_MEETING,
    procedure.CANCEL_MEETING,
    entries.EXTEND,
    entries.RECORD_ATTENDANCE,
    entries.TELL_AUTHORITIES,
    entries.RECORD_SERVICE,
    entries.ASSIGN_CASTER,
    entries.REGISTER_PROXY,
    entries.REVOKE_PROXY,
    procedure.OBJECT_TO_ROLL,
)


@object_type
class Meeting(Node):
    """一次会议有一次公告、一份名册和若干议题；现场召开，同时线上投票。
    A meeting has one notice, one roll and several matters; it is held in a place, with ballots
    online beside it.
    """

    id: strawberry.ID = public_id()
    rule_code: str = column(
        "会议依这项规则，代码见 `decisionRules`。\n"
        "The meeting follows the rule set of this code, as in `decisionRules`.",
        meetings.c.rule_code,
    )
    title: str = column("这是会议的名称。This is the meeting's title.", meetings.c.title)
    agenda: str | None = column("这是议程的说明。This is the agenda in words.", meetings.c.agenda)
    location: str = column("这是开会的地点。It is held at this place.", meetings.c.place)
    held_at: datetime = column("会议在这时召开。The meeting is held then.", meetings.c.held_at)
    opens_at: datetime = column("线上投票在这时开始。Its votes open then.", meetings.c.opens_at)
    closes_at: datetime = column("线上投票在这时截止。Its votes close then.", meetings.c.closes_at)
    extendable_until: datetime | None = column(
        "投票最多可延期至这时，随公告告知；不可延期则为空。\n"
        "As the notice says, its votes may be extended until then; it is null where they may not.",
        meetings.c.extends_until,
    )
    extended_at: datetime | None = column(
        "投票在这时延期，只可一次。Its votes were extended then, which is done once only.",
        meetings.c.extended_at,
    )
    extension_reason: str | None = column(
        "投票因此延期。Its votes were extended for this reason.", meetings.c.extension_reason
    )
    petition: Petition | None = one(
        "这件诉求联名提请召开会议；不是联名提请的则为空。\n"
        "This petition's supporters asked for the meeting; it is null where none did.",
        petitions,
        meetings.c.petition_id,
    )
    party_discussed_on: date | None = column(
        "党组织在这一天研究讨论。The Party organisation discussed it on this day.",
        meetings.c.party_discussed_on,
    )
    party_record: str | None = column(
        "这是党组织研究讨论的记录。This is the record of that discussion.", meetings.c.party_record
    )
    state: MeetingState = column(
        "它说明会议是否已公告。It says whether the meeting was announced.", meetings.c.state
    )
    noticed_at: datetime | None = column("这时公告。It was announced then.", meetings.c.noticed_at)
    cancellation_reason: str | None = column(
        "会议因此取消。The meeting was cancelled for this reason.", meetings.c.cancel_reason
    )
    viewer_is_on_roll: bool = column("您在名册上。You are on the roll.", views.is_on_meetings_roll)
    roll: Connection[RollEntry] = page(
        "这是名册；公告后成员可见。This is the roll; members see it from the notice on.",
        page_of(voters, meetings.c.roll_id, voters.c.voter_id, descending=False),
    )
    viewer_entries: list[RollEntry] = bound(
        (
            "这里列出名册上由您投票的各户：您自己、您代表的业主和委托给您的。\n"
            "This lists the entries of the roll that you cast for: yourself, heads of owners, "
            "and those whose proxy you hold."
        ),
        rows_of(
            voters, meetings.c.roll_id, voters.c.voter_id, most=50, where=views.is_cast_by_viewer
        ),
    )
    attendance: Connection[MeetingAttendance] = page(
        "这里列出到会的人。This lists who came.",
        page_of(
            attendances, {"meeting_id": meetings.c.id}, attendances.c.voter_id, descending=False
        ),
    )
    objections: Connection[VoteObjection] = page(
        "这里列出对名册和结果的异议，先提的在前。\n"
        "This lists objections to its roll and its results, oldest first.",
        page_of(
            objections,
            {"meeting_id": meetings.c.id},
            index="vote_objection_of_meeting",
            descending=False,
        ),
    )
    viewer_can: Any = can(MeetingPermissions)


@extend(Petition)
class OfPetition:
    """It adds what came of asking for a meeting."""

    meeting: Meeting | None = one(
        "为它召集的会议；没有或已取消则为空。\n"
        "This meeting is called for it; it is null where there is none, or it was cancelled.",
        meetings,
        {"petition_id": petitions.c.id},
        where=calls.is_live,
    )


@extend(Community)
class OfCommunity:
    """It adds the meetings of a community."""

    meetings: Connection[Meeting] | None = page(
        "这里列出会议，新的在前；社区之外看不到。\n"
        "This lists the meetings, newest first; it is null from outside.",
        page_of(meetings, communities.c.community_id),
    )
