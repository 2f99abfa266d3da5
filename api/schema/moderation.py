"""Posts and comments share these verbs and their answers: react, report, hide, restore, appeal."""

from uuid import UUID

from api.engine import bindings as b
from api.engine.declare import bound, published
from api.engine.inputs import Retried, Subject, either, field, ref, text
from api.engine.payloads import Answer, link
from api.engine.verbs import Outcome, verb
from api.schema.content import Content, ModerationCase
from tenants.boards.cases import APPEAL, DECIDE_APPEAL, HIDE, REPORT, RESTORE
from tenants.boards.policy import REACT
from tenants.boards.service import moderation, reactions
from tenants.boards.tables import NOTE_LENGTH, cases, comments, posts
from tenants.boards.words import ReactionKind, ReasonCode
from tenants.transaction import Tx
from tenants.words import Words, word

_CONTENT = {
    "subject": Answer(
        Content | None,
        lambda _: bound(
            "这是该帖子或评论；举报、隐藏后您可能看不到。\n"
            "This is the post or comment; it is null if you no longer see it.",
            b.Either(
                {
                    "Post": b.One(posts, {"id": b.outcome("post", posts)}),
                    "Comment": b.One(comments, {"id": b.outcome("comment", comments)}),
                }
            ),
        ),
    )
}


class _OnContent:
    subject_id: Subject = either(
        "填写帖子或评论的标识。Give the id of a post or comment.", posts, comments
    )

    def make_outcome(self, done: UUID) -> Outcome:
        """Return the id under the name of its kind."""
        return {"post" if self.subject_id.table is posts else "comment": done}


class _Reaction(_OnContent):
    kind: ReactionKind = field("选择种类。Choose the kind.")


@verb(REACT[posts], _CONTENT, reactions.react)
class React(_Reaction):
    """作出反应，每种一次；重复无害。React, once for each kind; doing so twice changes nothing."""


@verb(REACT[posts], _CONTENT, reactions.unreact)
class Unreact(_Reaction):
    """收回反应；没有也无害。Take a reaction back; harmless where there is none."""


@verb(REPORT[posts], _CONTENT, moderation.report)
class ReportContent(_OnContent, Retried):
    """举报；作者不会知道是谁。Report to the staff; the author never learns who did. ALREADY_DONE if you have."""

    reason_code: ReasonCode = field("选择原因类别。Choose the kind of reason.")
    note: str | None = text("说明", "more about it", NOTE_LENGTH)


@verb(
    HIDE[posts],
    _CONTENT,
    moderation.hide,
    example=(
        "mutation { hideContent(input: {\n"
        '  subjectId: "pst_AZrY3kQkdI2QAQIDBAUGBw", reasonCode: SPAM, reason: "广告"\n'
        "}) { subject { __typename } userErrors { code message } } }"
    ),
)
class HideContent(_OnContent):
    """隐藏他人的内容，须说明理由；作者可见理由并可申诉。
    Hide another's words with a reason, which the author sees and may appeal against.
    """

    reason_code: ReasonCode = field("选择原因类别。Choose the kind of reason.")
    reason: str = text("告诉作者的理由", "the reason that the author is told")


@verb(RESTORE[posts], _CONTENT, moderation.restore)
class RestoreContent(_OnContent):
    """放行待审、驳回举报或恢复已隐藏的内容。Let through what is held, dismiss reports, or unhide."""

    reason: str = text("理由", "the reason")


@verb(APPEAL[posts], _CONTENT, moderation.appeal)
class AppealModeration(_OnContent, Retried):
    """向书记申诉，由未作出隐藏决定的书记裁定；每次隐藏一次。
    Appeal to the secretary, another than who hid it; once for each hiding.
    """

    body: str = text("申诉内容", "the appeal")


class AppealDecision(Words):
    """书记这样裁定对隐藏的申诉。The secretary decides an appeal against a hiding in this way."""

    UPHOLD = word("维持隐藏", "It stays hidden")
    OVERTURN = word("恢复显示", "It is shown again")


published(AppealDecision, "ModerationAppealDecision")


@verb(DECIDE_APPEAL, {"case": link(ModerationCase, cases)})
class DecideAppeal:
    """裁定申诉；作出隐藏决定者和作者不得裁定。Decide an appeal; never who hid it, nor the author."""

    case_id: UUID = ref(cases)
    decision: AppealDecision = field("选择裁定。Choose the decision.")
    reason: str = text("理由", "the reason", NOTE_LENGTH)

    async def run(self, tx: Tx) -> UUID:
        """Decide the appeal; return the id of the case."""
        upheld = self.decision is AppealDecision.UPHOLD
        return await moderation.decide_appeal(
            tx, case_id=self.case_id, upheld=upheld, reason=self.reason
        )
