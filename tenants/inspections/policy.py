"""Officers inspect a community from above, and everyone inside sees the inspection."""

import sqlalchemy as sa

from tenants.columns import NOW, VIEWER
from tenants.domain import Standing
from tenants.inspections.tables import inspections
from tenants.membership.tables import officers
from tenants.places.tables import communities
from tenants.policy import protect, rule
from tenants.scopes import Scope

protect(inspections, Scope.COMMUNITY_READ, community=sa.true(), inspector=sa.true())

INSPECT = rule("inspectCommunity", Scope.COMMUNITY_INSPECT, communities)

# It is valid while the officer serves with the rights they had, and not after its end. The
# row-level security of officers lets a community see only those who inspect it (migration 0014).
_OF_OFFICER = (
    sa.select(officers.c.permission_version)
    .where(
        officers.c.district_id == inspections.c.district_id,
        officers.c.id == inspections.c.officer_id,
        officers.c.state == "ACTIVE",
    )
    .scalar_subquery()
)
STANDING = Standing(
    inspections,
    sa.case((inspections.c.ends_at > NOW, _OF_OFFICER), else_=sa.literal_column("-1")),
    inspections.c.id == VIEWER,
)
