"""Who may hold a token: someone in a place, as they stand there at this moment."""

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
    """Someone in a place, ready to be minted; `place` is a row of where persons are someone."""

    stand: Stand
    principal: Principal
    number: int
    place: Any
    prefix: str

    @property
    def org(self) -> str:
        """Give the place's public id."""
        return encode_id(self.place["place_id"], self.prefix)

    @property
    def identity(self) -> Identity:
        """Give what a token says of them."""
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
    """Say how someone stands in a place; None for one who is no officer any more, or was erased."""
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
    """Give who holds a verified token, if it still tells the truth; None for what is no person's."""
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
    """Give the number of the community, department, street or district that a token is for."""
    return viewer.community_id or viewer.department_id or viewer.street_id or viewer.district_id
