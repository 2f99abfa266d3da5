"""Kills of workers, backends and PostgreSQL while ballots are cast and counted, secret ones and named.

Every acknowledged ballot is the one that is counted, none is there twice, no result comes early, and
all that holds of secret votes holds afterwards.
The ordinary suite kills a few; LINLI_PROVE=1 kills fifty.
"""

import asyncio
import random
import signal
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.engine.identifiers import decode_id
from api.scrutineer import Program, Refusal, Scrutineer
from api.settings import Settings
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.embedded import Cluster
from tests.linli import Linli
from tests.proofs import Proves, whole
from tests.served import served
from tests.settled import ENVIRONMENT, settled
from tests.street import Make, key
from tests.tenants.secret_hall import IDENTITIES, NAMES
from tests.test_kills import KINDS, Scene, kill, whole_again
from tests.votes.device import Device
from tests.votes.invariants import broken
from tests.votes.verifying import verifier

KILLS, SECONDS = whole(3, 50), whole(25, 500)
VOTERS = 12
OWN = """vote { id result { outcome } viewerEnvelope { hash version receipt signature }
  viewerBallot { marks version } }"""
START = f"""mutation ($input: StartPollInput!) {{
  done: startPoll(input: $input) {{ {OWN} userErrors {{ code }} }} }}"""
CAST = f"""mutation ($input: CastBallotInput!) {{
  done: castBallot(input: $input) {{ {OWN} userErrors {{ code }} }} }}"""
LOOK = """query ($id: ID!) { node(id: $id) { ... on Vote {
  state filePath notice { body } result { outcome ballots tallies { votes } } } } viewer { id } }"""
BALLOTS = """select b.voter_id, b.marks, b.version, b.cast_at < v.closes_at as is_in_time
  from tenant.vote_ballot b join tenant.vote v on v.id = b.vote_id"""
# what was acknowledged to each voter of a vote, in order: the name of an envelope, or marks with a version
Receipts = dict[tuple[UUID, UUID], list[Any]]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Give a server with two workers that knows three programs, and one community."""
    folder = tmp_path_factory.mktemp("secret kills")
    data = folder / "data"
    Linli(data)("migrate", code=0)
    known = ",".join(
        f"{name}:{each.public_key().public_bytes_raw().hex()}"
        for name, each in zip(NAMES, IDENTITIES, strict=True)
    )
    more = {"LINLI_SCRUTINEERS": known, "LINLI_CLOCK_SECONDS": "0.5"}
    with served(data, folder, workers=2, **ENVIRONMENT, **more) as running:
        people = asyncio.run(settled(Settings(data=data), VOTERS))
        yield Scene(running, Cluster(data), people)
        assert running.stop() in {0, -signal.SIGTERM, 128 + signal.SIGTERM}


async def patiently(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    """Send an operation until it is answered; return its data."""
    while True:
        try:
            body = {"query": query, "variables": variables}
            answer = await client.post("/graphql", json=body)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            return answer.json()["data"]
        await asyncio.sleep(0.05)


async def vote_on(client: httpx.AsyncClient, vote: str, receipts: Receipts) -> None:
    """Cast a ballot and change it again and again until the close; note each that is acknowledged."""
    seen = await patiently(client, LOOK, id=vote)
    notice = seen["node"]["notice"]
    member = decode_id(seen["viewer"]["id"], "vwr_")
    vote_id = decode_id(vote, "vot_")
    assert member is not None
    assert vote_id is not None
    version: int | None = None
    while True:
        device = None if notice is None else Device(notice["body"], b"\1\0")
        marks = [0, 1] if (version or 0) % 2 else [1, 0]
        ballot = {"marks": marks} if device is None else {"sealed": device.sent}
        given = {"voteId": vote, **ballot, "replaces": version, "idempotencyKey": key()}
        done = (await patiently(client, CAST, input=given))["done"]
        if done["userErrors"]:
            assert done["userErrors"] == [{"code": "WRONG_STATE"}]
            return
        assert done["vote"]["result"] is None, "a result before the close"
        own = done["vote"]["viewerBallot"] or done["vote"]["viewerEnvelope"]
        if device is None:
            assert own == {"marks": marks, "version": (version or 0) + 1}
        else:
            device.keep(own)
        version = own["version"]
        receipts.setdefault((vote_id, member), []).append(own if device is None else own["hash"])


async def state_of(client: httpx.AsyncClient, vote: str, *wanted: str) -> dict[str, Any]:
    """Wait until a vote is in one of these states; return it."""
    while (node := (await patiently(client, LOOK, id=vote))["node"])["state"] not in wanted:  # noqa: ASYNC110 # another machine changes it
        await asyncio.sleep(0.1)
    return node


async def more(receipts: Sequence[Receipts], voting: list[asyncio.Task[None]]) -> None:
    """Wait until as many more ballots of each vote were acknowledged as there are voters, or it is closed."""

    def number() -> int:
        return min(sum(map(len, each.values())) for each in receipts)

    wanted = number() + VOTERS
    for _ in range(1200):
        if number() >= wanted or all(each.done() for each in voting):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("nobody can vote any more")


async def rounds(client: httpx.AsyncClient, folder: Path, over: asyncio.Event) -> None:
    """Run the three programs again and again; what is refused or lost is tried anew."""
    programs = [
        Program(Scrutineer(client), each, folder / str(place), None)
        for place, each in enumerate(IDENTITIES, 1)
    ]
    while not over.is_set():
        for each in programs:
            try:
                await each.round()
            except Refusal:
                continue
        await asyncio.sleep(0.2)


@pytest.mark.proof
async def test_no_acknowledged_ballot_is_lost_or_doubled(
    scene: Scene, tmp_path: Path, proves: Proves
) -> None:
    chance = random.Random(18)
    kinds = [*KINDS, *(chance.choice(KINDS) for _ in range(KILLS - len(KINDS)))]
    sealed: Receipts = {}
    named: Receipts = {}
    clients = [
        httpx.AsyncClient(
            base_url=scene.running.url, timeout=15, headers={"authorization": f"Bearer {token}"}
        )
        for token in scene.settled.tokens
    ]
    first = clients[0]
    closes = (datetime.now(UTC) + timedelta(seconds=SECONDS)).isoformat()
    vote, poll = [
        (
            await patiently(
                first, START, input={
                    "boardId": scene.settled.place.board(), "question": "装不装门禁？", "closesAt": closes,
                    "method": "PROPOSAL", "secrecy": secrecy, "idempotencyKey": key(),
                },
            )
        )["done"]["vote"]["id"]
        for secrecy in ("SECRET", "RECORDED")
    ]  # fmt: skip
    over = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(rounds(first, tmp_path, over))
        voting: list[asyncio.Task[None]] = []
        for each, receipts in ((vote, sealed), (poll, named)):
            await state_of(first, each, "OPEN")
            voting += [group.create_task(vote_on(client, each, receipts)) for client in clients]
        kills = 1
        for kind in kinds:
            await more((sealed, named), voting)
            if all(each.done() for each in voting):
                break
            await whole_again(scene, kill(scene, kind, chance))
            kills += 1
        await asyncio.wait(voting)
        # and once more while it is counted
        await whole_again(scene, kill(scene, "postmaster", chance))
        node = await state_of(first, vote, "CLOSED")
        over.set()
    assert kills > len(KINDS)
    assert [line for line in scene.running.lines() if line["message"] == "bug"] == []
    settings = Settings(data=scene.cluster.data.parent)
    database = await Database.connect(
        settings.role_urls(), DOMAINS, size=2, statements=100, ring=settings.ring
    )
    make, place = Make(database, scene.cluster), scene.settled.place
    assert await broken(make, place, sealed) == []
    rows = await make.rows(place, BALLOTS)
    await database.close()
    file = (await first.get(node["filePath"])).json()
    assert verifier.verify(file)["valid"] == len(sealed) == VOTERS
    assert all(row["is_in_time"] for row in rows)
    kept = {row["voter_id"]: {"marks": row["marks"], "version": row["version"]} for row in rows}
    assert kept == {voter: acknowledged[-1] for (_, voter), acknowledged in named.items()}
    result = (await state_of(first, poll, "CLOSED"))["result"]
    votes = [sum(each["marks"][option] for each in kept.values()) for option in (0, 1)]
    assert len(rows) == result["ballots"] == sum(votes) == VOTERS
    assert result["tallies"] == [{"votes": votes}]
    for client in clients:
        await client.aclose()
    proves(
        f"{kills} kills, {VOTERS} voters; {sum(map(len, sealed.values()))} secret ballots and "
        f"{sum(map(len, named.values()))} by name acknowledged, the last of each voter counted, once"
    )
