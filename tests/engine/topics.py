"""Rows of topics for a reference world: one with everything, and some of other states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tenants.ids import new_id
from tenants.origins import OriginKind, origin_steps
from tenants.topics.consultations import consultation_parties, consultations, resolutions
from tenants.topics.tables import (
    topic_contributions,
    topic_discussions,
    topic_evaluations,
    topic_events,
    topic_supports,
    topics,
)
from tests.engine.ballots import EVER, SECOND
from tests.street import Make, Person, Place

# The rows whose ids are known beforehand.
IDS = (
    "proposed", "single", "shelved", "asked", "done", "view", "question", "hearing", "called off",
    "coming", "resolution",
)  # fmt: skip


@dataclass
class Topics:
    """Writes topics into a place; `rows` are a post, petitions and a vote of it."""

    make: Make
    place: Place
    district: int
    street: int
    staff: Person
    people: Sequence[Person]
    start: datetime
    text: str
    ids: Mapping[str, UUID]
    rows: Mapping[str, UUID]

    async def write(self) -> None:
        """Write the topics, then what belongs to them."""
        screened = {
            "screened_at": self.start, "screened_by": self.staff.id,
            "screening_reason": "涉及全楼", "screening_due_at": self.start + SECOND,
        }  # fmt: skip
        await self._topic(
            "done", state="DONE", post_id=self.rows["post"], vote_id=self.rows["vote"],
            is_important=True, solicited_until=self.start + SECOND, report=self.text,
            reported_at=self.start, evaluated_until=self.start + SECOND, outcome="车棚已建成。",
            concluded_at=self.start + 2 * SECOND, **screened,
        )  # fmt: skip
        await self._topic(
            "shelved", state="SHELVED", petition_id=self.rows["petition"], shelved_until=EVER,
            shelving_reason="等资金", next_at=EVER, **screened,
        )  # fmt: skip
        await self._topic(
            "single", state="TO_PETITION", became_petition_id=self.rows["private"], **screened
        )
        await self._topic("asked", state="SOLICITING", solicited_until=EVER, **screened)
        await self._topic("proposed", state="PROPOSED", next_at=EVER)
        await self._said()
        await self._consulted()
        await self._led()

    async def _row(self, table: Any, **values: Any) -> None:
        await self.make.row(self.place, table, **values)

    async def _topic(self, name: str, **values: Any) -> None:
        given = {"next_at": None, "is_important": False, **values}
        await self._row(
            topics, id=self.ids[name], district_id=self.district, street_id=self.street,
            author_id=self.people[0].id, title="楼道里的自行车", body=self.text,
            proposed_at=self.start, support_count=1, goal=5, version=1, **given,
        )  # fmt: skip
        await self._row(
            topic_supports, topic_id=self.ids[name], member_id=self.people[0].id,
            supported_at=self.start,
        )  # fmt: skip
        for number, action in enumerate(("PROPOSED", "SCREENED")):
            await self._row(
                topic_events, id=new_id(self.start + number * SECOND), topic_id=self.ids[name],
                at=self.start, action=action, state=("PROPOSED", "ON_AGENDA")[number],
                actor_id=self.staff.id, words=self.text,
            )  # fmt: skip

    async def _said(self) -> None:
        answered = {"answer": "可以。", "answered_at": self.start, "answered_by": self.staff.id}
        for name, stance, more in (("view", "FOR", {}), ("question", "QUESTION", answered)):
            await self._row(
                topic_contributions, id=self.ids[name], topic_id=self.ids["asked"],
                author_id=self.people[1].id, stance=stance, body=self.text, created_at=self.start,
                **more,
            )  # fmt: skip
        for number, kind in enumerate(("PARTY_PROPOSAL", "COMMITTEES", "PARTY_MEMBERS")):
            await self._row(
                topic_discussions, topic_id=self.ids["done"], kind=kind,
                held_on=date(2026, 1, 2 + number), record="一致同意", entered_by=self.staff.id,
                entered_at=self.start + number * SECOND,
            )  # fmt: skip
        await self._row(
            topic_evaluations, topic_id=self.ids["done"], member_id=self.people[1].id, at=self.start,
            satisfaction=4, note=self.text,
        )  # fmt: skip

    async def _consulted(self) -> None:
        shared = {
            "topic_id": self.ids["done"], "location": "活动室", "held_at": self.start,
            "scheduled_at": self.start, "scheduled_by": self.staff.id, "version": 1,
        }  # fmt: skip
        await self._row(
            consultations, id=self.ids["hearing"], form="HEARING", state="HELD", minutes=self.text,
            agreements=["建车棚", "清理楼道"], follow_up="TO_MEETING", recorded_at=self.start + SECOND,
            recorded_by=self.staff.id, **shared,
        )  # fmt: skip
        await self._row(
            consultations, id=self.ids["called off"], form="JOINT", state="CANCELLED",
            agreements=[], cancel_reason="改期", **shared,
        )  # fmt: skip
        coming = {**shared, "topic_id": self.ids["asked"], "held_at": EVER}
        await self._row(
            consultations, id=self.ids["coming"], form="TALK", state="SCHEDULED", agreements=[],
            **coming,
        )  # fmt: skip
        person = self.people[0].id
        for party, member, name in ((person, person, None), (self.ids["view"], None, "物业")):
            await self._row(
                consultation_parties, consultation_id=self.ids["hearing"], party_id=party,
                member_id=member, name=name, is_invited=True, attended=member is not None,
            )  # fmt: skip
        await self._row(
            resolutions, id=self.ids["resolution"], topic_id=self.ids["done"],
            vote_id=self.rows["vote"], body=self.text, execution="CARRY_OUT",
            due_on=date(2026, 6, 1), published_at=self.start, published_by=self.staff.id,
        )  # fmt: skip
        await self._row(
            resolutions, id=new_id(self.start), topic_id=self.ids["asked"],
            consultation_id=self.ids["hearing"], body=self.text, execution="SUPERVISE",
            due_on=date(2026, 6, 1), published_at=self.start, published_by=self.staff.id,
        )  # fmt: skip

    async def _led(self) -> None:
        steps = {
            OriginKind.POST: self.rows["post"], OriginKind.PETITION: self.rows["hidden"],
            OriginKind.TOPIC: self.ids["done"], OriginKind.CONSULTATION: self.ids["hearing"],
            OriginKind.VOTE: self.rows["vote"], OriginKind.RESOLUTION: self.ids["resolution"],
        }  # fmt: skip
        for position, (kind, node) in enumerate(steps.items()):
            await self._row(
                origin_steps, subject_id=self.ids["done"], position=position, kind=kind.value,
                node_id=node, at=self.start + position * SECOND,
            )  # fmt: skip
