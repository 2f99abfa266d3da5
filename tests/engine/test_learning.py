"""Equal new documents that come at once are read once, and nobody who waits keeps others waiting."""

import asyncio

import pytest

from api.engine.executor import Engine
from api.engine.preparing import Request
from api.schema.schema import contract
from tenants.db import Database
from tenants.viewer import Viewer
from tests.engine.world import viewer_of
from tests.street import Make

pytestmark = pytest.mark.once


@pytest.fixture
def engine(database: Database) -> Engine:
    """Give a new engine, to which every document is new."""
    return Engine(contract(), database, {})


async def visit(engine: Engine, viewer: Viewer, request: Request) -> int:
    """Ask as the server does; return how often it had to learn.

    A request that asks again and again without waiting would never let the loop go on.
    """
    for times in range(3):
        if engine.known(request, viewer) is not None:
            return times
        await engine.learn(request, viewer)
    pytest.fail("it was learnt, and is not known")


async def test_who_comes_as_a_document_is_learnt_finds_it(engine: Engine, make: Make) -> None:
    viewer = viewer_of(await make.member(await make.community()))
    request = Request("{ viewer { id roles } }")
    first = asyncio.create_task(visit(engine, viewer, request))
    visitors: list[asyncio.Task[int]] = []
    # one at every turn of the loop, the turn in which the work ends included
    while not first.done():
        visitors.append(asyncio.create_task(visit(engine, viewer, request)))
        await asyncio.sleep(0)
    assert await first == 1
    assert set(await asyncio.gather(*visitors)) <= {0, 1}
    assert len(visitors) > 3


async def test_who_waits_for_a_document_that_is_refused_is_refused_too(
    engine: Engine, make: Make
) -> None:
    viewer = viewer_of(await make.member(await make.community()))
    request = Request("{ nothingOfTheKind }")
    asked = [asyncio.create_task(visit(engine, viewer, request)) for _ in range(20)]
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert {str(each) for each in told} == {
        "Cannot query field 'nothingOfTheKind' on type 'Query'."
    }
