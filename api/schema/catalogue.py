"""What petitions are reckoned by: categories, time limits and support goals, each with its source."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from api.engine import bindings as b
from api.engine.declare import bound, column, node_over, object_type, public_id, published
from api.engine.extend import extend
from api.engine.inputs import Retried, field, ref, text
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
    topic: str = column("大类。The topic.", petition_categories.c.topic)
    name: str = column("小类。The name within it.", petition_categories.c.name)
    urgency: Urgency = column("默认紧急程度。How urgent by default.", petition_categories.c.urgency)
    state: CategoryState = column("状态。State.", petition_categories.c.state)
    version: int = column(
        "版本，修改时带回。Send it back with a change.", petition_categories.c.version
    )
    viewer_can: Any = can(permissions("PetitionCategory", CHANGE_CATEGORY))


@object_type
class PetitionTimeLimit:
    """一种紧急程度有受理和答复两个期限；小时按自然时间算，天按上海工作日算。
    An urgency has two limits, for acceptance and for the answer; hours run round the clock, days
    are working days of Shanghai.
    """

    urgency: Urgency = column("紧急程度。The urgency.", time_limits.c.urgency)
    effective_from: datetime = column("生效。In force from.", time_limits.c.effective_from)
    effective_to: datetime | None = column("失效。In force until.", time_limits.c.effective_to)
    acknowledge_hours: int | None = column(
        "受理，小时。To acknowledge, hours.", time_limits.c.ack_hours
    )
    acknowledge_days: int | None = column(
        "受理，工作日。To acknowledge, days.", time_limits.c.ack_days
    )
    resolve_hours: int | None = column("答复，小时。To answer, hours.", time_limits.c.resolve_hours)
    resolve_days: int | None = column(
        "答复，工作日。To answer, working days.", time_limits.c.resolve_days
    )
    rise_hours: int = column(
        "逾期未受理，再过多少小时自动上报。Hours after which it rises, unacknowledged.",
        time_limits.c.rise_hours,
    )
    source: str = column("依据。Where this comes from.", time_limits.c.source)
    is_confirmed: bool = column(
        "依据已核对原文。The source's text was read.", time_limits.c.is_confirmed
    )


@object_type
class PetitionSupportRule(Node):
    """联名规则规定须有多少人联名、达到后做什么；未核实的规则只展示，不触发。
    A support rule says how many must support a petition and what follows; a rule that is not
    confirmed triggers nothing.
    """

    id: strawberry.ID = public_id()
    basis: SupportBasis = column("计数方式。What is counted.", support_rules.c.basis)
    numerator: int = column("分子。Of the share.", support_rules.c.numerator)
    denominator: int = column("分母。Of the share.", support_rules.c.denominator)
    effect: str = column("达到后的后果。What must follow.", support_rules.c.effect)
    effective_from: datetime = column("生效。In force from.", support_rules.c.effective_from)
    effective_to: datetime | None = column("失效。In force until.", support_rules.c.effective_to)
    source: str = column("依据。Where this comes from.", support_rules.c.source)
    is_confirmed: bool = column(
        "依据已核对原文。The source's text was read; otherwise nothing follows.",
        support_rules.c.is_confirmed,
    )
    is_in_force: bool = column("现行。In force today.", is_in_force)


def _limits() -> Any:
    """Declare the limits, the same wherever they are asked for."""
    return bound(
        "受理和答复的期限，含过去的。The limits of the two clocks, past ones too.",
        b.Rows(
            table=time_limits,
            on={},
            order=(time_limits.c.urgency, time_limits.c.effective_from),
            most=50,
        ),
    )


_BY_TOPIC = (petition_categories.c.topic, petition_categories.c.name, petition_categories.c.id)


@extend(Community)
class OfCommunity:
    """What its petitions are held to."""

    petition_categories: list[PetitionCategory] = bound(
        "在用的诉求分类。The categories in use.",
        b.Rows(
            table=petition_categories,
            on={"district_id": communities.c.district_id},
            order=_BY_TOPIC,
            most=300,
            where=is_in_use,
        ),
    )
    time_limits: list[PetitionTimeLimit] = _limits()
    support_rules: list[PetitionSupportRule] = bound(
        "现行的联名规则。The rules of signatures in force for its kind.",
        b.Rows(
            table=support_rules,
            on={"community_kind": communities.c.kind},
            order=(support_rules.c.basis, support_rules.c.denominator, support_rules.c.id),
            most=10,
            where=is_in_force,
        ),
    )


@extend(District)
class OfDistrict:
    """What its admins keep."""

    time_limits: list[PetitionTimeLimit] = _limits()
    petition_categories: list[PetitionCategory] = bound(
        "全部诉求分类，含已停用的。All categories, retired ones too.",
        b.Rows(
            table=petition_categories,
            on={"district_id": districts.c.district_id},
            order=_BY_TOPIC,
            most=500,
        ),
    )


_CATEGORY = {"category": link(PetitionCategory, petition_categories, "该分类。The category.")}


@verb(Scope.DISTRICT_MANAGE, _CATEGORY, service.create)
class CreatePetitionCategory(Retried):
    """新增分类，限区级；同名则 ALREADY_DONE。Add a category: the district's admins only."""

    topic: str = text("大类", "The topic", CATEGORY_LENGTH)
    name: str = text("小类", "The name within it", CATEGORY_LENGTH)
    urgency: Urgency = field("默认紧急程度。How urgent by default.")


@verb(CHANGE_CATEGORY, _CATEGORY, service.change)
class UpdatePetitionCategory:
    """修改分类的默认紧急程度，或停用。Change how urgent a category is, or retire it."""

    category_id: UUID = ref(petition_categories, "分类。The category.")
    urgency: Urgency = field("默认紧急程度。How urgent by default.")
    state: CategoryState = field("在用或停用。In use, or retired.")
    expected_version: int = field(VERSION_DESCRIPTION)
