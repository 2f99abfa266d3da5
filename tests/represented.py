"""A community with representatives, and what they and the secretary do in the tests."""

from typing import Any

from tests.assembly import Assembly
from tests.street import SignedIn, key

PAPER = {
    "matters": ["RESIDENT_PACT"], "document": "2026年第1次居民会议第3号决定", "decidedOn": "2026-12-01",
}  # fmt: skip
LIST = """{ community { authorisations(first: 9) { nodes { id matters way document decidedOn expiresOn
  state isInForce revocationReason vote { id } } } } }"""
RULES = "{ community { supportRules { id basis effect isInForce } petitionCategories { id } } }"


class Represented(Assembly):
    """An assembly with eight representatives: four fifths and more, beside two of the committee."""

    async def settle(self) -> "Represented":
        """Have the representatives move in besides."""
        await super().settle()
        make = self.hall.make
        self.representatives = [
            self.hall.signed_in(await make.member(self.place, "RESIDENT", "REPRESENTATIVE"))
            for _ in range(8)
        ]
        return self

    async def records(self, **given: Any) -> str:
        """Record an authorisation; return its id."""
        answer = await self.secretary.do(
            "recordAuthorisation", "authorisation { id }", idempotencyKey=key(), **given
        )
        assert answer.refusals == [], answer.body
        return answer.payload["authorisation"]["id"]

    async def authorisations(self) -> list[dict[str, Any]]:
        """Return the authorisations as a resident reads them."""
        return (await self.residents[0].run(LIST)).data["community"]["authorisations"]["nodes"]

    async def represented(self) -> tuple[str, str]:
        """Announce a meeting of the representatives that decides the residents' pact."""
        meeting = (await self.draft(ruleCode="RR")).payload["meeting"]["id"]
        vote = (await self.add(meeting)).payload["vote"]["id"]
        await self.does(self.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
        await self.does(self.staff, "noticeMeeting", meetingId=meeting)
        return meeting, vote

    async def petition(self, basis: str, effect: str) -> str:
        """Send a petition that asks for a meeting; return its id."""
        author = self.residents[0]
        known = (await author.run(RULES)).data
        (rule,) = [
            each["id"]
            for each in known["community"]["supportRules"]
            if (each["basis"], each["effect"], each["isInForce"]) == (basis, effect, True)
        ]
        sent = await author.do(
            "submitPetition", "petition { id }", kind="SUGGESTION", title="请开会议", body="讨论电梯。",
            secrecy="PUBLIC", categoryId=known["community"]["petitionCategories"][0]["id"], goalRuleId=rule,
            idempotencyKey=key(),
        )  # fmt: skip
        assert sent.refusals == [], sent.body
        return sent.payload["petition"]["id"]

    async def signs(self, petition: str, *who: SignedIn) -> None:
        """Have people sign it."""
        for each in who:
            await self.does(each, "supportPetition", petitionId=petition)
