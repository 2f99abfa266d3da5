"""People of a community make a pact in the tests."""

from datetime import datetime
from typing import Any

from tenants.ids import new_id
from tenants.membership.tables import households, member_records
from tenants.pacts.words import ReviewItem
from tests.assembly import CLOSES, DAY, HELD, HOUR, NOON, OPENS, YES, Assembly
from tests.street import Answer, SignedIn, door, key

PACT = """id kind title state version building signatureCount attending womenAttending reviewDueAt
  isReviewOverdue filingDueAt isFilingOverdue filingDocument inForceOn revisionOn isRevisionDue
  endingReason latestVersion { id number title textHash clauses { nodes { clauseId number heading body } } }
  draft(first: 50) { nodes { clauseId number heading body } } viewerSignature { id state }
  suggestions(first: 50) { nodes { id state body clauseId decisionReason version { number } } }
  submissions { nodes { purpose textHash outcome isOverdue reason findings { item isMet note } } }
  matters { nodes { purpose textHash vote { id state } } }
  events(first: 50) { nodes { action state textHash reason } }"""
EVERYTHING = """
select (select jsonb_agg(to_jsonb(p) order by p.id) from tenant.pact p)::text,
       (select jsonb_agg(to_jsonb(d) order by d.pact_id, d.place) from tenant.pact_draft_clause d)::text,
       (select jsonb_agg(to_jsonb(g) order by g.id) from tenant.pact_suggestion g)::text,
       (select jsonb_agg(to_jsonb(s) order by s.id) from tenant.pact_submission s)::text,
       (select jsonb_agg(to_jsonb(n) order by n.id) from tenant.pact_signature n)::text,
       (select jsonb_agg(to_jsonb(v) order by v.vote_id) from tenant.pact_vote v)::text,
       (select count(*) from tenant.pact_version), (select count(*) from tenant.pact_clause),
       (select count(*) from tenant.pact_change), (select count(*) from tenant.pact_event),
       (select count(*) from tenant.pact_review_item), (select count(*) from tenant.household),
       (select count(*) from tenant.vote), (select count(*) from tenant.audit_entry)"""
STAIRS = {"heading": "楼道", "body": "楼道内不停放电动自行车，发现后由邻居相互提醒。"}
DOGS = {"heading": "养犬", "body": "遛犬时牵好绳，及时清理。"}
NOISE = {"heading": None, "body": "晚上十点以后不放音乐。"}
CHECKLIST = [{"item": item.name, "isMet": True} for item in ReviewItem]
WOMEN = 3


class PactsHall(Assembly):
    """Its residents make pacts; the street that it belongs to has an officer."""

    async def settle(self) -> "PactsHall":
        """Have the people move in, with their households."""
        await super().settle()
        self.street = self.hall.signed_in(await self.hall.make.officer(self.place.street_id))
        for number, who in enumerate(self.residents):
            await self.lives(who, "3号楼", str(101 + number // 2))
        return self

    async def lives(self, who: SignedIn, building: str, room: str) -> None:
        """Register the address of a member; equal ones are one household."""
        address = door(building, room)
        home = await self.hall.make.value(
            self.place, "select id from tenant.household where address = $1", address["address"]
        )
        if home is None:
            home = new_id(self.hall.watch.now)
            await self.hall.make.row(self.place, households, id=home, **address)
        await self.hall.make.row(
            self.place, member_records, id=who.person.id, household_id=home, kind="REGISTERED",
            applied_at=NOON, version=1,
        )  # fmt: skip

    async def pact(self, pact: str, who: SignedIn | None = None) -> dict[str, Any]:
        """Return a pact as somebody sees it."""
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Pact {{ {PACT} }} }} }}"
        return (await (who or self.staff).run(query, id=pact)).data["node"]

    async def start(self, kind: str = "RESIDENTS_PACT", **given: Any) -> str:
        """Start to make a pact; return its id."""
        answer = await self.starts(kind, **given)
        assert answer.refusals == [], answer.body
        return answer.payload["pact"]["id"]

    async def starts(self, kind: str, **given: Any) -> Answer:
        """Try to start to make a pact."""
        named = {"title": "幸福里居民公约", "idempotencyKey": key(), **given}
        return await self.staff.do("startPact", "pact { id state }", kind=kind, **named)

    async def saves(self, pact: str, *clauses: dict[str, Any], **given: Any) -> Answer:
        """Save the draft."""
        named = {"expectedVersion": (await self.pact(pact))["version"], **given}
        return await self.staff.do(
            "setPactDraft", f"pact {{ {PACT} }}", pactId=pact, clauses=list(clauses), **named
        )

    async def publish(self, pact: str, *clauses: dict[str, Any]) -> dict[str, Any]:
        """Take the draft up, write these clauses and publish them; return the pact."""
        if (await self.pact(pact))["state"] != "DRAFTING":
            await self.does(self.staff, "draftPact", pactId=pact)
        saved = await self.saves(pact, *clauses)
        assert saved.refusals == [], saved.body
        await self.does(self.staff, "publishPactDraft", pactId=pact)
        return await self.pact(pact)

    async def suggest(self, pact: str, who: SignedIn | None = None, **given: Any) -> str:
        """Suggest something; return the suggestion's id."""
        answer = await (who or self.residents[0]).do(
            "suggestForPact", "suggestion { id }", pactId=pact,
            **{"body": "请写明充电的地方", "idempotencyKey": key(), **given},
        )  # fmt: skip
        assert answer.refusals == [], answer.body
        return answer.payload["suggestion"]["id"]

    async def decide(self, suggestion: str, decision: str, reason: str = "已讨论") -> Answer:
        """Answer a suggestion."""
        return await self.staff.do(
            "decidePactSuggestion", "suggestion { state }", suggestionId=suggestion,
            decision=decision, reason=reason,
        )  # fmt: skip

    async def reviewed(self, pact: str) -> None:
        """Have the street pass the published draft."""
        await self.does(self.staff, "submitPactForReview", pactId=pact)
        await self.does(
            self.street, "decidePactReview", pactId=pact, decision="PASS", checklist=CHECKLIST
        )

    async def matter(self, **given: Any) -> tuple[str, str]:
        """Draft a meeting that decides a pact; return its id and the vote's."""
        self.hall.watch.now += HOUR
        now = self.hall.watch.now
        shift = max(now - NOON, 0 * DAY)
        times = {
            name: (moment + shift).isoformat()
            for name, moment in (("opensAt", OPENS), ("heldAt", HELD), ("closesAt", CLOSES))
        }
        self.times = {name: datetime.fromisoformat(moment) for name, moment in times.items()}
        meeting = (await self.draft(None, **times)).payload["meeting"]["id"]
        added = await self.add(meeting, **given)
        assert added.refusals == [], added.body
        return meeting, added.payload["vote"]["id"]

    async def decided(self, meeting: str, vote: str, marks: tuple[int, ...] = YES) -> None:
        """Hold the meeting, and have its result become final."""
        await self.does(self.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
        await self.does(self.staff, "noticeMeeting", meetingId=meeting)
        await self.at(self.times["opensAt"])
        await self.votes(vote, *[marks] * 7)
        await self.at(self.times["heldAt"] + HOUR)
        await self.came(meeting, self.staff, *self.residents)
        await self.at(self.times["closesAt"])
        await self.does(self.staff, "tallyDecision", voteId=vote)
        await self.certify(vote)
        seen = await self.sees(self.staff, vote)
        await self.at(datetime.fromisoformat(seen["objectionsUntil"]))

    async def adopted(self, *clauses: dict[str, Any], **given: Any) -> str:
        """Make a pact up to its adoption; return its id."""
        pact = await self.start(**given)
        await self.publish(pact, *(clauses or (STAIRS, DOGS)))
        await self.reviewed(pact)
        await self.adopts(pact)
        return pact

    async def adopts(self, pact: str) -> None:
        """Have a meeting pass a pact that was reviewed."""
        meeting, vote = await self.matter()
        await self.does(self.staff, "submitPactToVote", pactId=pact, voteId=vote)
        await self.decided(meeting, vote)
        await self.does(self.staff, "concludePactVote", pactId=pact, womenAttending=WOMEN)

    async def in_force(self, *clauses: dict[str, Any], **given: Any) -> str:
        """Make a pact up to its coming into force; return its id."""
        pact = await self.adopted(*clauses, **given)
        await self.files(pact)
        await self.at(self.day)
        return pact

    async def files(self, pact: str) -> None:
        """File a pact that was adopted, to be in force on `day`."""
        self.day = self.hall.watch.now + 3 * DAY
        await self.does(
            self.staff, "filePact", pactId=pact, document="街备〔2026〕1号",
            inForceOn=str(self.day.date()),
        )  # fmt: skip

    async def refused(self, work: Any) -> str:
        """Assert that something is refused and changes nothing; return its code and message."""
        before = [tuple(row) for row in await self.hall.make.rows(self.place, EVERYTHING)]
        answer: Answer = await work
        after = [tuple(row) for row in await self.hall.make.rows(self.place, EVERYTHING)]
        assert before == after
        if answer.codes:
            return answer.codes[0]
        (payload,) = answer.data.values()
        return " ".join(f"{error['code']} {error['message']}" for error in payload["userErrors"])
