"""Votes are polls among neighbours or decisions of meetings, with ballots and results."""

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
from api.engine.lists import page_of, rows_of
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
from tenants.votes import entries, procedure, views
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

    position: int = column(
        "选项按这个次序排列，从 0 起。The options stand in the order of this number, from 0.",
        vote_options.c.place,
    )
    label: str = column("这是选项的内容。This is what the option says.", vote_options.c.label)


@object_type
class VoteEvent:
    """投票经过的每一步只增加，不更改。A step of a vote is added and never changed."""

    at: datetime = column("事情在这时发生。It happened at this time.", vote_events.c.at)
    action: VoteAction = column("它说明做了什么。It says what was done.", vote_events.c.action)
    reason: str | None = column("这是理由。This is the reason.", vote_events.c.words)


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
    track: VoteTrack = column("它说明投票的用途。It says what the vote is for.", votes.c.track)
    secrecy: VoteSecrecy = column(
        "它说明是否秘密。It says whether the vote is secret.", votes.c.secrecy
    )
    board: Board | None = one(
        "征询在这个版块上。The poll is on this board.", boards, votes.c.board_id
    )
    meeting: Meeting | None = one(
        "表决事项属于这次会议。The decision is a matter of this meeting.",
        meetings,
        votes.c.meeting_id,
    )
    matter: str | None = column(
        "事项有这个代码，见 `decisionMatters`。The matter has this code, as in `decisionMatters`.",
        votes.c.matter,
    )
    author: Member | None = one(
        "这位成员发起；已迁出则为空。This member started it; it is null once they are gone.",
        members,
        votes.c.author_id,
    )
    buildings: list[str] | None = column(
        "只由这些楼栋的业主表决；不限则为空。\n"
        "The owners of these buildings alone decide it; it is null for all.",
        votes.c.buildings,
    )
    question: str = column("这是要问的问题。This is the question.", votes.c.question)
    details: str | None = column(
        "这是对问题的说明。These are the details of the question.", votes.c.details
    )
    method: Method = column("它说明选票怎样填写。It says how a ballot is marked.", votes.c.method)
    options: list[VoteOption] = bound(
        "这里按次序列出选项。This lists the options in their order.",
        rows_of(vote_options, {"vote_id": votes.c.id}, vote_options.c.place, most=MOST_OPTIONS),
    )
    most_marks: int = column(
        "每票最多选这么多项。A ballot marks so many options at most.", votes.c.most
    )
    seats: int = column("有这么多名额。So many options can win.", votes.c.seats)
    none_of_these: int | None = column(
        "“以上都不选”有这个次序，从不胜出。"
        "The option that refuses all others has this place; it never wins.",
        votes.c.none_of_these,
    )
    state: VoteState = column("它说明投票的进展。It says how far the vote is.", votes.c.state)
    created_at: datetime = column("投票在这时发起。The vote was started then.", votes.c.created_at)
    opens_at: datetime = column("投票在这时开始。The vote opens at this time.", votes.c.opens_at)
    closes_at: datetime = column(
        "投票在这时截止，不含此刻。"
        "The vote closes at this time: a ballot of that very moment is late.",
        votes.c.closes_at,
    )
    published_at: datetime | None = column("这时公布。It was published then.", votes.c.published_at)
    objections_until: datetime | None = column(
        "对结果可提异议至这时。The result may be objected to until this time.",
        votes.c.objections_until,
    )
    overturn_reason: str | None = column(
        "结果因此被撤销或责令改正。The result was overturned for this reason.",
        votes.c.overturned_why,
    )
    void_reason: str | None = column(
        "投票因此作废。The vote is void for this reason.", votes.c.void_reason
    )
    eligible: int | None = column(
        "名册上有这么多；开始前为空。So many are on the roll; it is null before it opens.",
        views.eligible,
    )
    eligible_area: int | None = column(
        (
            "名册上的专有部分有这么大面积，以 0.01 平方米计；不计面积或开始前为空。\n"
            "The parts on the roll have this area, in 0.01 m²; it is null where none counts, and "
            "before the notice."
        ),
        views.eligible_area,
    )
    turnout_percent: int | None = column(
        "这是参与率，取整，每十分钟更新一次。\n"
        "This is the turnout in whole percent; it is renewed every ten minutes.",
        views.turnout_percent,
    )
    viewer_is_on_roll: bool = column(
        "它说明您是否在名册上。It says whether you are on the roll.", views.is_on_roll
    )
    viewer_ballot: OwnBallot | None = one(
        "这是您的选票；没投则为空。This is your ballot; it is null if you have not voted.",
        vote_ballots,
        {"vote_id": votes.c.id, "voter_id": VIEWER},
    )
    viewer_ballots: list[OwnBallot] = bound(
        "这里列出由您投出的选票，每户一张。"
        "This lists your ballots: one for each entry that you cast for.",
        rows_of(
            vote_ballots,
            {"vote_id": votes.c.id},
            vote_ballots.c.voter_id,
            most=50,
            where=views.is_own_ballot,
        ),
    )
    result: VoteResult | None = one(
        "这是结果；公布前谁看都为空。"
        "This is the result; it is null for everybody before it is published.",
        vote_results,
        {"vote_id": votes.c.id},
    )
    ballots: Connection[NamedBallot] = page(
        "这里列出全部选票；公布前没有。"
        "This lists all ballots; it is empty before the result is published.",
        page_of(
            vote_ballots,
            {"vote_id": votes.c.id},
            vote_ballots.c.voter_id,
            descending=False,
            where=views.is_ballot_published,
        ),
    )
    objections: Connection[VoteObjection] = page(
        "这里列出对结果的异议，先提的在前。This lists the objections to the result, oldest first.",
        page_of(
            objections, {"vote_id": votes.c.id}, index="vote_objection_of_vote", descending=False
        ),
    )
    events: Connection[VoteEvent] = page(
        "这里列出经过，先发生的在前。This lists what happened, oldest first.",
        page_of(vote_events, {"vote_id": votes.c.id}, index="vote_event_of_vote", descending=False),
    )
    viewer_can: Any = can(
        permissions(
            "Vote",
            procedure.CAST,
            procedure.APPOINT_SCRUTINEER,
            procedure.ACCEPT_SCRUTINY,
            procedure.VOID_POLL,
            procedure.VOID_DECISION,
            entries.RECORD_PAPER,
            entries.CONFIRM_PAPER,
            procedure.TALLY,
            procedure.CERTIFY,
            procedure.OBJECT_TO_RESULT,
            procedure.OVERTURN,
        )
    )


def _listed(
    first: Annotated[
        int | None,
        strawberry.argument(description="填写每页条数，0–50。Give the number of rows, 0 to 50."),
    ] = 20,
    after: Annotated[
        Cursor | None,
        strawberry.argument(description="填写从哪个位置之后列起。Give the place to begin after."),
    ] = None,
    state: Annotated[
        VoteState | None,
        strawberry.argument(description="只列出这种状态的。List only those in this state."),
    ] = None,
) -> Any: ...


@extend(Community)
class OfCommunity:
    """It adds the votes of a community."""

    votes: Connection[Vote] | None = page(
        "这里列出投票，新的在前；社区之外看不到。"
        "This lists the votes, newest first; it is null from outside.",
        page_of(
            votes,
            communities.c.community_id,
            filters=(b.Filter(b.text_argument("state"), views.in_state),),
        ),
        resolver=_listed,
    )


@extend(Meeting)
class OfMeeting:
    """It adds the matters of a meeting."""

    matters: list[Vote] = bound(
        "这里按列入的次序列出议题。This lists its matters in their order.",
        rows_of(votes, {"meeting_id": meetings.c.id}, most=MOST_MATTERS),
    )
