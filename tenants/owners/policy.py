"""These rules say who sees a register of owners, and who keeps it."""

import sqlalchemy as sa

from tenants.columns import IS_STAFF, TENANT, VIEWER
from tenants.errors import Code
from tenants.owners.tables import (
    elections,
    owners_rules,
    part_owners,
    property_areas,
    property_owners,
    property_parts,
)
from tenants.policy import PART, Condition, Ground, protect, rule
from tenants.scopes import Scope

_ONE = sa.literal_column("1")
_NOT_STAFF: Ground = (Code.FORBIDDEN, ~IS_STAFF, "限居委和书记。Only the committee's staff may.")


def is_viewers(owner_id: sa.ColumnElement[object]) -> Condition:
    """Return the condition that an owner is the viewer, or a company whose agent the viewer is."""
    return sa.exists(
        sa.select(_ONE).where(
            property_owners.c.community_id == TENANT,
            property_owners.c.id == owner_id,
            property_owners.c.member_id == VIEWER,
        )
    )


def _is_part_of_viewer(part_id: sa.ColumnElement[object]) -> Condition:
    return sa.exists(
        sa.select(_ONE).where(
            part_owners.c.community_id == TENANT,
            part_owners.c.part_id == part_id,
            is_viewers(part_owners.c.owner_id),
        )
    )


# That an area exists, and by which rules its owners vote, every member may know; of the register,
# members see what is their own. What is published of it with a notice is the roll.
protect(property_areas, Scope.VOTE_READ, community=sa.true())
protect(owners_rules, PART, community=sa.true())
protect(elections, PART, community=sa.true())
protect(
    property_parts,
    Scope.VOTE_READ,
    community=IS_STAFF | _is_part_of_viewer(property_parts.c.id),
)
protect(
    property_owners,
    Scope.VOTE_READ,
    community=IS_STAFF | (property_owners.c.member_id == VIEWER),
)
protect(part_owners, PART, community=IS_STAFF | is_viewers(part_owners.c.owner_id))

SET_RULES = rule("setOwnersRules", Scope.VOTE_MANAGE, property_areas, _NOT_STAFF)
SET_ELECTION = rule("setOwnersElection", Scope.VOTE_MANAGE, property_areas, _NOT_STAFF)
IMPORT = rule("importOwners", Scope.VOTE_MANAGE, property_areas, _NOT_STAFF)
DELETE_PART = rule("deletePropertyPart", Scope.VOTE_MANAGE, property_parts, _NOT_STAFF)
SET_MEMBER = rule("setOwnerMember", Scope.VOTE_MANAGE, property_owners, _NOT_STAFF)
