"""Rows of appraisals and of a notice's audience for a reference world."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.appraisals.tables import appraisals, appraised
from tenants.boards.notices import notices
from tenants.boards.tables import read_marks
from tenants.membership.offices import office_terms
from tests.engine.ballots import EVER, SECOND
from tests.street import Make, Person, Place

# The rows whose ids are known beforehand, each with the state of its vote.
IDS = {"published": "FINAL", "to publish": "VOID", "drafted": "TALLIED"}


@dataclass
class Appraisals:
    """Writes appraisals by votes that are there, and says whom a notice is for."""

    make: Make
    place: Place
    supervisor: Person
    judged: Sequence[Person]
    start: datetime
    text: str
    ids: Mapping[str, UUID]

    async def write(self) -> None:
        """Write an appraisal for each vote."""
        for name, state in IDS.items():
            vote = await self.make.value(
                self.place,
                "select id from tenant.vote where state = $1 and track = 'DECISION' or "
                "(state = $1 and $1 = 'VOID') order by id limit 1",
                state,
            )
            is_over = name == "published"
            ended = {"ended_at": self.start + SECOND, "ended_by": self.supervisor.id}
            await self._row(
                appraisals, id=self.ids[name], year=2026, vote_id=vote,
                state="PUBLISHED" if is_over else "DRAFTED", drafted_at=self.start,
                drafted_by=self.supervisor.id, version=1, **(ended if is_over else {}),
            )  # fmt: skip
            for place, person in enumerate(self.judged):
                told = {"verdict": "UNFIT", "fit": 1, "unfit": 3} if is_over else {}
                await self._row(
                    appraised, appraisal_id=self.ids[name], place=place, member_id=person.id,
                    name=self.text[:30], is_ended=is_over and place == 0, **told,
                )  # fmt: skip

    async def declare(self) -> None:
        """Let the supervisor have declared that no relative is of the committee."""
        await self._row(
            office_terms, id=self.ids["drafted"], member_id=self.supervisor.id, role="SUPERVISOR",
            starts_at=self.start, ends_at=EVER, granted_by=self.judged[-1].id,
            declares_no_relatives=True,
        )  # fmt: skip

    async def address(self, post: UUID, reader: Person) -> None:
        """Ask everybody of a building to acknowledge a notice; one has."""
        await self._row(
            notices, post_id=post, buildings=["3号楼"], addresses=["3号"], offices=None,
            asks_acknowledgement=True,
        )  # fmt: skip
        await self._row(
            read_marks, post_id=post, member_id=reader.id, read_at=self.start,
            acknowledged_at=self.start + SECOND,
        )  # fmt: skip

    async def call(self, post: UUID, office: str) -> None:
        """Address a notice to the holders of an office, and ask for no receipt."""
        await self._row(notices, post_id=post, offices=[office], asks_acknowledgement=False)

    async def _row(self, table: Any, **values: Any) -> None:
        await self.make.row(self.place, table, **values)
