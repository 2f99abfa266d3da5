"""Each attack alone, then all at once: those who only read do not notice."""

import pytest

from tests.attacks import at_the_door
from tests.attacks.harness import ATTACKS, Ground

assert at_the_door  # its attacks are entered

# one PostgreSQL is enough: what is attacked stands before it
pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", ATTACKS)
async def test_honest_readers_do_not_notice(ground: Ground, name: str) -> None:
    await ground.withstands(ATTACKS[name])


async def test_honest_readers_do_not_notice_all_at_once(ground: Ground) -> None:
    await ground.withstands(*ATTACKS.values())
