"""Rows of open affairs for a reference world: what is owed, posted, asked and complained of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tenants.affairs.tables import affair_complaints, affair_questions, obligations, open_affairs
from tests.engine.ballots import EVER, SECOND
from tests.street import Make, Person, Place

# The rows whose ids are known beforehand.
OBLIGATIONS = ("owed", "late", "met", "meeting owed")
AFFAIRS = ("posted", "draft", "returned", "withdrawn")
QUESTIONS = ("asked", "answered", "objected")
COMPLAINTS = ("late complaint", "upheld")
IDS = (*OBLIGATIONS, *AFFAIRS, *QUESTIONS, *COMPLAINTS)
MONTH = timedelta(days=30)


@dataclass
class Affairs:
    """Writes one row of each state into a place; `staff` enters and `second` confirms."""

    make: Make
    place: Place
    district: int
    staff: Person
    second: Person
    resident: Person
    supervisor: Person
    start: datetime
    text: str
    ids: Mapping[str, UUID]

    async def write(self) -> None:
        """Write what is owed, then what was posted, then what was said about it."""
        self.here = {"district_id": self.district, "street_id": self.place.street_id}
        await self._obligations()
        await self._affairs()
        await self._questions()
        await self._complaints()

    async def _row(self, table: Any, **values: Any) -> None:
        await self.make.row(self.place, table, **values)

    async def _obligations(self) -> None:
        met = {"met_at": self.start + SECOND, "met_by": self.second.id, "note": self.text}
        item = {"code": "DECISIONS", "about": "OPEN_AFFAIRS", "name": "会议决定的事项"}
        meeting = {"code": "FULL_MEETING", "about": "MEETING", "name": "召开居民会议"}
        for name, state, facts in (
            ("owed", "DUE", {**item, "due_at": EVER}),
            ("late", "OVERDUE", {**item, "due_at": self.start + SECOND}),
            ("met", "MET", {**item, "due_at": self.start + MONTH, **met}),
            ("meeting owed", "DUE", {**meeting, "due_at": EVER, "subject_id": None}),
        ):
            await self._row(
                obligations, id=self.ids[name], **self.here, state=state,
                statute_from=date(2026, 1, 1), source="城市法第34条", is_house_rule=True,
                begins_on=date(2026, 1, 5), version=1, **{"subject_id": self.ids[name], **facts},
            )  # fmt: skip

    async def _affairs(self) -> None:
        posted: dict[str, Any] = {
            "posted_at": self.start, "posted_until": self.start + MONTH, "confirmed_by": self.second.id,
        }  # fmt: skip
        down = {"withdrawn_at": self.start + MONTH, "withdrawn_by": self.staff.id}
        for name, state, facts in (
            ("posted", "POSTED", posted),
            ("draft", "DRAFT", {}),
            ("returned", "RETURNED", {"return_reason": self.text}),
            ("withdrawn", "WITHDRAWN", {**posted, **down, "withdraw_reason": self.text}),
        ):
            await self._row(
                open_affairs, id=self.ids[name], code="DECISIONS", name="会议决定的事项",
                obligation_id=self.ids["met"], title="道路整修", body=self.text, state=state,
                drafted_at=self.start, drafted_by=self.staff.id, version=1, **facts,
            )  # fmt: skip

    async def _questions(self) -> None:
        answered = {"answer": self.text, "answered_at": self.start, "answered_by": self.staff.id}
        for name, affair, state, facts in (
            ("asked", "posted", "OVERDUE", {}),
            ("answered", "posted", "ANSWERED", answered),
            ("objected", "posted", "OPEN", {"kind": "OBJECTION", "author_id": self.supervisor.id}),
        ):
            await self._row(
                affair_questions, id=self.ids[name], **self.here, affair_id=self.ids[affair],
                body=self.text, asked_at=self.start, due_at=EVER, state=state, version=1,
                **{"kind": "QUESTION", "author_id": self.resident.id, **facts},
            )  # fmt: skip

    async def _complaints(self) -> None:
        decided = {
            "decided_at": self.start + SECOND, "decided_by": self.second.id,
            "decision_reason": self.text,
        }  # fmt: skip
        for name, state, facts in (
            ("late complaint", "OPEN", {"kind": "LATE", "obligation_id": self.ids["late"]}),
            ("upheld", "UPHELD", {"kind": "UNTRUE", "affair_id": self.ids["posted"], **decided}),
        ):
            await self._row(
                affair_complaints, id=self.ids[name], **self.here, member_id=self.resident.id,
                code="DECISIONS", title="道路整修", body=self.text, filed_at=self.start, due_at=EVER,
                state=state, version=1, **facts,
            )  # fmt: skip
