"""What scrutineers' machines send: nothing is taken that is not theirs, in time, and whole."""

import json
from base64 import b64decode, b64encode
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.limits import Buckets
from api.scrutineer import KeyFile, Program, Refusal
from api.settings import Bucket, Settings
from api.strangers import BALLOTS, Strangers
from tenants.embedded import Cluster
from tenants.votes.merkle import root
from tenants.votes.publishing import SIGNED, Statement, opened_body, state
from tenants.votes.sealing import opened
from tenants.votes.secret.opening import KeyPair, shown
from tests.clockwork import House
from tests.tenants.secret_hall import DAY, IDENTITIES, NOON, Neighbours, secret_hall
from tests.votes.verifying import verifier

Change = Callable[[dict[str, Any], list[bytes]], tuple[dict[str, Any], list[bytes]]]


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only."""
    folder = tmp_path_factory.mktemp("scrutiny")
    async with secret_hall(settings, cluster, folder, "scrutiny") as opened:
        yield opened


class Machines(Neighbours):
    """It holds the neighbours, and what an attacker sends to the server."""

    async def path(self, vote: str) -> str:
        """Return the vote's path."""
        return (await self.sees(self.author, vote))["filePath"].removesuffix(".json")

    def key(self, place: int) -> KeyFile:
        """Return the key that the program at a place has."""
        (file,) = (self.folder / str(place)).glob("*.key")
        return KeyFile.read(file)

    async def post(self, path: str, **given: Any) -> int:
        """Send something that must be refused and change nothing; return the status."""
        before = await self.everything()
        response = await self.client.post(path, json=given)
        assert response.status_code >= 400, response.text
        assert await self.everything() == before
        return response.status_code

    async def keys(
        self, path: str, what: str, signer: Ed25519PrivateKey, pair: KeyPair, **given: Any
    ) -> int:
        """Send keys that must be refused."""
        at = self.hall.watch.now + given.pop("late", timedelta())
        vote = path.rpartition("/")[2]
        signature = signer.sign(shown(what, vote, pair.seal_key, pair.sign_key, at))
        sent = {
            "place": 1, "sealKey": pair.seal_key.hex(), "signKey": pair.sign_key.hex(),
            "at": int(at.timestamp()), "signature": signature.hex(), **given,
        }  # fmt: skip
        return await self.post(f"{path}/{what}", **sent)


@pytest.fixture
async def here(hall: House, tmp_path: Path) -> Machines:
    """Give a community that no other test uses."""
    return await Machines(hall, tmp_path).settle()  # type: ignore[return-value] # itself


async def test_only_the_program_that_was_appointed_shows_a_key(here: Machines) -> None:
    vote = (await here.start()).payload["vote"]["id"]
    path, mine = await here.path(vote), KeyPair(b"7" * 32)
    stranger = Ed25519PrivateKey.generate()
    assert await here.keys(path, "keys", stranger, mine) == 403
    # another program's identity, and a signature over other keys
    assert await here.keys(path, "keys", IDENTITIES[1], mine) == 403
    assert await here.keys(path, "keys", IDENTITIES[0], mine, sealKey="00" * 32) == 403
    assert await here.keys(path, "keys", IDENTITIES[0], mine, place=4) == 404
    # what was signed long ago, or by a clock that is wrong
    for late in (timedelta(minutes=-11), timedelta(minutes=11)):
        assert await here.keys(path, "keys", IDENTITIES[0], mine, late=late) == 422
    for given in (
        {"sealKey": "00" * 31}, {"signKey": None}, {"signature": "x"}, {"place": -1}, {"at": "now"},
        {"at": 10**11}, {"place": "１"}, {"signature": ["00" * 64]},
    ):  # fmt: skip
        assert await here.keys(path, "keys", IDENTITIES[0], mine, **given) == 422
    await here.programs[0].round()
    assert await here.keys(path, "keys", IDENTITIES[0], mine) == 409, "the first key stands"
    # the key of another place
    assert await here.keys(path, "keys", IDENTITIES[1], here.key(1).keys, place=2) == 409
    assert await here.keys(path, "destroyed", here.key(1).keys.signing, here.key(1).keys) == 409
    elsewhere = path.replace(f"/{here.place.key}/", f"/{here.place.key + 1}/")
    for other in (elsewhere, f"/votes/{here.place.key}/{'0' * 8}-0000-7000-8000-{'0' * 12}"):
        assert await here.keys(other, "keys", IDENTITIES[0], mine) == 404
        for read in (".json", "/scrutiny", "/boxes?place=1&first=1&second=2"):
            assert (await here.client.get(other + read)).status_code == 404
    assert (
        await here.client.get("/votes/99999999999/" + path.rpartition("/")[2] + ".json")
    ).status_code == 404
    for body in (b"", b"[]", b"{", b'{"place":1}', b"\xff"):
        assert (await here.client.post(f"{path}/keys", content=body)).status_code == 422
    assert (await here.client.post(f"{path}/keys", content=b" " * 5000)).status_code == 413


async def test_a_program_that_nobody_appointed_finds_nothing_to_do(here: Machines) -> None:
    await here.start()
    stranger = Program(
        here.scrutineer(), Ed25519PrivateKey.generate(), here.folder / "stranger", None
    )
    before = await here.everything()
    assert await stranger.round() == 0
    assert await here.everything() == before


async def test_a_recorded_vote_has_no_scrutineers_and_no_file(here: Machines) -> None:
    vote = (await here.start(secrecy="RECORDED")).payload["vote"]["id"]
    assert (await here.sees(here.author, vote))["filePath"] is None
    rows = await here.hall.make.rows(here.place, "select id from tenant.vote")
    path = f"/votes/{here.place.key}/{rows[0]['id']}"
    for read in (".json", "/scrutiny", "/boxes?place=1&first=1&second=2"):
        assert (await here.client.get(path + read)).status_code == 404
    refused = here.author.do("castBallot", voteId=vote, sealed="A" * 640, idempotencyKey="sealed")
    assert await here.refused(refused) == ["INVALID"]


async def test_while_it_is_open_no_box_leaves_the_server(here: Machines) -> None:
    vote = await here.opened()
    await here.voted(here.author, vote, 1, 0, 0)
    path = await here.path(vote)
    for first, second, place in ((1, 2, 1), (1, 2, 2), (2, 3, 2)):
        asked = f"{path}/boxes?place={place}&first={first}&second={second}"
        assert (await here.client.get(asked)).status_code == 409
    assert (await here.client.get(f"{path}.json")).status_code == 404
    stand = (await here.client.get(f"{path}/scrutiny")).json()
    assert (stand["ballots"], stand["openings"]) == (None, [])
    assert (
        await here.post(f"{path}/openings", first=1, second=2, body="", signature="", items="")
        == 409
    )


def _said(body: dict[str, Any], items: list[bytes], **changed: Any) -> dict[str, Any]:
    hashes = sorted(sha256(item).digest() for item in items)
    return {**body, "count": len(items), "root": root(hashes).hex(), **changed}


TAMPERED: dict[str, Change] = {
    "a ballot is lost": lambda body, items: (_said(body, items[1:]), items[1:]),
    "a ballot is lost, and said to be repeated twice": lambda body, items: (
        _said(body, items[1:], repeated=2), items[1:],
    ),
    "a ballot is added": lambda body, items: (
        _said(body, sorted([*items, bytes(112)])), sorted([*items, bytes(112)]),
    ),
    "a ballot twice": lambda body, items: (_said(body, [items[0], *items]), [items[0], *items]),
    "the order tells something": lambda body, items: (_said(body, items[::-1]), items[::-1]),
    "other items than were signed": lambda body, items: (body, [bytes(112), *items[1:]]),
    "another number than was signed": lambda body, items: ({**body, "count": 9}, items),
    "items of another size": lambda body, items: (
        _said(body, [items[0][:-1], *items[1:]]), [items[0][:-1], *items[1:]],
    ),
    "unreadable boxes that were not given": lambda body, items: (
        _said(body, items[1:], unreadable=["00" * 32]), items[1:],
    ),
    "less than nothing repeated": lambda body, items: ({**body, "repeated": -1}, items),
    "a statement of another kind": lambda body, items: ({**body, "type": "closed"}, items),
    "another vote": lambda body, items: ({**body, "vote": "0"}, items),
    "after another statement": lambda body, items: ({**body, "previous": "00" * 32}, items),
    "in another's name": lambda body, items: ({**body, "by": 2}, items),
    "as the server": lambda body, items: ({**body, "by": 0}, items),
    "not as JSON has it": lambda body, items: ({**body, "root": None}, items),
}  # fmt: skip


async def test_what_is_not_the_whole_urn_is_not_taken(here: Machines) -> None:
    vote = await here.opened()
    for who in here.people[:5]:
        await here.voted(who, vote, 1, 0, 0)
    await here.hall.sweep(NOON + DAY)
    path, mine = await here.path(vote), here.key(1)
    given = await here.scrutineer().ask(f"{path}/boxes", place=1, first=1, second=2)
    before = Statement(**given["said"][-1])
    boxes = b64decode(given["boxes"])
    found = opened(
        [boxes[at : at + 160] for at in range(0, len(boxes), 160)],
        mine.keys.seal_key, mine.keys.sealing,
    )  # fmt: skip
    assert len(found.items) == 5
    honest = json.loads(
        state(
            {"vote": path.rpartition("/")[2], **opened_body(found.items, 0, [])},
            1, mine.keys.signing, before,
        ).body
    )  # fmt: skip

    async def send(body: Any, listed: list[bytes], signer: Ed25519PrivateKey, **more: Any) -> int:
        text = body if isinstance(body, str) else rfc8785.dumps(body).decode()
        sent = {
            "first": 1, "second": 2, "body": text,
            "signature": signer.sign(SIGNED + text.encode()).hex(),
            "items": b64encode(b"".join(listed)).decode(), **more,
        }  # fmt: skip
        return await here.post(f"{path}/openings", **sent)

    for name, change in TAMPERED.items():
        body, items = change(dict(honest), list(found.items))
        assert await send(body, items, mine.keys.signing) in {422, 403, 409}, name
    # signed by another, or the bytes that were signed are not canonical
    assert await send(honest, found.items, here.key(2).keys.signing) == 403
    assert await send(json.dumps(honest), found.items, mine.keys.signing) == 422
    for body in ("", "null", "[]", '"opened"', "{}"):
        assert await send(body, found.items, mine.keys.signing) == 422
    assert await send(honest, found.items, mine.keys.signing, second=1) == 409
    assert await send(honest, found.items, mine.keys.signing, items="?") == 422
    assert await send(honest, found.items, mine.keys.signing, signature="00") in {403, 422}
    # more than the ballots can make
    assert await send(honest, [bytes(112)] * 9000, mine.keys.signing) == 413
    # the second cannot come before the first, and no third person comes at all
    with pytest.raises(Refusal, match="WRONG_STATE"):
        await here.scrutineer().open(here.key(2), (1, 2))
    with pytest.raises(Refusal, match="WRONG_STATE"):
        await here.scrutineer().ask(f"{path}/boxes", place=3, first=1, second=2)
    await here.count()
    assert verifier.verify(await here.file(vote))["valid"] == 5


async def test_the_server_is_not_asked_to_open_again_when_all_is_counted(here: Machines) -> None:
    vote = await here.opened()
    await here.voted(here.author, vote, 0, 0, 1)
    await here.hall.sweep(NOON + DAY)
    key, path = here.key(3), await here.path(vote)
    await here.programs[0].round()
    await here.programs[1].round()
    for work in (
        here.scrutineer().open(key, (1, 3)),
        here.scrutineer().ask(f"{path}/boxes", place=3, first=1, second=3),
    ):
        with pytest.raises(Refusal, match="WRONG_STATE"):
            await work
    assert await here.keys(path, "keys", key.keys.signing, KeyPair(b"8" * 32), place=3) == 409
    # what is said twice is done once
    await here.scrutineer().show(key)
    await here.scrutineer()._say(key, "destroyed", key.keys.signing)
    first = (await here.sees(here.author, vote))["scrutineers"][2]["destroyedAt"]
    here.hall.watch.now += timedelta(minutes=1)
    await here.scrutineer().destroy(key)
    assert (await here.sees(here.author, vote))["scrutineers"][2]["destroyedAt"] == first
    assert not key.file.exists()


async def test_a_stranger_asks_for_few_lists_of_ballots(
    client: httpx.AsyncClient, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    poor = Strangers(Buckets(Bucket(2 * BALLOTS, 0.001, 1), "requests"))
    monkeypatch.setattr(app.state.house, "strangers", poor)
    vote = f"/votes/1/{uuid4()}"
    told = [await client.get(f"{vote}.json") for _ in range(3)]
    told.append(await client.get(f"{vote}/boxes?place=1&first=1&second=2"))
    assert [each.status_code for each in told] == [404, 404, 429, 429]
    assert int(told[-1].headers["retry-after"]) >= 1
