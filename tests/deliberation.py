"""A community that consults on topics, and what its people do in the tests."""

from datetime import datetime
from typing import Any

from tests.assembly import DAY, HOUR, NOON, Assembly
from tests.street import Answer, SignedIn, key

ASKED, HEARD = NOON + DAY, NOON + DAY + HOUR  # until when residents are asked, and a hearing
TOPIC = """id state title author { id } supportCount screeningReason isImportant shelvedUntil outcome
  contributions(first: 9) { nodes { stance answer } } evaluations(first: 9) { nodes { satisfaction } }
  resolution { id body execution dueOn vote { id } consultation { id } } becamePetition { id state }
  consultations(first: 9) { nodes { id state } } events(first: 50) { nodes { action state body } }
  origin { kind node { __typename id } }"""
_TABLES = (
    "topic", "topic_event", "topic_support", "topic_contribution", "topic_discussion",
    "topic_evaluation", "consultation", "consultation_party", "resolution", "origin_step", "petition",
)  # fmt: skip
EVERYTHING = "select (select count(*) from tenant.audit_entry), " + ", ".join(
    f"(select jsonb_agg(to_jsonb(t) order by t::text) from tenant.{table} t)::text"
    for table in _TABLES
)


class Deliberation(Assembly):
    """An assembly that consults before it votes."""

    async def propose(self, **given: Any) -> str:
        """Have the first resident propose a topic; return its id."""
        given = {"title": "楼道里的自行车", "body": "楼道里停满了自行车。", **given}
        answer = await self.residents[0].do(
            "proposeTopic", "topic { id }", **given, idempotencyKey=key()
        )
        assert answer.refusals == [], answer.body
        return answer.payload["topic"]["id"]

    async def supported(self, **given: Any) -> str:
        """Propose a topic that enough residents support."""
        topic = await self.propose(**given)
        for each in self.residents[1:5]:
            await self.does(each, "supportTopic", topicId=topic)
        return topic

    async def on_agenda(self, **given: Any) -> str:
        """Have a topic taken up."""
        topic = await self.supported(**given)
        await self.adopt(topic)
        return topic

    async def adopt(self, topic: str) -> None:
        """Have the secretary take a topic up."""
        await self.does(
            self.secretary, "screenTopic", topicId=topic, decision="ADOPT", reason="涉及全楼"
        )

    async def solicit(self, topic: str, **given: Any) -> None:
        """Ask residents for a day."""
        await self.does(
            self.staff, "solicitViews", topicId=topic, closesAt=ASKED.isoformat(), **given
        )

    async def schedule(self, topic: str, at: datetime = HEARD, **given: Any) -> Answer:
        """Schedule a hearing of a neighbour and the property management."""
        given = {
            "form": "HEARING", "location": "活动室", "invitedNames": ["物业公司"],
            "invitedIds": [self.residents[1].person.public_id], **given,
        }  # fmt: skip
        return await self.staff.do(
            "scheduleConsultation", "consultation { id parties(first: 9) { nodes { id } } }",
            topicId=topic, heldAt=at.isoformat(), idempotencyKey=key(), **given,
        )  # fmt: skip

    async def hear(self, topic: str, follow_up: str = "CARRY_OUT") -> str:
        """Hold a hearing, after residents were asked; return its id."""
        answer = await self.schedule(topic)
        assert answer.refusals == [], answer.body
        hearing = answer.payload["consultation"]
        await self.at(HEARD + HOUR)
        is_agreed = follow_up != "NO_AGREEMENT"
        await self.does(
            self.staff, "recordConsultation", consultationId=hearing["id"], minutes="各方发言",
            agreements=["在空地建车棚"] if is_agreed else [], followUp=follow_up,
            attendedIds=[each["id"] for each in hearing["parties"]["nodes"]],
        )  # fmt: skip
        return hearing["id"]

    async def resolve(self, topic: str, consultation: str | None, **given: Any) -> Answer:
        """Publish a resolution."""
        return await self.staff.do(
            "publishResolution", "topic { state resolution { id } }", topicId=topic,
            consultationId=consultation, body="在空地建车棚。", dueOn="2027-03-01", **given,
        )  # fmt: skip

    async def topic(self, id: str, who: SignedIn | None = None) -> dict[str, Any]:
        """Return what somebody sees of a topic."""
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Topic {{ {TOPIC} }} }} }}"
        return (await (who or self.residents[6]).run(query, id=id)).data["node"]

    async def unchanged(self, work: Any) -> str:
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
