"""The catalogue has categories, time limits and support goals of petitions, each with its source."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine.declare import bound, column, node_over, object_type, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Retried, field, ref, text
from api.engine.lists import rows_of
from api.engine.payloads import link
from api.engine.verbs import verb
from api.schema.common import VERSION_DESCRIPTION, Node
from api.schema.permissions import can, permissions
from api.schema.places import Community, District
from tenants.catalogue import service
from tenants.catalogue.policy import CHANGE_CATEGORY
from tenants.catalogue.tables import (
    CATEGORY_LENGTH,
    CategoryState,
    SupportBasis,
    Urgency,
    petition_categories,
    support_rules,
    time_limits,
)
from tenants.catalogue.views import is_in_force, is_in_use
from tenants.places.tables import communities, districts
from tenants.scopes import Scope

node_over(petition_categories, "cat", "PetitionCategory")
node_over(support_rules, "gol", "PetitionSupportRule")

published(Urgency, "PetitionUrgency")
published(CategoryState, "PetitionCategoryState")
published(SupportBasis, "PetitionSupportBasis")


@object_type
class PetitionCategory(Node):
    """诉求分类有两级，由区管理。A category of petitions has two levels and is kept by the district."""

    id: strawberry.ID = public_id()
    topic: str = column("这是大类。This is the topic.", petition_categories.c.topic)
    name: str = column("这是小类。This is the name in its topic.", petition_categories.c.name)
    urgency: Urgency = column(
        "诉求默认有这个紧急程度。Petitions have this urgency by default.",
        petition_categories.c.urgency,
    )
    state: CategoryState = column(
        "它说明分类是否在用。It says whether the category is in use.", petition_categories.c.state
    )
    version: int = column("修改时带回。Hand it back with a change.", petition_categories.c.version)
    viewer_can: Any = can(permissions("PetitionCategory", CHANGE_CATEGORY))


@object_type
class PetitionTimeLimit:
    """一种紧急程度有受理和答复两个期限；小时按自然时间算，天按上海工作日算。
    An urgency has two limits, for acceptance and for the answer; hours run round the clock, days
    are working days of Shanghai.
    """

    urgency: Urgency = column(
        "期限适用于这个紧急程度。The limits are for this urgency.", time_limits.c.urgency
    )
    effective_from: datetime = column(
        "规则自这一天施行。The rule is in force from this day.", time_limits.c.effective_from
    )
    effective_to: datetime | None = column(
        "规则施行至这一天；现行则为空。"
        "The rule is in force until this day; it is null while it has no end.",
        time_limits.c.effective_to,
    )
    acknowledge_hours: int | None = column(
        "须在这么多小时内受理。It must be acknowledged within so many hours.",
        time_limits.c.ack_hours,
    )
    acknowledge_days: int | None = column(
        "须在这么多个工作日内受理。It must be acknowledged within so many working days.",
        time_limits.c.ack_days,
    )
    resolve_hours: int | None = column(
        "须在这么多小时内答复。It must be answered within so many hours.",
        time_limits.c.resolve_hours,
    )
    resolve_days: int | None = column(
        "须在这么多个工作日内答复。It must be answered within so many working days.",
        time_limits.c.resolve_days,
    )
    rise_hours: int = column(
        "逾期未受理，再过这么多小时自动上报。\n"
        "An unacknowledged petition goes up a level after so many more hours.",
        time_limits.c.rise_hours,
    )
    source: str = column("规则依据这份文件。The rule comes from this source.", time_limits.c.source)
    is_confirmed: bool = column(
        "它说明依据是否已核对原文。It says whether the source's text was read.",
        time_limits.c.is_confirmed,
    )


@object_type
class PetitionSupportRule(Node):
    """联名规则规定须有多少人联名、达到后做什么；未核实的规则只展示，不触发。
    A support rule says how many must support a petition and what follows; a rule that is not
    confirmed triggers nothing.
    """

    id: strawberry.ID = public_id()
    basis: SupportBasis = column(
        "它说明联名按什么计数。It says what is counted.", support_rules.c.basis
    )
    numerator: int = column("这是分子。This is the numerator.", support_rules.c.numerator)
    denominator: int = column("这是分母。This is the denominator.", support_rules.c.denominator)
    effect: str = column(
        "达到人数后必须这样做。This must follow once the goal is reached.", support_rules.c.effect
    )
    effective_from: datetime = column(
        "规则自这一天施行。The rule is in force from this day.", support_rules.c.effective_from
    )
    effective_to: datetime | None = column(
        "规则施行至这一天；现行则为空。"
        "The rule is in force until this day; it is null while it has no end.",
        support_rules.c.effective_to,
    )
    source: str = column("规则依据这份文件。It comes from this source.", support_rules.c.source)
    is_confirmed: bool = column(
        "它说明依据是否已核对原文；未核对则不触发。\n"
        "It says whether the source's text was read; otherwise nothing follows.",
        support_rules.c.is_confirmed,
    )
    is_in_force: bool = column("规则今天施行。The rule is in force today.", is_in_force)


def _limits() -> Any:
    """Declare the limits, the same wherever they are asked for."""
    return bound(
        "这里列出受理和答复的期限，含过去的。"
        "This lists the limits of both clocks, past ones included.",
        rows_of(time_limits, {}, time_limits.c.urgency, time_limits.c.effective_from, most=50),
    )


_BY_TOPIC = (petition_categories.c.topic, petition_categories.c.name, petition_categories.c.id)


@extend(Community)
class OfCommunity:
    """It adds the limits and goals that hold for a community's petitions."""

    petition_categories: list[PetitionCategory] = bound(
        "这里列出在用的诉求分类。This lists the categories in use.",
        rows_of(
            petition_categories, communities.c.district_id, *_BY_TOPIC, most=300, where=is_in_use
        ),
    )
    time_limits: list[PetitionTimeLimit] = _limits()
    support_rules: list[PetitionSupportRule] = bound(
        "这里列出现行的联名规则。This lists the support rules in force for its kind of community.",
        rows_of(
            support_rules,
            {"community_kind": communities.c.kind},
            support_rules.c.basis,
            support_rules.c.denominator,
            support_rules.c.id,
            most=10,
            where=is_in_force,
        ),
    )


@extend(District)
class OfDistrict:
    """It adds the categories that the district's admins keep."""

    time_limits: list[PetitionTimeLimit] = _limits()
    petition_categories: list[PetitionCategory] = bound(
        "这里列出全部诉求分类，含已停用的。This lists all categories, retired ones included.",
        rows_of(petition_categories, districts.c.district_id, *_BY_TOPIC, most=500),
    )


_CATEGORY = {"category": link(PetitionCategory, petition_categories)}


@verb(Scope.DISTRICT_MANAGE, _CATEGORY, service.create)
class CreatePetitionCategory(Retried):
    """新增分类，限区级；同名则 ALREADY_DONE。Add a category: the district's admins only."""

    topic: str = text("大类", "the topic", CATEGORY_LENGTH)
    name: str = text("小类", "the name within it", CATEGORY_LENGTH)
    urgency: Urgency = field(
        "选择默认的紧急程度。Choose the urgency that petitions have by default."
    )


@verb(CHANGE_CATEGORY, _CATEGORY, service.change)
class UpdatePetitionCategory:
    """修改分类的默认紧急程度，或停用。Change how urgent a category is, or retire it."""

    category_id: UUID = ref(petition_categories)
    urgency: Urgency = field(
        "选择默认的紧急程度。Choose the urgency that petitions have by default."
    )
    state: CategoryState = field("选择在用或停用。Choose whether it is in use or retired.")
    expected_version: int = field(VERSION_DESCRIPTION)
