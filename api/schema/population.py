"""How many people live in a community by an official count."""

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

    adults: int = column("成年居民。Adults.", populations.c.adults)
    households: int = column("户数。Households.", populations.c.households)
    source: str = column("来源。Where the count comes from.", populations.c.source)
    recorded_at: datetime = column("登记时间。When it was recorded.", populations.c.recorded_at)


@extend(CommunityPermissions)
class OfCommunityPermissions:
    """Whether the viewer may record the count."""

    record_population: Permission = permission(RECORD_POPULATION)


@extend(Community)
class OfCommunity:
    """The count that holds now."""

    population: CommunityPopulation | None = one(
        "登记的人口。How many live there by an official count.",
        populations,
        {"community_id": communities.c.community_id},
    )
