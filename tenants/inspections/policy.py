"""Who looks into a community from above, and who learns of it: everyone inside."""

import sqlalchemy as sa

from tenants.columns import NOW, VIEWER
from tenants.inspections.tables import inspections
from tenants.membership.policy import STANDING, Standing
from tenants.membership.tables import officers
from tenants.places.tables import communities
from tenants.policy import protect, rule
from tenants.scopes import Scope
from tenants.viewer import Principal

protect(inspections, Scope.COMMUNITY_READ, community=sa.true(), inspector=sa.true())

INSPECT = rule("inspectCommunity", Scope.COMMUNITY_INSPECT, communities)

# It counts while the officer serves with the rights they had, and not a moment past its end. The
# wall on officers lets a community see those alone who look into it (migration 0014).
_OF_OFFICER = (
    sa.select(officers.c.permission_version)
    .where(
        officers.c.district_id == inspections.c.district_id,
        officers.c.id == inspections.c.officer_id,
        officers.c.state == "ACTIVE",
    )
    .scalar_subquery()
)
STANDING[Principal.INSPECTOR] = Standing(
    inspections,
    sa.case((inspections.c.ends_at > NOW, _OF_OFFICER), else_=sa.literal_column("-1")),
    inspections.c.id == VIEWER,
)
