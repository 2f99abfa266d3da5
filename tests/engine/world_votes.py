"""Provide the world's votes."""

from datetime import datetime
from typing import TYPE_CHECKING

from tenants.ids import new_id
from tenants.owners.tables import property_areas, property_owners, property_parts
from tenants.votes.authorisations import authorisations
from tenants.votes.meetings import meetings
from tenants.votes.objections import objections
from tenants.votes.tables import votes
from tests.engine import world_topics
from tests.engine.ballots import SECOND, Ballots
from tests.engine.owners import IDS, Owners

if TYPE_CHECKING:
    from tests.engine.world import Builder

_MEETINGS = ("meeting", "cancelled")
_VOTES = (
    "decided", "final", "tallied", "noticed", "running", "draft", "poll", "open", "void",
    "secret",
)  # fmt: skip
_OWNERS = (*IDS, "owners' roll")
_AUTHORISATIONS = ("authorised", "revoked")
_OBJECTIONS = ("ROLL OPEN", "ROLL SUSTAINED", "RESULT DISMISSED", "RESULT OPEN")


async def write(builder: "Builder", start: datetime, hostile: str) -> None:
    """Write everything, and note the ids."""
    names = ("roll", *_MEETINGS, *_VOTES, *_OBJECTIONS, *_AUTHORISATIONS)
    ids = {name: new_id(start + number * SECOND) for number, name in enumerate(names)}
    ids["petition"] = await builder._make.value(
        builder.place,
        "select id from tenant.petition where goal_reached_at is not null order by id limit 1",
    )
    people = [builder.neighbour, builder.resident, builder.staff, builder.secretary, builder.gone]
    await Ballots(
        builder._make, builder.place, 310113, builder.staff, builder.second, people, start,
        hostile, ids,
    ).write()  # fmt: skip
    known = {name: new_id(start + (40 + number) * SECOND) for number, name in enumerate(_OWNERS)}
    await Owners(
        builder._make, builder.place, 310113, builder.staff, builder.secretary, people, start,
        hostile, known,
    ).write()  # fmt: skip
    world = builder.world
    world.knows(property_areas, known["area"])
    world.knows(property_parts, known["part"], known["second part"])
    world.knows(property_owners, known["owner"], known["company"])
    world.knows(meetings, known["assembly"])
    world.knows(votes, known["decision"])
    world.knows(meetings, *(ids[name] for name in _MEETINGS))
    world.knows(votes, *(ids[name] for name in _VOTES))
    world.knows(authorisations, *(ids[name] for name in _AUTHORISATIONS))
    world.knows(objections, *(ids[name] for name in _OBJECTIONS))
    await world_topics.write(builder, start, hostile, ids["decided"])
