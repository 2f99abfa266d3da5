"""The viewer of a request says who asks, from where, and with which scopes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tenants.scopes import Role, Scope

# The states in which others see a member: the staff also see applicants and suspended members.
_SEEN_BY_ALL = ["ACTIVE"]
_SEEN_BY_STAFF = [
    *_SEEN_BY_ALL, "APPLIED", "IDENTITY_OK", "UNDER_REVIEW", "RETURNED", "SUSPENDED",
]  # fmt: skip
_NOBODY = UUID(int=0)


class Principal(StrEnum):
    """It is a kind of viewer; tenants.policy.protect declares what each sees of a table.

    COMMUNITY is an active member. GUEST is a person in a community who is not a member yet, or not
    any more. DISTRICT is an admin of a district or street. DEPARTMENT handles what comes to a
    department. APP is a registered program, and INSPECTOR an officer who inspects one community:
    both only read. IDENTITY has no access token: it is used at sign-in, before the place is known.
    """

    COMMUNITY = "COMMUNITY"
    GUEST = "GUEST"
    DISTRICT = "DISTRICT"
    DEPARTMENT = "DEPARTMENT"
    APP = "APP"
    INSPECTOR = "INSPECTOR"
    IDENTITY = "IDENTITY"

    @property
    def is_above(self) -> bool:
        """Return whether it reads across communities and acts in one only through Tx.act_in."""
        return self in (Principal.DISTRICT, Principal.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Viewer:
    """It is one verified access token.

    `id` is a member of the community (for a guest, the member they will become), an officer of the
    district, an app, or an inspection.

    `community_id` is 0 for an officer; `street_id` is 0 for a whole district, and for a
    department's handler, whom `department_id` restricts. `version` is the permission version of the
    access token. `payer` is the person whose budget is used, whatever place or client they come
    from.
    """

    principal: Principal
    id: UUID
    roles: frozenset[Role]
    scopes: frozenset[Scope]
    version: int
    client_id: str
    token_id: str
    expires_at: datetime
    community_id: int = 0
    district_id: int = 0
    street_id: int = 0
    department_id: int = 0
    payer: UUID = _NOBODY
    parameters: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        secretary = Role.PARTY_SECRETARY in self.roles
        staff = secretary or Role.COMMITTEE_MEMBER in self.roles
        parameters: dict[str, Any] = {
            "community_id": self.community_id,
            "district_id": self.district_id,
            "street_id": self.street_id,
            "department_id": self.department_id,
            "viewer_desk": self.desk,
            "viewer_id": self.id,
            "viewer_scopes": sorted(self.scopes),
            "viewer_is_secretary": secretary,
            "viewer_is_staff": staff,
            "viewer_is_auditor": staff or Role.SUPERVISOR in self.roles,
            "viewer_members_seen": _SEEN_BY_STAFF if staff else _SEEN_BY_ALL,
        }
        object.__setattr__(self, "parameters", parameters)

    @property
    def desk(self) -> int:
        """Return the number of the viewer's desk above the communities; 0 inside a community.

        It is a street's or district's own number, or a department's number, negated.
        """
        return -self.department_id or self.street_id or self.district_id

    @property
    def place(self) -> tuple[Principal, int, int]:
        """Return the key of a shared budget: all viewers of one kind in one place."""
        return self.principal, self.community_id, self.desk

    @property
    def only_reads(self) -> bool:
        """Return whether this viewer changes nothing, whatever the scopes."""
        return self.principal in (Principal.APP, Principal.INSPECTOR)

    @property
    def enter(self) -> tuple[str, ...]:
        """Return the statements that set this viewer's place for one transaction."""
        if self.principal.is_above:
            return entering(
                district_id=self.district_id,
                street_id=self.street_id,
                department_id=self.department_id,
            )
        return entering(community_id=self.community_id)


def entering(**place: int) -> tuple[str, ...]:
    """Return the statements that set a place for one transaction: row-level security reads it.

    SET LOCAL as a statement, not set_config(): a sharding router can see it and pass it on.
    """
    return tuple(f"set local app.{name} = '{int(number)}'" for name, number in place.items())


def system(district_id: int) -> Viewer:
    """Return the viewer that commands act as: no person, in a district, audited as SYSTEM."""
    return Viewer(
        principal=Principal.DISTRICT,
        id=UUID(int=0),
        roles=frozenset({Role.DISTRICT_ADMIN}),
        scopes=frozenset(),
        version=0,
        client_id="linli-command",
        token_id="",
        expires_at=datetime.max.replace(tzinfo=UTC),
        district_id=district_id,
    )
