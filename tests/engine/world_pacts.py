"""The world has pacts."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from api.engine.identifiers import decode_id
from tenants.ids import new_id
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import pact_submissions
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pacts
from tenants.pacts.versions import pact_versions
from tests.engine.ballots import SECOND
from tests.engine.pacts import IDS, Pacts

if TYPE_CHECKING:
    from tests.engine.world import Builder


async def write(builder: "Builder", start: datetime, hostile: str) -> None:
    """Write everything, and note the ids."""
    world = builder.world
    vote: UUID | None = decode_id(world.ids["vot_"][0], "vot_")
    area: UUID | None = decode_id(world.ids["pra_"][0], "pra_")
    assert vote is not None
    assert area is not None
    ids = {name: new_id(start + (80 + n) * SECOND) for n, name in enumerate(IDS)}
    people = [builder.resident, builder.neighbour]
    await Pacts(
        builder._make, builder.place, builder.place.street_id, builder.staff, builder.secretary,
        people, start, hostile, vote, area, ids,
    ).write()  # fmt: skip
    world.knows(pacts, ids["pact"], ids["amendment"], ids["building"], ids["owners"])
    world.knows(pact_versions, ids["first"], ids["second"], ids["submitted"])
    world.knows(pact_suggestions, ids["suggestion"], ids["answered"])
    world.knows(pact_submissions, ids["review"], ids["filing"], ids["returned"])
    world.knows(pact_signatures, ids["paper"], ids["signature"], ids["withdrawn"])
