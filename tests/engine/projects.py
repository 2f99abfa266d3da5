"""Rows of projects for a reference world: one with everything, and one that was cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tenants.ids import new_id
from tenants.origins import OriginKind, origin_steps
from tenants.projects.tables import (
    milestones,
    project_evaluations,
    project_events,
    project_funds,
    projects,
    spendings,
)
from tests.engine.ballots import SECOND
from tests.street import Make, Person, Place

# The rows whose ids are known beforehand.
PROJECT_IDS = (
    "built", "called off", "running", "milestone", "next", "spending", "void spending", "waiting",
)  # fmt: skip


@dataclass
class Projects:
    """It writes projects of a topic into a place."""

    make: Make
    place: Place
    district: int
    street: int
    staff: Person
    people: Sequence[Person]
    start: datetime
    text: str
    topic: UUID
    ids: Mapping[str, UUID]

    async def write(self) -> None:
        """Write the projects, then what belongs to them."""
        built, after = self.ids["built"], self.start + SECOND
        await self._project(
            "built", state="COMPLETED", started_at=self.start, report=self.text,
            completed_at=after, evaluated_until=after, next_at=after,
        )  # fmt: skip
        await self._project("called off", state="CANCELLED", cancel_reason="停办", next_at=None)
        await self._project("running", state="UNDER_WAY", started_at=self.start, next_at=None)
        await self._row(
            milestones, id=self.ids["next"], project_id=self.ids["running"], position=0,
            title="验收", due_on=date(2026, 5, 1),
        )  # fmt: skip
        await self._row(
            spendings, id=self.ids["waiting"], project_id=self.ids["running"], source="STREET",
            amount=1, spent_on=date(2026, 2, 1), purpose="测量", payee="测绘队", state="ENTERED",
            entered_at=self.start, entered_by=self.staff.id,
        )  # fmt: skip
        for place, (source, giver) in enumerate((("STREET", None), ("UNIT", "物业公司"))):
            await self._row(
                project_funds, project_id=built, position=place, source=source, giver=giver,
                amount=100_000,
            )  # fmt: skip
        await self._row(
            milestones, id=self.ids["milestone"], project_id=built, position=0, title="划线",
            due_on=date(2026, 3, 1), reached_at=self.start, reached_by=self.staff.id, note=self.text,
        )  # fmt: skip
        await self._row(
            milestones, id=new_id(self.start), project_id=built, position=1, title="安装",
            due_on=date(2026, 4, 1),
        )  # fmt: skip
        await self.make.image(
            self.staff, "milestone", self.ids["milestone"], at=self.start, width=800
        )
        attested = {
            "first_attested_at": self.start, "first_attested_by": self.people[0].id,
            "attested_at": after, "attested_by": self.people[1].id,
        }  # fmt: skip
        for name, state, more in (
            ("spending", "ATTESTED", attested),
            ("void spending", "VOIDED", {"void_reason": "重复"}),
        ):
            await self._row(
                spendings, id=self.ids[name], project_id=built, source="STREET", amount=65_000,
                spent_on=date(2026, 2, 1), purpose="车架", payee="五金店", state=state,
                entered_at=self.start, entered_by=self.staff.id, **more,
            )  # fmt: skip
        await self._row(
            project_evaluations, project_id=built, member_id=self.people[1].id, at=self.start,
            satisfaction=4, note=self.text,
        )  # fmt: skip
        for place, (kind, node) in enumerate(
            ((OriginKind.TOPIC, self.topic), (OriginKind.PROJECT, built))
        ):
            await self._row(
                origin_steps, subject_id=built, position=place, kind=kind.value, node_id=node,
                at=self.start,
            )  # fmt: skip

    async def _row(self, table: Any, **values: Any) -> None:
        await self.make.row(self.place, table, **values)

    async def _project(self, name: str, **values: Any) -> None:
        await self._row(
            projects, id=self.ids[name], district_id=self.district, street_id=self.street,
            topic_id=self.topic, title="建车棚", body=self.text, budget=200_000, spent=65_000,
            planned_at=self.start, planned_by=self.staff.id, version=1, **values,
        )  # fmt: skip
        for number, action in enumerate(("PLANNED", "STARTED")):
            await self._row(
                project_events, id=new_id(self.start + number * SECOND), project_id=self.ids[name],
                at=self.start, action=action, state=("PLANNED", "UNDER_WAY")[number],
                actor_id=self.staff.id, words=self.text,
            )  # fmt: skip
