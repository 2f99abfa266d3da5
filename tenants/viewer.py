"""Who asks, from where, and with which scopes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tenants.scopes import Role, Scope

# In which states a member is shown to others: the staff see who is on the way in, or suspended.
_SEEN_BY_ALL = ["ACTIVE"]
_SEEN_BY_STAFF = [
    *_SEEN_BY_ALL, "APPLIED", "IDENTITY_OK", "UNDER_REVIEW", "RETURNED", "SUSPENDED",
]  # fmt: skip
_NOBODY = UUID(int=0)


class Principal(StrEnum):
    """The kinds of viewer: what each sees of a table is declared apart (tenants.policy.protect).

    COMMUNITY is an active member; GUEST someone in a community who is not one yet, or no longer;
    DISTRICT who administers a district or street; DEPARTMENT who handles what comes to a department;
    APP is a registered program and INSPECTOR an officer looking into one community: both only read;
    IDENTITY nobody's token: the door, before it is known where someone is.
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
        """Say whether it reads across communities, and acts in one only by an act (Tx.act_in)."""
        return self in (Principal.DISTRICT, Principal.DEPARTMENT)


@dataclass(frozen=True, slots=True)
class Viewer:
    """One verified token. `id` is a member of the community (a guest's is the one
    they will have), an officer of the district, an app, or an inspection.

    `community_id` is 0 for an officer; `street_id` is 0 for a whole district, and for a department's
    handler, whom `department_id` narrows. `version` is the permission version of the token.
    `payer` is whose budget is spent: the person, wherever and through whatever client they come.
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
        """Give whose desk above the communities the viewer sits at, as one number; inside, 0.

        A street's or district's own number; a department's, of the same form, below nought.
        """
        return -self.department_id or self.street_id or self.district_id

    @property
    def place(self) -> tuple[Principal, int, int]:
        """Give what shares one budget: who comes to one place in one way."""
        return self.principal, self.community_id, self.desk

    @property
    def only_reads(self) -> bool:
        """Say whether this viewer changes nothing, whatever the scopes."""
        return self.principal in (Principal.APP, Principal.INSPECTOR)

    @property
    def enter(self) -> tuple[str, ...]:
        """Give the statements that set this viewer's place for one transaction."""
        if self.principal.is_above:
            return entering(
                district_id=self.district_id,
                street_id=self.street_id,
                department_id=self.department_id,
            )
        return entering(community_id=self.community_id)


def entering(**place: int) -> tuple[str, ...]:
    """Give the statements that set a place for one transaction: what row security reads.

    SET LOCAL as a statement, not set_config(): what a sharding router can see and pass on.
    """
    return tuple(f"set local app.{name} = '{int(number)}'" for name, number in place.items())


def system(district_id: int) -> Viewer:
    """Give the viewer that commands act as: nobody, in a district; audited as SYSTEM."""
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
