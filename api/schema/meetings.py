"""Meetings that decide: notice, roll, attendance and objections."""

from datetime import date, datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    bound,
    column,
    given,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.places import Community
from api.schema.query import Query
from api.schema.rolls import RollEntry
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.votes import procedure, views
from tenants.votes.meetings import (
    MeetingState,
    ObjectionKind,
    ObjectionState,
    attendances,
    meetings,
    voters,
)
from tenants.votes.objections import objections
from tenants.votes.rules import Body, ElectronicForm, RuleSet, matters, rule_sets

node_over(meetings, "mtg", "Meeting")
node_over(objections, "obj", "VoteObjection")

published(MeetingState)
published(ObjectionKind, "VoteObjectionKind")
published(ObjectionState, "VoteObjectionState")
published(Body, "DecisionBody")
published(ElectronicForm, "DecisionElectronicForm")


@object_type
class DecisionRule:
    """表决规则规定一个组织自哪天起须有多少参与、多少同意，依据什么。
    A decision rule says how many of a body must take part and agree, from which day, and by which
    source.
    """

    code: str = strawberry.field(description="代码。Its code.")
    name: str = strawberry.field(description="名称。Its name.")
    body: Body = strawberry.field(description="由谁决定。Who decides.")
    source: str = strawberry.field(description="依据的法条。The article it follows.")
    effective_from: date = strawberry.field(description="何日起施行。In force from this day.")
    effective_to: date | None = strawberry.field(
        description="施行至何日；现行则为空。Its last day; null while it is in force."
    )
    quorum: list[str] = strawberry.field(
        description="参与的要求，如 `PERSONS > 1/2 ELIGIBLE`。How many must take part."
    )
    passing: list[str] = strawberry.field(
        description="通过的要求，如 `PERSONS > 1/2 ATTENDING`。How many must agree."
    )
    is_law: bool = strawberry.field(
        description=(
            "参与和同意的要求由法律规定；否则须先由区里核定，见 `ruleConfirmations`。\n"
            "A law says how many; otherwise the district confirms it first: `ruleConfirmations`."
        )
    )
    notice_days: int = strawberry.field(description="提前几天公告。Days of notice.")
    objection_days: int = strawberry.field(
        description="结果公布后几天内可提异议。Days in which a result may be objected to."
    )
    electronic_form: ElectronicForm = strawberry.field(
        description="线上表决可否单独成立。Whether ballots cast online make a decision."
    )
    party_first: str | None = strawberry.field(
        description=(
            "要求先经党组织研究讨论的法条；没有则为空。\n"
            "The article by which the Party organisation discusses it first; null where none does."
        )
    )
    house_rules: list[str] = strawberry.field(
        description="法律未定、由本系统所定的各项。What no law gives and this project chose."
    )


@object_type
class DecisionMatter:
    """会议可以决定这种事项，由规则规定哪个组织决定。
    A meeting may decide matters of this kind; the rules say which body decides.
    """

    code: str = strawberry.field(description="代码。Its code.")
    name: str = strawberry.field(description="名称。Its name.")
    source: str = strawberry.field(description="依据的法条。The article it follows.")
    rule_codes: list[str] = strawberry.field(
        description="可依据的规则。The rules under which it is decided."
    )


def _rule(rule: RuleSet) -> dict[str, Any]:
    return {
        "code": rule.code, "name": rule.name, "body": rule.body.name, "source": rule.source,
        "effectiveFrom": rule.begins.isoformat(),
        "effectiveTo": None if rule.until is None else rule.until.isoformat(),
        "quorum": [f"{unit} {each} {each.base}" for unit, each in rule.rule.quorum.items()],
        "passing": [f"{unit} {each} {each.base}" for unit, each in rule.rule.passing.items()],
        "isLaw": rule.is_law, "noticeDays": rule.notice_days, "objectionDays": rule.objection_days,
        "electronicForm": rule.electronic.name, "partyFirst": rule.party_first,
        "houseRules": sorted(rule.house_rules),
    }  # fmt: skip


@extend(Query)
class OfQuery:
    """The rules of decisions, the same everywhere."""

    decision_rules: list[DecisionRule] | None = given(
        "各组织作决定的规则，含已失效的。The rules of decisions, past ones included.",
        lambda _: [_rule(each) for each in rule_sets()],
    )
    decision_matters: list[DecisionMatter] | None = given(
        "会议可决定的事项，和由谁决定。What meetings decide, and which body does.",
        lambda _: [
            {
                "code": each.code, "name": each.name, "source": each.source,
                "ruleCodes": sorted(each.rules),
            }
            for each in matters().values()
        ],
    )  # fmt: skip


@object_type
class MeetingAttendance:
    """居委登记了到会的一人。The staff recorded one person who came to the sitting."""

    voter: Member | None = one(
        "谁；已迁出则为空，业主见 `entry`。Who; null once gone, and of owners: see `entry`.",
        members,
        {"id": attendances.c.voter_id},
    )
    entry: RollEntry | None = one(
        "名册上的哪一户。The entry of the roll.",
        voters,
        {"roll_id": attendances.c.roll_id, "voter_id": attendances.c.voter_id},
    )


@object_type
class VoteObjection(Node):
    """异议针对名册或结果；成员都看得到异议和裁定。
    An objection is made to a roll or a result; all members see it and its decision.
    """

    id: strawberry.ID = public_id()
    kind: ObjectionKind = column("对什么。What it is against.", objections.c.kind)
    author: Member | None = one(
        "谁提的；已迁出则为空。Who raised it; null once gone.",
        members,
        {"id": objections.c.author_id},
    )
    body: str = column("内容。What it says.", objections.c.words)
    state: ObjectionState = column("进展。How far it is.", objections.c.state)
    created_at: datetime = column("提出时间。When it was raised.", objections.c.made_at)
    decided_at: datetime | None = column("答复时间。When it was decided.", objections.c.decided_at)
    decision_reason: str | None = column(
        "答复的理由。Why it was so decided.", objections.c.decision_reason
    )
    viewer_can: Any = can(permissions("VoteObjection", procedure.DECIDE_OBJECTION))


@object_type
class Meeting(Node):
    """一次会议有一次公告、一份名册和若干议题；现场召开，同时线上投票。
    A meeting has one notice, one roll and several matters; it is held in a place, with ballots
    online beside it.
    """

    id: strawberry.ID = public_id()
    rule_code: str = column(
        "所依规则的代码，见 `decisionRules`。Its rule set's code, as in `decisionRules`.",
        meetings.c.rule_code,
    )
    title: str = column("名称。Its title.", meetings.c.title)
    agenda: str | None = column("议程说明。The agenda in words.", meetings.c.agenda)
    location: str = column("地点。Where it is held.", meetings.c.place)
    held_at: datetime = column("开会时间。When it is held.", meetings.c.held_at)
    opens_at: datetime = column("线上投票开始。When its votes open.", meetings.c.opens_at)
    closes_at: datetime = column("线上投票截止。When its votes close.", meetings.c.closes_at)
    party_discussed_on: date | None = column(
        "党组织研究讨论的日期。When the Party organisation discussed it.",
        meetings.c.party_discussed_on,
    )
    party_record: str | None = column(
        "党组织研究讨论的记录。The record of that discussion.", meetings.c.party_record
    )
    state: MeetingState = column("状态。State.", meetings.c.state)
    noticed_at: datetime | None = column("公告时间。When it was announced.", meetings.c.noticed_at)
    cancellation_reason: str | None = column(
        "取消的理由。Why it was cancelled.", meetings.c.cancel_reason
    )
    viewer_is_on_roll: bool = column(
        "您在名册上。Whether you are on the roll.", views.is_on_meetings_roll
    )
    roll: Connection[RollEntry] = page(
        "名册；公告后成员可见。The roll; seen by members from the notice on.",
        b.Page(
            table=voters,
            on={"roll_id": meetings.c.roll_id},
            order=(voters.c.voter_id,),
            index="vote_voter_pkey",
            descending=False,
        ),
    )
    viewer_entries: list[RollEntry] = bound(
        (
            "名册上由您投票的各户：您自己、您代表的业主和委托给您的。\n"
            "The entries of the roll that you cast for: yourself, heads of owners, and whose proxy you hold."
        ),
        b.Rows(
            table=voters,
            on={"roll_id": meetings.c.roll_id},
            order=(voters.c.voter_id,),
            most=50,
            where=views.is_cast_by_viewer,
        ),
    )
    attendance: Connection[MeetingAttendance] = page(
        "到会的人。Who came.",
        b.Page(
            table=attendances,
            on={"meeting_id": meetings.c.id},
            order=(attendances.c.voter_id,),
            index="meeting_attendance_pkey",
            descending=False,
        ),
    )
    objections: Connection[VoteObjection] = page(
        "对名册和结果的异议，先提的在前。Objections to its roll and its results, oldest first.",
        b.Page(
            table=objections,
            on={"meeting_id": meetings.c.id},
            order=(objections.c.id,),
            index="vote_objection_of_meeting",
            descending=False,
        ),
    )
    viewer_can: Any = can(
        permissions(
            "Meeting",
            procedure.ADD_MATTER,
            procedure.SET_ROLL,
            procedure.NOTICE_MEETING,
            procedure.CANCEL_MEETING,
            procedure.RECORD_ATTENDANCE,
            procedure.RECORD_SERVICE,
            procedure.ASSIGN_CASTER,
            procedure.REGISTER_PROXY,
            procedure.REVOKE_PROXY,
            procedure.OBJECT_TO_ROLL,
        )
    )


@extend(Community)
class OfCommunity:
    """The meetings of a community."""

    meetings: Connection[Meeting] | None = page(
        "会议，新的在前；社区之外看不到。Meetings, newest first; null from outside.",
        b.Page(
            table=meetings,
            on={"community_id": communities.c.community_id},
            order=(meetings.c.id,),
            index="meeting_pkey",
        ),
    )
