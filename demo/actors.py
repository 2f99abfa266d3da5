"""Invented people act as these viewers: members of a community, and officers above it."""

from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from tenants.procedure import Facts
from tenants.scopes import Role, scopes_of
from tenants.viewer import Principal, Viewer

_EVER = datetime.max.replace(tzinfo=UTC)


@cache
def member(community_id: int, id: UUID, *offices: Role) -> Viewer:
    """Return a member of a community, with the permissions of their offices."""
    return _viewer(Principal.COMMUNITY, id, Role.RESIDENT, *offices, community_id=community_id)


def officer(row: Facts) -> Viewer:
    """Return an officer of a district, a street or a department."""
    return _officer(row["id"], row["district_id"], row["street_id"], row["department_id"] or 0)


@cache
def _officer(id: UUID, district_id: int, street_id: int, department_id: int) -> Viewer:
    if department_id:
        role, principal, street_id = Role.DEPARTMENT_HANDLER, Principal.DEPARTMENT, 0
    else:
        role, principal = Role.DISTRICT_ADMIN, Principal.DISTRICT
    place = {
        "district_id": district_id, "street_id": street_id, "department_id": department_id,
    }  # fmt: skip
    return _viewer(principal, id, role, **place)


def _viewer(principal: Principal, id: UUID, *roles: Role, **place: Any) -> Viewer:
    held = frozenset(roles)
    return Viewer(
        principal=principal, id=id, roles=held, scopes=scopes_of(held), version=1,
        client_id="linli-demo", token_id="", expires_at=_EVER, **place,
    )  # fmt: skip
