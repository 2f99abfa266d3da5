"""Secret polls, from the keys to the published file, and what nobody learns."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.votes.dispute import Finding, settle
from tests.clockwork import House
from tests.street import key
from tests.tenants.secret_hall import DAY, MINUTE, NOON, Neighbours, secret_hall
from tests.votes.verifying import verifier


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only."""
    folder = tmp_path_factory.mktemp("secret")
    async with secret_hall(settings, cluster, folder, "secret_polls") as opened:
        yield opened


@pytest.fixture
async def here(hall: House, tmp_path: Path) -> Neighbours:
    """Give a community that no other test uses."""
    return await Neighbours(hall, tmp_path).settle()


async def test_a_secret_poll_from_the_keys_to_the_published_file(here: Neighbours) -> None:
    answer = await here.start()
    vote = answer.payload["vote"]["id"]
    seen = answer.payload["vote"]
    assert (seen["state"], seen["secrecy"], seen["notice"]) == ("DRAFT", "SECRET", None)
    assert [each["side"] for each in seen["scrutineers"]] == ["PROGRAM"] * 3
    for each in here.programs[:2]:
        assert await each.round() == 1
    await here.hall.sweep(NOON)
    assert (await here.sees(here.author, vote))["state"] == "DRAFT", "a key is missing"
    assert await here.programs[2].round() == 1
    await here.hall.sweep(NOON)
    seen = await here.sees(here.author, vote)
    assert (seen["state"], seen["eligible"]) == ("OPEN", 13)
    marks = [(1, 0, 0)] * 3 + [(0, 1, 0)] * 5 + [(0, 0, 0)]
    devices = [
        await here.voted(who, vote, *chosen)
        for who, chosen in zip(here.people, marks, strict=False)
    ]
    changed = await here.device(vote, 0, 0, 1)
    answer = await here.cast(here.author, vote, changed, replaces=1)
    assert answer.payload["vote"]["viewerEnvelope"]["version"] == 2
    changed.keep(answer.payload["vote"]["viewerEnvelope"])
    assert answer.payload["vote"]["viewerBallot"] is None

    await here.hall.sweep(NOON + DAY)
    seen = await here.sees(here.author, vote)
    assert (seen["state"], seen["result"]) == ("COUNTING", None)
    assert (await here.client.get(seen["filePath"])).status_code == 404
    assert seen["turnoutPercent"] == 69
    await here.count()
    seen = await here.sees(here.people[4], vote)
    assert seen["state"] == "CLOSED"
    assert seen["result"] == {
        "outcome": "CHOSEN", "winners": [1], "ballots": 9, "invalid": 0,
        "tallies": [{"votes": [2, 5, 1], "participating": 9, "void": 0}],
    }  # fmt: skip
    file = await here.file(vote)
    assert verifier.verify(file)["votes"] == {"PERSONS": [2, 5, 1]}
    server = Ed25519PublicKey.from_public_bytes(bytes.fromhex(file["key"]))
    for device in [changed, *devices[1:]]:
        assert device.listed in file["ballots"]
        assert device.receipt is not None
        found, _ = settle(file, server, device.receipt, device.seed, device.marks)
        assert found is Finding.COUNTED
    assert devices[0].listed not in file["ballots"]
    packed = await here.client.get(seen["filePath"])
    assert packed.headers["content-encoding"] == "gzip"
    # the programs destroy their keys, and say so
    await here.count()
    assert [await each.round() for each in here.programs] == [0, 0, 0]
    assert all(each["destroyedAt"] for each in (await here.sees(here.author, vote))["scrutineers"])
    assert not list(here.folder.rglob("*.key"))
    rows = await here.hall.make.rows(here.place, "select sealed from tenant.vote_envelope")
    assert {row["sealed"] for row in rows} == {None}
    # the file is the same bytes for ever, in either form
    for accepted in ("identity", "br, gzip;q=0", ""):
        plain = await here.client.get(seen["filePath"], headers={"accept-encoding": accepted})
        assert "content-encoding" not in plain.headers
        assert (plain.content, plain.headers["etag"]) == (packed.content, packed.headers["etag"])
    known = await here.client.get(
        seen["filePath"], headers={"if-none-match": packed.headers["etag"]}
    )
    assert (known.status_code, known.content) == (304, b"")


async def test_any_two_of_three_programs_are_enough(here: Neighbours) -> None:
    for lost in range(3):
        vote = await here.opened()
        devices = [await here.voted(who, vote, 0, 1, 0) for who in here.people[:3]]
        await here.hall.sweep(here.hall.watch.now + DAY)
        for place, each in enumerate(here.programs):
            if place != lost:
                await each.round()
        assert (await here.sees(here.author, vote))["state"] == "CLOSED", lost
        file = await here.file(vote)
        assert verifier.verify(file)["valid"] == 3
        assert file["ballots"] == sorted(device.listed for device in devices)
        await here.count()
        here.hall.watch.now = NOON


async def test_what_is_no_ballot_is_counted_apart(here: Neighbours) -> None:
    vote = await here.opened()
    await here.voted(here.people[0], vote, 1, 0, 0)
    # two marks, where one is allowed
    await here.voted(here.people[1], vote, 1, 1, 0)
    junk = await here.device(vote, 1, 0, 0)
    junk.notice = junk.notice.replace("东门", "南门")
    assert (await here.cast(here.people[2], vote, junk)).refusals == []
    await here.hall.sweep(NOON + DAY)
    await here.count()
    result = (await here.sees(here.author, vote))["result"]
    assert (result["ballots"], result["invalid"]) == (3, 2)
    assert result["tallies"] == [{"votes": [1, 0, 0], "participating": 3, "void": 2}]
    assert verifier.verify(await here.file(vote))["valid"] == 1


async def test_what_is_not_sealed_or_another_ones_is_refused(here: Neighbours) -> None:
    vote = await here.opened()
    device = await here.device(vote, 1, 0, 0)
    mine = here.people[0]
    assert await here.refused(here.cast(mine, vote, device, marks=[1, 0, 0])) == ["INVALID"]
    assert await here.refused(here.cast(mine, vote, device, sealed=None)) == ["INVALID"]
    for sealed in ("", "????", device.sent[:-4], device.sent + "AAAA"):
        assert await here.refused(here.cast(mine, vote, device, sealed=sealed)) == ["INVALID"]
    assert (await here.cast(mine, vote, device)).refusals == []
    other = here.people[1]
    assert await here.refused(here.cast(other, vote, device)) == ["ALREADY_DONE"]
    own = await here.device(vote, 0, 1, 0)
    assert (await here.cast(other, vote, own)).refusals == []
    assert await here.refused(here.cast(other, vote, device, replaces=1)) == ["ALREADY_DONE"]
    assert await here.refused(here.cast(other, vote, own, replaces=3)) == ["VERSION_CONFLICT"]
    assert await here.refused(here.cast(other, vote, own)) == ["VERSION_CONFLICT"]


async def test_one_voter_at_once_two_hundred_times(here: Neighbours) -> None:
    vote, once = await here.opened(), key()
    device = await here.device(vote, 1, 0, 0)
    answers = await asyncio.gather(
        *(here.cast(here.author, vote, device, idempotencyKey=once) for _ in range(200))
    )
    assert [answer.refusals for answer in answers] == [[]] * 200
    assert len({str(answer.payload["vote"]["viewerEnvelope"]) for answer in answers}) == 1
    rows = await here.hall.make.rows(here.place, "select version from tenant.vote_envelope")
    assert [row["version"] for row in rows] == [1]


async def test_a_secret_poll_without_keys_or_voters_does_not_take_place(
    here: Neighbours, hall: House, tmp_path: Path
) -> None:
    vote = (await here.start()).payload["vote"]["id"]
    await here.hall.sweep(NOON + DAY - MINUTE)
    assert (await here.sees(here.author, vote))["state"] == "DRAFT"
    await here.hall.sweep(NOON + DAY)
    seen = await here.sees(here.author, vote)
    assert seen["state"] == "VOID"
    assert "密钥" in seen["voidReason"]
    few = await Neighbours(hall, tmp_path / "few").settle(8)
    vote = await few.opened()
    seen = await few.sees(few.author, vote)
    assert seen["state"] == "VOID"
    assert "10" in seen["voidReason"]


async def test_scrutineers_who_do_not_answer_are_missed_before_the_close(here: Neighbours) -> None:
    vote = await here.opened(closesAt=(NOON + 5 * DAY).isoformat())
    assert [await each.round() for each in here.programs] == [0, 0, 0], "nothing is asked yet"
    here.hall.watch.now = NOON + 2 * DAY
    assert await here.programs[0].round() == 1
    assert await here.programs[0].round() == 0
    # the other two have lost their keys
    for file in here.folder.glob("[23]/*.key"):
        file.rename(file.with_suffix(".lost"))
    assert [await each.round() for each in here.programs[1:]] == [0, 0]
    await here.hall.sweep(NOON + 3 * DAY - MINUTE)
    assert await alarm(here, vote) is None
    await here.hall.sweep(NOON + 3 * DAY)
    await here.hall.sweep(NOON + 3 * DAY)
    assert await alarm(here, vote) == NOON + 3 * DAY
    told = "select action, count(*) from tenant.{} where action ilike '%alarmed' group by action"
    for table, action in (
        ("vote_event", "ALARMED"), ("audit_entry", "vote.alarmed"), ("outbox_event", "vote.alarmed"),
    ):  # fmt: skip
        rows = await here.hall.make.rows(here.place, told.format(table))
        assert [tuple(row) for row in rows] == [(action, 1)]
    for file in here.folder.glob("2/*.lost"):
        file.rename(file.with_suffix(".key"))
    assert await here.programs[1].round() == 1
    assert await alarm(here, vote) is None, "two are enough to open the ballots"
    await here.hall.sweep(NOON + 5 * DAY)
    assert (await here.sees(here.author, vote))["state"] == "COUNTING"


async def test_a_vote_that_cannot_open_says_so(here: Neighbours) -> None:
    vote = (await here.start()).payload["vote"]["id"]
    await here.hall.sweep(NOON + 9 * MINUTE)
    assert await alarm(here, vote) is None
    await here.hall.sweep(NOON + 10 * MINUTE)
    assert await alarm(here, vote) == NOON + 10 * MINUTE
    for each in here.programs:
        assert await each.round() == 1
    assert await alarm(here, vote) is None
    await here.hall.sweep(here.hall.watch.now)
    assert (await here.sees(here.author, vote))["state"] == "OPEN"


async def alarm(here: Neighbours, vote: str) -> datetime | None:
    """Return since when scrutineers are missing, as its author sees it."""
    asked = "query ($id: ID!) { node(id: $id) { ... on Vote { alarmedAt } } }"
    at = (await here.author.run(asked, id=vote)).data["node"]["alarmedAt"]
    return at and datetime.fromisoformat(at)
