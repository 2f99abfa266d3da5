"""A community whose meeting votes in secret: three scrutineers with their machines, voters with devices."""

from pathlib import Path
from typing import Any

from api.scrutineer import KeyFile, Scrutineer
from tests.assembly import CLOSES, DAY, Assembly
from tests.clockwork import House
from tests.street import Answer, SignedIn, key
from tests.votes.device import Device

SIDES = ("COMMITTEE", "RESIDENTS", "SUPERVISORS")
SECRET = """id state secrecy filePath notice { body } scrutineers { number name side shownAt destroyedAt }
  viewerEnvelope { hash version receipt signature }"""


class Council(Assembly):
    """A community whose meeting votes in secret, with three scrutineers and their machines."""

    def __init__(self, hall: House, folder: Path) -> None:
        super().__init__(hall)
        self.folder = folder
        self.keys: list[KeyFile] = []

    async def matter(self, **given: Any) -> tuple[str, str]:
        """Draft a meeting with one secret matter and everybody on its roll; return their ids."""
        drafted = await self.draft(extendableUntil=(CLOSES + DAY).isoformat())
        meeting = drafted.payload["meeting"]["id"]
        answer = await self.add(meeting, secrecy="SECRET", **given)
        assert answer.refusals == [], answer.body
        await self.does(self.staff, "setMeetingRoll", meetingId=meeting, everyMember=True)
        return meeting, answer.payload["vote"]["id"]

    def appoint(self, vote: str, number: int, who: SignedIn, side: str) -> Any:
        """Appoint a scrutineer."""
        return self.staff.do(
            "appointScrutineer",
            voteId=vote,
            number=number,
            memberId=who.person.public_id,
            side=side,
        )

    async def appointed(self, vote: str) -> list[SignedIn]:
        """Appoint three; return who they are."""
        three = [self.staff, self.residents[0], self.supervisor]
        for number, (who, side) in enumerate(zip(three, SIDES, strict=True), 1):
            answer = await self.appoint(vote, number, who, side)
            assert answer.refusals == [], answer.body
        return three

    async def key(self, vote: str, number: int) -> KeyFile:
        """Make the key of a scrutineer on their machine, as `linli scrutineer new` does."""
        path = (await self.look(self.staff, vote))["filePath"].removesuffix(".json")
        stand = await self.machine.ask(f"{path}/scrutiny")
        return KeyFile.new(
            self.folder / f"{number}.key", path, stand["vote"], number,
            bytes.fromhex(stand["serverKey"]),
        )  # fmt: skip

    async def accept(self, vote: str, who: SignedIn, key: KeyFile, **given: Any) -> Answer:
        """Accept with this key."""
        return await who.do(
            "acceptScrutiny",
            **{
                "voteId": vote, "sealKey": key.keys.seal_key.hex(),
                "signKey": key.keys.sign_key.hex(), "signature": key.proof.hex(), **given,
            },
        )  # fmt: skip

    async def noticed(self, **matter: Any) -> tuple[str, str]:
        """Announce a meeting with a secret matter, whose scrutineers have shown their keys."""
        meeting, vote = await self.matter(**matter)
        three = await self.appointed(vote)
        await self.does(self.staff, "noticeMeeting", meetingId=meeting)
        await self.show_keys(vote, three)
        return meeting, vote

    async def show_keys(self, vote: str, three: list[SignedIn]) -> None:
        """Have the three make their keys, and accept with them."""
        for number, who in enumerate(three, 1):
            self.keys.append(await self.key(vote, number))
            answer = await self.accept(vote, who, self.keys[-1])
            assert answer.refusals == [], answer.body

    @property
    def machine(self) -> Scrutineer:
        """A scrutineer's connection to the server."""
        return Scrutineer(self.staff._client, self.hall.watch)

    async def look(self, who: SignedIn, vote: str) -> dict[str, Any]:
        """Return what a person sees of a secret vote."""
        query = f"query ($id: ID!) {{ node(id: $id) {{ ... on Vote {{ {SECRET} }} }} }}"
        return (await who.run(query, id=vote)).data["node"]

    async def cast(self, who: SignedIn, vote: str, *marks: int) -> Device:
        """Seal and cast a ballot; return the device with its receipt."""
        device = Device((await self.look(who, vote))["notice"]["body"], bytes(marks))
        answer = await who.do(
            "castBallot", f"vote {{ {SECRET} }}", voteId=vote, sealed=device.sent,
            idempotencyKey=key(),
        )  # fmt: skip
        assert answer.refusals == [], answer.body
        device.keep(answer.payload["vote"]["viewerEnvelope"])
        return device
