"""The text that was voted on, filed and is in force is one; suggestions survive every draft."""

from collections.abc import AsyncGenerator
from random import Random
from typing import Any
from uuid import UUID

import pytest

from api.settings import Settings
from tenants.embedded import Cluster
from tenants.pacts.comparing import Clause
from tenants.pacts.hashing import hash_of
from tenants.pacts.verify import verify
from tests.clockwork import House, house
from tests.pacts_hall import DOGS, NOISE, STAIRS, PactsHall
from tests.proofs import Proves, whole

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
async def hall(
    settings: Settings, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[House]:
    """A server for this file only, whose clock the tests set."""
    folder = tmp_path_factory.mktemp("texts")
    async with house(settings, cluster, folder, "texts", 60) as opened:
        yield opened


@pytest.fixture
async def pacts(hall: House) -> PactsHall:
    """A community that no other test uses."""
    return await PactsHall(hall).settle()


async def findings(pacts: PactsHall) -> list[str]:
    """Return what `linli pacts verify` finds in the community."""
    found = await verify(pacts.hall.make._database, [pacts.place.key])
    return found.findings[pacts.place.key]


# What an administrator of the database could do, and what is said of it.
PLANTED = [
    (
        "update tenant.pact_clause set body = '罚款五百元' where place = 2",
        "is not as it was published",
    ),
    ("update tenant.pact_version set title = '别的'", "is not as it was published"),
    ("delete from tenant.pact_clause where place = 2", "does not have its 2 clauses"),
    (
        "update tenant.pact_change set body = array['=别的'] where kind = 'REWORDED'",
        "do not lead to it",
    ),
    ("update tenant.pact_vote set text_hash = $other", "another text than was voted on"),
]


@pytest.mark.parametrize(("statement", "said"), PLANTED)
async def test_a_planted_change_is_found(pacts: PactsHall, statement: str, said: str) -> None:
    pact = await pacts.start()
    first = await pacts.publish(pact, STAIRS, NOISE)
    _, dogs = first["latestVersion"]["clauses"]["nodes"]
    await pacts.publish(pact, STAIRS, {"clauseId": dogs["clauseId"], **DOGS})
    await pacts.reviewed(pact)
    await pacts.adopts(pact)
    assert await findings(pacts) == []
    other = f"'{first['latestVersion']['textHash']}'"
    plant(pacts, statement.replace("$other", other))
    assert any(said in each for each in await findings(pacts))


async def test_who_alters_every_row_and_every_hash_is_found_by_the_audit(pacts: PactsHall) -> None:
    pact = await pacts.start()
    text = (await pacts.publish(pact, STAIRS))["latestVersion"]["textHash"]
    clause = Clause(UUID(int=1), STAIRS["heading"], "罚款五百元")
    altered = hash_of("幸福里居民公约", [clause])
    plant(
        pacts,
        "update tenant.pact_clause set body = '罚款五百元'",
        *(
            f"update tenant.{table} set text_hash = '{altered}' where text_hash = '{text}'"
            for table in ("pact_version", "pact", "pact_event")
        ),
    )
    found = await findings(pacts)
    assert len(found) == 2
    assert "tells of a text that is not kept" in found[0]
    assert "another text than its last audit entry tells of" in found[1]


def plant(pacts: PactsHall, *statements: str) -> None:
    """Run statements in the community as nobody should: past foreign keys and row security."""
    pacts.hall.run(
        "set session_replication_role = replica; "
        + "; ".join(
            f"{each} {'and' if ' where ' in each else 'where'} community_id = {pacts.place.key}"
            for each in statements
        )
    )


async def live(pacts: PactsHall, chance: Random) -> tuple[int, int]:
    """Take a pact through some drafts with suggestions; return how many there were, and survived."""
    pact = await pacts.start()
    texts = [STAIRS, DOGS, NOISE]
    clauses: list[dict[str, Any]] = []
    made: set[str] = set()
    for _ in range(chance.randint(2, 4)):
        for _ in range(chance.randint(0, 4)):
            about = chance.choice([None, *(each["clauseId"] for each in clauses)])
            who = chance.choice(pacts.residents)
            made.add(await pacts.suggest(pact, who, **({"clauseId": about} if about else {})))
        await pacts.does(pacts.staff, "draftPact", pactId=pact)
        waiting = [
            each
            for each in (await pacts.pact(pact))["suggestions"]["nodes"]
            if each["state"] == "OPEN"
        ]
        kept = set[str]()
        for each in waiting:
            decision = chance.choice(["ADOPT", "DECLINE", "CARRY_OVER"])
            assert (await pacts.decide(each["id"], decision)).refusals == []
            if decision == "CARRY_OVER" and each["clauseId"]:
                kept.add(each["clauseId"])
        left = [
            {"clauseId": each["clauseId"], "heading": each["heading"], "body": each["body"]}
            for each in clauses
            if each["clauseId"] in kept or chance.random() < 0.7
        ]
        chance.shuffle(left)
        draft = [*left, *chance.sample(texts, 1)] if left else texts[: chance.randint(1, 3)]
        lost = [each for each in left if each["clauseId"] in kept]
        if lost:
            rest = [each for each in draft if each is not lost[0]] or [STAIRS]
            assert (await pacts.saves(pact, *rest)).refusals == []
            told = await pacts.refused(pacts.staff.do("publishPactDraft", pactId=pact))
            assert "留待再议的建议须先答复" in told
        seen = await pacts.publish(pact, *draft)
        clauses = seen["latestVersion"]["clauses"]["nodes"]
        for each in seen["suggestions"]["nodes"]:
            if each["state"] == "OPEN":
                assert each["version"]["number"] == seen["latestVersion"]["number"]
                assert each["clauseId"] in (None, *(clause["clauseId"] for clause in clauses))
            else:
                assert each["decisionReason"] is not None
    suggestions = (await pacts.pact(pact))["suggestions"]["nodes"]
    assert {each["id"] for each in suggestions} == made, "none is lost"
    await pacts.does(pacts.staff, "cancelPact", pactId=pact, reason="下一个")
    return len(made), sum(each["state"] == "OPEN" for each in suggestions)


@pytest.mark.proof
async def test_every_suggestion_survives_the_drafts_or_is_closed_for_a_reason(
    pacts: PactsHall, proves: Proves
) -> None:
    chance, count = Random(20261129), whole(6, 200)
    lives = [await live(pacts, chance) for _ in range(count)]
    made, open_ = (sum(numbers) for numbers in zip(*lives, strict=True))
    assert made > count
    assert open_ > 0
    assert await findings(pacts) == []
    proves(f"{count} histories with {made} suggestions, {open_} of them open at their end")
