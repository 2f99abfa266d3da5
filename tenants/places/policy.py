"""These rules say who sees the tree of places, and who may change it."""

import sqlalchemy as sa

from tenants.columns import DEPARTMENT, TENANT, below
from tenants.places.tables import (
    REASON_LENGTH,
    CommunityState,
    communities,
    community_counts,
    departments,
    districts,
    streets,
)
from tenants.policy import Access, protect, publish, rule
from tenants.procedure import Procedure, forgetting, with_reason
from tenants.scopes import Scope

_HERE = below(communities)

# Inside, this is the viewer's own community; above, the directory of the communities under them.
_PLACE = Access(inside=(Scope.COMMUNITY_READ,), above=(Scope.DISTRICT_READ,))
protect(
    communities,
    _PLACE,
    community=sa.true(),
    guest=sa.true(),
    district=_HERE,
    app=sa.true(),
    inspector=sa.true(),
)
protect(
    community_counts,
    _PLACE,
    community=sa.true(),
    guest=sa.true(),
    app=sa.true(),
    inspector=sa.true(),
    district=below(community_counts),
)
# Names and codes of districts and streets are public and belong to no tenant. Above, a district
# leads to its directory.
publish(districts, above=(Scope.DISTRICT_READ,))
publish(streets)
# Members see the departments of their district and street, also closed ones, which may have
# answered before.
_IS_NEARBY = sa.exists(
    sa.select(sa.literal_column("1")).where(
        communities.c.community_id == TENANT,
        communities.c.district_id == departments.c.district_id,
        departments.c.street_id.in_([sa.literal_column("0"), communities.c.street_id]),
    )
)
protect(
    departments,
    _PLACE,
    community=_IS_NEARBY,
    app=_IS_NEARBY,
    inspector=_IS_NEARBY,
    district=below(departments),
    department=departments.c.department_id == DEPARTMENT,
)

RENAME_COMMUNITY = rule("renameCommunity", Scope.DISTRICT_MANAGE, communities)

COMMUNITIES = Procedure(
    noun="community",
    table=communities,
    states=CommunityState,
    id_field="communityId",
    audited=with_reason,
)
CREATE_COMMUNITY = COMMUNITIES.move("CREATED", (), "ACTIVE", at="created_at")
SUSPEND_COMMUNITY = COMMUNITIES.step(
    "suspendCommunity", Scope.DISTRICT_MANAGE, "ACTIVE", "SUSPENDED",
    words="suspended_reason", said="reason",
)  # fmt: skip
RESUME_COMMUNITY = COMMUNITIES.step(
    "resumeCommunity", Scope.DISTRICT_MANAGE, "SUSPENDED", "ACTIVE",
    event="RESUMED", said="reason", most=REASON_LENGTH, sets=forgetting("suspended_reason"),
)  # fmt: skip
