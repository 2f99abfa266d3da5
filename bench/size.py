"""How much is measured: the whole bench, a quicker look, or whether it runs at all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Rounds of so many seconds, over so many communities, one of them with so many petitions."""

    rounds: int
    seconds: int
    warm_up_seconds: int
    petitions: int
    communities: int | None = None  # all of the district


WHOLE = Size(rounds=5, seconds=2, warm_up_seconds=1, petitions=20_000)
QUICK = Size(rounds=3, seconds=1, warm_up_seconds=1, petitions=20_000)
SMOKE = Size(rounds=1, seconds=1, warm_up_seconds=1, petitions=2_000, communities=8)
