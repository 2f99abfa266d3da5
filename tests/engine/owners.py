"""Rows of owners for a reference world: a register, and an assembly with all that it can have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tenants.owners.tables import (
    elections,
    owners_rules,
    part_owners,
    property_areas,
    property_owners,
    property_parts,
)
from tenants.votes.assemblies import assemblies, ballot_services, roll_owners, roll_parts
from tenants.votes.meetings import attendances, meetings, rolls, voters
from tenants.votes.proxies import papers, proxies, proxy_instructions
from tenants.votes.results import vote_ballots
from tenants.votes.tables import vote_options, votes
from tests.engine.ballots import EVER, SECOND
from tests.street import Make, Person, Place

# The rows whose ids are known beforehand.
IDS = ("area", "part", "second part", "owner", "company", "entry", "agent", "assembly", "decision")


@dataclass
class Owners:
    """Writes an assembly into a place, of two heads; the staff keeps the register."""

    make: Make
    place: Place
    district: int
    staff: Person
    secretary: Person
    people: Sequence[Person]
    start: datetime
    text: str
    ids: Mapping[str, UUID]

    async def write(self) -> None:
        """Write the register, then the meeting with its roll, then what came in."""
        await self._register()
        await self._meeting()
        await self._came_in()

    async def _row(self, table: Any, **values: Any) -> None:
        await self.make.row(self.place, table, **values)

    async def _register(self) -> None:
        area, staff = self.ids["area"], self.staff.id
        await self._row(
            property_areas, id=area, name="幸福小区", created_at=self.start, created_by=staff
        )
        async with self.make.inside(self.place.key) as connection:
            await connection.execute(
                "update tenant.petition set property_area_id = $1 where goal_rule_id is not null",
                area,
            )
        await self._row(
            elections, area_id=area, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 3),
            document=self.text, entered_by=staff, entered_at=self.start,
        )  # fmt: skip
        await self._row(
            owners_rules, area_id=area, effective_from=date(2026, 1, 1), silence="MAJORITY",
            admits_electronic=True, counts_parking=True, decision=self.text, entered_by=staff,
            entered_at=self.start,
        )  # fmt: skip
        for name, room, kind in (("part", "101", "DWELLING"), ("second part", "102", "SHOP")):
            await self._row(
                property_parts, id=self.ids[name], area_id=area, building="1号楼", room=room,
                address=f"1号/{room}", kind=kind, area=8937, area_source="REGISTER",
                is_developers=kind == "SHOP",
            )  # fmt: skip
        for name, number, kind in (("owner", "1", "PERSON"), ("company", "2", "COMPANY")):
            person = self.people[0] if kind == "PERSON" else self.people[1]
            await self._row(
                property_owners, id=self.ids[name], area_id=area, number=number, kind=kind,
                name="王**", member_id=person.id,
            )  # fmt: skip
            await self._row(
                part_owners, part_id=self.ids["part"], owner_id=self.ids[name], share_part=1,
                share_whole=2,
            )  # fmt: skip

    async def _meeting(self) -> None:
        meeting, roll, staff = self.ids["assembly"], self.ids["owners' roll"], self.staff.id
        await self._row(
            rolls, id=roll, units=["HEADS", "AREA"], voters=2, area=17874, frozen_at=self.start
        )
        for name, part, person in (("entry", "part", 0), ("agent", "second part", 1)):
            entry = {"roll_id": roll, "voter_id": self.ids[name]}
            await self._row(
                voters, **entry, member_id=self.people[person].id, area=8937, document=self.text
            )
            await self._row(
                roll_parts, **entry, part_id=self.ids[part], building="1号楼", room="101", area=8937
            )
            await self._row(
                ballot_services, **entry, way="IN_PERSON", served_at=self.start, note=self.text,
                entered_by=staff, entered_at=self.start,
            )  # fmt: skip
        for name in ("owner", "company"):
            await self._row(
                roll_owners, roll_id=roll, voter_id=self.ids["entry"], owner_id=self.ids[name],
                name="王**",
            )  # fmt: skip
        await self._row(
            meetings, id=meeting, rule_code="OWN_ORD", rule_from=date(2021, 1, 1),
            title="业主大会", place="活动室", held_at=self.start, opens_at=self.start, closes_at=EVER,
            roll_id=roll, state="NOTICED", created_at=self.start, created_by=staff,
            noticed_at=self.start, noticed_by=staff, version=1,
        )  # fmt: skip
        await self._row(
            assemblies, meeting_id=meeting, area_id=self.ids["area"],
            organiser_id=self.people[0].id, is_special=True, told_on=date(2026, 1, 2),
            told_by=self.text, silence="MAJORITY",
            admits_electronic=True, counts_parking=True, rules_from=date(2026, 1, 1),
            rules_decision=self.text,
        )  # fmt: skip
        await self._row(
            attendances, meeting_id=meeting, roll_id=roll, voter_id=self.ids["entry"],
            entered_by=staff, entered_at=self.start,
        )  # fmt: skip
        await self._row(
            votes, id=self.ids["decision"], district_id=self.district, track="DECISION",
            meeting_id=meeting, matter="PROPERTY_MANAGER", buildings=["1号楼"], roll_id=roll,
            author_id=staff, question="续聘物业服务企业", method="PROPOSAL", options=2, least=1,
            most=1, seats=1, state="OPEN", created_at=self.start, opens_at=self.start,
            closes_at=EVER, open_objections=0, secrecy="RECORDED",
            keys_shown=0, answering=0, alarmed_at=None, version=1,
            certifiers=["ORGANISER", "COMMITTEE_MEMBER"],
        )  # fmt: skip
        for place, label in enumerate(("同意", "反对")):
            await self._row(vote_options, vote_id=self.ids["decision"], place=place, label=label)

    async def _came_in(self) -> None:
        meeting, vote = self.ids["assembly"], self.ids["decision"]
        roll, entry, agent = self.ids["owners' roll"], self.ids["entry"], self.ids["agent"]
        await self._row(
            proxies, meeting_id=meeting, roll_id=roll, voter_id=entry, holder_id=self.people[1].id,
            document=self.text, entered_by=self.staff.id, entered_at=self.start,
        )  # fmt: skip
        await self._row(
            proxy_instructions, vote_id=vote, voter_id=entry, meeting_id=meeting, marks=[1, 0]
        )
        await self._row(
            vote_ballots, vote_id=vote, roll_id=roll, voter_id=entry, marks=[1, 0],
            first_at=self.start, cast_at=self.start, channel="PROXY", cast_by=self.people[1].id,
            version=1,
        )  # fmt: skip
        await self._row(
            papers, vote_id=vote, roll_id=roll, voter_id=agent, channel="PAPER", marks=[0, 1],
            entered_by=self.staff.id, entered_at=self.start, confirmed_by=self.secretary.id,
            confirmed_at=self.start + SECOND,
        )  # fmt: skip
