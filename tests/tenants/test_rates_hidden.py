"""A community's view of its own rates reveals no small number and no letter past the committee."""

import asyncio
import random
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tenants.db import Database
from tenants.rates.suppression import published
from tenants.rates.tables import COUNTED, EXCLUSIONS, FEWEST, LEAST_CELL
from tests.conftest import SignIn
from tests.street import STAFF, Make
from tests.tenants.test_rates import (
    BY_CATEGORY,
    TREND,
    Case,
    at,
    categories,
    file,
    rated,
    shanghai,
)

# Which number decides whether a measure is shown, and its least value.
SHOWN_BY = {
    "response_met": "response_due", "response_due": "response_due", "callbacks": "callbacks",
    "solved": "callbacks", "partly": "callbacks", "satisfied": "callbacks",
    **{name: name for name in EXCLUSIONS},
}  # fmt: skip
LEAST = {
    **dict.fromkeys(("response_due", "callbacks"), FEWEST),
    **dict.fromkeys(EXCLUSIONS, LEAST_CELL),
}
Month = dict[int, dict[str, int]]


def invented(dice: random.Random) -> Month:
    """Invent the counts of a month by category: mostly few, sometimes many."""
    month: Month = {}
    for category in range(dice.randrange(1, 7)):
        due, callbacks = (dice.choice((0, 1, 3, 9, 10, 11, 25)) for _ in "12")
        solved = dice.randint(0, callbacks)
        month[category] = {
            "response_due": due, "response_met": dice.randint(0, due), "callbacks": callbacks,
            "solved": solved, "partly": dice.randint(0, callbacks - solved),
            "satisfied": dice.randint(0, callbacks),
            **{name: dice.choice((0, 0, 0, 1, 4, 5, 6)) for name in EXCLUSIONS},
        }  # fmt: skip
    return month


def determined(equations: list[list[int]], unknowns: int) -> set[int]:
    """Return which unknowns have only one possible value: by exact Gaussian elimination."""
    rows = [[Fraction(number) for number in row] for row in equations]
    pivots: list[tuple[int, list[Fraction]]] = []
    for column in range(unknowns):
        found = next((row for row in rows if row[column]), None)
        if found is None:
            continue
        rows.remove(found)
        pivot = [number / found[column] for number in found]
        rows = [[a - row[column] * b for a, b in zip(row, pivot, strict=True)] for row in rows]
        pivots = [
            (at, [a - row[column] * b for a, b in zip(row, pivot, strict=True)])
            for at, row in pivots
        ]
        pivots.append((column, pivot))
    return {at for at, row in pivots if sum(1 for number in row[:unknowns] if number) == 1}


@pytest.mark.parametrize("seed", range(300))
def test_nothing_hidden_follows_from_what_is_shown(seed: int) -> None:
    dice = random.Random(seed)
    month = invented(dice)
    total = {name: sum(row[name] for row in month.values()) for name in COUNTED}
    of_total, rows = published(total, month)

    for name in COUNTED:
        whole = SHOWN_BY[name]
        least = LEAST[whole]
        is_shown = {c: c in rows and rows[c][whole] >= least for c in month}
        for category, row in rows.items():
            assert row[name] in (0, month[category][name])
            assert row["response_due"] >= FEWEST or row["callbacks"] >= FEWEST
        assert of_total[name] in (0, total[name])
        # the reader may know which categories had any cases: one unknown for each of them
        known = [c for c in month if month[c][whole]]
        equations = [
            [*(int(each == c) for each in known), month[c][name]] for c in known if is_shown[c]
        ]
        if of_total[whole] >= least:
            equations.append([*(1 for _ in known), total[name]])
        hidden = {place for place, c in enumerate(known) if not is_shown[c]}
        alone = len(known) == 1 and not rows.keys() & set(known)
        assert alone or not hidden & determined(equations, len(known)), (name, month)
        left = sum(month[known[place]][whole] for place in hidden)
        assert not left or left >= least or of_total[whole] < least
        # and the database stores nothing that is hidden
        assert all(rows[c][name] == 0 for c in rows if not is_shown[c])


def test_one_hidden_category_takes_the_smallest_shown_with_it() -> None:
    nothing = dict.fromkeys(COUNTED, 0)
    month = {n: {**nothing, "response_due": due} for n, due in enumerate((30, 12, 20, 3))}
    total = {**nothing, "response_due": 65}
    of_total, rows = published(total, month)
    assert of_total["response_due"] == 65
    assert {n: row["response_due"] for n, row in rows.items()} == {0: 30, 2: 20}


async def test_a_letter_past_the_committee_leaves_no_trace_in_its_rates(
    make: Make, signed_in: SignIn, database: Database
) -> None:
    elm, oak = await make.community(), await make.community()
    repairs, discipline = await categories(make, elm, 2)
    due = shanghai(2021, 4, 10)
    # thirteen of a category, so that it would be shown if it were counted
    past = [
        Case(uuid4(), discipline, due - timedelta(days=1), due, due, "WITHDRAWN", callbacks=((due, "YES", 5),))
        for _ in range(13)
    ]  # fmt: skip
    for place in (elm, oak):
        await file(make, place, rated(repairs, 14, "YES"))
    await file(make, oak, past)
    async with make.inside(oak.key) as connection:
        moved = await connection.execute(
            "update tenant.petition set secrecy = 'PRIVATE', is_at_community = false, "
            "level = 'STREET', addressee = 'STREET', desk = street_id, desks = array[street_id] "
            "where category_id = $1",
            discipline,
        )
        assert moved == "UPDATE 13"
    for place in (elm, oak):
        assert await at(database, shanghai(2021, 5, 1, 1)).community(place.key) == 1

    for roles in ((), STAFF, ("RESIDENT", "PARTY_SECRETARY")):
        told: list[list[Any]] = []
        for place in (elm, oak):
            who = signed_in(await make.member(place, *roles))
            trend = (await who.run(TREND)).data["community"]["petitionTrend"]["nodes"]
            month = (await who.run(BY_CATEGORY, month="2021-04")).data["community"]
            told.append([trend, month["petitionRates"]["nodes"]])
        assert told[0] == told[1]
        assert [len(rows) for rows in told[0]] == [1, 1]
    # the desks above count them, and the community's table does not contain them
    above = "select callbacks from tenant.rate_snapshot where is_total"
    assert [await make.value(place, above) for place in (elm, oak)] == [14, 27]
    own = "select sum(callbacks), count(*) from tenant.community_rate"
    assert [tuple((await make.rows(place, own))[0]) for place in (elm, oak)] == [(28, 2), (28, 2)]


async def test_a_month_counted_before_communities_had_their_own_count_gets_it(
    make: Make, database: Database
) -> None:
    elm = await make.community()
    (repairs,) = await categories(make, elm, 1)
    await file(make, elm, rated(repairs, 14, "YES"))
    worker = at(database, shanghai(2021, 5, 1, 1))
    await worker.community(elm.key)
    kept = "select month, category_id, callbacks, solved from tenant.community_rate order by 1, 2"
    before = await make.rows(elm, kept)
    above = "select count(*), max(made_at) from tenant.rate_snapshot"
    counted = await make.rows(elm, above)
    root = await asyncpg.connect(make.cluster.url())
    await root.execute("delete from tenant.community_rate where community_id = $1", elm.key)
    await root.close()

    assert elm.key in await worker.due()
    made = await asyncio.gather(*(worker.community(elm.key) for _ in range(5)))

    assert sorted(made) == [0, 0, 0, 0, 1]
    assert await make.rows(elm, kept) == before
    assert await make.rows(elm, above) == counted
    assert elm.key not in await worker.due()
