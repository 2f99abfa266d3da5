"""Rows of votes for a reference world: polls and decisions in each state, with all that they can have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tenants.ids import new_id
from tenants.petitions.owed import owed_meetings
from tenants.votes.authorisations import authorisations
from tenants.votes.certifications import certifications
from tenants.votes.households import household_claims, household_rulings
from tenants.votes.meetings import attendances, meetings, rolls, voters
from tenants.votes.objections import objections
from tenants.votes.results import vote_ballots, vote_comparisons, vote_results, vote_tallies
from tenants.votes.secret.tables import envelopes, scrutineers, statements
from tenants.votes.tables import vote_events, vote_options, votes
from tests.street import Make, Person, Place

SECOND = timedelta(seconds=1)
EVER = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass
class Ballots:
    """Writes votes into a place; `staff` prepares and counts, `supervisor` certifies."""

    make: Make
    place: Place
    district: int
    staff: Person
    supervisor: Person
    people: Sequence[Person]
    start: datetime
    text: str
    ids: Mapping[str, UUID]

    async def write(self) -> None:
        """Write two meetings and ten votes; `ids` gives the ids that are known beforehand."""
        await self._roll("roll")
        await self._meeting(
            "meeting",
            party_discussed_on=date(2025, 12, 24),
            party_record="第12次会议",
            petition_id=self.ids["petition"],
            extends_until=EVER,
            extended_at=self.start,
            extended_by=self.staff.id,
            extension_reason=self.text,
        )
        (asked,) = await self.make.rows(
            self.place, "select street_id, goal_rule_id from tenant.petition where id = $1",
            self.ids["petition"],
        )  # fmt: skip
        await self.make.row(
            self.place, owed_meetings, petition_id=self.ids["petition"], district_id=self.district,
            street_id=asked["street_id"], rule_id=asked["goal_rule_id"], owed_since=self.start,
        )  # fmt: skip
        await self._meeting("cancelled", state="CANCELLED", cancel_reason="改期", agenda=self.text)
        for person in self.people[:2]:
            await self.make.row(
                self.place, attendances, meeting_id=self.ids["meeting"],
                roll_id=self.ids["roll"], voter_id=person.id, entered_by=self.staff.id,
                entered_at=self.start,
            )  # fmt: skip
        await self.make.row(
            self.place, authorisations, id=self.ids["authorised"], matters=["RESIDENT_PACT"],
            way="MEETING", document=self.text, decided_on=date(2026, 1, 1),
            expires_on=date(2099, 1, 1), state="GIVEN", recorded_at=self.start,
            recorded_by=self.supervisor.id, version=1,
        )  # fmt: skip
        home = await self.make.value(
            self.place, "select id from tenant.household order by id limit 1"
        )
        for person in self.people[:2]:
            await self.make.row(
                self.place, household_claims, named_by=person.id, household_id=home,
                representative_id=person.id, named_at=self.start,
            )  # fmt: skip
        await self.make.row(
            self.place, household_rulings, household_id=home, representative_id=self.people[0].id,
            decided_by=self.staff.id, decided_at=self.start, reason=self.text,
        )  # fmt: skip
        counted = {"tallied_at": self.start, "tallied_by": self.staff.id}
        published = {
            **counted, "certified_by": self.supervisor.id, "published_at": self.start + SECOND,
            "objections_until": self.start + 2 * SECOND,
        }  # fmt: skip
        decision = {
            "track": "DECISION",
            "meeting_id": self.ids["meeting"],
            "matter": "RESIDENT_PACT",
        }
        void = {"void_reason": "写错了", "voided_by": self.staff.id}
        await self._vote(
            "decided", state="ANNULLED", overturned_why="法院判决", **decision, **published
        )
        await self._vote(
            "final", state="FINAL", method="SINGLE", none_of_these=2, **decision, **published
        )
        await self._vote("tallied", state="TALLIED", **decision, **counted)
        await self._vote(
            "noticed", state="NOTICED", closes_at=EVER, authorisation_id=self.ids["authorised"],
            **decision,
        )  # fmt: skip
        await self._vote("running", state="OPEN", closes_at=EVER, **decision)
        await self._vote("draft", state="DRAFT", closes_at=EVER, **decision)
        poll = {"track": "POLL", "board_id": self.place.boards["neighbours"]}
        await self._vote("poll", state="CLOSED", method="RANKED", most=3, details=self.text,
                         published_at=self.start, **poll)  # fmt: skip
        await self._vote("open", state="OPEN", closes_at=EVER, **poll)
        await self._vote("void", state="VOID", **void, **poll)
        await self._vote("secret", state="CLOSED", method="SINGLE", secrecy="SECRET", keys_shown=3,
                         answering=1, alarmed_at=self.start,
                         published_at=self.start, **poll)  # fmt: skip
        await self._sealed(self.ids["secret"])
        await self.make.row(
            self.place, authorisations, id=self.ids["revoked"], matters=["RESIDENTS_MATTER"],
            way="MEETING", vote_id=self.ids["final"], decided_on=date(2026, 1, 1), state="REVOKED",
            recorded_at=self.start, recorded_by=self.supervisor.id, revoked_at=self.start + SECOND,
            revoked_by=self.supervisor.id, revoke_reason=self.text, version=2,
        )  # fmt: skip
        decided = {"decided_at": self.start, "decided_by": self.supervisor.id}
        for kind, vote, facts in (
            ("ROLL", None, {"state": "OPEN"}),
            ("ROLL", None, {"state": "SUSTAINED", **decided, "decision_reason": "已补入"}),
            ("RESULT", "decided", {"state": "DISMISSED", **decided, "decision_reason": "已核对"}),
            ("RESULT", "decided", {"state": "OPEN"}),
        ):
            name = f"{kind} {facts['state']}"
            await self.make.row(
                self.place, objections, id=self._id(name), kind=kind,
                meeting_id=self.ids["meeting"], vote_id=self.ids[vote] if vote else None,
                author_id=self.people[0].id, words=self.text, made_at=self.start, version=1, **facts,
            )  # fmt: skip

    async def _roll(self, name: str) -> None:
        await self.make.row(
            self.place, rolls, id=self.ids[name], units=["PERSONS"], voters=len(self.people),
            frozen_at=self.start,
        )  # fmt: skip
        for person in self.people:
            await self.make.row(
                self.place, voters, roll_id=self.ids[name], voter_id=person.id,
                member_id=person.id,
            )  # fmt: skip

    async def _meeting(self, name: str, **values: Any) -> None:
        given = {"state": "NOTICED", "agenda": None, **values}
        await self.make.row(
            self.place, meetings, id=self.ids[name], rule_code="RM_PERSON",
            rule_from=date(2026, 1, 1), title="居民会议", place="活动室", held_at=self.start + SECOND,
            opens_at=self.start, closes_at=self.start + 2 * SECOND, roll_id=self.ids["roll"],
            created_at=self.start, created_by=self.staff.id, noticed_at=self.start,
            noticed_by=self.staff.id, version=1, **given,
        )  # fmt: skip

    async def _vote(self, name: str, **values: Any) -> None:
        method = values.get("method", "PROPOSAL")
        labels = ["同意", "反对"] if method == "PROPOSAL" else ["东门", "西门", "以上都不选"]
        given = {
            "method": method, "closes_at": self.start + SECOND, "most": 1, "secrecy": "RECORDED",
            "keys_shown": 0, "answering": 0, "alarmed_at": None, **values,
        }  # fmt: skip
        vote = self.ids[name]
        await self.make.row(
            self.place, votes, id=vote, district_id=self.district, roll_id=self.ids["roll"],
            author_id=self.staff.id, question="通过居民公约", options=len(labels), least=1, seats=1,
            created_at=self.start, opens_at=self.start, version=1, **given,
            open_objections=2 if values["track"] == "DECISION" else 0,
            certifiers=["PARTY_SECRETARY", "SUPERVISOR"] if values["track"] == "DECISION" else None,
        )  # fmt: skip
        if "objections_until" in values:
            await self.make.row(
                self.place, certifications, vote_id=vote, seat="PARTY_SECRETARY",
                certified_by=self.supervisor.id, certified_at=self.start,
            )  # fmt: skip
        for place, label in enumerate(labels):
            await self.make.row(self.place, vote_options, vote_id=vote, place=place, label=label)
        for action, words in (("OPENED", self.text), ("VOIDED", self.text)):
            await self.make.row(
                self.place, vote_events, id=self._id(f"{name} {action}"), vote_id=vote,
                at=self.start, action=action, actor_id=self.staff.id, words=words,
            )  # fmt: skip
        if given["secrecy"] == "RECORDED" and values["state"] not in {"DRAFT", "NOTICED"}:
            for number, person in enumerate(self.people[:3]):
                await self.make.row(
                    self.place, vote_ballots, vote_id=vote, roll_id=self.ids["roll"],
                    voter_id=person.id, marks=[int(n == number % 2) for n in range(len(labels))],
                    first_at=self.start, cast_at=self.start + number * SECOND,
                    channel="PAPER" if number == 2 else "ONLINE", version=number + 1,
                    cast_by=None if number == 2 else person.id,
                )  # fmt: skip
        if values["state"] not in {"DRAFT", "NOTICED", "OPEN", "VOID"}:
            await self._result(vote, len(labels), is_poll=values["track"] == "POLL")

    async def _result(self, vote: UUID, options: int, *, is_poll: bool) -> None:
        await self.make.row(
            self.place, vote_results, vote_id=vote, outcome="CHOSEN" if is_poll else "PASSED",
            winners=[0], ballots=3, invalid=0, rounds=[2, 1, 0] if is_poll else [],
            counted_at=self.start,
        )  # fmt: skip
        await self.make.row(
            self.place, vote_tallies, vote_id=vote, unit="PERSONS", eligible=len(self.people),
            attending=None if is_poll else 4, on_site=None if is_poll else 2, participating=3,
            votes=[2, 1, 0][:options], against=[0] * options, abstained=0, void=0,
            by_proxy=0, on_paper=1, assisted=0, silent=0,
        )  # fmt: skip
        if is_poll:
            return
        for place, option in enumerate((None, 0)):
            await self.make.row(
                self.place, vote_comparisons, vote_id=vote, place=place, unit="PERSONS",
                option=option, part=4 if option is None else 3, whole=5, base="ELIGIBLE",
                threshold="> 1/2", is_met=True, words="到会的人数：4 / 5",
            )  # fmt: skip

    async def _sealed(self, vote: UUID) -> None:
        """Write what a secret vote has besides: who keeps its keys, its notice, and envelopes."""
        for place, side in enumerate(("COMMITTEE", "RESIDENTS", "PROGRAM"), 1):
            is_program = side == "PROGRAM"
            await self.make.row(
                self.place, scrutineers, vote_id=vote, place=place, name=f"监票人{place}", side=side,
                member_id=None if is_program else self.people[place - 1].id,
                identity=bytes([place]) * 32 if is_program else None,
                seal_key=bytes([place]) * 32, sign_key=bytes([place]) * 32, shown_at=self.start,
                destroyed_at=self.start if is_program else None,
            )  # fmt: skip
        await self.make.row(
            self.place, statements, vote_id=vote, number=0, body=f'{{"question":"{self.text}"}}',
            signature=bytes(64),
        )  # fmt: skip
        for number, person in enumerate(self.people[:3], 1):
            await self.make.row(
                self.place, envelopes, vote_id=vote, roll_id=self.ids["roll"], voter_id=person.id,
                hash=bytes([number]) * 32, sealed=None, first_at=self.start,
                cast_at=self.start + number * SECOND, receipt='{"at":"2026"}', signature=bytes(64),
                version=number,
            )  # fmt: skip

    def _id(self, name: str) -> UUID:
        self._ticks += 1
        return self.ids.get(name) or new_id(self.start + self._ticks * SECOND)

    _ticks = 0
