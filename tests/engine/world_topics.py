"""The world's topics."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tenants.ids import new_id
from tenants.projects.tables import milestones, projects, spendings
from tenants.topics.consultations import consultations, resolutions
from tenants.topics.tables import topic_contributions, topics
from tests.engine.ballots import SECOND
from tests.engine.projects import PROJECT_IDS, Projects
from tests.engine.topics import IDS, Topics

if TYPE_CHECKING:
    from tests.engine.world import Builder


async def write(builder: "Builder", start: datetime, hostile: str, vote: UUID) -> None:
    """Write everything, and note the ids."""
    place, make = builder.place, builder._make
    ids = {name: new_id(start + (80 + number) * SECOND) for number, name in enumerate(IDS)}
    letters = "select id from tenant.petition where (secrecy = 'PRIVATE') = $1 order by id limit 1"
    rows = {
        "post": builder.odd,
        "petition": await make.value(place, letters, False),
        "private": await make.value(place, letters, True),
        "hidden": await make.value(place, letters, True),
        "vote": vote,
    }
    people = [builder.neighbour, builder.resident]
    await Topics(
        make, place, 310113, place.street_id, builder.staff, people, start, hostile, ids, rows
    ).write()
    known = {name: new_id(start + (95 + n) * SECOND) for n, name in enumerate(PROJECT_IDS)}
    await Projects(
        make,
        place,
        310113,
        place.street_id,
        builder.staff,
        people,
        start,
        hostile,
        ids["done"],
        known,
    ).write()
    world = builder.world
    world.knows(projects, known["built"], known["called off"], known["running"])
    world.knows(milestones, known["milestone"], known["next"])
    world.knows(spendings, known["spending"], known["void spending"], known["waiting"])
    world.knows(topics, *(ids[name] for name in IDS[:5]))
    world.knows(topic_contributions, ids["view"], ids["question"])
    world.knows(consultations, *(ids[name] for name in IDS[7:10]))
    world.knows(resolutions, ids["resolution"])
