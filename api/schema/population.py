"""An official count says how many people live in a community."""

from datetime import datetime

from api.engine.declare import column, object_type, one
from api.engine.extend import extend
from api.schema.permissions import Permission, permission
from api.schema.places import Community, CommunityPermissions
from tenants.petitions.desks import populations
from tenants.petitions.policy import RECORD_POPULATION
from tenants.places.tables import communities


@object_type
class CommunityPopulation:
    """登记的人口来自一次正式统计，联名比例由此计算。
    The recorded population comes from an official count; shares of all residents are computed
    from it.
    """

    adults: int = column(
        "社区有这么多成年居民。The community has so many adults.", populations.c.adults
    )
    households: int = column(
        "社区有这么多户。The community has so many households.", populations.c.households
    )
    source: str = column(
        "人口来自这项统计。The count comes from this source.", populations.c.source
    )
    recorded_at: datetime = column("这时登记。It was recorded then.", populations.c.recorded_at)


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """It says whether the viewer may record the count."""

    record_population: Permission = permission(RECORD_POPULATION)


@extend(Community)
class OfCommunity:
    """It adds the count that holds now."""

    population: CommunityPopulation | None = one(
        "这是登记的人口。This is the official count of who lives there.",
        populations,
        {"community_id": communities.c.community_id},
    )
