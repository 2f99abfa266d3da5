"""Secret polls in a community of neighbours: three programs keep the keys, devices seal the ballots."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.scrutineer import Program, Scrutineer
from api.settings import Settings
from tenants.embedded import Cluster
from tenants.votes.service.secret.keys import Program as Known
from tests.clockwork import House, house
from tests.street import STAFF, Answer, SignedIn, key
from tests.votes.device import Device

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOON = datetime(2026, 12, 7, 4, tzinfo=UTC)
VOTE = """id state secrecy turnoutPercent eligible viewerIsOnRoll voidReason filePath
  scrutineers { number name side sealKey shownAt destroyedAt } notice { body signature }
  viewerEnvelope { hash version receipt signature }
  viewerBallot { marks version } ballots { totalCount }
  result { outcome winners ballots invalid tallies { votes participating void } }
  viewerCan { castBallot { allowed code } }"""
ASKED = f"query ($id: ID!) {{ node(id: $id) {{ ... on Vote {{ {VOTE} }} }} }}"
EVERYTHING = """
select (select jsonb_agg(to_jsonb(v) order by v.id) from tenant.vote v)::text,
       (select jsonb_agg(to_jsonb(e) order by e.vote_id, e.voter_id) from tenant.vote_envelope e)::text,
       (select jsonb_agg(to_jsonb(s) order by s.vote_id, s.place) from tenant.vote_scrutineer s)::text,
       (select jsonb_agg(to_jsonb(o)) from tenant.vote_opening o)::text,
       (select jsonb_agg(to_jsonb(l)) from tenant.vote_list l)::text,
       (select count(*) from tenant.vote_statement), (select count(*) from tenant.vote_ballot),
       (select count(*) from tenant.audit_entry), (select count(*) from tenant.outbox_event)"""
IDENTITIES = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3)]
NAMES = ("社区监票程序", "街道监票程序", "区监票程序")


def known() -> tuple[Known, ...]:
    """Return the programs as a server knows them."""
    return tuple(
        Known(name, each.public_key().public_bytes_raw())
        for name, each in zip(NAMES, IDENTITIES, strict=True)
    )


@asynccontextmanager
async def secret_hall(
    settings: Settings, cluster: Cluster, folder: Path, name: str
) -> AsyncGenerator[House]:
    """Open a server that knows three programs, with a clock that the tests set."""
    chosen = replace(settings, scrutineers=known())
    async with house(chosen, cluster, folder, name, 60) as opened:
        yield opened


class Neighbours:
    """It is a community with twelve neighbours and one of the staff, and the machines of its scrutineers."""

    def __init__(self, hall: House, folder: Path) -> None:
        self.hall = hall
        self.folder = folder

    async def settle(self, number: int = 12) -> "Neighbours":
        """Have the people move in."""
        self.hall.watch.now = NOON
        self.place = await self.hall.make.community()
        make, signed_in = self.hall.make, self.hall.signed_in
        self.people = [signed_in(await make.member(self.place)) for _ in range(number)]
        self.staff = signed_in(await make.member(self.place, *STAFF))
        self.author = self.people[0]
        self.client: httpx.AsyncClient = self.author._client
        self.programs = self.machines()
        return self

    def machines(self) -> list[Program]:
        """The three programs, each with a folder of its own."""
        return [
            Program(self.scrutineer(), each, self.folder / str(place), None)
            for place, each in enumerate(IDENTITIES, 1)
        ]

    def scrutineer(self) -> Scrutineer:
        """Return a scrutineer's connection, with the clock of the tests."""
        return Scrutineer(self.client, self.hall.watch)

    async def start(self, **given: Any) -> Answer:
        """Start a secret poll."""
        return await self.author.do(
            "startPoll", f"vote {{ {VOTE} }}",
            **{
                "boardId": self.place.board(), "question": "充电桩装在哪里？", "secrecy": "SECRET",
                "options": ["东门", "西门", "不装"], "closesAt": (NOON + DAY).isoformat(),
                "idempotencyKey": key(), **given,
            },
        )  # fmt: skip

    async def opened(self, **given: Any) -> str:
        """Start a secret poll, have the programs show their keys, and open it; return its id."""
        answer = await self.start(**given)
        assert answer.refusals == [], answer.body
        for each in self.programs:
            await each.round()
        await self.hall.sweep(self.hall.watch.now)
        return answer.payload["vote"]["id"]

    async def count(self) -> None:
        """Have the programs open what waits for them."""
        for each in self.programs:
            await each.round()

    async def sees(self, who: SignedIn, vote: str) -> dict[str, Any]:
        """Return what a person sees of a vote."""
        return (await who.run(ASKED, id=vote)).data["node"]

    async def device(self, vote: str, *marks: int) -> Device:
        """Return a device with a ballot for this vote."""
        return Device((await self.sees(self.author, vote))["notice"]["body"], bytes(marks))

    async def cast(self, who: SignedIn, vote: str, device: Device, **given: Any) -> Answer:
        """Send a sealed ballot."""
        return await who.do(
            "castBallot", f"vote {{ {VOTE} }}",
            **{"voteId": vote, "sealed": device.sent, "idempotencyKey": key(), **given},
        )  # fmt: skip

    async def voted(self, who: SignedIn, vote: str, *marks: int) -> Device:
        """Have somebody vote; return their device with its receipt."""
        device = await self.device(vote, *marks)
        answer = await self.cast(who, vote, device)
        assert answer.refusals == [], answer.body
        device.keep(answer.payload["vote"]["viewerEnvelope"])
        return device

    async def file(self, vote: str) -> dict[str, Any]:
        """Return the published file of a vote."""
        path = (await self.sees(self.author, vote))["filePath"]
        response = await self.client.get(path)
        assert response.status_code == 200
        return json.loads(response.content)

    async def refused(self, work: Any) -> list[str]:
        """Assert that a mutation is refused and changes nothing; return the codes."""
        before = await self.everything()
        answer: Answer = await work
        assert answer.codes or answer.refusals, answer.body
        assert await self.everything() == before
        return answer.codes or answer.refusals

    async def everything(self) -> list[tuple[Any, ...]]:
        """Return all that a community keeps of votes."""
        return [tuple(row) for row in await self.hall.make.rows(self.place, EVERYTHING)]
