"""A community that keeps its affairs open, and what its people do in the tests."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tenants.affairs.service.calendars import Calendar
from tests.clockwork import House
from tests.street import SECRETARY, STAFF, Answer, SignedIn, key

DAY = timedelta(days=1)
NOON = datetime(2026, 12, 7, 4, tzinfo=UTC)
EVERYTHING = """
select (select jsonb_agg(to_jsonb(o) order by o.id) from tenant.obligation o)::text,
       (select jsonb_agg(to_jsonb(a) order by a.id) from tenant.open_affair a)::text,
       (select jsonb_agg(to_jsonb(q) order by q.id) from tenant.affair_question q)::text,
       (select jsonb_agg(to_jsonb(c) order by c.id) from tenant.affair_complaint c)::text,
       (select count(*) from tenant.audit_entry), (select count(*) from tenant.outbox_event)"""
OBLIGATION = "id code about state startsOn dueAt metAt note isHouseRule source"
AFFAIR = """id code state title postedUntil obligation { id state } confirmedBy { displayName }
  questions(first: 9) { nodes { id kind state body answer } }"""


class Hall:
    """A community with a resident, a neighbour, two of the staff, a secretary and a supervisor."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def settle(self, kind: str = "RESIDENTIAL") -> "Hall":
        """Have the people move into a community of this kind."""
        self.house.watch.now = NOON
        make, signed_in = self.house.make, self.house.signed_in
        self.place = await make.community()
        where = f"where community_id = {self.place.key}"
        self.house.run(f"update tenant.community set kind = '{kind}' {where}")
        self.resident, self.neighbour = [signed_in(await make.member(self.place)) for _ in "12"]
        self.staff, self.colleague = [
            signed_in(await make.member(self.place, *STAFF)) for _ in "12"
        ]
        self.secretary = signed_in(await make.member(self.place, *SECRETARY))
        self.supervisor = signed_in(await make.member(self.place, "RESIDENT", "SUPERVISOR"))
        self.street = signed_in(await make.officer(self.place.street_id))
        return self

    async def at(self, moment: datetime) -> None:
        """Let the clocks and the calendar come to a moment."""
        await self.house.sweep(moment)
        calendar = Calendar(self.house.database)
        await calendar.community(self.place.key)

    async def owed(self, who: SignedIn | None = None, **by: Any) -> list[dict[str, Any]]:
        """Return what the community owes, those rows that equal `by`."""
        query = f"{{ community {{ obligations(first: 50) {{ nodes {{ {OBLIGATION} }} }} }} }}"
        rows = (await (who or self.resident).run(query)).data["community"]["obligations"]["nodes"]
        return [row for row in rows if by.items() <= row.items()]

    async def draft(self, who: SignedIn | None = None, **given: Any) -> Answer:
        """Have an item entered."""
        return await (who or self.staff).do(
            "draftAffair", f"affair {{ {AFFAIR} }}",
            **{
                "code": "DECISIONS", "title": "道路整修", "body": "预算三万元，九月完工。",
                "idempotencyKey": key(), **given,
            },
        )  # fmt: skip

    async def drafted(self, **given: Any) -> str:
        """Have an item entered; return its id."""
        return (await self.draft(**given)).payload["affair"]["id"]

    async def posted(self, **given: Any) -> str:
        """Have an item entered and confirmed; return its id."""
        affair = await self.drafted(**given)
        await self.does(self.colleague, "confirmAffair", affairId=affair)
        return affair

    async def asks(self, affair: str, verb: str = "askAboutAffair", who: Any = None) -> str:
        """Have somebody ask about an item; return the question's id."""
        answer = await (who or self.resident).do(
            verb, "question { id }", affairId=affair, body="花了多少？", idempotencyKey=key()
        )
        return answer.payload["question"]["id"]

    async def complains(self, about: str) -> str:
        """Have the resident complain to the street; return the complaint's id."""
        answer = await self.resident.do(
            "complainAboutAffair", "complaint { id }", aboutId=about, body="与事实不符",
            idempotencyKey=key(),
        )  # fmt: skip
        return answer.payload["complaint"]["id"]

    async def sees(self, who: SignedIn, id: str) -> Any:
        """Return what a person sees of an item."""
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on OpenAffair {{ {AFFAIR} }} }} }}"
        return (await who.run(query, id=id)).data["node"]

    async def does(self, who: SignedIn, verb: str, **given: Any) -> None:
        """Do something that must succeed."""
        answer = await who.do(verb, **given)
        assert (answer.codes, answer.refusals) == ([], []), (verb, answer.body)

    async def refused(self, who: SignedIn, verb: str, **given: Any) -> str:
        """Assert that something is refused and changes nothing; return its code and message."""
        before = [tuple(row) for row in await self.house.make.rows(self.place, EVERYTHING)]
        answer = await who.do(verb, **given)
        after = [tuple(row) for row in await self.house.make.rows(self.place, EVERYTHING)]
        assert before == after
        if answer.codes:
            return answer.codes[0]
        (error,) = answer.payload["userErrors"]
        return f"{error['code']} {error['message']}"

    async def acts(self) -> list[str]:
        """Return what the audit has, without what was posted on boards."""
        return [each[0] for each in await self.house.make.trace(self.place)]
