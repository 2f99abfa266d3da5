"""A holder has an access token: a person in a place, with their roles there at this moment."""

from dataclasses import dataclass
from typing import Any

from api.auth import Identity
from api.engine.bindings import prefix_of
from api.engine.identifiers import encode_id
from tenants.db import Database
from tenants.identity import persons
from tenants.identity.store import identity
from tenants.membership.service import standing
from tenants.membership.service.standing import Stand
from tenants.places.tables import communities, departments
from tenants.viewer import Principal, Viewer, system


@dataclass(frozen=True)
class Holder:
    """It is a person in a place, for whom a token can be minted; `place` is their affiliation's row."""

    stand: Stand
    principal: Principal
    number: int
    place: Any
    prefix: str

    @property
    def org(self) -> str:
        """Return the place's public id."""
        return encode_id(self.place["place_id"], self.prefix)

    @property
    def identity(self) -> Identity:
        """Return the subject of a token for this holder."""
        return Identity(
            principal=self.principal,
            id=self.place["subject_id"],
            org=self.org,
            place=self.number,
            roles=self.stand.roles,
            version=self.stand.version,
            payer=self.place["person_id"],
        )


async def holder(database: Database, place: Any) -> Holder | None:
    """Return the person's current roles in a place; None for a former officer or erased person."""
    if place["place"] == "COMMUNITY":
        number = place["number"]
        stand = await standing.in_community(database, system(0), number, place["subject_id"])
        if stand is None:
            return None
        return Holder(stand, Principal.COMMUNITY, number, place, prefix_of(communities))
    district = place["number"] if place["number"] < 10**6 else place["number"] // 1000
    found = await standing.in_district(database, system(district), place["subject_id"])
    if found is None:
        return None
    stand, table, number = found
    principal = Principal.DEPARTMENT if table is departments else Principal.DISTRICT
    return Holder(stand, principal, number, place, prefix_of(table))


async def behind(database: Database, viewer: Viewer) -> Holder | None:
    """Return the holder of a verified token if its place, roles and version are still true.

    Returns None otherwise, and for a token that belongs to no person.
    """
    async with identity(database) as store:
        place = await persons.affiliation(store, viewer.id)
    found = await holder(database, place) if place is not None else None
    if found is None:
        return None
    told = (viewer.community_id == 0, _number_of(viewer), viewer.version, viewer.roles)
    is_above = found.place["place"] != "COMMUNITY"
    true = (is_above, found.number, found.stand.version, found.stand.roles)
    return found if told == true else None


def _number_of(viewer: Viewer) -> int:
    """Return the number of the community, department, street or district that a token is for."""
    return viewer.community_id or viewer.department_id or viewer.street_id or viewer.district_id
