"""The parts of a petition: its clocks, answer, refusal, review, signatures and callbacks."""

from datetime import datetime

from api.engine.declare import column, object_type, one, published
from api.schema.catalogue import PetitionSupportRule
from api.schema.images import Image, images_of
from tenants.catalogue.tables import support_rules
from tenants.images.tables import MOST_ON_PETITION
from tenants.petitions import policy, views
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


@object_type
class PetitionAnswer:
    """这是现在有效的答复；之前的答复在时间线上。
    This is the answer that holds now; the timeline has the earlier ones.
    """

    body: str = column("内容。What it says.", petitions.c.answer)
    outcome: Outcome = column("结果。What came of it.", petitions.c.outcome)
    planned_for: datetime | None = column(
        "列入计划的日期。By when it is planned.", petitions.c.planned_for
    )
    answered_at: datetime = column("时间。When.", petitions.c.answered_at)
    images: list[Image] = images_of(
        petitions.c.id, MOST_ON_PETITION, answered_at=petitions.c.answered_at
    )


@object_type
class PetitionRefusal:
    """不予受理须说明原因和其他途径。
    A refusal says why the petition is not accepted and which way is open instead.
    """

    code: RefusalCode = column("原因类别。The reason's kind.", petitions.c.refusal_code)
    reason: str = column("理由。The reason.", petitions.c.refusal_reason)
    legal_route: str | None = column("应走的途径。The route that is open.", petitions.c.legal_route)


@object_type
class PetitionReview:
    """诉求人可以请上一级复查一次。An author may ask the level above for a review once."""

    requested_at: datetime = column("何时申请。When asked for.", petitions.c.review_requested_at)
    decided_at: datetime | None = column("何时裁定。When decided.", petitions.c.reviewed_at)
    is_upheld: bool | None = column("维持原答复。The answer stands.", petitions.c.review_upheld)
    reason: str | None = column("理由。Why.", petitions.c.review_reason)


@object_type
class PetitionSupport:
    """联名只显示人数，不显示姓名。The support of a petition is shown in numbers, without names."""

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
    viewer_has_supported: bool = column("您已联名。Whether you signed.", policy.has_supported)


@object_type
class PetitionCallback:
    """每次回访都问诉求人是否解决，只有本人说了算。
    Each callback asks the author whether it is solved; nobody else can say so.
    """

    at: datetime = column("时间。When.", petition_callbacks.c.at)
    solved: Solved = column("是否解决。Whether it is solved.", petition_callbacks.c.solved)
    satisfaction: int = column(
        "满意度，1–5。Satisfaction, 1 to 5.", petition_callbacks.c.satisfaction
    )
