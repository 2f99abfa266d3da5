"""Petitions: what one is, its two clocks, its timeline; and the lists they stand in."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    Cursor,
    bound,
    column,
    node_over,
    one,
    page,
    public_id,
    published,
    value,
)
from api.engine.searching import searched
from api.schema.catalogue import PetitionCategory, PetitionSupportRule, Urgency
from api.schema.common import Connection, Node, Permission
from api.schema.departments import Department
from api.schema.images import Image, images_of
from api.schema.members import Member
from tenants.catalogue.tables import petition_categories, support_rules
from tenants.columns import DESK, DISTRICT, VIEWER
from tenants.images.tables import MOST_ON_PETITION
from tenants.membership.tables import members
from tenants.petitions import policy, steps, views
from tenants.petitions.tables import (
    Addressee,
    EventAction,
    EventActor,
    Level,
    Outcome,
    PetitionKind,
    PetitionState,
    RefusalCode,
    Secrecy,
    Solved,
    answer_templates,
    petition_callbacks,
    petition_events,
    petition_terms,
    petitions,
    populations,
)
from tenants.places.tables import communities, departments, districts
from tenants.scopes import Scope
from tenants.words import Words, word

if TYPE_CHECKING:
    from api.schema.places import Community

node_over(petitions, "pet", "Petition")
node_over(answer_templates, "tpl", "AnswerTemplate")

published(PetitionKind, "PetitionKind", "诉求的种类。What a petition asks for.")
published(Secrecy, "PetitionSecrecy", "谁能看到诉求。Who may read a petition.")
published(Addressee, "PetitionAddressee", "诉求写给谁。To whom a petition was addressed.")
published(Level, "PetitionLevel", "诉求所在的层级。The level that a petition has reached.")
published(PetitionState, "PetitionState", "诉求的状态。The state of a petition.")
published(
    Outcome, "PetitionOutcome", "办理结果，由办理台如实填写。What a desk says came of a petition."
)
published(RefusalCode, "PetitionRefusalCode", "不予受理的原因。Why a petition is not taken on.")
published(
    Solved,
    "PetitionSolved",
    "是否解决，只由诉求人说。Whether it is solved, as its author says and nobody else.",
)
published(EventAction, "PetitionAction", "诉求上发生的事。What happened to a petition.")
published(EventActor, "PetitionActor", "诉求上的事由谁所为。Who acted on a petition.")


class AssignedTo(Words):
    """Whose the petitions of an inbox are."""

    ME = word("派给我的", "Assigned to you")
    NOBODY = word("尚未派人的", "Assigned to nobody")


published(
    AssignedTo,
    "PetitionAssignedTo",
    "办理台按经办人筛选。Which petitions of a desk are listed, by who handles them.",
)


@strawberry.type(
    description=(
        "两个公开的时钟：受理和答复。等待补充或派单异议时暂停，人人可见。\n"
        "The two public clocks. They stand while paused, and everyone sees so."
    )
)
class PetitionClocks:
    """Two limits, and whether they were kept."""

    acknowledge_due_at: datetime = column(
        "本级最迟受理时间。When this level must have acknowledged it.", petitions.c.ack_due_at
    )
    is_acknowledgement_overdue: bool = column(
        "本级受理逾期。This level was late.", petitions.c.ack_overdue
    )
    responded_at: datetime | None = column(
        "首次响应。The first response.", petitions.c.responded_at
    )
    resolve_due_at: datetime = column(
        "最迟答复时间。When an answer is owed.", petitions.c.resolve_due_at
    )
    is_resolution_overdue: bool = column(
        "答复逾期。The answer is late.", petitions.c.resolve_overdue
    )
    is_paused: bool = column("暂停中。The clocks stand.", views.is_paused)
    paused_at: datetime | None = column("自何时暂停。Since when.", petitions.c.paused_at)
    extended_at: datetime | None = column("何时延期。When it was put off.", petitions.c.extended_at)
    extension_reason: str | None = column("延期的理由。Why.", petitions.c.extension_reason)


@strawberry.type(description="答复。The answer that holds now; earlier ones stand in the timeline.")
class PetitionAnswer:
    """What a desk said."""

    words: str = column("内容。The words.", petitions.c.answer)
    outcome: Outcome = column("结果。What came of it.", petitions.c.outcome)
    planned_for: datetime | None = column(
        "列入计划的日期。By when it is planned.", petitions.c.planned_for
    )
    answered_at: datetime = column("时间。When.", petitions.c.answered_at)
    images: list[Image] = images_of(
        petitions.c.id, MOST_ON_PETITION, answered_at=petitions.c.answered_at
    )


@strawberry.type(
    description="不予受理的原因和途径。Why it is not accepted, and what is open instead."
)
class PetitionRefusal:
    """A reason is owed."""

    code: RefusalCode = column("原因类别。The reason's kind.", petitions.c.refusal_code)
    reason: str = column("理由。The reason.", petitions.c.refusal_reason)
    legal_route: str | None = column("应走的途径。The route that is open.", petitions.c.legal_route)


@strawberry.type(description="复查。The review by the level above.")
class PetitionReview:
    """Asked for once."""

    requested_at: datetime = column("何时申请。When asked for.", petitions.c.review_requested_at)
    decided_at: datetime | None = column("何时裁定。When decided.", petitions.c.reviewed_at)
    is_upheld: bool | None = column("维持原答复。The answer stands.", petitions.c.review_upheld)
    reason: str | None = column("理由。Why.", petitions.c.review_reason)


@strawberry.type(description="联名。Who signed, in numbers; names are not shown.")
class PetitionSupport:
    """How many, and how many are needed."""

    count: int = column("人数。How many members.", petitions.c.support_count)
    household_count: int = column(
        "户数，每户计一次。Households, each once.", petitions.c.household_count
    )
    goal: int | None = column("须达到。How many are needed, if a rule applies.", petitions.c.goal)
    rule: PetitionSupportRule | None = one(
        "所依规则。The rule.", support_rules, {"id": petitions.c.goal_rule_id}
    )
    goal_reached_at: datetime | None = column(
        "何时达标。When it was reached.", petitions.c.goal_reached_at
    )
    viewer_has_signed: bool = column("您已联名。Whether you signed.", policy.has_supported)


@strawberry.type(description="一次回访的结果。What the author said when asked back.")
class PetitionCallback:
    """Only the author says that it is solved."""

    at: datetime = column("时间。When.", petition_callbacks.c.at)
    solved: Solved = column("是否解决。Whether it is solved.", petition_callbacks.c.solved)
    satisfaction: int = column(
        "满意度，1–5。Satisfaction, 1 to 5.", petition_callbacks.c.satisfaction
    )


@strawberry.type(
    description=(
        "时间线的一条；内部记录只有办理台看得到。\n"
        "One entry of the timeline; those that are internal are for the desks alone."
    )
)
class PetitionEvent:
    """Added to, never changed."""

    at: datetime = column("时间。When.", petition_events.c.at)
    action: EventAction = column("发生了什么。What happened.", petition_events.c.action)
    actor_kind: EventActor = column("由谁。In which part.", petition_events.c.actor_kind)
    actor: Member | None = one(
        "本社区的当事人；上级和系统为空。Who, of the community; null of officers and the system.",
        members,
        {"id": petition_events.c.actor_id},
    )
    level: Level = column("当时在哪一级。At which level it then was.", petition_events.c.level)
    state: PetitionState = column("之后的状态。The state after it.", petition_events.c.state)
    is_public: bool = column("公开的。Not internal.", petition_events.c.is_public)
    words: str | None = column("内容。The words.", petition_events.c.words)
    images: list[Image] = images_of(
        petition_events.c.petition_id, MOST_ON_PETITION, answered_at=views.answered_then
    )
    petition: Annotated["Petition", strawberry.lazy("api.schema.petitions")] | None = one(
        "所属诉求。The petition.", petitions, {"id": petition_events.c.petition_id}
    )


def _permit(what: str, rule: Any) -> Any:
    return bound(f"{what} {rule.name}.", b.Permit.of(rule))


@strawberry.type(description="您对某诉求能做什么。What you may do to a petition, and why not.")
class PetitionPermissions:
    """One Permission for each verb."""

    accept: Permission = _permit("受理。", steps.ACCEPT)
    request_information: Permission = _permit("要求补充。", steps.REQUEST_INFORMATION)
    refuse: Permission = _permit("不予受理。", steps.REFUSE)
    merge: Permission = _permit("并案。", steps.MERGE)
    assign: Permission = _permit("派单。", steps.ASSIGN)
    dispute: Permission = _permit("派单异议。", steps.DISPUTE)
    start: Permission = _permit("开始办理。", steps.START)
    extend: Permission = _permit("延期。", steps.EXTEND)
    escalate: Permission = _permit("上报。", steps.ESCALATE)
    answer: Permission = _permit("答复。", steps.ANSWER)
    add_note: Permission = _permit("记录。", steps.NOTE)
    decide_review: Permission = _permit("裁定复查。", steps.DECIDE_REVIEW)
    resubmit: Permission = _permit("补充。", steps.RESUBMIT)
    withdraw: Permission = _permit("撤回。", steps.WITHDRAW)
    record_callback: Permission = _permit("回访。", steps.RECORD_CALLBACK)
    reopen: Permission = _permit("要求重办。", steps.REOPEN)
    request_review: Permission = _permit("申请复查。", steps.REQUEST_REVIEW)
    support: Permission = _permit("联名。", policy.SUPPORT)
    withdraw_support: Permission = _permit("撤回联名。", policy.WITHDRAW_SUPPORT)


@strawberry.type(
    description=(
        "诉求：交给居委、街镇或职能部门的一封信，限时答复；是否解决由本人说。\n"
        "A petition: answered in time by whoever has it at hand; only its author says it is solved."
    )
)
class Petition(Node):
    """A letter and what became of it."""

    id: strawberry.ID = public_id()
    community: Annotated["Community", strawberry.lazy("api.schema.places")] | None = one(
        "社区。The community.", communities, {"community_id": petitions.c.community_id}
    )
    author: Member | None = one(
        "诉求人；导入的、已迁出的，以及社区之外为空。The author; null of an import, and from outside.",
        members,
        {"id": petitions.c.author_id},
    )
    source: str | None = column("导入来源。Where it was imported from.", petitions.c.source)
    source_id: str | None = column("在来源中的编号。Its id there.", petitions.c.source_id)
    kind: PetitionKind = column("类别。What is asked for.", petitions.c.kind)
    category: PetitionCategory | None = one(
        "分类。Its category.", petition_categories, {"id": petitions.c.category_id}
    )
    urgency: Urgency = column("紧急程度。How urgent.", petitions.c.urgency)
    title: str = column("标题。Title.", petitions.c.title)
    body: str = column("正文，纯文本。Body, plain text.", petitions.c.body)
    images: list[Image] = images_of(petitions.c.id, MOST_ON_PETITION, answered_at=b.ABSENT)
    location: str | None = column("地点，文字。Where, in words.", petitions.c.location)
    secrecy: Secrecy = column("公开程度。Who may read it.", petitions.c.secrecy)
    is_listed: bool = column(
        "已对邻居展示；受理前可能待查看。Shown to neighbours, as far as its secrecy allows.",
        petitions.c.is_listed,
    )
    addressee: Addressee = column("致。Whom it was sent to.", petitions.c.addressee)
    level: Level = column("现在哪一级。How high it is now.", petitions.c.level)
    department: Department | None = one(
        "承办部门。The department that has it at hand.",
        departments,
        {"department_id": views.department_at_hand},
    )
    handler: Member | None = one(
        "承办人，限居委。Who of the staff handles it.", members, {"id": petitions.c.handler_id}
    )
    state: PetitionState = column("状态。State.", petitions.c.state)
    is_open: bool = column("未办结。Not ended.", petitions.c.is_open)
    submitted_at: datetime = column("提交时间。When it was sent.", petitions.c.submitted_at)
    clocks: PetitionClocks = value("两个时钟。The two clocks.")
    question: str | None = column("须补充什么。What is asked of its author.", petitions.c.question)
    refusal: PetitionRefusal | None = value("不予受理。Why it was refused.", views.is_refused)
    answer: PetitionAnswer | None = value("答复。The answer.", views.is_answered)
    review: PetitionReview | None = value("复查。The review.", views.is_reviewed)
    merged_into: Annotated["Petition", strawberry.lazy("api.schema.petitions")] | None = one(
        "并入。What it was merged into, if you may read that.",
        petitions,
        {"id": petitions.c.merged_into},
    )
    reopen_count: int = column(
        "重办次数，至多 2。How often reopened, 2 at most.", petitions.c.reopen_count
    )
    callbacks: list[PetitionCallback] = bound(
        "历次回访。What the author said each time.",
        b.Rows(
            table=petition_callbacks,
            on={"petition_id": petitions.c.id},
            order=(petition_callbacks.c.id,),
            most=5,
        ),
    )
    support: PetitionSupport = value("联名。Who signed it.")
    version: int = column("版本。Version.", petitions.c.version)
    viewer_is_author: bool = column("是您写的。Whether it is yours.", views.is_viewers)
    viewer_can: PetitionPermissions = value("您能做什么。What you may do.")
    events: Connection[PetitionEvent] = page(
        "时间线，先发生的在前。The timeline, oldest first.",
        b.Page(
            table=petition_events,
            # an officer's statement names no tenant: the index begins with it
            on={"community_id": petitions.c.community_id, "petition_id": petitions.c.id},
            order=(petition_events.c.id,),
            index="petition_event_of_petition",
            descending=False,
        ),
    )


@strawberry.type(
    description="答复模板，同一办理台共用。An answer to be used again by the people of one desk."
)
class AnswerTemplate(Node):
    """Of one desk."""

    id: strawberry.ID = public_id()
    name: str = column("名称。Name.", answer_templates.c.name)
    words: str = column("内容。The words.", answer_templates.c.words)
    created_at: datetime = column("时间。When it was made.", answer_templates.c.created_at)


@strawberry.type(description="登记的人口。How many live there by an official count.")
class CommunityPopulation:
    """What shares of all are reckoned from."""

    adults: int = column("成年居民。Adults.", populations.c.adults)
    households: int = column("户数。Households.", populations.c.households)
    source: str = column("来源。Where the count comes from.", populations.c.source)
    recorded_at: datetime = column("登记时间。When it was recorded.", populations.c.recorded_at)


# --- the lists

_First = Annotated[
    int | None, strawberry.argument(description="每页条数，0–50。How many, 0 to 50.")
]
_After = Annotated[
    Cursor | None, strawberry.argument(description="从此之后。Begin after this place.")
]
_State = Annotated[
    PetitionState | None, strawberry.argument(description="只列此状态。In this state only.")
]
_Kind = Annotated[
    PetitionKind | None, strawberry.argument(description="只列此类别。Of this kind only.")
]
_Category = Annotated[
    strawberry.ID | None, strawberry.argument(description="只列此分类。In this category only.")
]
_Overdue = Annotated[
    bool | None, strawberry.argument(description="只列逾期的，或未逾期的。Overdue, or not.")
]
_IsOpen = Annotated[bool, strawberry.argument(description="未办结的，或已办结的。Open, or ended.")]


def _listed(
    first: _First = 20,
    after: _After = None,
    state: _State = None,
    kind: _Kind = None,
    category_id: _Category = None,
) -> Any: ...


def _inbox(
    first: _First = 20,
    after: _After = None,
    is_open: _IsOpen = True,
    assigned: Annotated[
        AssignedTo | None, strawberry.argument(description="我的，或未派的。Yours, or nobody's.")
    ] = None,
    overdue: _Overdue = None,
    state: _State = None,
    kind: _Kind = None,
    category_id: _Category = None,
) -> Any: ...


def _queue(
    first: _First = 20,
    after: _After = None,
    is_open: _IsOpen = True,
    overdue: _Overdue = None,
    state: _State = None,
    kind: _Kind = None,
    category_id: _Category = None,
) -> Any: ...


def _search(
    query: Annotated[
        str,
        strawberry.argument(
            description="要找的词，以空格分隔，中文至少两字。Words; Chinese ones of two characters or more."
        ),
    ],
    first: _First = 20,
    after: _After = None,
) -> Any: ...


_CATEGORY_FILTER = b.Filter(b.id_argument("categoryId", petition_categories), views.in_category)
_STATE_FILTER = b.Filter(b.text_argument("state"), views.in_state)
_KIND_FILTER = b.Filter(b.text_argument("kind"), views.of_kind)
_OVERDUE_FILTER = b.Filter(
    b.Argument("overdue", petitions.c.ack_overdue.type), views.overdue_or_not
)
_FILTERS = (_STATE_FILTER, _KIND_FILTER, _CATEGORY_FILTER)
_OPEN = b.Argument("isOpen", petitions.c.is_open.type)


def listed() -> Any:
    """Declare what neighbours may read of a community's petitions."""
    return page(
        "公开和成员可见的诉求，新的在前。Petitions that neighbours may read, newest first.",
        b.Page(
            table=petitions,
            on={"community_id": communities.c.community_id},
            order=(petitions.c.id,),
            index="petition_pkey",
            where=views.is_listed_to_all,
            filters=_FILTERS,
        ),
        resolver=_listed,
    )


def of_viewer() -> Any:
    """Declare one's own petitions."""
    return page(
        "您的诉求，新的在前。Your own petitions, newest first.",
        b.Page(
            table=petitions,
            on={"author_id": VIEWER},
            order=(petitions.c.id,),
            index="petition_of_author",
            filters=_FILTERS,
        ),
        resolver=_listed,
    )


def inbox() -> Any:
    """Declare what the committee has at hand."""
    return page(
        "居委手上的诉求，最急的在前。What the committee has at hand, the most urgent first.",
        b.Page(
            table=petitions,
            on={"desk": views.COMMUNITY_DESK, "is_open": _OPEN},
            order=(petitions.c.due_at, petitions.c.id),
            index="petition_by_urgency",
            descending=False,
            filters=(
                b.Filter(b.text_argument("assigned"), views.assigned_to),
                _OVERDUE_FILTER,
                *_FILTERS,
            ),
        ),
        requires=Scope.PETITION_HANDLE,
        resolver=_inbox,
    )


def queue() -> Any:
    """Declare what a street, district or department has at hand."""
    return page(
        "您的办理台上的诉求，最急的在前。What your desk has at hand, the most urgent first.",
        b.Page(
            table=petitions,
            on={"district_id": districts.c.district_id, "desk": DESK, "is_open": _OPEN},
            order=(petitions.c.due_at, petitions.c.id),
            index="petition_by_desk",
            descending=False,
            filters=(_OVERDUE_FILTER, *_FILTERS),
        ),
        requires=Scope.PETITION_HANDLE,
        resolver=_queue,
    )


def search() -> Any:
    """Declare the search of petitions."""
    return page(
        "在本社区您看得到的诉求中查找，撤回的除外；社区以上，在本办理台的诉求中查找。新的在前。\n"
        "Find petitions that hold every word, newest first: of this community, none that was "
        "withdrawn; above communities, of those at your desk, open or ended.",
        b.Page(
            table=petitions,
            on={},
            order=(petitions.c.id,),
            index="petition_term_pkey",
            where=views.finding.is_found,
            **searched(
                views.finding,
                petition_terms,
                petition_terms.c.petition_id,
                unled={"district_id": DISTRICT, "desk": DESK},
            ),
        ),
        resolver=_search,
    )


def feed() -> Any:
    """Declare what changed since a cursor."""
    return page(
        "诉求上发生的事，按提交次序；从上次的 endCursor 接着取，不漏不重。\n"
        "What happened to petitions you may read, in the order of commits: poll on from the last "
        "`endCursor`, and nothing is missed or told twice.",
        b.Page(
            table=petition_events,
            on={},
            order=(petition_events.c.seq, petition_events.c.id),
            index="petition_event_by_commit",
            descending=False,
            where=views.is_committed,
        ),
    )


def templates() -> Any:
    """Declare the staff's templates."""
    return page(
        "您的办理台的答复模板，先建的在前。Your desk's answers for use again, oldest first.",
        b.Page(
            table=answer_templates,
            on={},
            order=(answer_templates.c.id,),
            index="answer_template_pkey",
            descending=False,
        ),
    )
