"""Content: what posts and comments have in common, and its moderation."""

import enum
from datetime import datetime
from typing import Any

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import bound, column, mutation, node_over, one, public_id
from api.engine.identifiers import PREFIX_LENGTH, decode_id
from api.schema.common import Node, Payload, Permission
from api.schema.members import Member
from tenants.boards.policy import APPEAL, DECIDE_APPEAL, HIDE, REACT, REPORT, RESTORE
from tenants.boards.service import moderation, reactions
from tenants.boards.tables import (
    CaseState,
    ContentState,
    ReactionKind,
    ReasonCode,
    cases,
    comments,
    posts,
)
from tenants.boards.tables import reactions as reaction_rows
from tenants.boards.views import reactions_of_kind, report_count_for_staff, viewer_reacted
from tenants.db import Tx
from tenants.membership.tables import members
from tenants.scopes import Scope

b.set_prefix(posts, "pst")
b.set_prefix(comments, "cmt")
node_over(cases, "mod", "ModerationCase", Scope.BOARD_READ)

strawberry.enum(
    ContentState,
    name="ContentState",
    description="PUBLISHED 可见；HELD 待审；HIDDEN 已隐藏；DELETED 已删除。Held and hidden: author and staff only.",
)
strawberry.enum(
    ReactionKind,
    name="ReactionKind",
    description="赞、感谢、支持、关心。One of each kind for each member.",
)
strawberry.enum(
    ReasonCode,
    name="ReasonCode",
    description="违法、辱骂、隐私、广告、不实、跑题、其他。Why something is reported or hidden.",
)
strawberry.enum(
    CaseState,
    name="ModerationState",
    description="待处理、保留、隐藏、申诉中、维持、恢复。OPEN waits for the staff, APPEALED for the secretary.",
)


@strawberry.type(description="某种反应的人数。How many reacted in one way.")
class ReactionCount:
    """One kind of reaction to one subject."""

    kind: ReactionKind = column("种类。The kind.", reaction_rows.c.kind)
    count: int = column("人数。How many members.", reactions_of_kind)
    viewer_reacted: bool = column("包括您。Whether you are one of them.", viewer_reacted)


@strawberry.interface(
    description="帖子或评论。A post or a comment: what can be reported, hidden and appealed."
)
class Content(Node):
    """Common to posts and comments."""

    author: Member | None = strawberry.field(
        description="作者；已迁出或已删除则为空。The author; null once gone."
    )
    state: ContentState = strawberry.field(description="状态。State.")
    created_at: datetime = strawberry.field(description="发表时间。When it was written.")


@strawberry.type(
    description=(
        "一次审核：因待审、举报或隐藏而起，以附理由的决定告终。\n"
        "A moderation case: opened by a hold, a report or a hiding, ended by a reasoned decision."
    )
)
class ModerationCase(Node):
    """Seen by the staff, and by the author once their words are held or judged."""

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
    appeal_reason: str | None = column(
        "裁定的理由。Why the appeal was so decided.", cases.c.appeal_reason
    )
    appeal_decided_at: datetime | None = column(
        "裁定时间。When the appeal was decided.", cases.c.appeal_decided_at
    )
    viewer_can_decide: Permission = bound(
        "您能否裁定申诉。Whether you may decide the appeal.", b.Permit.of(DECIDE_APPEAL)
    )


_SUBJECT = "帖子或评论。A post or a comment."
_TABLES = {"pst_": posts, "cmt_": comments}


def _subject(text: str) -> dict[str, Any]:
    """Tell a post's id from a comment's; anything else is looked for and not found."""
    prefix = text[:PREFIX_LENGTH]
    table = _TABLES.get(prefix, posts)
    return {"table": table, "subject_id": decode_id(text, prefix if prefix in _TABLES else "pst_")}


@strawberry.input(description="作出或收回一种反应。React, or take it back.")
class ReactInput:
    """Input of react and unreact."""

    subject_id: strawberry.ID = strawberry.field(description=_SUBJECT)
    kind: ReactionKind = strawberry.field(description="种类。The kind.")


@strawberry.input(description="举报。Report something to the staff.")
class ReportContentInput:
    """Input of reportContent."""

    subject_id: strawberry.ID = strawberry.field(description=_SUBJECT)
    reason_code: ReasonCode = strawberry.field(description="原因类别。Why.")
    note: str | None = strawberry.field(default=None, description="说明，≤500 字。More, ≤500.")


@strawberry.input(description="隐藏。Hide something.")
class HideContentInput:
    """Input of hideContent."""

    subject_id: strawberry.ID = strawberry.field(description=_SUBJECT)
    reason_code: ReasonCode = strawberry.field(description="原因类别。Why.")
    reason: str = strawberry.field(
        description="告诉作者的理由，1–500 字。The reason told to the author, 1 to 500."
    )


@strawberry.input(description="放行或恢复。Let through or bring back.")
class RestoreContentInput:
    """Input of restoreContent."""

    subject_id: strawberry.ID = strawberry.field(description=_SUBJECT)
    reason: str = strawberry.field(description="理由，1–500 字。Why, 1 to 500 characters.")


@strawberry.input(description="申诉。Appeal against a hiding.")
class AppealModerationInput:
    """Input of appealModeration."""

    subject_id: strawberry.ID = strawberry.field(description=_SUBJECT)
    text: str = strawberry.field(description="申诉内容，1–500 字。The appeal, 1 to 500.")


@strawberry.enum(
    description="维持隐藏，或予以恢复。UPHOLD keeps it hidden; OVERTURN brings it back."
)
class AppealDecision(enum.Enum):
    """What a secretary decides."""

    UPHOLD = "UPHOLD"
    OVERTURN = "OVERTURN"


@strawberry.input(description="裁定申诉。Decide an appeal.")
class DecideAppealInput:
    """Input of decideAppeal."""

    case_id: strawberry.ID = strawberry.field(description="审核。The case.")
    decision: AppealDecision = strawberry.field(description="裁定。The decision.")
    reason: str = strawberry.field(description="理由，1–500 字。Why, 1 to 500 characters.")


@strawberry.type(description="对帖子或评论所做之事的结果。What came of it.")
class ContentPayload(Payload):
    """The subject as it is now."""

    subject: Content | None = bound(
        "该帖子或评论；举报、隐藏后您可能看不到。The subject, if you still see it.",
        b.Either(
            {
                "Post": b.One(posts, {"id": outcome("post", posts)}),
                "Comment": b.One(comments, {"id": outcome("comment", comments)}),
            }
        ),
    )


@strawberry.type(description="`decideAppeal` 的结果。What came of it.")
class ModerationCasePayload(Payload):
    """The case as it is now."""

    case: ModerationCase | None = one("该审核。The case.", cases, {"id": outcome("case", cases)})


def _outcome(table: object, subject_id: object) -> Any:
    return {"post" if table is posts else "comment": subject_id}


@mutation(
    REACT[posts],
    "作出反应，每种一次；重复无害。React, once for each kind; doing so twice changes nothing.",
)
async def react(tx: Tx, input: ReactInput) -> ContentPayload:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await reactions.react(tx, **subject, kind=input.kind.value)
    return _outcome(subject["table"], done)


@mutation(REACT[posts], "收回反应；没有也无害。Take a reaction back; harmless where there is none.")
async def unreact(tx: Tx, input: ReactInput) -> ContentPayload:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await reactions.unreact(tx, **subject, kind=input.kind.value)
    return _outcome(subject["table"], done)


@mutation(
    REPORT[posts],
    "举报；作者不会知道是谁。Report to the staff; the author never learns who did. "
    "ALREADY_DONE if you have.",
)
async def report_content(tx: Tx, input: ReportContentInput) -> ContentPayload:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await moderation.report(
        tx, **subject, reason_code=input.reason_code.value, note=input.note
    )
    return _outcome(subject["table"], done)


@mutation(
    HIDE[posts],
    "隐藏他人的内容，须说明理由；作者可见理由并可申诉。\n"
    "Hide another's words with a reason, which the author sees and may appeal against.",
)
async def hide_content(tx: Tx, input: HideContentInput) -> ContentPayload:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await moderation.hide(
        tx, **subject, reason_code=input.reason_code.value, reason=input.reason
    )
    return _outcome(subject["table"], done)


@mutation(
    RESTORE[posts],
    "放行待审、驳回举报或恢复已隐藏的内容。Let through what is held, dismiss reports, or unhide.",
)
async def restore_content(tx: Tx, input: RestoreContentInput) -> ContentPayload:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await moderation.restore(tx, **subject, reason=input.reason)
    return _outcome(subject["table"], done)


@mutation(
    APPEAL[posts],
    "向书记申诉，由未作出隐藏决定的书记裁定；每次隐藏一次。\n"
    "Appeal to the secretary, another than who hid it; once for each hiding.",
)
async def appeal_moderation(tx: Tx, input: AppealModerationInput) -> ContentPayload:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await moderation.appeal(tx, **subject, text=input.text)
    return _outcome(subject["table"], done)


@mutation(
    DECIDE_APPEAL,
    "裁定申诉；作出隐藏决定者和作者不得裁定。Decide an appeal; never who hid it, nor the author.",
)
async def decide_appeal(tx: Tx, input: DecideAppealInput) -> ModerationCasePayload:
    """Translate."""
    done = await moderation.decide_appeal(
        tx,
        case_id=decode_id(input.case_id, "mod_"),
        upheld=input.decision is AppealDecision.UPHOLD,
        reason=input.reason,
    )
    return {"case": done}  # type: ignore[return-value] # an outcome
