"""Content: what posts and comments have in common, and the moderation case about either."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    interface_type,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.schema.appeals import StreetAppeal
from api.schema.common import Connection, Node
from api.schema.members import Member
from api.schema.permissions import can, permissions
from api.schema.query import Query
from tenants.appeals.policy import TAKE_TO_STREET
from tenants.boards.cases import DECIDE_APPEAL
from tenants.boards.tables import NOTE_LENGTH, cases, comments, posts
from tenants.boards.tables import reactions as reaction_rows
from tenants.boards.views import (
    is_appeal_overdue,
    live_case,
    reactions_of_kind,
    report_count_for_staff,
    viewer_reacted,
)
from tenants.boards.words import CaseState, ContentState, ReactionKind, ReasonCode
from tenants.membership.street_appeals import street_appeals
from tenants.membership.tables import members
from tenants.scopes import Scope

b.set_prefix(posts, "pst")
b.set_prefix(comments, "cmt")
node_over(cases, "mod", "ModerationCase")

published(ContentState)
published(ReactionKind)
published(ReasonCode, "ModerationReason")
published(CaseState, "ModerationState")


@object_type
class ReactionCount:
    """它说明有多少人作了某种表态。It says how many members reacted in one way."""

    kind: ReactionKind = column("种类。The kind.", reaction_rows.c.kind)
    count: int = column("人数。How many members.", reactions_of_kind)
    viewer_has_reacted: bool = column("包括您。Whether you are one of them.", viewer_reacted)


@interface_type
class Content(Node):
    """帖子和评论都可以举报、隐藏和申诉。A post or a comment can be reported, hidden and appealed."""

    author: Member | None = strawberry.field(
        description="作者；已迁出或已删除则为空。The author; null once gone."
    )
    state: ContentState = strawberry.field(description="状态。State.")
    created_at: datetime = strawberry.field(description="发表时间。When it was written.")


@object_type
class ModerationCase(Node):
    """一次审核因待审、举报或隐藏而起，以附理由的决定告终；居委看得到，内容待审或被处理的作者也看得到。
    A hold, a report or a hiding opens a moderation case, and a reasoned decision ends it; the
    staff see it, and so does the author once the text is held or judged.
    """

    id: strawberry.ID = public_id()
    state: CaseState = column("进展。How far it is.", cases.c.state)
    subject: Content | None = bound(
        "所涉内容。What it is about.",
        b.Either(
            {
                "Post": b.One(posts, {"id": cases.c.post_id}),
                "Comment": b.One(comments, {"id": cases.c.comment_id}),
            }
        ),
    )
    opened_at: datetime = column("开始时间。When it was opened.", cases.c.opened_at)
    report_count: int | None = column(
        "举报人数，仅居委可见。How many reported it; for the staff only.", report_count_for_staff
    )
    reason_code: ReasonCode | None = column("原因类别。The reason's kind.", cases.c.reason_code)
    reason: str | None = column("决定的理由。Why it was so decided.", cases.c.reason)
    decided_by: Member | None = one("决定人。Who decided.", members, {"id": cases.c.decided_by})
    decided_at: datetime | None = column("决定时间。When.", cases.c.decided_at)
    appeal: str | None = column("作者的申诉。The author's appeal.", cases.c.appeal)
    appealed_at: datetime | None = column("申诉时间。When it was appealed.", cases.c.appealed_at)
    appeal_due_at: datetime | None = column(
        (
            "书记最迟裁定时间：三个工作日（本系统所定，非法定）。\n"
            "When a secretary owes a decision: three working days, by Linli's own rule and no statute's."
        ),
        cases.c.appeal_due_at,
    )
    is_appeal_overdue: bool = column("书记已逾期。The secretary is late.", is_appeal_overdue)
    street_appeal: StreetAppeal | None = one(
        "提交街镇的申诉。The appeal as it went to the street.",
        street_appeals,
        {"id": cases.c.street_appeal_id},
    )
    appeal_reason: str | None = column(
        "裁定的理由。Why the appeal was so decided.", cases.c.appeal_reason
    )
    appeal_decided_at: datetime | None = column(
        "裁定时间。When the appeal was decided.", cases.c.appeal_decided_at
    )
    viewer_can: Any = can(permissions("ModerationCase", DECIDE_APPEAL, TAKE_TO_STREET))


def _in_state(
    first: First = 20,
    after: After = None,
    state: Annotated[CaseState, strawberry.argument(description="进展。How far they are.")] = (
        CaseState.OPEN
    ),
) -> Any: ...


@extend(Query)
class OfQuery:
    """What the staff looks through."""

    moderation_queue: Connection[ModerationCase] | None = page(
        "待处理的审核，先到的在前。Cases that wait for the staff, oldest first.",
        b.Page(
            table=cases,
            on={"state": b.text_argument("state")},
            order=(cases.c.id,),
            index="moderation_case_by_state",
            descending=False,
        ),
        requires=Scope.CONTENT_MODERATE,
        resolver=_in_state,
    )


VERSION = "版本，修改时带回。Version: hand it back as `expectedVersion`."
DELETE_REASON = ("理由，删除他人内容时必填", "Why, required when it is another's", NOTE_LENGTH)


def reactions_to(table: Any) -> Any:
    """Declare the counted reactions to rows of `table`."""
    return bound(
        "各种反应的人数。Reactions, counted by kind.",
        b.Rows(
            table=reaction_rows,
            on={"subject_id": table.c.id},
            order=(reaction_rows.c.kind,),
            most=10,
            group_by=reaction_rows.c.kind,
        ),
    )


def moderation_of(table: Any) -> Any:
    """Declare the live case about rows of `table`."""
    return bound(
        "正在进行的审核：为何待审或隐藏。The live case, if any: why it is held or hidden.",
        b.One(cases, {"subject_id": table.c.id}, where=live_case),
    )
