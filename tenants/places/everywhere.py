"""List all communities, for the work that the system does in each of them."""

from typing import Any

import sqlalchemy as sa

from tenants.columns import DISTRICT
from tenants.db import Database
from tenants.places.tables import communities, districts
from tenants.viewer import system

# The tenant key of what desks above the communities keep where communities keep theirs.
ABOVE = 0


async def everywhere(
    database: Database, statement: sa.Executable | None = None, **values: Any
) -> list[int]:
    """Return the community keys of all communities, or those that a statement finds in each district.

    The statement selects `community_id` and is of one district (`columns.DISTRICT`).
    """
    chosen = _COMMUNITIES if statement is None else statement
    async with database.command(system(0)) as tx:
        numbers: list[int] = []
        for district in await tx.rows(DISTRICTS):
            await tx.row(ENTER, **district)
            numbers += [row["community_id"] for row in await tx.rows(chosen, **district, **values)]
    return numbers


# One transaction of the district role goes through all districts: it sets its place for each.
DISTRICTS = sa.select(districts.c.district_id).order_by(districts.c.district_id)
ENTER = sa.select(sa.func.district.enter(DISTRICT, *[sa.literal_column("0")] * 2))
_COMMUNITIES = (
    sa.select(communities.c.community_id)
    .where(communities.c.district_id == DISTRICT)
    .order_by(communities.c.community_id)
)
