"""Honest readers do not notice an attack: each case, then all at once."""

import pytest

from tests.attacks import at_the_door, with_a_token
from tests.attacks.harness import ATTACKS, SECONDS, Ground
from tests.proofs import PROVE, Proves

assert at_the_door  # both modules register their attacks on import
assert with_a_token

# one PostgreSQL is enough: the attacks aim at the server before it
pytestmark = [pytest.mark.once, pytest.mark.proof]


@pytest.mark.parametrize("case", sorted({each.case for each in ATTACKS.values()}))
@pytest.mark.skipif(PROVE, reason="each is proven alone")
async def test_honest_readers_do_not_notice(ground: Ground, case: str) -> None:
    await ground.withstands(*(each for each in ATTACKS.values() if each.case == case))


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.skipif(not PROVE, reason="proven for minutes, by LINLI_PROVE=1")
async def test_honest_readers_do_not_notice_one_alone(
    ground: Ground, proves: Proves, name: str
) -> None:
    proves(f"{SECONDS} s: {await ground.withstands(ATTACKS[name])}")


async def test_honest_readers_do_not_notice_all_at_once(ground: Ground, proves: Proves) -> None:
    proves(f"{SECONDS} s: {await ground.withstands(*ATTACKS.values())}")
