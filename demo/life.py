"""One invented petition that moves step by step by the rules and deadlines of the service."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from demo.letters import Letter, words
from tenants.ids import new_id
from tenants.petitions.clocks import (
    REVIEW_WORKING_DAYS,
    above,
    ack_due,
    can_rise,
    next_due,
    resolve_due,
)
from tenants.petitions.facts import petition_facts
from tenants.petitions.procedure import PETITIONS, RISE
from tenants.petitions.tables import petitions
from tenants.petitions.words import OPEN, EventAction, EventActor
from tenants.procedure import Timer
from tenants.viewer import system
from tenants.workdays import after_working_days, later_by_pause, later_by_working_days

PLANNED_DAYS = 20

_NEVER = datetime.min.replace(tzinfo=UTC)
_A, _WHO = EventAction, EventActor
_COPIED = [c.name for c in petition_facts.c if c.name in petitions.c]
_SYSTEM = system(0).id


@dataclass(frozen=True)
class Here:
    """The community that petitions are written in, and the officers above it."""

    community_id: int
    district_id: int
    street_id: int
    kind: str
    now: datetime
    seq: int
    secretaries: list[UUID]
    committee: list[UUID]
    residents: list[UUID]
    officers: dict[int, UUID]  # one at each desk above
    categories: dict[str, tuple[UUID, str]]
    limits: dict[str, Any]


@dataclass
class Life:
    """A petition and all its events; steps that fall due by themselves happen in between."""

    here: Here
    chance: random.Random
    letter: Letter
    slots: dict[str, str]
    row: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    first_ack_due_at: datetime | None = None
    at: datetime = _NEVER

    @property
    def timeline(self) -> list[dict[str, Any]]:
        """Return the events, visible to every desk that the petition came to."""
        return [{**event, "desks": self.row["desks"]} for event in self.events]

    @property
    def facts(self) -> dict[str, Any]:
        """Return what may be known of the petition above the community."""
        return {
            **{name: self.row[name] for name in _COPIED if name != "version"},
            "is_imported": False,
            "first_ack_due_at": self.first_ack_due_at,
        }

    # --- steps of the author

    def submit(self, at: datetime, author: UUID, secrecy: str, addressee: str, title: str) -> None:
        """Submit the petition."""
        here = self.here
        category, urgency = here.categories[self.letter.category]
        limit = here.limits[urgency]
        is_private = secrecy == "PRIVATE"
        self.row = {
            **dict.fromkeys(c.name for c in petitions.c),
            "community_id": here.community_id,
            "id": self._id(at),
            "district_id": here.district_id,
            "street_id": here.street_id,
            "author_id": author,
            "kind": self.letter.kind,
            "category_id": category,
            "urgency": urgency,
            "title": title.format(**self.slots),
            "body": self.letter.body.format(**self.slots),
            "location": self.letter.location and self.letter.location.format(**self.slots),
            "secrecy": secrecy,
            "is_listed": is_private or self.chance.random() < 0.7,
            "addressee": addressee,
            **self._addressed(addressee),
            "state": "SUBMITTED",
            "is_open": True,
            "submitted_at": at,
            "ack_due_at": ack_due(limit, at),
            "ack_overdue": False,
            "resolve_due_at": resolve_due(limit, at),
            "resolve_overdue": False,
            "rise_hours": limit["rise_hours"],
            "reopen_count": 0,
            "support_count": 0,
            "household_count": 0,
            "version": 1,
        }
        self.first_ack_due_at = self.row["ack_due_at"]
        self._reckon()
        self._note(at, _A.SUBMITTED, _WHO.AUTHOR, author)

    def _addressed(self, addressee: str) -> dict[str, Any]:
        here = self.here
        if addressee == "STREET":
            desk = here.street_id
            return {"is_at_community": False, "level": "STREET", "desk": desk, "desks": [desk]}
        if addressee == "DEPARTMENT":
            desk = self._department()
            return {
                "is_at_community": False,
                "level": "DISTRICT",
                "desk": desk,
                "desks": [here.district_id, desk],
                "dispatched_from": here.district_id,
            }
        return {"is_at_community": True, "level": "COMMUNITY", "desk": 0, "desks": []}

    def resubmit(self, at: datetime) -> None:
        """Add the information that was requested."""
        limit = self.here.limits[self.row["urgency"]]
        self._author(
            at,
            _A.RESUBMITTED,
            self._say("given"),
            state="SUBMITTED",
            question=None,
            ack_due_at=ack_due(limit, at),
            ack_overdue=False,
            **self._later(at),
        )

    def withdraw(self, at: datetime) -> None:
        """Withdraw the petition."""
        self._author(at, _A.WITHDRAWN, self._say("withdrawals"), state="WITHDRAWN", paused_at=None)

    def rate(self, at: datetime) -> None:
        """Rate the answer as solved, or as the outcome permits."""
        solved = {"SOLVED": "YES", "EXPLAINED": "YES"}.get(self.row["outcome"], "PARTLY")
        self._rated(at, solved, self.chance.choice(self.letter.callback or ("谢谢。",)))

    def complain(self, at: datetime) -> None:
        """Rate the answer as not solved."""
        self._rated(at, "NO", self._say("unsolved"))

    def _rated(self, at: datetime, solved: str, said: str) -> None:
        good = {"YES": (4, 5), "PARTLY": (3, 4), "NO": (1, 2)}[solved]
        self._author(at, _A.RATED, said, state="CLOSED")
        self.callbacks.append(
            {
                "community_id": self.here.community_id,
                "id": self._id(at),
                "petition_id": self.row["id"],
                "district_id": self.here.district_id,
                "street_id": self.here.street_id,
                "category_id": self.row["category_id"],
                "level": self.row["level"],
                "at": at,
                "solved": solved,
                "satisfaction": self.chance.choice(good),
            }
        )

    def reopen(self, at: datetime) -> None:
        """Reopen the petition."""
        self._author(
            at,
            _A.REOPENED,
            self._say("reopenings"),
            state="IN_PROGRESS",
            reopen_count=self.row["reopen_count"] + 1,
            resolve_due_at=resolve_due(self.here.limits[self.row["urgency"]], at),
            resolve_overdue=False,
            callback_due_at=None,
            callback_until=None,
        )

    def request_review(self, at: datetime) -> None:
        """Request a review by the level above."""
        risen: dict[str, Any] = {}
        if can_rise(self.row):
            level, desk = above(self.row)
            risen = {"level": level.value, "desk": desk, "desks": self._desks(desk)}
        self._author(
            at,
            _A.REVIEW_REQUESTED,
            self._say("reviews"),
            state="REVIEW_REQUESTED",
            handler_id=None,
            dispatched_from=None,
            disputed_desk=None,
            review_requested_at=at,
            resolve_due_at=after_working_days(at, REVIEW_WORKING_DAYS),
            resolve_overdue=False,
            **risen,
        )

    # --- steps of the desk

    def accept(self, at: datetime) -> None:
        """Accept the petition."""
        said = self._say("accepted") if self.chance.random() < 0.6 else None
        self._desk(at, _A.ACCEPTED, said, state="ACCEPTED", is_listed=True, **self._responded(at))

    def ask(self, at: datetime) -> None:
        """Ask the author for missing information."""
        question = self._say("questions")
        self._desk(
            at,
            _A.INFORMATION_REQUESTED,
            question,
            state="RETURNED",
            question=question,
            paused_at=at,
            **self._responded(at),
        )

    def refuse(self, at: datetime) -> None:
        """Refuse to accept the petition."""
        self._desk(
            at,
            _A.REFUSED,
            self.letter.reason,
            state="NOT_ACCEPTED",
            refusal_code=self.letter.code,
            refusal_reason=self.letter.reason,
            legal_route=self.letter.route,
            **self._responded(at),
        )

    def assign(self, at: datetime) -> None:
        """Assign it to a committee member, or above the committee to a department."""
        values: dict[str, Any] = {"handler_id": self.chance.choice(self.here.committee)}
        if (given_by := self.row["desk"]) != 0:
            desk = self._department()
            values = {"desk": desk, "desks": self._desks(desk), "dispatched_from": given_by}
        who = self.here.secretaries[0] if given_by == 0 else self.here.officers[given_by]
        self._move(
            at, _A.ASSIGNED, _WHO.DESK, who, self._say("assigned"), state="ASSIGNED", **values
        )

    def dispute(self, at: datetime) -> None:
        """Dispute the assignment."""
        self._desk(at, _A.DISPUTED, self._say("disputes"), state="DISPUTED", paused_at=at)

    def start(self, at: datetime) -> None:
        """Start the work."""
        takes: dict[str, Any] = {}
        if self.row["desk"] == 0 and self.row["handler_id"] is None:
            takes = {"handler_id": self.chance.choice(self.here.committee)}
        self.row |= takes
        self._desk(at, _A.STARTED, self._say("started"), state="IN_PROGRESS", **takes)

    def note(self, at: datetime) -> None:
        """Add a note, public or for the desks only."""
        self.clock_until(at)
        is_public = self.chance.random() < 0.5
        said = self._say("told" if is_public else "notes")
        self._note(at, _A.NOTED, _WHO.DESK, self._who(), said, is_public=is_public)

    def extend(self, at: datetime) -> None:
        """Extend the deadline of the answer."""
        reason = "维修配件到货要等一周，期限顺延五个工作日。"
        self._move(
            at,
            _A.EXTENDED,
            _WHO.DESK,
            self.here.secretaries[0],
            reason,
            resolve_due_at=later_by_working_days(self.row["resolve_due_at"], 5),
            extended_at=at,
            extension_reason=reason,
        )

    def escalate(self, at: datetime) -> None:
        """Escalate it to the level above."""
        self._rise(at, self._say("escalations"), _WHO.DESK, self._who())

    def answer(self, at: datetime) -> None:
        """Answer it with its letter's text and outcome."""
        self._answered(at, self.letter.answer.format(**self.slots), self.letter.outcome)

    def give_up(self, at: datetime) -> None:
        """Answer that nothing can be done."""
        self._answered(at, words()["cannot"], "CANNOT")

    def _answered(self, at: datetime, said: str, outcome: str) -> None:
        planned = at + timedelta(days=PLANNED_DAYS) if outcome == "PLANNED" else None
        who = self._who()
        self._move(
            at,
            _A.ANSWERED,
            _WHO.DESK,
            who,
            said,
            state="ANSWERED",
            **self._responded(at),
            answer=said,
            outcome=outcome,
            planned_for=planned,
            answered_at=at,
            answered_by=who,
            callback_due_at=planned or at,
        )

    def uphold(self, at: datetime) -> None:
        """Review the answer and uphold it."""
        reason = self._say("decisions")
        self._desk(
            at,
            _A.REVIEWED,
            reason,
            state="CLOSED",
            reviewed_at=at,
            review_upheld=True,
            review_reason=reason,
        )

    def merge_into(self, at: datetime, other: "Life") -> None:
        """Merge it into another petition."""
        who = self.here.secretaries[0]
        self._move(
            at,
            _A.MERGED,
            _WHO.DESK,
            who,
            self._say("merged"),
            state="MERGED",
            merged_into=other.row["id"],
        )
        other.clock_until(at)
        other._note(at, _A.TOOK_IN, _WHO.DESK, who, is_public=False)

    # --- how steps are taken

    def clock_until(self, at: datetime) -> None:
        """Take the steps that fall due by themselves up to a time."""
        while (steps := PETITIONS.ahead(self.row)) and steps[0][0] <= at:
            due, step = steps[0]
            when = max(due + timedelta(seconds=self.chance.randint(1, 4)), self.at)
            self._take(step, min(when, at))

    def _take(self, step: Timer, at: datetime) -> None:
        if step is RISE:
            self._rise(at, None, _WHO.SYSTEM, _SYSTEM)
            return
        values = step.sets(self.row, at, _SYSTEM) if step.sets is not None else {}
        if step.to:
            values["state"] = step.to[0]
        self._change(at, EventAction(step.event), _WHO.SYSTEM, _SYSTEM, **values)

    def _rise(self, at: datetime, said: str | None, actor: EventActor, who: UUID) -> None:
        if actor is not _WHO.SYSTEM:
            self.clock_until(at)
        level, desk = above(self.row)
        self._change(
            at,
            _A.ESCALATED,
            actor,
            who,
            said,
            state="ESCALATED",
            level=level.value,
            desk=desk,
            desks=self._desks(desk),
            handler_id=None,
            dispatched_from=None,
            disputed_desk=None,
            ack_due_at=ack_due(self.here.limits[self.row["urgency"]], at),
            ack_overdue=False,
        )

    def _author(self, at: datetime, action: EventAction, said: str, **values: Any) -> None:
        self._move(at, action, _WHO.AUTHOR, self.row["author_id"], said, **values)

    def _desk(self, at: datetime, action: EventAction, said: str | None, **values: Any) -> None:
        self._move(at, action, _WHO.DESK, self._who(), said, **values)

    def _move(
        self,
        at: datetime,
        action: EventAction,
        actor: EventActor,
        who: UUID,
        said: str | None = None,
        **values: Any,
    ) -> None:
        self.clock_until(at)
        self._change(at, action, actor, who, said, **values)

    def _change(
        self,
        at: datetime,
        action: EventAction,
        actor: EventActor,
        who: UUID,
        said: str | None = None,
        **values: Any,
    ) -> None:
        self.row |= values
        self.row["version"] += 1
        self._reckon()
        self._note(at, action, actor, who, said)

    def _reckon(self) -> None:
        self.row["is_open"] = self.row["state"] in OPEN
        self.row["due_at"], self.row["next_at"] = next_due(self.row), PETITIONS.next_at(self.row)

    def _note(
        self,
        at: datetime,
        action: EventAction,
        actor: EventActor,
        who: UUID,
        said: str | None = None,
        *,
        is_public: bool = True,
    ) -> None:
        # times are strictly increasing, because ids order the events
        at = max(at, self.at + timedelta(milliseconds=2)) if self.events else at
        self.at = at
        self.events.append(
            {
                "community_id": self.here.community_id,
                "id": self._id(at),
                "petition_id": self.row["id"],
                "district_id": self.here.district_id,
                "desks": [],
                "seq": self.here.seq,
                "at": at,
                "action": action.value,
                "actor_kind": actor.value,
                "actor_id": who,
                "level": self.row["level"],
                "desk": self.row["desk"],
                "state": self.row["state"],
                "is_public": is_public,
                "words": said,
            }
        )

    def _who(self) -> UUID:
        if desk := self.row["desk"]:
            return self.here.officers[desk]
        return self.row["handler_id"] or self.chance.choice(self.here.committee)

    def _department(self) -> int:
        return self.chance.choice([desk for desk in self.here.officers if desk < 0])

    def _desks(self, desk: int) -> list[int]:
        desks = self.row["desks"]
        return desks if desk in desks else [*desks, desk]

    def _responded(self, at: datetime) -> dict[str, Any]:
        return {"responded_at": self.row["responded_at"] or at}

    def _later(self, at: datetime) -> dict[str, Any]:
        due = later_by_pause(self.row["resolve_due_at"], self.row["paused_at"], at)
        return {"paused_at": None, "resolve_due_at": due}

    def _say(self, what: str) -> str:
        return self.chance.choice(words()[what])

    def _id(self, at: datetime) -> UUID:
        return new_id(at, self.chance.getrandbits)
