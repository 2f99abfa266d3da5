"""A demo token can stand for these persons, always the same one of each role.

Each is a member or an officer.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tenants.db import Database
from tenants.identity import persons
from tenants.identity.store import Store
from tenants.transaction import Client, Row
from tenants.viewer import system

DISTRICT = 310113
HOME = 1  # the community that was imported first


@dataclass(frozen=True)
class DemoPerson:
    """A person whom a demo token can be minted for; `place_id` is the id of their place."""

    role: str
    id: UUID
    roles: tuple[str, ...]
    version: int
    community_id: int
    district_id: int
    street_id: int
    department_id: int
    place_id: UUID
    display_name: str
    place_name: str
    building: str | None

    @property
    def place(self) -> str:
        """Return the kind of their place, as in an affiliation."""
        if self.community_id:
            return "COMMUNITY"
        return "DEPARTMENT" if self.department_id else "DISTRICT"

    @property
    def number(self) -> int:
        """Return the number of their place."""
        return self.community_id or self.department_id or self.street_id or self.district_id


async def principals(database: Database) -> dict[str, DemoPerson]:
    """Return the demo's people by role; empty if there is no demo district.

    They are a resident, a committee member and a secretary of the first community, a district
    admin, and a handler of the first department.
    """
    async with database.command(system(DISTRICT)) as tx:
        officers = await tx.connection.fetch(_OFFICERS)
    async with database.act(system(0), Client("linli-demo", ""), database.clock(), HOME) as tx:
        members = await tx.connection.fetch(_MEMBERS, HOME)
    if not officers or not members:
        return {}
    return {row["role"]: _person(row) for row in (*members, *officers)}


def _person(row: Row) -> DemoPerson:
    values: dict[str, Any] = {**row, "roles": tuple(row["roles"])}
    return DemoPerson(**values)


async def person_of(store: Store, someone: DemoPerson) -> UUID:
    """Return the person id of one of them, whatever token stands for them."""
    who = await persons.signed_in(store, "DEMO", str(someone.id))
    await persons.affiliate(
        store, who,
        place=someone.place,
        number=someone.number,
        place_id=someone.place_id, subject_id=someone.id,
    )  # fmt: skip
    return who


# an admin of the whole district, and a handler of its first department
_OFFICERS = """
select distinct on (o.roles) o.roles[1] as role, o.id, o.roles, o.permission_version as version,
       0 as community_id, o.district_id, 0 as street_id,
       coalesce(o.department_id, 0) as department_id, coalesce(p.id, d.id) as place_id,
       o.display_name, coalesce(p.name, d.name) as place_name, null as building
  from district.officer o join reference.district d using (district_id)
       left join reference.department p on p.department_id = o.department_id
 where o.street_id = 0 and o.state = 'ACTIVE' order by o.roles, o.department_id, o.id
"""
# for each highest role, the member who joined first
_MEMBERS = """
select distinct on (m.roles[cardinality(m.roles)]) m.roles[cardinality(m.roles)] as role, m.id, m.roles,
       m.permission_version as version, m.community_id, 0 as district_id, 0 as street_id,
       0 as department_id, c.id as place_id, m.display_name, c.name as place_name, m.building
  from tenant.member m, tenant.community c
 where m.community_id = $1 and c.community_id = $1 and m.state = 'ACTIVE' order by m.roles[cardinality(m.roles)], m.id
"""
