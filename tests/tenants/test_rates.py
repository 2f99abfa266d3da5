"""The three rates: equal to a simple count of the same cases, counted once, never changed."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.engine.identifiers import decode_id, encode_id
from tenants.db import Database
from tenants.domains import DOMAINS
from tenants.rates.service import Snapshots
from tenants.rates.suppression import published
from tenants.rates.tables import COUNTED
from tenants.transaction import Tx
from tests.conftest import SignIn
from tests.street import STAFF, Make, Place, SignedIn

RATE = "{ numerator denominator isTooFew }"
RATES = f"""response {RATE} resolution {RATE} satisfaction {RATE}
  exclusions {{ emergency otherLegalRoute noNewFacts withdrawnOrMerged }}"""
TREND = f"""query ($after: Cursor) {{ community {{ petitionTrend(first: 50, after: $after) {{
  nodes {{ month category {{ id }} {RATES} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
BY_CATEGORY = f"""query ($month: Month!, $category: ID) {{ community {{
  petitionRates(month: $month, categoryId: $category, first: 50) {{
    nodes {{ month category {{ id }} {RATES} }} }} }} }}"""
ABOVE = f"{{ district {{ petitionTrend {{ month communityCount {RATES} }} }} }}"
RANKING = f"""query ($month: Month!) {{ district {{ petitionRanking(month: $month, first: 50) {{
  nodes {{ community {{ id }} {RATES} }} }} }} }}"""
ROWS = """select month, category_id, is_total, response_met, response_due, excluded_emergency,
  excluded_other_route, excluded_no_new_facts, excluded_withdrawn, callbacks, solved, partly,
  satisfied, made_at from tenant.rate_snapshot order by month, category_id"""
NOBODY = UUID(int=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Counts = dict[tuple[str, UUID], Counter[str]]
NAMES: tuple[str, ...] = (
    "met", "due", "EMERGENCY", "OTHER_LEGAL_ROUTE", "NO_NEW_FACTS", "gone",
    "callbacks", "YES", "PARTLY", "satisfied",
)  # fmt: skip
LISTED = ("EMERGENCY", "OTHER_LEGAL_ROUTE", "NO_NEW_FACTS")


@dataclass(frozen=True)
class Case:
    """It holds the facts of one petition, and its author's callbacks."""

    id: UUID
    category: UUID
    submitted: datetime
    due: datetime
    responded: datetime | None = None
    state: str = "CLOSED"
    refusal: str | None = None
    is_imported: bool = False
    callbacks: tuple[tuple[datetime, str, int], ...] = ()


def shanghai(year: int, month: int, day: int = 1, hour: int = 0, minute: int = 0) -> datetime:
    """Return the moment of a local time in Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def month_of(moment: datetime) -> str:
    """Return the month of a moment in Shanghai, which is eight hours ahead."""
    return (moment + timedelta(hours=8)).isoformat()[:7]


def brute(cases: Iterable[Case]) -> Counts:
    """Count case by case: by month and category, and by month."""
    counted: Counts = {}

    def add(moment: datetime, category: UUID, what: str) -> None:
        for each in (category, NOBODY):
            counted.setdefault((month_of(moment), each), Counter())[what] += 1

    for case in cases:
        if not case.is_imported:
            for what in standing(case):
                add(case.due, case.category, what)
            for moment, solved, satisfaction in case.callbacks:
                for what in opinion(solved, satisfaction):
                    add(moment, case.category, what)
    return counted


def standing(case: Case) -> list[str]:
    """Return what a case counts as in the month in which its first answer was due."""
    if case.refusal in LISTED:
        return [case.refusal]
    if case.state in ("WITHDRAWN", "MERGED") and case.responded is None:
        return ["gone"]
    is_met = case.responded is not None and case.responded <= case.due
    return ["due", *(["met"] if is_met else [])]


def opinion(solved: str, satisfaction: int) -> list[str]:
    """Return what a callback counts as."""
    said = [solved] if solved != "NO" else []
    return ["callbacks", *said, *(["satisfied"] if satisfaction >= 4 else [])]


def invented(dice: random.Random, categories: list[UUID]) -> Case:
    """Invent a case of any kind, from November 2023 to February 2025, often at midnight."""
    begun, length = shanghai(2023, 11), 16 * 30 * 24 * 3600
    submitted = begun + timedelta(seconds=dice.randrange(length))
    due = submitted + dice.choice((HOUR, 2 * HOUR, DAY, 3 * DAY, 5 * DAY))
    if dice.random() < 0.05:
        due = shanghai(2024, dice.randrange(1, 13)) + dice.choice((-1, 0, 1)) * timedelta(
            microseconds=1
        )
        submitted = due - DAY
    responded = None
    if dice.random() < 0.8:
        responded = dice.choice(
            (due, due - HOUR, due - HOUR, due + timedelta(seconds=1), due + DAY)
        )
    state = dice.choice(("CLOSED", "CLOSED", "ANSWERED", "SUBMITTED", "WITHDRAWN", "MERGED"))
    refusal = None
    if dice.random() < 0.15:
        state, refusal = "NOT_ACCEPTED", dice.choice((*LISTED, "NOT_A_PETITION"))
    said = tuple(
        (
            due + timedelta(seconds=dice.randrange(20 * 24 * 3600)),
            dice.choice(("YES", "PARTLY", "NO")),
            dice.randrange(1, 6),
        )
        for _ in range(dice.choice((0, 0, 1, 1, 2)))
    )
    return Case(
        uuid4(), dice.choice(categories), submitted, due, responded, state, refusal,
        dice.random() < 0.05, said,
    )  # fmt: skip


async def file(make: Make, place: Place, cases: list[Case]) -> None:
    """Insert cases as the owner of the database, fast and in one transaction."""
    owner = await asyncpg.connect(make.cluster.url())
    try:
        async with owner.transaction():
            await _write(owner, place, cases)
    finally:
        await owner.close()


async def _write(owner: Any, place: Place, cases: list[Case]) -> None:
    await owner.execute(
        """insert into tenant.petition (community_id, id, district_id, street_id, source,
             source_id, kind, category_id, urgency, title, body, secrecy, is_listed, addressee,
             is_at_community, level, desk, desks, state, is_open, due_at, submitted_at,
             ack_due_at, ack_overdue, resolve_due_at, resolve_overdue, rise_hours,
             reopen_count, support_count, household_count, version)
           select $1, id, 310113, $2, '试', id::text, 'HELP', category, 'NORMAL', '题', '文',
             'MEMBERS', true, 'COMMUNITY', true, 'COMMUNITY', 0, '{}', 'CLOSED', false, at, at,
             at, false, at, false, 24, 0, 0, 0, 1
             from unnest($3::uuid[], $4::uuid[], $5::timestamptz[]) as x (id, category, at)""",
        place.key, place.street_id, [c.id for c in cases], [c.category for c in cases],
        [c.submitted for c in cases],
    )  # fmt: skip
    await owner.copy_records_to_table(
        "petition_fact", schema_name="tenant",
        columns=[
            "community_id", "id", "district_id", "street_id", "category_id", "kind", "urgency",
            "level", "desk", "state", "is_open", "is_imported", "submitted_at",
            "first_ack_due_at", "responded_at", "resolve_due_at", "ack_overdue",
            "resolve_overdue", "refusal_code",
        ],
        records=[
            (
                place.key, c.id, 310113, place.street_id, c.category, "HELP", "NORMAL",
                "COMMUNITY", 0, c.state, c.state == "SUBMITTED", c.is_imported, c.submitted,
                c.due, c.responded, c.due, False, False, c.refusal,
            )
            for c in cases
        ],
    )  # fmt: skip
    await owner.copy_records_to_table(
        "petition_callback", schema_name="tenant",
        columns=[
            "community_id", "id", "petition_id", "district_id", "street_id", "category_id",
            "level", "at", "solved", "satisfaction",
        ],
        records=[
            (
                place.key, uuid4(), c.id, 310113, place.street_id, c.category, "COMMUNITY",
                *said,
            )
            for c in cases
            for said in c.callbacks
        ],
    )  # fmt: skip


def at(database: Database, now: datetime) -> Snapshots:
    """Return the worker on another day."""
    return Snapshots(Database(database.pools, DOMAINS, lambda: now))


async def categories(make: Make, place: Place, many: int = 1) -> list[UUID]:
    """Return some categories of the district."""
    query = "select id from reference.petition_category where district_id = 310113 order by id"
    return [row["id"] for row in await make.rows(place, f"{query} limit $1", many)]


def own_counts(counted: Counts, month: str) -> dict[UUID, Counter[str]]:
    """Return what a community may read of a month: the total, under NOBODY, and the categories."""
    rows = {
        category: {column: counts[name] for column, name in zip(COUNTED, NAMES, strict=True)}
        for (of, category), counts in counted.items()
        if of == month
    }
    total, categories = published(rows.pop(NOBODY), rows)
    return {
        category: Counter({name: row[column] for column, name in zip(COUNTED, NAMES, strict=True)})
        for category, row in {NOBODY: total, **categories}.items()
    }


def shown(counts: Counter[str], least: int = 0, excluded: int | None = None) -> dict[str, Any]:
    """Return what the API shows: no rate of fewer than ten, no number below `least`."""
    fewest = least if excluded is None else excluded

    def rate(numerator: int, denominator: int, unit: int = 1) -> dict[str, Any]:
        if denominator < 10 * unit:
            return {"numerator": None, "denominator": None, "isTooFew": True}
        told = numerator if numerator >= least * unit else None
        return {"numerator": told, "denominator": denominator, "isTooFew": False}

    beside = [counts[name] for name in (*LISTED, "gone")]
    names = ("emergency", "otherLegalRoute", "noNewFacts", "withdrawnOrMerged")
    return {
        "response": rate(counts["met"], counts["due"]),
        "resolution": rate(2 * counts["YES"] + counts["PARTLY"], 2 * counts["callbacks"], 2),
        "satisfaction": rate(counts["satisfied"], counts["callbacks"]),
        "exclusions": {
            n: c if c >= fewest else None for n, c in zip(names, beside, strict=True)
        },
    }  # fmt: skip


async def snapshot(make: Make, place: Place) -> Counts:
    """Return the stored counts of a community without zeros."""
    rows = await make.rows(place, ROWS)
    for row in rows:
        assert row["is_total"] == (row["category_id"] == NOBODY)
    return {(r[0], r[1]): +Counter(dict(zip(NAMES, r[3:13], strict=True))) for r in rows}


async def test_rates_equal_a_plain_count_of_50000_cases_and_stay(
    make: Make, signed_in: SignIn, database: Database
) -> None:
    dice = random.Random(20260312)
    places = [await make.community() for _ in range(3)]
    members = [signed_in(await make.member(place)) for place in places]
    known = await categories(make, places[0], 12)
    filed = {
        place.key: [invented(dice, known) for _ in range(many)]
        for place, many in zip(places, (30_000, 15_000, 5_000), strict=True)
    }
    for place in places:
        await file(make, place, filed[place.key])
    # two workers at once, after the end of February
    now = shanghai(2025, 3, 1, 1, 30)
    made = await asyncio.gather(at(database, now).sweep(), at(database, now).sweep())
    assert sum(made) == 3 * 16

    counted = {place.key: brute(filed[place.key]) for place in places}
    for place in places:
        # the months that have ended, each with a total, even without cases
        expected = {k: v for k, v in counted[place.key].items() if k[0] < "2025-03"}
        assert await snapshot(make, place) == {k: +v for k, v in expected.items()}

    await told_inside(members, counted, known)
    await told_above(signed_in(await make.officer()), list(counted.values()))

    # a change to a past case, and a late one, do not change the stored counts
    before = [await make.rows(place, ROWS) for place in places]
    async with make.inside(places[0].key) as connection:
        changed = await connection.execute(
            "update tenant.petition_fact set responded_at = first_ack_due_at, refusal_code = null"
        )
    assert changed == "UPDATE 30000"
    late = replace(filed[places[0].key][0], id=uuid4())
    await file(make, places[0], [late])
    assert await at(database, now).sweep() == 0
    assert [await make.rows(place, ROWS) for place in places] == before


async def told_inside(
    members: list[SignedIn], counted: dict[int, Counts], known: list[UUID]
) -> None:
    """Assert that the members of each community see its counts."""
    assert members[0].person.place is not None
    first = counted[members[0].person.place.key]
    trend = (await members[0].run(TREND)).data["community"]["petitionTrend"]["nodes"]
    months = [f"2025-{m:02}" for m in (2, 1)] + [f"2024-{m:02}" for m in range(12, 0, -1)]
    assert [row["month"] for row in trend] == [*months, "2023-12", "2023-11"]
    for row in trend:
        said = shown(own_counts(first, row["month"])[NOBODY], excluded=5)
        assert row == {"month": row["month"], "category": None, **said}
    for month in ("2024-02", "2024-12"):
        for member, counts in zip(members, counted.values(), strict=True):
            answer = await member.run(BY_CATEGORY, month=month)
            rows = answer.data["community"]["petitionRates"]["nodes"]
            expected = own_counts(counts, month)
            assert {decode_id(row["category"]["id"], "cat_") for row in rows} == (
                expected.keys() - {NOBODY}
            )
            for row in rows:
                category = decode_id(row["category"]["id"], "cat_")
                assert category is not None
                said = shown(expected[category], excluded=5)
                assert row == {"month": month, "category": row["category"], **said}
    one = encode_id(known[3], "cat_")
    answer = await members[0].run(BY_CATEGORY, month="2024-05", category=one)
    assert [r["category"]["id"] for r in answer.data["community"]["petitionRates"]["nodes"]] == [
        one
    ]


async def told_above(officer: SignedIn, counted: list[Counts]) -> None:
    """Assert that the district sees the sums."""
    trend = (await officer.run(ABOVE)).data["district"]["petitionTrend"]
    told = {row["month"]: row for row in trend if "2023-11" <= row["month"] <= "2025-02"}
    assert len(told) == 16
    for month, row in told.items():
        added = sum((counts[month, NOBODY] for counts in counted), Counter[str]())
        assert row == {"month": month, "communityCount": 3, **shown(added)}


async def test_nothing_that_was_counted_can_be_changed(make: Make, database: Database) -> None:
    place = await make.community()
    due = shanghai(2022, 5, 10)
    (category,) = await categories(make, place)
    await file(make, place, [Case(uuid4(), category, due - DAY, due)])
    assert await at(database, shanghai(2022, 6, 1, 1)).community(place.key) == 1
    before = await make.rows(place, ROWS)
    assert len(before) == 2
    for change in (
        "update tenant.rate_snapshot set response_met = 1",
        "delete from tenant.rate_snapshot",
        "truncate tenant.rate_snapshot",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with make.inside(place.key) as connection:
                await connection.execute(change)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with make.district() as connection:
                await connection.execute(change)
    assert await make.rows(place, ROWS) == before


async def test_months_are_shanghais_and_those_missed_are_caught_up(
    make: Make, database: Database
) -> None:
    place = await make.community()
    (category,), tick = await categories(make, place), timedelta(microseconds=1)
    leap, after = shanghai(2020, 3) - tick, shanghai(2020, 3)
    assert leap.isoformat() == "2020-02-29T15:59:59.999999+00:00"
    await file(
        make, place,
        [
            # sent and rated in January, but its first answer was due in February
            Case(uuid4(), category, shanghai(2020, 1, 31), leap, callbacks=((shanghai(2020, 2) - tick, "YES", 5),)),
            Case(uuid4(), category, after - DAY, after, callbacks=((after, "NO", 1),)),
        ],
    )  # fmt: skip
    # a month is counted an hour after its end: a transaction from before midnight may end after it
    assert await at(database, shanghai(2020, 2, 1, 0, 59)).community(place.key) == 0
    assert await at(database, shanghai(2020, 2, 1, 1)).community(place.key) == 1
    assert await snapshot(make, place) == {
        ("2020-01", each): Counter(callbacks=1, YES=1, satisfied=1) for each in (NOBODY, category)
    }
    # the server was down for months
    workers = (at(database, shanghai(2020, 6, 2)) for _ in range(4))
    assert sum(await asyncio.gather(*(w.community(place.key) for w in workers))) == 4
    counted = await snapshot(make, place)
    assert counted["2020-02", NOBODY] == Counter(due=1)
    assert counted["2020-03", NOBODY] == Counter(due=1, callbacks=1)
    assert counted["2020-04", NOBODY] == counted["2020-05", NOBODY] == Counter()
    assert sorted(m for m, c in counted if c == NOBODY) == [f"2020-0{m}" for m in range(1, 6)]


async def test_no_month_is_counted_by_nested_loops(
    make: Make, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, due = await make.community(), shanghai(2018, 5, 10)
    (category,) = await categories(make, place)
    await file(make, place, [Case(uuid4(), category, due - DAY, due)])
    seen: list[str] = []

    async def spied(tx: Tx, _month: str) -> int:
        seen.append(str(await tx.connection.fetchval("select current_setting('enable_nestloop')")))
        return 0

    monkeypatch.setattr("tenants.rates.service._count", spied)
    monkeypatch.setattr("tenants.rates.service._tell", spied)
    worker = at(database, shanghai(2018, 6, 2))
    assert await worker.community(place.key) == 0
    assert seen == ["off"]
    monkeypatch.undo()
    # with old statistics nested loops exceed the statement timeout; other work still uses them
    assert await make.value(place, "select current_setting('enable_nestloop')") == "on"
    assert await worker.community(place.key) == 1


def rated(category: UUID, many: int, solved: str, satisfaction: int = 5) -> list[Case]:
    """Return cases of April 2021, each answered in time and rated once."""
    due = shanghai(2021, 4, 10)
    said = ((due + DAY, solved, satisfaction),)
    return [Case(uuid4(), category, due - DAY, due, due, callbacks=said) for _ in range(many)]


async def test_few_cases_are_not_shown_and_small_cells_hidden_in_the_ranking(
    make: Make, signed_in: SignIn, database: Database
) -> None:
    elm, oak, ash, fir = [await make.community() for _ in range(4)]
    (category,), due = await categories(make, elm), shanghai(2021, 4, 10)
    refused = [
        Case(uuid4(), category, due - DAY, due, due, "NOT_ACCEPTED", code)
        for code, many in (("EMERGENCY", 4), ("NO_NEW_FACTS", 5))
        for _ in range(many)
    ]
    filed = {
        elm.key: rated(category, 9, "YES"),
        oak.key: [*rated(category, 7, "YES"), *rated(category, 3, "NO", 2), *refused],
        ash.key: [*rated(category, 4, "YES", 3), *rated(category, 1, "PARTLY"), *rated(category, 5, "NO")],
        fir.key: [*rated(category, 8, "YES", 1), *rated(category, 4, "PARTLY", 1)],
    }  # fmt: skip
    for place in (elm, oak, ash, fir):
        await file(make, place, filed[place.key])
        assert await at(database, shanghai(2021, 5, 1, 1)).community(place.key) == 1

    async def own(place: Place) -> dict[str, Any]:
        (row,) = (await signed_in(await make.member(place)).run(TREND)).data["community"][
            "petitionTrend"
        ]["nodes"]
        return row

    too_few = {"numerator": None, "denominator": None, "isTooFew": True}
    nine, ten = await own(elm), await own(oak)
    assert [nine[n] for n in ("response", "resolution", "satisfaction")] == [too_few] * 3
    assert ten["response"] == {"numerator": 10, "denominator": 10, "isTooFew": False}
    assert ten["resolution"] == {"numerator": 14, "denominator": 20, "isTooFew": False}
    assert ten["satisfaction"] == {"numerator": 7, "denominator": 10, "isTooFew": False}
    assert ten["exclusions"] == {
        "emergency": None, "otherLegalRoute": None, "noNewFacts": 5, "withdrawnOrMerged": None,
    }  # fmt: skip

    officer = signed_in(await make.officer())
    ranked = (await officer.run(RANKING, month="2021-04")).data["district"]["petitionRanking"]
    told = {row["community"]["id"]: row for row in ranked["nodes"]}
    # 20 of 24 halves, 14 of 20, and 9 of 20, whose 9 is hidden; nine cases are not listed
    assert list(told) == [fir.public_id, oak.public_id, ash.public_id]
    for place in (oak, ash, fir):
        (counts,) = [c for k, c in brute(filed[place.key]).items() if k[1] == NOBODY]
        assert told[place.public_id] == {"community": {"id": place.public_id}, **shown(counts, 5)}
    assert told[ash.public_id]["resolution"] == {
        "numerator": None, "denominator": 20, "isTooFew": False,
    }  # fmt: skip
    assert told[oak.public_id]["exclusions"] == {
        "emergency": None, "otherLegalRoute": None, "noNewFacts": 5, "withdrawnOrMerged": None,
    }  # fmt: skip


async def test_who_sees_which_rates(make: Make, signed_in: SignIn, database: Database) -> None:
    elm, oak = await make.community(), await make.community()
    while oak.street_id != elm.street_id:
        elm, oak = oak, await make.community()
    (category,) = await categories(make, elm)
    for place in (elm, oak):
        shift = timedelta(days=-366 * 2)
        moved = [
            replace(
                c, submitted=c.submitted + shift, due=c.due + shift, responded=c.due + shift,
                callbacks=tuple((at + shift, *said) for at, *said in c.callbacks),
            )
            for c in rated(category, 12, "YES")
        ]  # fmt: skip
        await file(make, place, moved)
        await at(database, shanghai(2019, 5, 1, 1)).community(place.key)
    month = "2019-04"

    async def sums(who: SignedIn) -> list[int]:
        data = (await who.run(ABOVE)).data["district"]["petitionTrend"]
        return [row["satisfaction"]["denominator"] for row in data if row["month"] == month]

    away = 310113102 if elm.street_id != 310113102 else 310113003
    for officer, seen in (
        (await make.officer(), [24]),
        (await make.officer(elm.street_id), [24]),
        (await make.officer(away), []),
        (await make.officer(department=await make.department(elm.street_id)), []),
        (await make.officer(department=await make.department()), []),
    ):
        asker = signed_in(officer)
        assert await sums(asker) == seen
        ranked = (await asker.run(RANKING, month=month)).data["district"]["petitionRanking"]
        assert len(ranked["nodes"] if ranked else []) == 2 * len(seen)

    guest = signed_in(await make.absent(elm))
    assert (await guest.run(TREND)).data["community"]["petitionTrend"] is None
    staff = signed_in(await make.member(elm, *STAFF))
    ((own),) = (await staff.run(TREND)).data["community"]["petitionTrend"]["nodes"]
    assert own["satisfaction"]["denominator"] == 12, "and not the neighbours'"
    for principal in ("street", "department"):
        async with make.district() as connection:
            place = (
                f"{away}, 0" if principal == "street" else f"{elm.street_id}, 310113001"
            )  # fmt: skip
            await connection.execute(f"select district.enter(310113, {place})")
            found = await connection.fetchval(
                "select count(*) from tenant.rate_snapshot where month = $1", month
            )
            assert found == 0, "row security alone"


async def test_the_definitions_are_published(make: Make, signed_in: SignIn) -> None:
    asker = signed_in(await make.member(await make.community()))
    answer = await asker.run("{ rateDefinitions { kind chinese english fewest } }")
    told = answer.data["rateDefinitions"]
    assert [each["kind"] for each in told] == ["RESPONSE", "RESOLUTION", "SATISFACTION"]
    assert {each["fewest"] for each in told} == {10}
    assert all(each["chinese"] and each["english"] for each in told)
