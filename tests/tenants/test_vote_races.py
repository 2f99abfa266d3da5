"""Votes under load: duplicates around the closing second, and what holds afterwards."""

import asyncio
import gzip
import json
from ast import literal_eval
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House
from tests.proofs import Proves, whole
from tests.rush import rush
from tests.street import Answer, SignedIn
from tests.tenants.secret_hall import DAY, NOON, VOTE, Neighbours, secret_hall
from tests.votes.device import Device
from tests.votes.invariants import broken
from tests.votes.verifying import verifier

VOTERS = whole(60, 1000)


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only."""
    folder = tmp_path_factory.mktemp("races")
    async with secret_hall(settings, cluster, folder, "secret_races") as opened:
        yield opened


@pytest.mark.proof
async def test_secret_duplicates_around_the_closing_second(
    hall: House, tmp_path: Path, proves: Proves
) -> None:
    here = await Neighbours(hall, tmp_path).settle(VOTERS)
    vote = await here.opened()
    hall.watch.now = NOON + DAY - timedelta(seconds=1)
    ballots = [(who, await here.device(vote, 1, 0, 0)) for who in here.people]

    async def cast(who: SignedIn, device: Device, once: str) -> Answer:
        return await here.cast(who, vote, device, idempotencyKey=once)

    async def close() -> None:
        await hall.sweep(NOON + DAY)

    accepted, casts = await rush(ballots, cast, close)
    rows = await hall.make.rows(here.place, "select vote_id, voter_id from tenant.vote_envelope")
    assert {row["voter_id"] for row in rows} == set(accepted)
    (vote_id,) = {row["vote_id"] for row in rows}
    given = {(vote_id, who): [literal_eval(each)["hash"]] for who, (each,) in accepted.items()}
    assert await broken(hall.make, here.place, given) == []
    await here.count()
    assert await broken(hall.make, here.place, given) == []
    assert verifier.verify(await here.file(vote))["valid"] == len(accepted)
    proves(
        f"{VOTERS} voters, {casts} casts around the close: {len(accepted)} accepted with one "
        "receipt each, none late, all counted"
    )


@pytest.mark.proof
async def test_named_duplicates_around_the_closing_second(
    hall: House, tmp_path: Path, proves: Proves
) -> None:
    here = await Neighbours(hall, tmp_path).settle(VOTERS)
    vote = await here.opened(secrecy="RECORDED")
    hall.watch.now = NOON + DAY - timedelta(seconds=1)
    chance = Random(5)
    ballots = [(who, chance.choice([[1, 0, 0], [0, 1, 0], [0, 0, 0]])) for who in here.people]

    async def cast(who: SignedIn, marks: list[int], once: str) -> Answer:
        return await who.do(
            "castBallot", f"vote {{ {VOTE} }}", voteId=vote, marks=marks, idempotencyKey=once
        )

    async def close() -> None:
        await hall.sweep(NOON + DAY)

    accepted, casts = await rush(ballots, cast, close)
    rows = await hall.make.rows(
        here.place,
        "select b.voter_id, b.marks, b.version, b.cast_at < v.closes_at as is_in_time, v.roll_id = b.roll_id"
        " and exists (select from tenant.vote_voter r where r.roll_id = v.roll_id and r.voter_id = b.voter_id)"
        " as is_on_roll from tenant.vote_ballot b join tenant.vote v on v.id = b.vote_id",
    )
    marks = {who.person.id: each for who, each in ballots}
    kept = {row["voter_id"]: {(row["version"], str(row["marks"]))} for row in rows}
    assert kept == {who: {(1, str(marks[who]))} for who in accepted}
    assert len(rows) == len(accepted)
    assert all(row["is_in_time"] and row["is_on_roll"] for row in rows)
    result = (await here.sees(here.author, vote))["result"]
    votes = [sum(marks[who][option] for who in accepted) for option in range(3)]
    assert (result["ballots"], result["invalid"]) == (len(accepted), 0)
    assert result["tallies"] == [{"votes": votes, "participating": len(accepted), "void": 0}]
    proves(
        f"{VOTERS} voters, {casts} casts around the close: {len(accepted)} accepted with one answer "
        "each, none late, all counted"
    )


async def test_changes_at_once_leave_the_last_receipt(hall: House, tmp_path: Path) -> None:
    here = await Neighbours(hall, tmp_path).settle()
    vote = await here.opened()
    receipts: dict[Any, list[str]] = {}

    async def changes(who: SignedIn) -> None:
        version: int | None = None
        for _ in range(5):
            devices = [await here.device(vote, 0, 1, 0) for _ in range(3)]
            answers = await asyncio.gather(
                *(here.cast(who, vote, each, replaces=version) for each in devices)
            )
            done = [each for each in answers if not each.refusals]
            assert len(done) == 1
            assert [each.refusals for each in answers if each.refusals] == [
                ["VERSION_CONFLICT"]
            ] * 2
            own = done[0].payload["vote"]["viewerEnvelope"]
            version = own["version"]
            receipts.setdefault(who.person.id, []).append(own["hash"])

    await asyncio.gather(*(changes(who) for who in here.people))
    rows = await hall.make.rows(here.place, "select vote_id from tenant.vote_envelope")
    given = {(rows[0]["vote_id"], who): each for who, each in receipts.items()}
    assert await broken(hall.make, here.place, given) == []


@pytest.mark.parametrize(
    ("harm", "broken_by"),
    [
        ("update tenant.vote_envelope set cast_at = cast_at + interval '9 days'", "I2"),
        ("update tenant.vote_envelope set sealed = set_byte(sealed, 0, 255 - get_byte(sealed, 0))", "I3"),
        ("update tenant.vote_envelope set hash = sha256(hash)", "I9"),
        ("delete from tenant.vote_envelope", "I4"),
        (lambda ballots: ballots[1:], "I5"),
        ("update tenant.vote_tally set votes = array[9,9,9]", "I6"),
        (lambda ballots: ballots[::-1], "I7"),
        ("delete from tenant.vote_statement where number = 3", "I8"),
    ],
)  # fmt: skip
async def test_each_invariant_is_seen_to_be_broken(
    hall: House, tmp_path: Path, harm: str | Callable[[list[str]], list[str]], broken_by: str
) -> None:
    here = await Neighbours(hall, tmp_path).settle(10)
    vote = await here.opened()
    receipts: dict[Any, list[str]] = {}
    for who in here.people[:3]:
        receipts[who.person.id] = [(await here.voted(who, vote, 0, 1, 0)).name]
    rows = await hall.make.rows(here.place, "select vote_id from tenant.vote_envelope")
    given = {(rows[0]["vote_id"], who): each for who, each in receipts.items()}
    await hall.sweep(NOON + DAY)
    before = await hall.make.rows(here.place, "select voter_id, sealed from tenant.vote_envelope")
    await here.count()
    for row in before:
        hall.run(
            f"update tenant.vote_envelope set sealed = '\\x{row['sealed'].hex()}'"
            f" where community_id = {here.place.key} and voter_id = '{row['voter_id']}'"
        )
    assert await broken(hall.make, here.place, given) == []
    if not isinstance(harm, str):
        file = await here.file(vote)
        packed = gzip.compress(json.dumps({**file, "ballots": harm(file["ballots"])}).encode())
        harm = f"update tenant.vote_list set content = '\\x{packed.hex()}' where kind = 'FILE'"
    hall.run(
        harm.replace(" where ", f" where community_id = {here.place.key} and ", 1)
        if " where " in harm
        else f"{harm} where community_id = {here.place.key}"
    )
    assert broken_by in {each[:2] for each in await broken(hall.make, here.place, given)}
