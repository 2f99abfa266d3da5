"""Secret votes under load: duplicates around the closing second, and the invariants afterwards."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tests.clockwork import House
from tests.proofs import Proves, whole
from tests.street import Answer, SignedIn, key
from tests.tenants.secret_hall import DAY, NOON, Neighbours, secret_hall
from tests.votes.invariants import broken
from tests.votes.verifying import verifier

VOTERS, AT_ONCE = whole(60, 1000), 40
TWICE = 5


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """Give a server for this file only."""
    folder = tmp_path_factory.mktemp("races")
    async with secret_hall(settings, cluster, folder, "secret_races") as opened:
        yield opened


@pytest.mark.proof
async def test_duplicates_around_the_closing_second(
    hall: House, tmp_path: Path, proves: Proves
) -> None:
    here = await Neighbours(hall, tmp_path).settle(VOTERS)
    vote = await here.opened()
    hall.watch.now = NOON + DAY - timedelta(seconds=1)
    chance = Random(4)
    ballots = [(who, await here.device(vote, 1, 0, 0), key()) for who in here.people]
    queue = [each for each in ballots for _ in range(TWICE)]
    chance.shuffle(queue)
    answers: list[tuple[SignedIn, Answer]] = []
    enough = asyncio.Event()

    async def send() -> None:
        while queue:
            who, device, once = queue.pop()
            answers.append((who, await here.cast(who, vote, device, idempotencyKey=once)))
            if len(answers) >= len(ballots) * TWICE // 6:
                enough.set()

    async def close() -> None:
        await enough.wait()
        await hall.sweep(NOON + DAY)

    await asyncio.gather(close(), *(send() for _ in range(AT_ONCE)))
    await hall.sweep(NOON + DAY)
    accepted: dict[Any, set[str]] = {}
    refused: set[Any] = set()
    for who, answer in answers:
        if answer.refusals:
            assert answer.refusals == ["WRONG_STATE"]
            refused.add(who.person.id)
        else:
            own = answer.payload["vote"]["viewerEnvelope"]
            accepted.setdefault(who.person.id, set()).add(f"{own['hash']} {own['signature']}")
    assert accepted
    assert refused
    assert all(len(each) == 1 for each in accepted.values()), (
        "one receipt each, however often asked"
    )
    # a retry after the close: who was in time gets the receipt, who was not is refused
    for who, device, once in ballots[:: max(1, len(ballots) // 50)]:
        again = await here.cast(who, vote, device, idempotencyKey=once)
        assert (again.refusals == []) == (who.person.id in accepted)
    rows = await hall.make.rows(here.place, "select vote_id, voter_id from tenant.vote_envelope")
    assert {row["voter_id"] for row in rows} == set(accepted)
    (vote_id,) = {row["vote_id"] for row in rows}
    given = {(vote_id, who): [each.partition(" ")[0]] for who, (each,) in accepted.items()}
    assert await broken(hall.make, here.place, given) == []
    await here.count()
    assert await broken(hall.make, here.place, given) == []
    assert verifier.verify(await here.file(vote))["valid"] == len(accepted)
    proves(
        f"{VOTERS} voters, {len(answers)} casts around the close: {len(accepted)} accepted with one "
        "receipt each, none late, all counted"
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
        ("update tenant.vote_list set content = substring(content from 12) where kind = 'BALLOTS'", "I5"),
        ("update tenant.vote_tally set votes = array[9,9,9]", "I6"),
        (
            "update tenant.vote_list set content = substring(content from 12) || substring(content for 11)"
            " where kind = 'BALLOTS'",
            "I7",
        ),
        ("delete from tenant.vote_statement where number = 3", "I8"),
    ],
)  # fmt: skip
async def test_each_invariant_is_seen_to_be_broken(
    hall: House, tmp_path: Path, harm: str, broken_by: str
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
    hall.run(
        harm.replace(" where ", f" where community_id = {here.place.key} and ", 1)
        if " where " in harm
        else f"{harm} where community_id = {here.place.key}"
    )
    assert broken_by in {each[:2] for each in await broken(hall.make, here.place, given)}
