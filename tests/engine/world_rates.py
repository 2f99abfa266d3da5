"""Provide the world's rates: months and categories with many and few cases; and orders in every state."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tenants.ids import new_id
from tenants.petitions.facts import petition_facts
from tenants.rates.tables import COUNTED, TOTAL, UNRANKED, community_rates, rate_snapshots
from tenants.supervision.tables import supervision_orders, supervision_steps

if TYPE_CHECKING:
    from tests.engine.world import Builder

SECOND = timedelta(seconds=1)
DISTRICT = 310113
MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02")


async def write(builder: "Builder", start: datetime, ever: datetime, hostile: str) -> None:
    """Write everything, and note the ids."""
    await _rates(builder, start)
    await _supervision(builder, start, ever, hostile)


async def _rates(builder: "Builder", start: datetime) -> None:
    make, world = builder._make, builder.world
    known = [UUID(TOTAL)]
    rows = await make.rows(
        builder.place,
        "select id from reference.petition_category where district_id = 310113 order by id limit 4",
    )
    known += [row["id"] for row in rows]
    number = 0
    for place in (builder.place, builder.foreign):
        for month in MONTHS:
            for category in known:
                number += 1
                # every third has few cases; the others have so many that all is shown
                many = 3 * number if number % 3 else 7
                counts = {name: many - place for place, name in enumerate(reversed(COUNTED))}
                counts |= {"solved": many // 2, "partly": many // 3, "callbacks": many}
                counts |= {"response_met": many // 2, "response_due": many, "satisfied": many // 2}
                counts |= {n: max(0, c) for n, c in counts.items()}
                await make.row(
                    place, rate_snapshots, id=new_id(start + number * SECOND), district_id=DISTRICT,
                    street_id=place.street_id, month=month, category_id=category,
                    is_total=not category.int, made_at=start, **counts,
                    ranking=100 * (number % 4) if many >= 10 else UNRANKED,
                )  # fmt: skip
                await make.row(
                    place, community_rates, id=new_id(start + number * SECOND), district_id=DISTRICT,
                    street_id=place.street_id, month=month, category_id=category,
                    is_total=not category.int, made_at=start, **counts,
                )  # fmt: skip
    assert world is not None


async def _supervision(builder: "Builder", start: datetime, ever: datetime, hostile: str) -> None:
    make, place, world = builder._make, builder.place, builder.world
    async with make.inside(place.key) as connection:
        for table in ("petition", "petition_fact"):
            await connection.execute(
                f"update tenant.{table} set resolve_overdue = true where is_open"
            )
    letters = await make.rows(
        place,
        "select id, district_id, desk from tenant.petition where desk <> $1 order by id",
        DISTRICT,
    )
    world.knows(petition_facts, *(row["id"] for row in letters))
    reported: dict[str, Any] = {"acked_at": start, "report": hostile, "reported_at": start}
    states: list[dict[str, Any]] = [
        {"state": "ISSUED"},
        {"state": "ACKNOWLEDGED", "acked_at": start},
        {"state": "REPORTED", **reported},
        {"state": "RETURNED", **reported, "return_reason": "再报", "returned_at": start},
        {"state": "ACCEPTED", **reported, "accepted_at": start},
    ]
    made: list[UUID] = []
    for number, row in enumerate(letters):
        issuing = DISTRICT if row["desk"] == place.street_id or number % 2 else place.street_id
        order = new_id(start + number * SECOND)
        made.append(order)
        desks = [issuing, *([row["desk"]] if row["desk"] else [])]
        await make.row(
            place, supervision_orders, id=order, petition_id=row["id"], district_id=DISTRICT,
            issuing_desk=issuing, addressed_desk=row["desk"], desks=desks,
            issued_by=builder.whole_district.id, issued_at=start, words=hostile,
            due_at=(ever, start + SECOND)[number % 2], version=1, **states[number % 5],
        )  # fmt: skip
        for step in range(1 + number % 3):
            await make.row(
                place, supervision_steps, id=new_id(start + (10 * number + step) * SECOND),
                order_id=order, district_id=DISTRICT, desks=desks, at=start,
                state=("ISSUED", "ACKNOWLEDGED", "REPORTED")[step], actor_id=builder.staff.id,
                words=(hostile, None, "报告")[step],
            )  # fmt: skip
    world.knows(supervision_orders, *made)
