"""Provide a community that holds meetings, and what its people do in the tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.clockwork import House
from tests.street import SECRETARY, STAFF, Answer, SignedIn, key

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 12, 7, 4, tzinfo=UTC)
OPENS, HELD, CLOSES = NOON + 11 * DAY, NOON + 12 * DAY, NOON + 13 * DAY
MEETING = """id ruleCode title location state viewerIsOnRoll partyRecord cancellationReason
  roll(first: 50) { totalCount } attendance(first: 50) { totalCount }
  objections(first: 9) { nodes { id kind state body decisionReason } }
  matters { id state question matter }"""
VOTE = """id track state matter method noneOfThese options { label } objectionsUntil publishedAt
  voidReason overturnReason eligible viewerBallot { marks version }
  result { outcome winners ballots tallies { unit eligible attending onSite participating votes
    abstained } trace { unit option part whole base threshold isMet sentence } }
  events(first: 20) { nodes { action reason } }"""
EVERYTHING = """
select (select jsonb_agg(to_jsonb(v) order by v.id) from tenant.vote v)::text,
       (select jsonb_agg(to_jsonb(m) order by m.id) from tenant.meeting m)::text,
       (select jsonb_agg(to_jsonb(o) order by o.id) from tenant.vote_objection o)::text,
       (select jsonb_agg(to_jsonb(e) order by e.roll_id, e.voter_id) from tenant.vote_voter e)::text,
       (select jsonb_agg(to_jsonb(b) order by b.vote_id, b.voter_id) from tenant.vote_ballot b)::text,
       (select jsonb_agg(to_jsonb(p) order by p.vote_id, p.voter_id) from tenant.vote_paper p)::text,
       (select jsonb_agg(to_jsonb(x) order by x.voter_id) from tenant.vote_proxy x)::text,
       (select jsonb_agg(to_jsonb(s) order by s.voter_id) from tenant.ballot_service s)::text,
       (select jsonb_agg(to_jsonb(u) order by u.id) from tenant.property_part u)::text,
       (select jsonb_agg(to_jsonb(w) order by w.id) from tenant.property_owner w)::text,
       (select jsonb_agg(to_jsonb(a) order by a.id) from tenant.authorisation a)::text,
       (select jsonb_agg(to_jsonb(h) order by h.named_by) from tenant.household_claim h)::text,
       (select jsonb_agg(to_jsonb(d) order by d.household_id) from tenant.household_ruling d)::text,
       (select count(*) from tenant.part_owner), (select count(*) from tenant.owners_rules),
       (select count(*) from tenant.property_area),
       (select count(*) from tenant.vote_voter), (select count(*) from tenant.vote_roll),
       (select count(*) from tenant.meeting_attendance), (select count(*) from tenant.vote_result),
       (select count(*) from tenant.vote_certification),
       (select jsonb_agg(to_jsonb(y) order by y.meeting_id) from tenant.owners_assembly y)::text,
       (select jsonb_agg(to_jsonb(c) order by c.starts_on) from tenant.owners_election c)::text,
       (select count(*) from tenant.vote_event), (select count(*) from tenant.audit_entry)"""
YES, NO, BLANK = (1, 0), (0, 1), (0, 0)


class Assembly:
    """It is a community with seven residents, staff, a secretary and a supervisor."""

    def __init__(self, hall: House) -> None:
        self.hall = hall

    async def settle(self) -> "Assembly":
        """Have the people move in."""
        self.hall.watch.now = NOON
        make, signed_in = self.hall.make, self.hall.signed_in
        self.place = await make.residents_community()
        self.residents = [signed_in(await make.member(self.place)) for _ in range(7)]
        self.staff = signed_in(await make.member(self.place, *STAFF))
        self.secretary = signed_in(await make.member(self.place, *SECRETARY))
        self.supervisor = signed_in(await make.member(self.place, "RESIDENT", "SUPERVISOR"))
        return self

    async def at(self, moment: datetime) -> None:
        """Let the clock come to a moment."""
        await self.hall.sweep(moment)

    async def draft(self, who: SignedIn | None = None, **given: Any) -> Answer:
        """Draft a meeting."""
        return await (who or self.staff).do(
            "draftMeeting", f"meeting {{ {MEETING} }}",
            **{
                "ruleCode": "RM_PERSON", "title": "居民会议", "location": "社区活动室",
                "heldAt": HELD.isoformat(), "opensAt": OPENS.isoformat(),
                "closesAt": CLOSES.isoformat(), "partyDiscussedOn": "2026-12-01",
                "partyRecord": "总支会议第12次研究", "idempotencyKey": key(), **given,
            },
        )  # fmt: skip

    async def add(self, meeting: str, who: SignedIn | None = None, **given: Any) -> Answer:
        """Put a matter on its agenda."""
        return await (who or self.staff).do(
            "addMatter", f"vote {{ {VOTE} }}",
            **{
                "meetingId": meeting, "matter": "RESIDENT_PACT", "question": "通过居民公约",
                "idempotencyKey": key(), **given,
            },
        )  # fmt: skip

    async def noticed(self, **matter: Any) -> tuple[str, str]:
        """Announce a meeting of all members with one matter; return their ids."""
        meeting = (await self.draft()).payload["meeting"]["id"]
        vote = (await self.add(meeting, **matter)).payload["vote"]["id"]
        await self.does(self.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
        await self.does(self.staff, "noticeMeeting", meetingId=meeting)
        return meeting, vote

    async def does(self, who: SignedIn, verb: str, **given: Any) -> None:
        """Do something that must succeed."""
        answer = await who.do(verb, **given)
        assert (answer.codes, answer.refusals) == ([], []), (verb, answer.body)

    async def sees(self, who: SignedIn, id: str) -> dict[str, Any]:
        """Return what a person sees of a vote or a meeting."""
        type_, select = ("Meeting", MEETING) if id.startswith("mtg_") else ("Vote", VOTE)
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {type_} {{ {select} }} }} }}"
        return (await who.run(query, id=id)).data["node"]

    async def state(self, id: str) -> str:
        """Return the state of a vote or a meeting."""
        return (await self.sees(self.staff, id))["state"]

    async def votes(self, vote: str, *marks: tuple[int, ...]) -> None:
        """Have as many residents cast ballots."""
        for who, each in zip(self.residents, marks, strict=False):
            await self.does(who, "castBallot", voteId=vote, marks=list(each), idempotencyKey=key())

    async def certify(self, vote: str, *who: SignedIn) -> None:
        """Have the seats certify a count; of residents, the secretary and the supervisor."""
        for each in who or (self.secretary, self.supervisor):
            await self.does(each, "certifyResult", voteId=vote)

    async def another_supervisor(self) -> SignedIn:
        """Have one more supervisor move in, who is on no roll."""
        made = await self.hall.make.member(self.place, "RESIDENT", "SUPERVISOR")
        return self.hall.signed_in(made)

    async def confirm(self, code: str) -> None:
        """Have two admins of the district confirm a rule that no law gives."""
        rule = {"ruleCode": code, "effectiveFrom": "2026-01-01"}
        first, second = [self.hall.signed_in(await self.hall.make.officer()) for _ in "12"]
        await self.does(first, "proposeDecisionRule", **rule, source="区民政局指导意见")
        await self.does(second, "confirmDecisionRule", **rule, source="区民政局指导意见")

    async def came(self, meeting: str, *who: SignedIn) -> None:
        """Enter attendance."""
        ids = [each.person.public_id for each in who]
        await self.does(self.staff, "recordAttendance", meetingId=meeting, voterIds=ids)

    async def refused(self, work: Any) -> str:
        """Assert that something is refused and changes nothing; return its code and message."""
        before = [tuple(row) for row in await self.hall.make.rows(self.place, EVERYTHING)]
        answer: Answer = await work
        after = [tuple(row) for row in await self.hall.make.rows(self.place, EVERYTHING)]
        assert before == after
        if answer.codes:
            return answer.codes[0]
        (payload,) = answer.data.values()
        (error,) = payload["userErrors"]
        return f"{error['code']} {error['message']}"
