"""Whom a demo token can speak for: one member or officer of each role, always the same."""

from dataclasses import dataclass
from uuid import UUID

from tenants.db import Database
from tenants.viewer import Principal

DISTRICT = 310113
_HOME = 1  # the first community brought in


@dataclass(frozen=True)
class DemoPerson:
    """Someone a demo token can be minted for; `place_id` is their community's or district's id."""

    role: str
    id: UUID
    roles: tuple[str, ...]
    version: int
    community_id: int
    district_id: int
    street_id: int
    place_id: UUID
    display_name: str
    place_name: str


async def principals(database: Database) -> dict[str, DemoPerson]:
    """Give a resident, a committee member and a secretary of the first community, and a district admin.

    Empty while there is no demo district.
    """
    async with database.pools[Principal.DISTRICT].acquire() as connection, connection.transaction():
        await connection.execute(f"select district.enter({DISTRICT}, 0, 0)")
        officer = await connection.fetchrow(_OFFICER)
    async with (
        database.pools[Principal.COMMUNITY].acquire() as connection,
        connection.transaction(),
    ):
        await connection.execute(f"select tenant.enter({_HOME})")
        members = await connection.fetch(_MEMBERS)
    if officer is None or not members:
        return {}
    people = {
        row["role"]: DemoPerson(
            row["role"],
            row["id"],
            tuple(row["roles"]),
            row["permission_version"],
            _HOME,
            0,
            0,
            row["place_id"],
            row["display_name"],
            row["place_name"],
        )
        for row in members
    }
    people["DISTRICT_ADMIN"] = DemoPerson(
        "DISTRICT_ADMIN", officer["id"], tuple(officer["roles"]), officer["permission_version"],
        0, DISTRICT, 0, officer["place_id"], officer["display_name"], officer["place_name"],
    )  # fmt: skip
    return people


_OFFICER = """
select o.id, o.roles, o.permission_version, o.display_name, d.id as place_id, d.name as place_name
  from district.officer o join reference.district d using (district_id)
 where o.street_id = 0 order by o.id limit 1
"""
# of each highest role, who joined first
_MEMBERS = """
select distinct on (m.roles[cardinality(m.roles)]) m.roles[cardinality(m.roles)] as role, m.id, m.roles,
       m.permission_version, m.display_name, c.id as place_id, c.name as place_name
  from tenant.member m join tenant.community c using (community_id)
 where m.state = 'ACTIVE' order by m.roles[cardinality(m.roles)], m.id
"""
