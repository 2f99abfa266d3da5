"""Votes: polls among neighbours, with their ballots and results."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    Cursor,
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
from api.schema.boards import Board
from api.schema.common import Connection, Node
from api.schema.meetings import Meeting, VoteObjection
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.places import Community
from api.schema.vote_results import NamedBallot, OwnBallot, VoteResult
from tenants.boards.tables import boards
from tenants.columns import VIEWER
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.votes import procedure, views
from tenants.votes.ballots import Method
from tenants.votes.meetings import meetings
from tenants.votes.objections import objections
from tenants.votes.results import vote_ballots, vote_results
from tenants.votes.tables import (
    MOST_MATTERS,
    MOST_OPTIONS,
    VoteAction,
    VoteSecrecy,
    VoteState,
    VoteTrack,
    vote_events,
    vote_options,
    votes,
)

node_over(votes, "vot", "Vote")

published(VoteTrack)
published(VoteSecrecy)
published(VoteState)
published(Method, "VoteMethod")
published(VoteAction)


@object_type
class VoteOption:
    """一张选票对每个选项各有一个数，依选项的次序。
    A ballot has one mark for each option, in the order of the options.
    """

    position: int = column("次序，从 0 起。Its place, from 0.", vote_options.c.place)
    label: str = column("内容。What it says.", vote_options.c.label)


@object_type
class VoteEvent:
    """投票经过的每一步只增加，不更改。A step of a vote is added and never changed."""

    at: datetime = column("时间。When.", vote_events.c.at)
    action: VoteAction = column("做了什么。What was done.", vote_events.c.action)
    reason: str | None = column("理由。Why.", vote_events.c.words)


@object_type
class Vote(Node):
    """意见征询（POLL）只供参考，不作任何决定；表决（DECISION）是会议的一项议题，依所定规则计票。
    公布前谁都看不到别人的选票和任何票数；公布后有清单，人人可以重数：记名投票（RECORDED）的有姓名，
    秘密投票（SECRET）的只有号码，服务器也不知道谁投了什么。
    A POLL decides nothing; a DECISION is a matter of a meeting and is counted under its rule set.
    Before the result is published nobody sees another's ballot or any number of votes. Afterwards
    a list allows anybody to count again: of a RECORDED vote it has names; of a SECRET vote it has
    numbers only, and the server itself does not know who voted how.
    """

    id: strawberry.ID = public_id()
    track: VoteTrack = column("用途。What it is for.", votes.c.track)
    secrecy: VoteSecrecy = column("是否秘密。Whether it is secret.", votes.c.secrecy)
    board: Board | None = one(
        "征询所在的版块。The board of a poll.", boards, {"id": votes.c.board_id}
    )
    meeting: Meeting | None = one(
        "表决事项所属的会议。The meeting of a decision.", meetings, {"id": votes.c.meeting_id}
    )
    matter: str | None = column(
        "事项的代码，见 `decisionMatters`。The matter's code, as in `decisionMatters`.",
        votes.c.matter,
    )
    author: Member | None = one(
        "发起人；已迁出则为空。Who started it; null once gone.",
        members,
        {"id": votes.c.author_id},
    )
    buildings: list[str] | None = column(
        "只由这些楼栋的业主表决；不限则为空。The buildings whose owners alone decide it; null for all.",
        votes.c.buildings,
    )
    question: str = column("问题。The question.", votes.c.question)
    details: str | None = column("说明。Details.", votes.c.details)
    method: Method = column("表决方式。The method.", votes.c.method)
    options: list[VoteOption] = bound(
        "选项，按次序。The options, in their order.",
        b.Rows(
            table=vote_options,
            on={"vote_id": votes.c.id},
            order=(vote_options.c.place,),
            most=MOST_OPTIONS,
        ),
    )
    most_marks: int = column(
        "每票最多选几项。How many options a ballot marks at most.", votes.c.most
    )
    seats: int = column("名额。How many can win.", votes.c.seats)
    none_of_these: int | None = column(
        "“以上都不选”的次序，从不胜出。The option that refuses all others, which never wins.",
        votes.c.none_of_these,
    )
    state: VoteState = column("状态。State.", votes.c.state)
    created_at: datetime = column("发起时间。When it was started.", votes.c.created_at)
    opens_at: datetime = column("开始时间。When it opens.", votes.c.opens_at)
    closes_at: datetime = column(
        "截止时间，到此刻止，不含此刻。When it closes: a ballot of that very moment is late.",
        votes.c.closes_at,
    )
    published_at: datetime | None = column(
        "结果公布时间。When its result was published.", votes.c.published_at
    )
    objections_until: datetime | None = column(
        "对结果提异议的截止时间。Until when the result may be objected to.",
        votes.c.objections_until,
    )
    overturn_reason: str | None = column(
        "被撤销或责令改正的缘由。Why the result was overturned.", votes.c.overturned_why
    )
    void_reason: str | None = column("作废的理由。Why it is void.", votes.c.void_reason)
    eligible: int | None = column(
        "名册人数；开始前为空。How many are on the roll; null before it opens.", views.eligible
    )
    eligible_area: int | None = column(
        (
            "名册上的专有部分面积，以 0.01 平方米计；不计面积或开始前为空。\n"
            "The area on the roll, in 0.01 m²; null where none counts, and before the notice."
        ),
        views.eligible_area,
    )
    turnout_percent: int | None = column(
        "参与率，取整，每十分钟更新一次。Turnout in whole percent, renewed every ten minutes.",
        views.turnout_percent,
    )
    viewer_is_on_roll: bool = column("您在名册上。Whether you are on the roll.", views.is_on_roll)
    viewer_ballot: OwnBallot | None = one(
        "您的选票；没投则为空。Your ballot; null if you have not voted.",
        vote_ballots,
        {"vote_id": votes.c.id, "voter_id": VIEWER},
    )
    viewer_ballots: list[OwnBallot] = bound(
        "由您投出的选票，每户一张。The ballots of yours: one for each entry that you cast for.",
        b.Rows(
            table=vote_ballots,
            on={"vote_id": votes.c.id},
            order=(vote_ballots.c.voter_id,),
            most=50,
            where=views.is_own_ballot,
        ),
    )
    result: VoteResult | None = one(
        "结果；公布前为空，谁都一样。The result; null before it is published, for everybody.",
        vote_results,
        {"vote_id": votes.c.id},
    )
    ballots: Connection[NamedBallot] = page(
        "全部选票；公布前没有。All ballots; none before the result is published.",
        b.Page(
            table=vote_ballots,
            on={"vote_id": votes.c.id},
            order=(vote_ballots.c.voter_id,),
            index="vote_ballot_pkey",
            descending=False,
            where=views.is_ballot_published,
        ),
    )
    objections: Connection[VoteObjection] = page(
        "对结果的异议，先提的在前。Objections to the result, oldest first.",
        b.Page(
            table=objections,
            on={"vote_id": votes.c.id},
            order=(objections.c.id,),
            index="vote_objection_of_vote",
            descending=False,
        ),
    )
    events: Connection[VoteEvent] = page(
        "经过，先发生的在前。What happened, oldest first.",
        b.Page(
            table=vote_events,
            on={"vote_id": votes.c.id},
            order=(vote_events.c.id,),
            index="vote_event_of_vote",
            descending=False,
        ),
    )
    viewer_can: Any = can(
        permissions(
            "Vote",
            procedure.CAST,
            procedure.APPOINT_SCRUTINEER,
            procedure.ACCEPT_SCRUTINY,
            procedure.VOID_POLL,
            procedure.VOID_DECISION,
            procedure.RECORD_PAPER,
            procedure.CONFIRM_PAPER,
            procedure.TALLY,
            procedure.CERTIFY,
            procedure.OBJECT_TO_RESULT,
            procedure.OVERTURN,
        )
    )


def _listed(
    first: Annotated[
        int | None, strawberry.argument(description="每页条数，0–50。How many, 0 to 50.")
    ] = 20,
    after: Annotated[
        Cursor | None, strawberry.argument(description="从此之后。Begin after this place.")
    ] = None,
    state: Annotated[
        VoteState | None, strawberry.argument(description="只列此状态。In this state only.")
    ] = None,
) -> Any: ...


@extend(Community)
class OfCommunity:
    """The votes of a community."""

    votes: Connection[Vote] | None = page(
        "投票，新的在前；社区之外看不到。Votes, newest first; null from outside.",
        b.Page(
            table=votes,
            on={"community_id": communities.c.community_id},
            order=(votes.c.id,),
            index="vote_pkey",
            filters=(b.Filter(b.text_argument("state"), views.in_state),),
        ),
        resolver=_listed,
    )


@extend(Meeting)
class OfMeeting:
    """The matters of a meeting."""

    matters: list[Vote] = bound(
        "议题，按列入的次序。Its matters, in their order.",
        b.Rows(
            table=votes, on={"meeting_id": meetings.c.id}, order=(votes.c.id,), most=MOST_MATTERS
        ),
    )
