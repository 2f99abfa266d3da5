"""The officers above a community, and the street appeals that reach them."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from tests.conftest import SignIn
from tests.street import SECRETARY, Answer, Make, Person, SignedIn, key, pst
from tests.tenants.conftest import Lane, id_of

QUEUE = """query ($state: StreetAppealState! = OPEN) { district { appeals(first: 50, state: $state) {
  nodes { id kind state displayName content reason body isOverdue dueAt decisionReason
          community { id } viewerCan { decideStreetAppeal { allowed code } } } } } }"""
OWN = """{ viewer { member { state record { suspensionAppeal { id state isOverdue body decisionReason }
  suspensionAppeals { id state } viewerCan { appealSuspension { allowed code } } } } } }"""
NODE = """query ($id: ID!) { node(id: $id) { ... on StreetAppeal { state body content reason
  displayName decisionReason viewerCan { decideStreetAppeal { allowed code } } } } }"""
EVERYTHING = """
select (select jsonb_agg(to_jsonb(m) order by m.id) from tenant.member m)::text,
       (select jsonb_agg(to_jsonb(r) order by r.id) from tenant.member_record r)::text,
       (select jsonb_agg(to_jsonb(a) order by a.id) from tenant.street_appeal a)::text,
       (select jsonb_agg(to_jsonb(c) order by c.id) from tenant.moderation_case c)::text,
       (select jsonb_agg(to_jsonb(p) order by p.id) from tenant.post p)::text,
       (select jsonb_agg(to_jsonb(c) order by c.id) from tenant.comment c)::text,
       (select count(*) from tenant.idempotency_key), (select count(*) from tenant.audit_entry)"""
SPAM = {"reasonCode": "SPAM", "reason": "广告"}


@dataclass(frozen=True)
class Above:
    """It is a community and the street above it."""

    lane: Lane
    make: Make
    signed_in: SignIn

    async def admin(self, street_id: int | None = None, **who: Any) -> SignedIn:
        """Create an admin of the community's street, or of another one; 0 is the district."""
        street = self.lane.place.street_id if street_id is None else street_id
        return self.signed_in(await self.make.officer(street, **who))

    @property
    def away(self) -> int:
        """Return a street that the community is not in."""
        return 310113102 if self.lane.place.street_id != 310113102 else 310113003

    async def person_of(self, who: SignedIn | Person) -> UUID:
        """Return the person id of a member."""
        member = who if isinstance(who, Person) else who.person
        return await self.lane.value("select person_id from tenant.member where id = $1", member.id)

    async def suspended(self, **given: Any) -> SignedIn:
        """Create a member whom the secretary has suspended; return them as a guest."""
        person = await self.make.applicant(self.lane.place, "ACTIVE")
        return await self.suspend(person, **given)

    async def suspend(self, person: Person, **given: Any) -> SignedIn:
        """Have the secretary suspend a member; return them as a guest."""
        done = await self.lane.secretary.do(
            "suspendMember", memberId=person.public_id, reason="刷屏", **given
        )
        assert done.refusals == []
        return self.signed_in(replace(person.guest, version=person.version + 1))

    async def appeal(self, who: SignedIn, body: str = "我没有") -> str:
        """Appeal against the suspension; return the appeal's id."""
        done = await who.do("appealSuspension", "appeal { id }", body=body, idempotencyKey=key())
        assert done.refusals == []
        return done.payload["appeal"]["id"]

    async def appealed(self, post: UUID | None = None) -> tuple[UUID, str]:
        """Have the secretary hide a post, and its author appeal; return the post and its case."""
        post = post or await self.make.post(self.lane.author.person)
        await self.lane.secretary.do("hideContent", subjectId=pst(post), **SPAM)
        done = await self.lane.author.do(
            "appealModeration", "subject { ... on Post { moderation { id } } }",
            subjectId=pst(post), body="不是广告",
        )  # fmt: skip
        return post, done.payload["subject"]["moderation"]["id"]

    async def taken(self, case: str) -> str:
        """Take the author's appeal to the street; return its id there."""
        done = await self.lane.author.do(
            "takeAppealToStreet", "appeal { id }", caseId=case, idempotencyKey=key()
        )
        assert done.refusals == []
        return done.payload["appeal"]["id"]

    async def decide(self, admin: SignedIn, appeal: str, decision: str = "LIFT") -> Answer:
        """Decide an appeal."""
        return await admin.do(
            "decideStreetAppeal", "appeal { state decisionReason content body }",
            appealId=appeal, decision=decision, reason="查明",
        )  # fmt: skip

    async def queue(self, admin: SignedIn, state: str = "OPEN") -> list[dict[str, Any]]:
        """Return the appeals of this community in an officer's list."""
        answer = await admin.run(QUEUE, state=state)
        here = {"id": self.lane.place.public_id}
        nodes = answer.data["district"]["appeals"]["nodes"]
        return [each for each in nodes if each.pop("community") == here]

    async def own(self, who: SignedIn) -> dict[str, Any]:
        """Return a member's own record as they see it."""
        return (await who.run(OWN)).data["viewer"]["member"]["record"]

    async def refused(self, work: Any) -> list[str]:
        """Assert that something is refused and changes nothing; return the codes."""
        before = await self.lane.rows(EVERYTHING)
        answer: Answer = await work
        codes = answer.codes or answer.refusals
        assert codes, "it was refused"
        assert await self.lane.rows(EVERYTHING) == before
        return codes

    async def set(self, statement: str, *arguments: Any) -> None:
        """Run a statement inside the community, for example to move a deadline."""
        async with self.make.inside(self.lane.place.key) as connection:
            await connection.execute(statement, *arguments)

    async def second_secretary(self) -> SignedIn:
        """Create another secretary of the community."""
        return self.signed_in(await self.make.member(self.lane.place, *SECRETARY))


def state_of(above: Above, who: SignedIn) -> Any:
    """Return a member's state."""
    return above.lane.value("select state from tenant.member where id = $1", id_of(who))
