"""A petition has parts: its clocks, answer, refusal, review, support and callbacks."""

from datetime import datetime

from api.engine.declare import column, object_type, one, published
from api.schema.catalogue import PetitionSupportRule
from api.schema.images import Image, images_of
from tenants.catalogue.tables import support_rules
from tenants.images.tables import MOST_ON_PETITION
from tenants.petitions import policy, views
from tenants.petitions.owed import owed_since
from tenants.petitions.tables import petition_callbacks, petitions
from tenants.petitions.words import Outcome, RefusalCode, Solved

published(Outcome, "PetitionOutcome")
published(RefusalCode, "PetitionRefusalCode")
published(Solved, "PetitionSolved")


@object_type
class PetitionClocks:
    """受理和答复各有一个公开的时钟；等待补充或派单异议时暂停，人人可见。
    Acceptance and answer each have a public clock; both stop while information is awaited or an
    assignment is disputed, and everybody sees so.
    """

    acknowledge_due_at: datetime = column(
        "本级最迟在这时受理。This level must acknowledge it by this time.", petitions.c.ack_due_at
    )
    is_acknowledgement_overdue: bool = column(
        "它说明本级受理是否逾期。It says whether this level was late.", petitions.c.ack_overdue
    )
    responded_at: datetime | None = column(
        "办理台在这时首次响应。The desk first responded at this time.", petitions.c.responded_at
    )
    resolve_due_at: datetime = column(
        "最迟在这时答复。An answer is owed by this time.", petitions.c.resolve_due_at
    )
    is_resolution_overdue: bool = column(
        "它说明答复是否逾期。It says whether the answer is late.", petitions.c.resolve_overdue
    )
    is_paused: bool = column("时钟已暂停。The clocks stand still.", views.is_paused)
    paused_at: datetime | None = column(
        "时钟自这时暂停。The clocks have stood since this time.", petitions.c.paused_at
    )
    extended_at: datetime | None = column("这时延期。It was put off then.", petitions.c.extended_at)
    extension_reason: str | None = column(
        "这是延期的理由。This is why the answer was put off.", petitions.c.extension_reason
    )


@object_type
class PetitionAnswer:
    """这是现在有效的答复；之前的答复在时间线上。
    This is the answer that holds now; the timeline has the earlier ones.
    """

    body: str = column("这是答复的内容。This is what the answer says.", petitions.c.answer)
    outcome: Outcome = column(
        "它说明办理的结果。It says what came of the petition.", petitions.c.outcome
    )
    planned_for: datetime | None = column(
        "列入计划，在这一天完成。It is planned for this day.", petitions.c.planned_for
    )
    answered_at: datetime = column("这时答复。The desk answered then.", petitions.c.answered_at)
    images: list[Image] = images_of(
        petitions.c.id, MOST_ON_PETITION, answered_at=petitions.c.answered_at
    )


@object_type
class PetitionRefusal:
    """不予受理须说明原因和其他途径。
    A refusal says why the petition is not accepted and which way is open instead.
    """

    code: RefusalCode = column(
        "这是原因的类别。This is the kind of reason.", petitions.c.refusal_code
    )
    reason: str = column(
        "这是不予受理的理由。This is why it was refused.", petitions.c.refusal_reason
    )
    legal_route: str | None = column(
        "诉求人可以走这个途径。This way is open instead.", petitions.c.legal_route
    )


@object_type
class PetitionReview:
    """诉求人可以请上一级复查一次。An author may ask the level above for a review once."""

    requested_at: datetime = column(
        "诉求人在这时申请。The author asked for it at this time.", petitions.c.review_requested_at
    )
    decided_at: datetime | None = column("这时裁定。It was decided then.", petitions.c.reviewed_at)
    is_upheld: bool | None = column(
        "它说明是否维持原答复。It says whether the answer stands.", petitions.c.review_upheld
    )
    reason: str | None = column(
        "这是裁定的理由。This is why it was so decided.", petitions.c.review_reason
    )


@object_type
class PetitionSupport:
    """联名只显示人数，不显示姓名。The support of a petition is shown in numbers, without names."""

    count: int = column("有这么多人联名。So many members support it.", petitions.c.support_count)
    household_count: int = column(
        "有这么多户联名，每户计一次。So many households support it, each counted once.",
        petitions.c.household_count,
    )
    goal: int | None = column(
        "依规则须达到这个人数。So many are needed, if a rule applies.", petitions.c.goal
    )
    rule: PetitionSupportRule | None = one(
        "联名依这项规则。This rule applies.", support_rules, petitions.c.goal_rule_id
    )
    goal_reached_at: datetime | None = column(
        "人数在这时达到。The number was reached at this time.", petitions.c.goal_reached_at
    )
    meeting_owed_since: datetime | None = column(
        "自这时起应当召集会议；尚未达标，或者会议已公告，则为空。\n"
        "A meeting is owed since then; it is null before the goal is reached, and once one is "
        "announced.",
        owed_since,
    )
    viewer_has_supported: bool = column("您已联名。You support it.", policy.has_supported)


@object_type
class PetitionCallback:
    """每次回访都问诉求人是否解决，只有本人说了算。
    Each callback asks the author whether it is solved; nobody else can say so.
    """

    at: datetime = column("诉求人在这时回复。The author answered then.", petition_callbacks.c.at)
    solved: Solved = column(
        "它说明是否解决。It says whether it is solved.", petition_callbacks.c.solved
    )
    satisfaction: int = column(
        "这是满意度，从 1 到 5。This is the satisfaction, from 1 to 5.",
        petition_callbacks.c.satisfaction,
    )
