"""Choose how much is measured: the whole bench, a quick run, or a smoke test."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """It says the rounds and their seconds, the number of communities, and the petitions in one of them.

    `posts_a_second` are written at that rate for `spread_seconds`, over up to 50 communities, and
    `casts_a_second` ballots are cast for `cast_seconds`.
    """

    rounds: int
    seconds: int
    warm_up_seconds: int
    petitions: int
    posts_a_second: int
    spread_seconds: int
    casts_a_second: int
    cast_seconds: int
    communities: int | None = None  # all of the district


WHOLE = Size(
    rounds=5, seconds=2, warm_up_seconds=1, petitions=20_000, posts_a_second=500, spread_seconds=10,
    casts_a_second=500, cast_seconds=60,
)  # fmt: skip
QUICK = Size(
    rounds=3, seconds=1, warm_up_seconds=1, petitions=20_000, posts_a_second=500, spread_seconds=2,
    casts_a_second=500, cast_seconds=5,
)  # fmt: skip
SMOKE = Size(
    rounds=1,
    seconds=1,
    warm_up_seconds=0,
    petitions=2_000,
    posts_a_second=10,
    spread_seconds=1,
    casts_a_second=10,
    cast_seconds=1,
    communities=8,
)
