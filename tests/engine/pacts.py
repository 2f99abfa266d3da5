"""Rows of pacts for a reference world: two versions of one in force, and an amendment under review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.ids import new_id
from tenants.membership.tables import households
from tenants.pacts.comparing import Clause
from tenants.pacts.events import pact_events
from tenants.pacts.hashing import hash_of
from tenants.pacts.matters import pact_votes
from tenants.pacts.signatures import pact_signatures
from tenants.pacts.submissions import pact_submissions, review_items
from tenants.pacts.suggestions import pact_suggestions
from tenants.pacts.tables import pacts
from tenants.pacts.versions import draft_clauses, pact_changes, pact_clauses, pact_versions
from tests.engine.ballots import EVER, SECOND
from tests.street import Make, Person, Place, door

# The rows whose ids are known beforehand.
IDS = (
    "pact", "amendment", "first", "second", "submitted", "clause", "other clause", "suggestion",
    "answered", "review", "returned", "filing", "signature", "withdrawn", "paper", "household",
    "building", "owners",
)  # fmt: skip
TITLE = "居民公约"


def heading_of(version: str) -> str | None:
    """Return the heading of the clause in a version."""
    return None if version == "first" else "楼道"


@dataclass
class Pacts:
    """Writes pacts into a place; the staff drafts them, and `vote` decides on one."""

    make: Make
    place: Place
    street: int
    staff: Person
    secretary: Person
    people: Sequence[Person]
    start: datetime
    text: str
    vote: UUID
    area: UUID
    ids: Mapping[str, UUID]

    async def write(self) -> None:
        """Write the pacts with their texts, then what was said and done about them."""
        ids, now = self.ids, self.start
        self.hashes = {
            name: hash_of(TITLE, [Clause(ids["clause"], heading_of(name), body)])
            for name, body in (("first", "旧"), ("second", self.text), ("submitted", "新"))
        }
        filed = {
            "adopted_at": now, "attending": 3, "women_attending": 1, "filing_due_at": now,
            "filed_at": now, "filed_by": self.staff.id, "document": "街备1号", "in_force_at": now,
            "revision_due_at": EVER, "submitted_at": now, "review_due_at": now,
        }  # fmt: skip
        await self._pact("pact", state="IN_FORCE", next_at=EVER, **filed)
        await self._texts("pact", "first", 1, "旧")
        await self._texts("pact", "second", 2, self.text)
        await self._pact(
            "amendment", state="UNDER_REVIEW", amends_id=ids["pact"], submitted_at=now,
            review_due_at=EVER, next_at=EVER,
        )  # fmt: skip
        await self._texts("amendment", "submitted", 1, "新")
        await self._row(
            pact_changes, to_id=ids["second"], from_id=ids["first"], place=1, kind="REWORDED",
            clause_id=ids["clause"], from_place=1, to_place=1, is_moved=False, heading=["+楼道"],
            body=["-旧", f"+{self.text}"],
        )  # fmt: skip
        await self._row(
            draft_clauses, pact_id=ids["amendment"], place=1, clause_id=ids["other clause"],
            heading="楼道", body=self.text,
        )  # fmt: skip
        place = {"district_id": self.street // 1000, "street_id": self.street}
        begun = {"started_at": now, "started_by": self.staff.id, "version": 1, "versions": 0}
        await self._row(
            pacts, id=ids["building"], lineage_id=ids["building"], kind="BUILDING_PACT",
            scope="9号", building="9号楼", title=TITLE, state="CANCELLED", ended_at=now,
            ended_by=self.staff.id, ended_why=self.text, **begun, **place,
        )  # fmt: skip
        await self._row(
            pacts, id=ids["owners"], lineage_id=ids["owners"], kind="MANAGEMENT_PACT",
            scope=str(self.area), area_id=self.area, title=TITLE, state="DRAFTING", **begun,
            **place,
        )  # fmt: skip
        await self._said()
        await self._done()

    async def _row(self, table: Any, **values: Any) -> None:
        await self.make.row(self.place, table, **values)

    async def _pact(self, name: str, **values: Any) -> None:
        await self._row(
            pacts, id=self.ids[name], district_id=self.street // 1000, street_id=self.street,
            kind="RESIDENTS_PACT", scope="", title=TITLE, lineage_id=self.ids["pact"], versions=0,
            started_at=self.start, started_by=self.staff.id, version=1, state="SOLICITING",
        )  # fmt: skip
        self.then = getattr(self, "then", {}) | {name: values}

    async def _texts(self, pact: str, name: str, number: int, body: str) -> None:
        place = {"district_id": self.street // 1000, "street_id": self.street}
        of = {"version_id": self.ids[name], "text_hash": self.hashes[name]}
        await self._row(
            pact_versions, id=self.ids[name], pact_id=self.ids[pact], number=number, title=TITLE,
            size=1, text_hash=self.hashes[name], published_at=self.start,
            published_by=self.staff.id, **place,
        )  # fmt: skip
        await self._row(
            pact_clauses, version_id=self.ids[name], size=1, place=1,
            clause_id=self.ids["clause"],
            heading=heading_of(name), body=body, **place,
        )  # fmt: skip
        await self._change(pact, versions=number, **of, **self.then[pact])

    async def _change(self, pact: str, **values: Any) -> None:
        places = ", ".join(f"{name} = ${n}" for n, name in enumerate(values, 2))
        await self.make.rows(
            self.place,
            f"update tenant.pact set {places} where id = $1",
            self.ids[pact],
            *values.values(),
        )

    async def _said(self) -> None:
        on = {"pact_id": self.ids["pact"], "made_on_id": self.ids["first"]}
        of = {
            "author_id": self.people[0].id,
            "body": self.text,
            "made_at": self.start,
            "version": 1,
        }
        await self._row(
            pact_suggestions, id=self.ids["suggestion"], **on, **of, state="OPEN",
            version_id=self.ids["second"], clause_id=self.ids["clause"],
        )  # fmt: skip
        await self._row(
            pact_suggestions, id=self.ids["answered"], **on, **of, state="DECLINED",
            version_id=self.ids["first"], decided_at=self.start + SECOND,
            decided_by=self.staff.id, decision_reason=self.text,
        )  # fmt: skip
        await self._row(
            pact_votes, vote_id=self.vote, pact_id=self.ids["pact"], purpose="ADOPT",
            version_id=self.ids["second"], text_hash=self.hashes["second"], put_at=self.start,
            put_by=self.staff.id,
        )  # fmt: skip

    async def _done(self) -> None:
        place = {"district_id": self.street // 1000, "street_id": self.street}
        for name, pact, text, purpose, due in (
            ("filing", "pact", "second", "FILING", None),
            ("review", "amendment", "submitted", "REVIEW", EVER),
        ):
            await self._row(
                pact_submissions, id=self.ids[name], pact_id=self.ids[pact], purpose=purpose,
                version_id=self.ids[text], text_hash=self.hashes[text], submitted_at=self.start,
                submitted_by=self.staff.id, due_at=due, **place,
            )  # fmt: skip
        await self._row(
            pact_submissions, id=self.ids["returned"], pact_id=self.ids["pact"], purpose="REVIEW",
            version_id=self.ids["first"], text_hash=self.hashes["first"], submitted_at=self.start,
            submitted_by=self.staff.id, due_at=self.start + SECOND, answered_at=self.start,
            answered_by=self.secretary.id, outcome="RETURNED", reason=self.text, **place,
        )  # fmt: skip
        await self._row(
            review_items, submission_id=self.ids["review"], item="FINES", is_met=False,
            note=self.text, **place,
        )  # fmt: skip
        await self._row(
            households, id=self.ids["household"], **door("9号楼", "909")
        )  # fmt: skip
        signed = {"pact_id": self.ids["pact"], "version_id": self.ids["second"], "version": 1}
        await self._row(
            pact_signatures, id=self.ids["paper"], household_id=self.ids["household"],
            channel="PAPER", state="PENDING", made_at=self.start, entered_by=self.staff.id,
            **signed,
        )  # fmt: skip
        home = await self.make.value(
            self.place,
            "select household_id from tenant.member_record where id = $1",
            self.people[0].id,
        )
        if home is not None:
            await self._row(
                pact_signatures, id=self.ids["signature"], household_id=home, channel="ONLINE",
                state="VALID", made_at=self.start, member_id=self.people[0].id, **signed,
            )  # fmt: skip
            await self._row(
                pact_signatures, id=self.ids["withdrawn"], household_id=home, channel="ONLINE",
                state="WITHDRAWN", made_at=self.start, member_id=self.people[0].id,
                withdrawn_at=self.start, withdrawn_by=self.people[0].id,
                **{**signed, "version_id": self.ids["first"]},
            )  # fmt: skip
        for number, (action, state) in enumerate((("STARTED", "SOLICITING"), ("FILED", "FILED"))):
            await self._row(
                pact_events, id=new_id(self.start + number * SECOND), pact_id=self.ids["pact"],
                at=self.start, action=action, state=state, actor_id=self.staff.id,
                version_id=self.ids["second"] if number else None, words=self.text,
                text_hash=self.hashes["second"] if number else None,
            )  # fmt: skip
