"""Provide the world's petitions: every state, secrecy, level and desk, with the events of each."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import asyncpg

from tenants.catalogue.tables import petition_categories, support_rules
from tenants.duty.tables import duty_gaps, duty_shifts
from tenants.ids import new_id
from tenants.petitions.desks import answer_templates, populations
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petition_callbacks, petition_events, petitions
from tenants.petitions.words import PetitionState

if TYPE_CHECKING:
    from tests.engine.world import Builder

SECOND = timedelta(seconds=1)
DISTRICT = 310113


async def write(builder: "Builder", start: datetime, ever: datetime, hostile: str) -> None:
    """Write all petitions, and note their ids."""
    place, make, world = builder.place, builder._make, builder.world
    letters = Letters(builder, start, ever, hostile)
    await letters.all()
    world.knows(petitions, *letters.ids)
    world.knows(answer_templates, *letters.templates)
    world.knows(duty_shifts, *letters.shifts)
    owner = await asyncpg.connect(make.cluster.url())
    await owner.execute(
        "insert into reference.time_limit (urgency, effective_from, effective_to, ack_hours, "
        "resolve_days, rise_hours, source, is_confirmed) values ('COMPLEX', '1980-01-01Z', "
        "'1990-01-01Z', 12, 30, 48, '旧规', true) on conflict do nothing"
    )
    await owner.execute(
        "insert into reference.rule_confirmation values (310113, 'RC', '2026-01-01', '区民政局', $1, $2, "
        "$3, $2) on conflict do nothing",
        UUID(int=1), start, UUID(int=2),
    )  # fmt: skip
    for table, query in (
        (
            petition_categories,
            "select id from reference.petition_category where district_id = 310113 "
            "order by id limit 8",
        ),
        (support_rules, "select id from reference.support_rule order by effective_to nulls first"),
    ):  # fmt: skip
        world.knows(table, *(row["id"] for row in await owner.fetch(query)))
    # the category of the letters is drawn more often
    used = await owner.fetchval(
        "select category_id from tenant.petition where id = $1", letters.ids[0]
    )
    world.knows(petition_categories, *[used] * 12)
    await owner.close()
    world.knows(petitions, *(each for each in letters.rare for _ in range(4)))
    assert place is not None


class Letters:
    """It holds the petitions of one community."""

    def __init__(self, builder: "Builder", start: datetime, ever: datetime, hostile: str) -> None:
        self._builder, self._make, self._place = builder, builder._make, builder.place
        self._start, self._ever, self._hostile = start, ever, hostile
        self._ticks = 0
        self.ids: list[UUID] = []
        self.rare: list[UUID] = []
        self.templates: list[UUID] = []
        self.shifts: list[UUID] = []

    def _next(self) -> datetime:
        self._ticks += 1
        return self._start + timedelta(hours=1) + self._ticks * SECOND

    async def all(self) -> None:
        """Create every state at every desk, and some petitions with everything."""
        await self._around()
        await self._in_every_state()
        await self._rich()
        await self._numbers()

    async def _around(self) -> None:
        builder, make, place, start = self._builder, self._make, self._place, self._start
        await make.row(
            place, populations, adults=900, households=400, source="登记", recorded_at=start,
            recorded_by=builder.secretary.id,
        )  # fmt: skip
        for name in ("停水", "电梯", '"quote"'):
            made = new_id(self._next())
            self.templates.append(made)
            await make.row(
                place, answer_templates, id=made, name=name, words=self._hostile, created_at=start,
                created_by=builder.staff.id, version=1, desk=0,
            )  # fmt: skip
        # no roster is begun: otherwise the server's worker would find these gaps again some time
        for person, begins, ends in (
            (builder.staff, start, self._ever),
            (builder.secretary, start, self._ever + SECOND),
            (builder.staff, self._ever, self._ever + 2 * SECOND),
            (builder.neighbour, start, self._ever),
            (builder.staff, start, start + SECOND),
        ):
            made = new_id(self._next())
            self.shifts.append(made)
            await make.row(
                place, duty_shifts, id=made, member_id=person.id, starts_at=begins, ends_at=ends,
                created_at=start, created_by=builder.secretary.id,
            )  # fmt: skip
        for begins, ends in (
            (start, self._ever),
            (start, start + SECOND),
            (start, self._ever + SECOND),
        ):
            await make.row(
                place,
                duty_gaps,
                id=new_id(self._next()),
                starts_at=begins,
                ends_at=ends,
                found_at=start,
            )

    async def _in_every_state(self) -> None:
        builder, place = self._builder, self._place
        ours, districts = builder.departments[0], builder.departments[1]
        desks: list[dict[str, Any]] = [
            {"desk": 0},
            {"desk": place.street_id},
            {"desk": -ours.number, "desks": [place.street_id, -ours.number], "level": "STREET",
             "dispatched_from": place.street_id},
            {"desk": DISTRICT, "desks": [place.street_id, DISTRICT]},
            {"desk": -districts.number, "desks": [DISTRICT, -districts.number],
             "level": "DISTRICT", "dispatched_from": DISTRICT, "is_at_community": False},
        ]  # fmt: skip
        authors = (builder.resident, builder.neighbour, builder.staff, builder.gone)
        first = await self.letter(builder.resident, secrecy="PUBLIC")
        for number, state in enumerate(PetitionState):
            for turn, desk in enumerate(desks):
                secrecy = ("PUBLIC", "MEMBERS", "PRIVATE")[(number + turn) % 3]
                values: dict[str, Any] = {"state": state.value, "secrecy": secrecy, **desk}
                if state == "MERGED":
                    values["merged_into"] = first
                await self.letter(authors[(number + turn) % 4], **values)

    async def _rich(self) -> None:
        """Create petitions with everything that a petition can have."""
        builder, start = self._builder, self._start
        rule = await self._make.value(
            self._place,
            "select id from reference.support_rule where is_confirmed order by id limit 1",
        )
        moments = [start + n * SECOND for n in range(12)]
        whole: dict[str, Any] = {
            "location": self._hostile, "title": "停水 通知", "body": self._hostile, "responded_at": moments[1],
            "ack_overdue": True, "resolve_overdue": True, "extended_at": moments[2],
            "extension_reason": "等配件", "question": "哪一层？", "review_requested_at": moments[3],
            "reviewed_at": moments[4], "review_upheld": True, "review_reason": "属实",
            "reopen_count": 2, "support_count": 3, "household_count": 2, "goal_rule_id": rule,
            "goal": 3, "goal_reached_at": moments[5], "handler_id": builder.staff.id,
        }  # fmt: skip
        planned = {"outcome": "PLANNED", "planned_for": self._ever}
        for author, values in (
            (builder.resident, {"state": "CLOSED", **planned}),
            (builder.neighbour, {"state": "RETURNED", "secrecy": "PUBLIC"}),
            (builder.resident, {"state": "NOT_ACCEPTED", "legal_route": "人民法院"}),
            (builder.staff, {"state": "ANSWERED", **planned, "secrecy": "PUBLIC"}),
            (builder.resident, {"state": "SUBMITTED", "is_listed": False, "secrecy": "PUBLIC"}),
        ):
            made = await self.letter(author, **whole, **values)
            self.rare.append(made)
            for solved, satisfaction in (("NO", 1), ("PARTLY", 3), ("YES", 5)):
                await self._make.row(
                    self._place, petition_callbacks, id=new_id(self._next()), petition_id=made,
                    district_id=DISTRICT, street_id=self._place.street_id, category_id=uuid4(),
                    level="COMMUNITY", at=start, solved=solved, satisfaction=satisfaction,
                )  # fmt: skip
            for member, withdrawn in (
                (builder.resident, None),
                (builder.staff, None),
                (builder.neighbour, start),
            ):
                await self._make.row(
                    self._place, petition_supports, petition_id=made, member_id=member.id,
                    supported_at=start, withdrawn_at=withdrawn,
                )  # fmt: skip
        imported = await self.letter(
            builder.resident, author_id=None, source="市长信箱", source_id="17", source_author="A1",
            state="CLOSED", outcome="EXPLAINED",
        )  # fmt: skip
        self.rare.append(imported)

    async def letter(self, author: Any, **values: Any) -> UUID:
        """Create a petition with a timeline of up to four entries, one of them internal."""
        at = self._next()
        made = await self._make.petition(author, at=at, **{"next_at": None, **values})
        self.ids.append(made)
        builder = self._builder
        row = (
            await self._make.rows(
                self._place,
                "select level, desk, desks, state from tenant.petition where id = $1",
                made,
            )
        )[0]
        for number, (action, kind, actor, public, words) in enumerate(
            (
                ("SUBMITTED", "AUTHOR", author.id, True, None),
                ("NOTED", "DESK", builder.staff.id, False, self._hostile),
                ("ACCEPTED", "DESK", builder.one_street.id, True, "受理"),
                ("ESCALATED", "SYSTEM", UUID(int=0), True, None),
            )[: 1 + self._ticks % 4]
        ):
            await self._make.row(
                self._place, petition_events, id=new_id(self._next()), petition_id=made,
                district_id=DISTRICT, desks=row["desks"], seq=0, at=at + number * SECOND, action=action,
                actor_kind=kind, actor_id=actor, level=row["level"], desk=row["desk"],
                state=row["state"], is_public=public, words=words,
            )  # fmt: skip
        if self._ticks % 3 == 0:
            # images of the letter, of the current answer and of an earlier one
            for answered in (None, values.get("answered_at", at), at - SECOND):
                await self._make.image(
                    author, "petition", made, district_id=DISTRICT, desks=row["desks"],
                    answered_at=answered, at=self._next(),
                )  # fmt: skip
        return made

    async def _numbers(self) -> None:
        """Number the entries by commit; some share a number, and the last is not committed yet."""
        async with self._make.inside(self._place.key) as connection:
            rows = await connection.fetch("select id from tenant.petition_event order by id")
            for number, row in enumerate(rows[:-1]):
                await connection.execute(
                    "update tenant.petition_event set seq = $2 where id = $1",
                    row["id"], 1 + number // 2,
                )  # fmt: skip
