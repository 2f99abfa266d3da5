"""The three rates have published definitions, a community's trend, and the district's view."""

from typing import Annotated, Any

import strawberry

from api.engine import bindings as b
from api.engine.declare import (
    After,
    First,
    bound,
    column,
    filled,
    given,
    object_type,
    one,
    page,
    parts,
    published,
)
from api.engine.extend import extend
from api.engine.lists import page_of, rows_of
from api.schema.catalogue import PetitionCategory
from api.schema.common import Connection
from api.schema.places import Community, District
from api.schema.query import Query
from api.schema.scalars import Month
from tenants.catalogue.tables import petition_categories
from tenants.places.tables import communities, districts
from tenants.rates import views
from tenants.rates.policy import is_ranked
from tenants.rates.tables import FEWEST, community_rates, rate_snapshots
from tenants.words import Words, word


# 北京市接诉即办工作条例, art. 32.
class RateKind(Words):
    """它是三率之一。It is one of the three rates."""

    RESPONSE = word(
        "响应率是按时首次响应的比例", "It is the share of petitions with a first response in time"
    )
    RESOLUTION = word(
        "解决率是诉求人说已解决的比例",
        "It is the share of petitions that their authors say are solved",
    )
    SATISFACTION = word(
        "满意率是诉求人评分满意的比例", "It is the share of petitions whose authors are satisfied"
    )


published(RateKind, "PetitionRateKind")


DEFINITIONS = {
    RateKind.RESPONSE: (
        "响应率：首次响应期限落在当月、并在期限内得到响应的诉求 ÷ 首次响应期限落在当月的诉求。"
        "因紧急事项、其他法定途径、无新事实而不予受理的，以及响应前撤回或并案的，不计入，另列件数；"
        "导入的来信不计。",
        "Response: cases whose first acknowledgement fell due in the month and that were responded "
        "to by then ÷ cases whose first acknowledgement fell due in the month. Left out, and listed "
        "beside it by number: refused as an emergency, for another legal route or for want of new "
        "facts; withdrawn or merged before any response. Imported letters do not count.",
    ),
    RateKind.RESOLUTION: (
        "解决率：当月回访中，诉求人称已解决的计 1，部分解决的计 ½，÷ 当月回访。"
        "分子、分母均以半件计：2×已解决＋部分解决，2×回访。",
        "Resolution: of the month's callbacks, those whose author says it is solved count 1 and "
        "partly ½ ÷ the month's callbacks. Both numbers are in halves: 2 × solved + partly, over "
        "2 × callbacks.",
    ),
    RateKind.SATISFACTION: (
        "满意率：当月回访中满意度 4 分或 5 分的 ÷ 当月回访。",
        "Satisfaction: callbacks of the month rated 4 or 5 of 5 ÷ callbacks of the month.",
    ),
}


@object_type
class PetitionRateDefinition:
    """任何人都可以依这项定义重算比率。Anybody can compute a rate again by this definition."""

    kind: RateKind = filled("它说明这是哪一项比率。It says which rate it is.")
    chinese: str = filled("这是中文定义。This is the definition in Chinese.")
    english: str = filled("这是英文定义。This is the definition in English.")
    fewest: int = filled(
        "少于此数的诉求或回访不显示。The rate is not shown with fewer cases or callbacks."
    )


@object_type
class PetitionRate:
    """比率以分子和分母表示；样本不足 10 件则两者为空。
    A rate is two whole numbers; both are null where there are fewer than 10 cases or callbacks.
    """

    numerator: int | None = filled(
        "这是分子；排名中不足 5 件的为空。\n"
        "This is the numerator; in a ranking it is null for fewer than 5 cases."
    )
    denominator: int | None = filled("这是分母。This is the denominator.")
    is_too_few: bool = filled(
        "它说明样本是否不足 10 件；不足则不显示。\n"
        "It says whether there are fewer than 10, of which nothing is shown."
    )


@object_type
class PetitionRateExclusions:
    """这些件数不计入响应率；社区的和排名中的，不足 5 件为空。
    These cases are left out of the response rate; of a community and in a ranking, numbers below
    5 are null.
    """

    emergency: int | None = filled(
        "有这么多件因是紧急事项而不予受理。So many were refused as emergencies."
    )
    other_legal_route: int | None = filled(
        "有这么多件因有其他法定途径而不予受理。"
        "So many were refused because another legal route is open."
    )
    no_new_facts: int | None = filled(
        "有这么多件因无新事实而不予受理。So many were refused because they had no new facts."
    )
    withdrawn_or_merged: int | None = filled(
        "有这么多件在响应前撤回或并案。So many were withdrawn or merged before any response."
    )


_MONTH = "这是月份，YYYY-MM，上海时间。This is the month, as YYYY-MM, in Shanghai's time."
_RESPONSE = (
    "这是响应率，定义见 `rateDefinitions`。\n"
    "This is the response rate; `rateDefinitions` says how it is computed."
)
_RESOLUTION = "这是解决率，以半件计。This is the resolution rate, which is counted in halves."
_SATISFACTION = "这是满意率。This is the satisfaction rate."
_EXCLUSIONS = "它说明哪些不计入响应率。It says what is left out of the response rate."


@object_type
class MonthlyPetitionRates:
    """社区一个月的三率在月末定格，之后不变；只计到过居委的诉求，可推算出小数目的不显示。
    A community's rates of a month are fixed at its end and never change; they count the petitions
    that were at the community, and hide what a small number could be computed from.
    """

    month: Month = column(_MONTH, community_rates.c.month)
    category: PetitionCategory | None = one(
        "比率属于这个分类；总计为空。The rates are of this category; it is null of the total.",
        petition_categories,
        community_rates.c.category_id,
    )
    response: PetitionRate = parts(_RESPONSE, views.of_community["response"])
    resolution: PetitionRate = parts(_RESOLUTION, views.of_community["resolution"])
    satisfaction: PetitionRate = parts(_SATISFACTION, views.of_community["satisfaction"])
    exclusions: PetitionRateExclusions = parts(_EXCLUSIONS, views.of_community["exclusions"])


@object_type
class DistrictPetitionRates:
    """它是您管辖的社区一个月的三率合计。
    It is the sum of the rates of all communities under you in a month.
    """

    month: Month = column(_MONTH, rate_snapshots.c.month)
    community_count: int = column(
        "其中有这么多个社区。So many communities are in it.", views.community_count
    )
    response: PetitionRate = parts(_RESPONSE, views.of_many["response"])
    resolution: PetitionRate = parts(_RESOLUTION, views.of_many["resolution"])
    satisfaction: PetitionRate = parts(_SATISFACTION, views.of_many["satisfaction"])
    exclusions: PetitionRateExclusions = parts(_EXCLUSIONS, views.of_many["exclusions"])


@object_type
class RankedCommunity:
    """排名列出回访满 10 件的社区；不足 5 件的数字不显示。
    The ranking lists communities with at least 10 callbacks; no number below 5 is shown.
    """

    community: Community | None = one(
        "比率属于这个社区。The rates are of this community.",
        communities,
        {"community_id": rate_snapshots.c.community_id},
    )
    response: PetitionRate = parts(_RESPONSE, views.in_ranking["response"])
    resolution: PetitionRate = parts(_RESOLUTION, views.in_ranking["resolution"])
    satisfaction: PetitionRate = parts(_SATISFACTION, views.in_ranking["satisfaction"])
    exclusions: PetitionRateExclusions = parts(_EXCLUSIONS, views.in_ranking["exclusions"])


_Month = Annotated[Month, strawberry.argument(description=_MONTH)]


def _by_category(
    month: _Month,
    first: First = 20,
    after: After = None,
    category_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="只列出这个分类的。List only those of this category."),
    ] = None,
) -> Any: ...


def _ranked(month: _Month, first: First = 20, after: After = None) -> Any: ...


@extend(Query)
class OfQuery:
    """It adds the published definitions."""

    rate_definitions: list[PetitionRateDefinition] | None = given(
        "这里列出三率的定义。This lists the definitions of the three rates.",
        lambda _: [
            {"kind": kind, "chinese": chinese, "english": english, "fewest": FEWEST}
            for kind, (chinese, english) in DEFINITIONS.items()
        ],
    )


@extend(Community)
class OfCommunity:
    """It adds the rates of a community."""

    petition_trend: Connection[MonthlyPetitionRates] | None = page(
        "这里列出本社区逐月的三率，新的在前。"
        "This lists the community's rates month by month, newest first.",
        page_of(
            community_rates,
            {"community_id": communities.c.community_id, "is_total": views.is_total},
            community_rates.c.month,
            community_rates.c.id,
            index="community_rate_by_month",
        ),
    )
    petition_rates: Connection[MonthlyPetitionRates] | None = page(
        "这里列出本社区一个月分类的三率。This lists the community's rates in a month, by category.",
        page_of(
            community_rates,
            {
                "community_id": communities.c.community_id,
                "month": b.text_argument("month"),
                "is_total": views.is_of_category,
            },
            community_rates.c.category_id,
            community_rates.c.id,
            index="community_rate_by_category",
            descending=False,
            filters=(
                b.Filter(b.id_argument("categoryId", petition_categories), views.in_category),
            ),
        ),
        resolver=_by_category,
    )


@extend(District)
class OfDistrict:
    """It adds the rates of the communities under the viewer."""

    petition_trend: list[DistrictPetitionRates] = bound(
        "这里列出您管辖的社区逐月合计，先发生的在前。\n"
        "This lists the sums of the communities under you by month, oldest first.",
        rows_of(
            rate_snapshots,
            {"district_id": districts.c.district_id, "is_total": views.is_total},
            rate_snapshots.c.month,
            most=240,
            group_by=rate_snapshots.c.month,
        ),
    )
    petition_ranking: Connection[RankedCommunity] | None = page(
        "这里按解决率列出一个月里您管辖的社区。\n"
        "This lists the communities under you in a month, by their resolution rate.",
        page_of(
            rate_snapshots,
            {
                "district_id": districts.c.district_id,
                "is_total": views.is_total,
                "month": b.text_argument("month"),
            },
            rate_snapshots.c.ranking,
            rate_snapshots.c.id,
            index="rate_snapshot_ranked",
            where=is_ranked,
        ),
        resolver=_ranked,
    )
