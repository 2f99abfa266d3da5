"""Open affairs (居务公开、村务公开) are items that are posted, and questions about them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    column,
    node_over,
    object_type,
    one,
    page,
    public_id,
    published,
)
from api.engine.extend import extend
from api.engine.inputs import Keyed, field, ref, text
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import Connection, Node, checked
from api.schema.members import Member
from api.schema.obligations import Obligation
from api.schema.permissions import can, permissions
from api.schema.places import Community
from tenants.affairs import procedure, views
from tenants.affairs.service import asking, posting
from tenants.affairs.tables import (
    BODY_LENGTH,
    TITLE_LENGTH,
    affair_questions,
    obligations,
    open_affairs,
)
from tenants.affairs.words import AffairQuestionKind, AffairQuestionState, AffairState
from tenants.boards.service.check import Verdict
from tenants.membership.tables import members
from tenants.places.tables import communities
from tenants.viewer import Viewer

node_over(open_affairs, "aff", "OpenAffair")
node_over(affair_questions, "afq", "AffairQuestion")

published(AffairState)
published(AffairQuestionKind)
published(AffairQuestionState)


@object_type
class AffairQuestion(Node):
    """这是对一个公开事项的查询，或监督委员的异议，及其答复；看得到该事项的成员都看得到。
    This is a question about an item, or an objection of the supervision committee, with its answer;
    members who see the item read both.
    """

    id: strawberry.ID = public_id()
    kind: AffairQuestionKind = column("它说明由谁提出。It says who asks.", affair_questions.c.kind)
    author: Member | None = one(
        "由这位成员提出；已迁出则为空。This member asked; it is null once they are gone.",
        members,
        {"id": affair_questions.c.author_id},
    )
    body: str = column("这是查询的内容。This is what is asked.", affair_questions.c.body)
    asked_at: datetime = column(
        "在这时提出。It was asked at this time.", affair_questions.c.asked_at
    )
    due_at: datetime = column(
        "最迟在这时答复：15 日，村依上海市实施办法第24条，居民区为本系统所定。\n"
        "An answer is owed by this time: 15 days, by Shanghai's measures for villages, and elsewhere "
        "by this project's own rule.",
        affair_questions.c.due_at,
    )
    state: AffairQuestionState = column(
        "它说明查询的进展。It says how far the question is.", affair_questions.c.state
    )
    answer: str | None = column("这是答复。This is the answer.", affair_questions.c.answer)
    answered_at: datetime | None = column(
        "在这时答复。It was answered at this time.", affair_questions.c.answered_at
    )
    viewer_can: Any = can(permissions("AffairQuestion", procedure.ANSWER))


@object_type
class OpenAffair(Node):
    """公开事项由一人录入、另一人核实后公布，内容不再更改，至少公布 15 日；草稿只有居委和监督委员看得到。
    An item of open affairs is entered by one and confirmed by another, who posts it. Its text never
    changes, and it stays posted for 15 days at least. A draft is seen by the staff and the
    supervision committee only.
    """

    id: strawberry.ID = public_id()
    code: str = column(
        "这是事项的代码，见 `statutes`。This is the item's code, as in `statutes`.",
        open_affairs.c.code,
    )
    name: str = column("这是事项的法定名称。This is its name by law.", open_affairs.c.name)
    obligation: Obligation | None = one(
        "事项为这项义务而公布；主动公布的为空。\n"
        "It was posted for this obligation; it is null where nothing was owed.",
        obligations,
        {"id": open_affairs.c.obligation_id},
    )
    title: str = column("这是标题。This is the title.", open_affairs.c.title)
    body: str = column("这是正文，纯文本。This is the body, in plain text.", open_affairs.c.body)
    state: AffairState = column(
        "它说明事项的进展。It says how far the item is.", open_affairs.c.state
    )
    drafted_at: datetime = column(
        "事项在这时录入。It was entered at this time.", open_affairs.c.drafted_at
    )
    drafted_by: Member | None = one(
        "由这位成员录入。This member entered it.", members, {"id": open_affairs.c.drafted_by}
    )
    confirmed_by: Member | None = one(
        "由这位成员核实。This member confirmed it.", members, {"id": open_affairs.c.confirmed_by}
    )
    posted_at: datetime | None = column(
        "事项在这时公布。It was posted at this time.", open_affairs.c.posted_at
    )
    posted_until: datetime | None = column(
        "事项至少公布到这时。It stays posted until this time at least.", open_affairs.c.posted_until
    )
    return_reason: str | None = column(
        "事项因此退回。It was returned for this reason.", open_affairs.c.return_reason
    )
    withdrawn_at: datetime | None = column(
        "事项在这时撤下。It was taken down at this time.", open_affairs.c.withdrawn_at
    )
    withdrawal_reason: str | None = column(
        "事项因此撤下。It was taken down for this reason.", open_affairs.c.withdraw_reason
    )
    questions: Connection[AffairQuestion] | None = page(
        "这里列出查询和异议，先提的在前。This lists questions and objections, oldest first.",
        b.Page(
            table=affair_questions,
            on={"affair_id": open_affairs.c.id},
            order=(affair_questions.c.id,),
            index="affair_question_of_affair",
            descending=False,
        ),
    )
    viewer_can: Any = can(
        permissions(
            "OpenAffair",
            procedure.CONFIRM_AFFAIR,
            procedure.RETURN_AFFAIR,
            procedure.WITHDRAW_AFFAIR,
            procedure.ASK,
            procedure.OBJECT,
            procedure.COMPLAIN[open_affairs],
        )
    )


@extend(AffairQuestion)
class OfQuestion:
    """It adds the item that a question is about."""

    affair: OpenAffair | None = one(
        "查询关于这个事项。The question is about this item.",
        open_affairs,
        {"id": affair_questions.c.affair_id},
    )


def _of_code(
    first: First = 20,
    after: After = None,
    code: Annotated[
        str | None,
        strawberry.argument(description="只列出此代码的。List only those of this code."),
    ] = None,
) -> Any: ...


@extend(Community)
class OfCommunity:
    """It adds what a community posts."""

    open_affairs: Connection[OpenAffair] | None = page(
        "这里列出公开事项，新的在前。This lists the items of open affairs, newest first.",
        b.Page(
            table=open_affairs,
            on={"community_id": communities.c.community_id},
            order=(open_affairs.c.id,),
            index="open_affair_pkey",
            filters=(b.Filter(b.text_argument("code"), views.of_code),),
        ),
        resolver=_of_code,
    )


_AFFAIR = {"affair": link(OpenAffair, open_affairs)}
_QUESTION = {"question": link(AffairQuestion, affair_questions)}


@verb(procedure.DRAFT_AFFAIR, _AFFAIR, posting.draft)
class DraftAffair(Keyed):
    """录入一个公开事项；另一人核实后公布。Enter an item of open affairs; somebody else confirms it."""

    code: str = field("填写事项的代码，见 `statutes`。Give the item's code, as in `statutes`.")
    title: str = text("标题", "the title", TITLE_LENGTH)
    body: str = text("正文", "the body", BODY_LENGTH)
    obligation_id: UUID | None = ref(
        obligations,
        "可填写为之公布的义务的标识，公布即完成。\n"
        "You may give the id of the obligation that it meets once it is posted.",
    )


class _OnAffair:
    affair_id: UUID = ref(open_affairs)


@verb(procedure.CONFIRM_AFFAIR, _AFFAIR, posting.confirm)
class ConfirmAffair(_OnAffair):
    """核实他人录入的事项并公布；监督委员的异议答复之前不能公布。
    Confirm an item that another entered, and so post it; an objection to it is answered first.
    """


@verb(procedure.RETURN_AFFAIR, _AFFAIR)
class ReturnAffair(_OnAffair):
    """不予核实，退回并说明理由；改正后另行录入。
    Do not confirm an item, for a reason; it is entered anew once it is right.
    """

    reason: str = text("理由", "the reason")


@verb(procedure.WITHDRAW_AFFAIR, _AFFAIR)
class WithdrawAffair(_OnAffair):
    """公布满 15 日后撤下，说明理由。Take an item down after 15 days, for a reason."""

    reason: str = text("理由，成员看得到", "the reason, which members read")


@verb(procedure.ASK, _QUESTION, asking.ask)
class AskAboutAffair(_OnAffair, Keyed):
    """查询一个已公布的事项；查询和答复成员都看得到。
    Ask about a posted item; members read the question and its answer.
    """

    body: str = text("查询的内容", "what is asked")

    async def prepare(self, services: dict[str, Any], _: Viewer) -> dict[str, Verdict]:
        """Have the text checked."""
        return await checked(services, self.body)


@verb(procedure.OBJECT, _QUESTION, asking.object_to)
class ObjectToAffair(_OnAffair, Keyed):
    """监督委员对事项提出异议；未公布的事项答复之前不能公布。
    Object to an item as a member of the supervision committee; a draft waits for the answer.
    """

    body: str = text("异议的内容", "the objection")


@verb(procedure.ANSWER, _QUESTION)
class AnswerAffairQuestion:
    """答复查询或异议。Answer a question or an objection."""

    question_id: UUID = ref(affair_questions)
    answer: str = text("答复", "the answer")
