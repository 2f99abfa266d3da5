"""Posts and comments share what is called content, and a moderation case is about either."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    filled,
    interface_type,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.lists import page_of, rows_of
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

    kind: ReactionKind = column("这是种类。This is the kind of reaction.", reaction_rows.c.kind)
    count: int = column(
        "有这么多成员这样表态。So many members reacted in this way.", reactions_of_kind
    )
    viewer_has_reacted: bool = column("您也在其中。You are one of them.", viewer_reacted)


@interface_type
class Content(Node):
    """帖子和评论都可以举报、隐藏和申诉。A post or a comment can be reported, hidden and appealed."""

    author: Member | None = filled(
        "这是作者；已迁出或已删除则为空。\n"
        "This is the author; it is null once they are gone or the text is deleted."
    )
    state: ContentState = filled("它说明谁看得到内容。It says who sees the content.")
    created_at: datetime = filled("这时发表。The content was written then.")


@object_type
class ModerationCase(Node):
    """一次审核因待审、举报或隐藏而起，以附理由的决定告终；居委看得到，内容待审或被处理的作者也看得到。
    A hold, a report or a hiding opens a moderation case, and a reasoned decision ends it; the
    staff see it, and so does the author once the text is held or judged.
    """

    id: strawberry.ID = public_id()
    state: CaseState = column("它说明审核的进展。It says how far the case is.", cases.c.state)
    subject: Content | None = bound(
        "审核针对这个内容。The case is about this content.",
        b.Either(
            {
                "Post": b.One(posts, {"id": cases.c.post_id}),
                "Comment": b.One(comments, {"id": cases.c.comment_id}),
            }
        ),
    )
    opened_at: datetime = column("审核在这时开始。The case was opened then.", cases.c.opened_at)
    report_count: int | None = column(
        "有这么多人举报；只有居委可见。So many members reported it; only the staff are told.",
        report_count_for_staff,
    )
    reason_code: ReasonCode | None = column(
        "这是原因的类别。This is the kind of reason.", cases.c.reason_code
    )
    reason: str | None = column("这是决定的理由。This is why it was so decided.", cases.c.reason)
    decided_by: Member | None = one(
        "这位成员作了决定。This member decided.", members, cases.c.decided_by
    )
    decided_at: datetime | None = column("决定在这时作出。It was decided then.", cases.c.decided_at)
    appeal: str | None = column("这是作者的申诉。This is the author's appeal.", cases.c.appeal)
    appealed_at: datetime | None = column(
        "作者在这时申诉。The author appealed at this time.", cases.c.appealed_at
    )
    appeal_due_at: datetime | None = column(
        (
            "书记最迟在这时裁定：三个工作日（本系统所定，非法定）。\n"
            "The secretary owes a decision by this time: three working days, by Linli's own rule "
            "and no statute's."
        ),
        cases.c.appeal_due_at,
    )
    is_appeal_overdue: bool = column(
        "它说明书记是否已逾期。It says whether the secretary is late.", is_appeal_overdue
    )
    street_appeal: StreetAppeal | None = one(
        "这是提交街镇的申诉。This is the appeal that went on to the street.",
        street_appeals,
        cases.c.street_appeal_id,
    )
    appeal_reason: str | None = column(
        "这是裁定申诉的理由。This is why the appeal was so decided.", cases.c.appeal_reason
    )
    appeal_decided_at: datetime | None = column(
        "申诉在这时裁定。The appeal was decided at this time.", cases.c.appeal_decided_at
    )
    viewer_can: Any = can(permissions("ModerationCase", DECIDE_APPEAL, TAKE_TO_STREET))


def _in_state(
    first: First = 20,
    after: After = None,
    state: Annotated[
        CaseState,
        strawberry.argument(description="只列出这种进展的。List only those of this state."),
    ] = (CaseState.OPEN),
) -> Any: ...


@extend(Query)
class OfQuery:
    """It adds the moderation cases that the staff decides."""

    moderation_queue: Connection[ModerationCase] | None = page(
        "这里列出待处理的审核，先到的在前。"
        "This lists the cases that wait for the staff, oldest first.",
        page_of(
            cases,
            {"state": b.text_argument("state")},
            index="moderation_case_by_state",
            descending=False,
        ),
        requires=Scope.CONTENT_MODERATE,
        resolver=_in_state,
    )


VERSION = (
    "修改时作为 `expectedVersion` 带回这个版本。\n"
    "Hand this version back as `expectedVersion` when you make a change."
)
DELETE_REASON = (
    "理由，删除他人内容时必填",
    "the reason, required when it is another's",
    NOTE_LENGTH,
)


def reactions_to(table: Any) -> Any:
    """Declare the counted reactions to rows of `table`."""
    return bound(
        "这里列出各种表态的人数。This counts the reactions by kind.",
        rows_of(
            reaction_rows,
            {"subject_id": table.c.id},
            reaction_rows.c.kind,
            most=10,
            group_by=reaction_rows.c.kind,
        ),
    )


def moderation_of(table: Any) -> Any:
    """Declare the live case about rows of `table`."""
    return bound(
        "这是正在进行的审核，说明为何待审或隐藏。\n"
        "This is the open case, if there is one; it says why the content is held or hidden.",
        b.One(cases, {"subject_id": table.c.id}, where=live_case),
    )
