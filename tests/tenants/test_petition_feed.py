"""The feed: a client that polls from a cursor misses no event and gets none twice."""

import asyncio

from tests.conftest import SignIn
from tests.street import Make, SignedIn
from tests.tenants.conftest import Lane
from tests.tenants.test_petitions import submitted

FEED = """query ($after: Cursor) { petitionEvents(first: 3, after: $after) {
  edges { cursor node { action petition { id } } } pageInfo { hasNextPage } } }"""
WRITERS, EACH = 8, 3


async def poll(asker: SignedIn, after: str | None) -> tuple[list[tuple[str, str]], str | None]:
    """Return the events since a cursor, and the cursor to continue from."""
    page = (await asker.run(FEED, after=after)).data["petitionEvents"]
    told = [(e["node"]["petition"]["id"], e["node"]["action"]) for e in page["edges"]]
    return told, page["edges"][-1]["cursor"] if page["edges"] else after


async def test_a_poller_misses_nothing_while_many_write_at_once(
    lane: Lane, make: Make, signed_in: SignIn
) -> None:
    authors = [signed_in(await make.member(lane.place)) for _ in range(WRITERS)]
    reader = lane.neighbour

    async def write(author: SignedIn) -> list[str]:
        made: list[str] = []
        for _ in range(EACH):
            petition = await submitted(author, secrecy="PUBLIC")
            assert (await lane.staff.do("acceptPetition", petitionId=petition)).refusals == []
            made.append(petition)
        return made

    writing = asyncio.gather(*(write(author) for author in authors))
    told: list[tuple[str, str]] = []
    after: str | None = None
    while True:
        is_over = writing.done()
        new, after = await poll(reader, after)
        told += new
        if is_over and not new:
            break
    written = [petition for made in await writing for petition in made]
    assert len(told) == len(set(told)) == 2 * WRITERS * EACH
    assert set(told) == {(p, a) for p in written for a in ("SUBMITTED", "ACCEPTED")}
    for petition in written:
        assert [action for one, action in told if one == petition] == ["SUBMITTED", "ACCEPTED"]


async def test_a_private_letter_is_told_to_its_author_and_the_staff(lane: Lane) -> None:
    await submitted(lane.author)
    for asker, count in ((lane.author, 1), (lane.staff, 1), (lane.neighbour, 0)):
        told, _ = await poll(asker, None)
        assert len(told) == count
