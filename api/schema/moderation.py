"""The verbs that posts and comments share: react, report, hide, restore, appeal; and their answers."""

from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.bindings import outcome
from api.engine.declare import Outcome, bound, mutation, one, published
from api.engine.identifiers import PREFIX_LENGTH, decode_id
from api.schema.common import Payload, Retried
from api.schema.content import Content, ModerationCase
from tenants.boards.cases import APPEAL, DECIDE_APPEAL, HIDE, REPORT, RESTORE
from tenants.boards.policy import REACT
from tenants.boards.service import moderation, reactions
from tenants.boards.tables import cases, comments, posts
from tenants.boards.words import ReactionKind, ReasonCode
from tenants.transaction import Tx
from tenants.words import Words, word

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
class ReportContentInput(Retried):
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
class AppealModerationInput(Retried):
    """Input of appealModeration."""

    subject_id: strawberry.ID = strawberry.field(description=_SUBJECT)
    text: str = strawberry.field(description="申诉内容，1–500 字。The appeal, 1 to 500.")


class AppealDecision(Words):
    """What a secretary decides."""

    UPHOLD = word("维持隐藏", "It stays hidden")
    OVERTURN = word("恢复显示", "It is shown again")


published(
    AppealDecision,
    "ModerationAppealDecision",
    "对申诉的裁定。What is decided on an appeal against hiding.",
)


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


def _outcome(table: object, subject_id: object) -> Outcome:
    return {"post" if table is posts else "comment": subject_id}


@mutation(
    REACT[posts],
    "作出反应，每种一次；重复无害。React, once for each kind; doing so twice changes nothing.",
)
async def react(tx: Tx, input: ReactInput) -> Annotated[Outcome, ContentPayload]:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await reactions.react(tx, **subject, kind=input.kind.value)
    return _outcome(subject["table"], done)


@mutation(REACT[posts], "收回反应；没有也无害。Take a reaction back; harmless where there is none.")
async def unreact(tx: Tx, input: ReactInput) -> Annotated[Outcome, ContentPayload]:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await reactions.unreact(tx, **subject, kind=input.kind.value)
    return _outcome(subject["table"], done)


@mutation(
    REPORT[posts],
    "举报；作者不会知道是谁。Report to the staff; the author never learns who did. "
    "ALREADY_DONE if you have.",
)
async def report_content(tx: Tx, input: ReportContentInput) -> Annotated[Outcome, ContentPayload]:
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
    example=(
        "mutation { hideContent(input: {\n"
        '  subjectId: "pst_AZrY3kQkdI2QAQIDBAUGBw", reasonCode: SPAM, reason: "广告"\n'
        "}) { subject { __typename } userErrors { code message } } }"
    ),
)
async def hide_content(tx: Tx, input: HideContentInput) -> Annotated[Outcome, ContentPayload]:
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
async def restore_content(tx: Tx, input: RestoreContentInput) -> Annotated[Outcome, ContentPayload]:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await moderation.restore(tx, **subject, reason=input.reason)
    return _outcome(subject["table"], done)


@mutation(
    APPEAL[posts],
    "向书记申诉，由未作出隐藏决定的书记裁定；每次隐藏一次。\n"
    "Appeal to the secretary, another than who hid it; once for each hiding.",
)
async def appeal_moderation(
    tx: Tx, input: AppealModerationInput
) -> Annotated[Outcome, ContentPayload]:
    """Translate."""
    subject = _subject(input.subject_id)
    done = await moderation.appeal(tx, **subject, text=input.text)
    return _outcome(subject["table"], done)


@mutation(
    DECIDE_APPEAL,
    "裁定申诉；作出隐藏决定者和作者不得裁定。Decide an appeal; never who hid it, nor the author.",
)
async def decide_appeal(
    tx: Tx, input: DecideAppealInput
) -> Annotated[Outcome, ModerationCasePayload]:
    """Translate."""
    done = await moderation.decide_appeal(
        tx,
        case_id=decode_id(input.case_id, "mod_"),
        upheld=input.decision is AppealDecision.UPHOLD,
        reason=input.reason,
    )
    return {"case": done}
