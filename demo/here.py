"""Invented people write in this community, and officers are above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from demo.actors import member, officer
from demo.people import DISTRICT
from tenants.procedure import Facts
from tenants.scopes import Role
from tenants.viewer import Viewer


@dataclass(frozen=True)
class Known:
    """It is what all communities share: the officer at each desk above, and the catalogue."""

    officers: dict[int, Facts]
    categories: dict[str, Facts]  # by topic and name
    limits: dict[str, Facts]  # by urgency


@dataclass(frozen=True)
class Here:
    """It is a community with its people, and what is known to all."""

    place: Facts
    now: datetime
    secretaries: list[UUID]
    committee: list[UUID]
    residents: list[UUID]
    known: Known

    @property
    def community_id(self) -> int:
        """Return the number of the community."""
        return self.place["community_id"]

    @property
    def secretary(self) -> Viewer:
        """Return the first secretary."""
        return self.member(self.secretaries[0], Role.PARTY_SECRETARY)

    def member(self, id: UUID, *offices: Role) -> Viewer:
        """Return a member as they act."""
        return member(self.community_id, id, *offices)

    def officer(self, desk: int) -> Viewer:
        """Return the officer at a desk above."""
        return officer(self.known.officers[desk])

    @property
    def departments(self) -> list[Facts]:
        """Return the departments of the district."""
        above = self.known.officers.items()
        return [row for desk, row in above if desk < 0 and not row["street_id"]]


def here_of(place: Facts, people: Iterable[Facts], known: Known, now: datetime) -> Here:
    """Return a community with these people, who are members with their ids and roles."""
    of_role: dict[str, list[UUID]] = {role: [] for role in Role}
    for person in people:
        of_role[person["roles"][-1]].append(person["id"])
    return Here(
        place=place,
        now=now,
        secretaries=of_role[Role.PARTY_SECRETARY],
        committee=of_role[Role.COMMITTEE_MEMBER],
        residents=of_role[Role.RESIDENT],
        known=known,
    )


async def known_to(connection: Any) -> Known:
    """Read the categories of petitions, the time limits and the officers at the desks above."""
    categories = await connection.fetch(_CATEGORIES, DISTRICT)
    limits = await connection.fetch(_LIMITS)
    desks = await connection.fetch(_DESKS, DISTRICT)
    return Known(
        officers={row["desk"]: row for row in desks},
        categories={row["path"]: row for row in categories},
        limits={row["urgency"]: row for row in limits},
    )


_CATEGORIES = """
select topic || '/' || name as path, id, urgency from reference.petition_category where district_id = $1
"""
_LIMITS = """
select distinct on (urgency) * from reference.time_limit where effective_from <= now()
 order by urgency, effective_from desc
"""
# where there are several at a desk, the one who came first
_DESKS = """
select coalesce(-department_id, nullif(street_id, 0), $1) as desk,
       id, district_id, street_id, department_id
  from district.officer where state = 'ACTIVE' order by officer.id desc
"""
