"""The world's votes."""

from datetime import datetime
from typing import TYPE_CHECKING

from tenants.ids import new_id
from tenants.votes.meetings import meetings
from tenants.votes.objections import objections
from tenants.votes.tables import votes
from tests.engine.ballots import SECOND, Ballots

if TYPE_CHECKING:
    from tests.engine.world import Builder

_MEETINGS = ("meeting", "cancelled")
_VOTES = (
    "decided", "final", "tallied", "noticed", "running", "draft", "poll", "open", "void",
    "secret",
)  # fmt: skip
_OBJECTIONS = ("ROLL OPEN", "ROLL UPHELD", "RESULT DISMISSED", "RESULT OPEN")


async def write(builder: "Builder", start: datetime, hostile: str) -> None:
    """Write everything, and note the ids."""
    names = ("roll", *_MEETINGS, *_VOTES, *_OBJECTIONS)
    ids = {name: new_id(start + number * SECOND) for number, name in enumerate(names)}
    people = [builder.neighbour, builder.resident, builder.staff, builder.secretary, builder.gone]
    await Ballots(
        builder._make, builder.place, 310113, builder.staff, builder.second, people, start,
        hostile, ids,
    ).write()  # fmt: skip
    world = builder.world
    world.knows(meetings, *(ids[name] for name in _MEETINGS))
    world.knows(votes, *(ids[name] for name in _VOTES))
    world.knows(objections, *(ids[name] for name in _OBJECTIONS))
