"""The world's open affairs."""

from datetime import datetime
from typing import TYPE_CHECKING

from tenants.affairs.tables import affair_complaints, affair_questions, obligations, open_affairs
from tenants.appraisals.tables import appraisals
from tenants.ids import new_id
from tests.engine import appraisals as appraisals_of
from tests.engine.affairs import AFFAIRS, COMPLAINTS, IDS, OBLIGATIONS, QUESTIONS, Affairs
from tests.engine.ballots import SECOND

if TYPE_CHECKING:
    from tests.engine.world import Builder


async def write(builder: "Builder", start: datetime, hostile: str) -> None:
    """Write everything, and note the ids."""
    ids = {name: new_id(start + (80 + number) * SECOND) for number, name in enumerate(IDS)}
    await Affairs(
        builder._make, builder.place, 310113, builder.staff, builder.secretary, builder.resident,
        builder.supervisor, start, hostile, ids,
    ).write()  # fmt: skip
    known = {name: new_id(start + (110 + n) * SECOND) for n, name in enumerate(appraisals_of.IDS)}
    judged = appraisals_of.Appraisals(
        builder._make, builder.place, builder.supervisor, [builder.staff, builder.second], start,
        hostile, known,
    )  # fmt: skip
    await judged.write()
    await judged.declare()
    await judged.address(builder.notices[1], builder.neighbour)
    await judged.call(builder.notices[2], "PARTY_SECRETARY")
    world = builder.world
    world.knows(appraisals, *known.values())
    world.knows(obligations, *(ids[name] for name in OBLIGATIONS))
    world.knows(open_affairs, *(ids[name] for name in AFFAIRS))
    world.knows(affair_questions, *(ids[name] for name in QUESTIONS))
    world.knows(affair_complaints, *(ids[name] for name in COMPLAINTS))
