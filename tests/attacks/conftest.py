"""Fixtures of the attacks: a server with its default limits, honest readers and attackers."""

from collections.abc import AsyncGenerator

import pytest

from api.settings import Settings
from tests.api.server import Server
from tests.attacks.harness import PERSONS, READERS, Ground
from tests.conftest import SignIn
from tests.street import Make


@pytest.fixture(scope="session")
async def ground(
    settings: Settings,
    database: object,
    make: Make,
    signed_in: SignIn,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncGenerator[Ground]:
    """A server in its own process; all readers and attackers are residents of one community."""
    assert database
    place = await make.community()
    people = [await make.member(place) for _ in range(READERS + PERSONS)]
    server = Server(
        settings,
        tmp_path_factory.mktemp("attacked"),
        LINLI_LIMITS_FACTOR="1",
        LINLI_POOL_SIZE="8",
    )
    yield Ground(server, make, signed_in, place, people)
    server.stop()
