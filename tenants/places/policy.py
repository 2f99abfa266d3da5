"""These rules say who sees the tree of places, and who may change it."""

import sqlalchemy as sa

from tenants.columns import DEPARTMENT, DISTRICT, STREET, TENANT
from tenants.errors import Code
from tenants.places.tables import communities, community_counts, departments, districts, streets
from tenants.policy import Access, protect, publish, rule
from tenants.scopes import Scope

_HERE = (communities.c.district_id == DISTRICT) & (
    (sa.literal_column("0") == STREET) | (communities.c.street_id == STREET)
)

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
    district=(community_counts.c.district_id == DISTRICT)
    & ((sa.literal_column("0") == STREET) | (community_counts.c.street_id == STREET)),
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
    district=(departments.c.district_id == DISTRICT)
    & ((sa.literal_column("0") == STREET) | (departments.c.street_id == STREET)),
    department=departments.c.department_id == DEPARTMENT,
)

RENAME_COMMUNITY = rule("renameCommunity", Scope.DISTRICT_MANAGE, communities)

SUSPEND_COMMUNITY = rule(
    "suspendCommunity",
    Scope.DISTRICT_MANAGE,
    communities,
    (Code.ALREADY_DONE, communities.c.state == "SUSPENDED"),
)

RESUME_COMMUNITY = rule(
    "resumeCommunity",
    Scope.DISTRICT_MANAGE,
    communities,
    (Code.WRONG_STATE, communities.c.state != "SUSPENDED"),
)
