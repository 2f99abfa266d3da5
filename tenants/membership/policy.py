"""Who sees members and officers, and who gives roles."""

from dataclasses import dataclass

import sqlalchemy as sa

from tenants.columns import DISTRICT, IS_SECRETARY, TENANT, VIEWER
from tenants.db import standing
from tenants.errors import Code
from tenants.membership.tables import members, officers
from tenants.places.tables import communities
from tenants.policy import Condition, protect, rule
from tenants.scopes import Scope
from tenants.viewer import Principal

# A member who moved away or is suspended is no longer shown; what they wrote stays, unsigned.
protect(members, community=(members.c.state == "ACTIVE") | (members.c.id == VIEWER))
protect(officers, district=(officers.c.district_id == DISTRICT) & (officers.c.id == VIEWER))


@dataclass(frozen=True)
class Standing:
    """Where a principal's own row is, which column is its permission version, and when it counts."""

    table: sa.Table
    version: sa.Column[int]
    is_active: Condition


STANDING = {
    Principal.COMMUNITY: Standing(
        members,
        members.c.permission_version,
        (members.c.id == VIEWER) & (members.c.state == "ACTIVE"),
    ),
    Principal.DISTRICT: Standing(
        officers,
        officers.c.permission_version,
        (officers.c.id == VIEWER) & (officers.c.state == "ACTIVE"),
    ),
}

standing(
    Principal.COMMUNITY,
    sa.select(members.c.permission_version, (communities.c.state == "SUSPENDED").label("suspended"))
    .where(
        members.c.community_id == TENANT,
        STANDING[Principal.COMMUNITY].is_active,
        communities.c.community_id == TENANT,
    )
    .with_for_update(read=True, of=[members, communities]),
)
standing(
    Principal.DISTRICT,
    sa.select(officers.c.permission_version, sa.false().label("suspended"))
    .where(officers.c.district_id == DISTRICT, STANDING[Principal.DISTRICT].is_active)
    .with_for_update(read=True),
)

_NOT_A_SECRETARY = ~IS_SECRETARY
_IS_SECRETARY_ROW = sa.literal("PARTY_SECRETARY") == sa.any_(members.c.roles)
_IS_COMMITTEE_ROW = sa.literal("COMMITTEE_MEMBER") == sa.any_(members.c.roles)

GRANT_ROLE = rule(
    "grantRole",
    Scope.MEMBER_MANAGE,
    members,
    (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | _IS_SECRETARY_ROW),
    (Code.ALREADY_DONE, _IS_COMMITTEE_ROW),
)

REVOKE_ROLE = rule(
    "revokeRole",
    Scope.MEMBER_MANAGE,
    members,
    (Code.FORBIDDEN, _NOT_A_SECRETARY | (members.c.id == VIEWER) | _IS_SECRETARY_ROW),
    (Code.WRONG_STATE, ~_IS_COMMITTEE_ROW),
)
