"""What is owed by law: the data are whole, and periods follow one another without a gap."""

import itertools
from datetime import date, timedelta

import pytest

from tenants.affairs.statutes import About, Every, in_force, period_of, periods, statutes
from tenants.places.tables import CommunityKind
from tenants.votes.rules import Body

DAY = timedelta(days=1)


def test_one_statute_of_a_code_is_in_force_on_a_day() -> None:
    for kind in CommunityKind:
        codes = [each.code for each in in_force(kind, date(2026, 12, 7))]
        assert len(codes) == len({*codes}) >= 10
        assert [*in_force(kind, date(2025, 12, 31))] == []


def test_every_statute_names_its_source_and_what_is_no_law() -> None:
    for each in statutes():
        assert each.source, each.code
        assert each.kind in [*CommunityKind]
        assert each.house_rules <= {"every", "days"}
        assert each.bodies <= {*Body}
        assert (each.about is About.MEETING) == bool(each.bodies)
        # the law knows no number of days after an event, and no period for residential communities
        assert (each.days is not None) == ("days" in each.house_rules)
        if each.about is About.OPEN_AFFAIRS and each.kind == CommunityKind.RESIDENTIAL:
            assert each.every is None


@pytest.mark.parametrize(
    ("every", "day", "begins", "ends"),
    [
        (Every.MONTH, "2026-12-31", "2026-12-01", "2027-01-01"),
        (Every.MONTH, "2028-02-29", "2028-02-01", "2028-03-01"),
        (Every.QUARTER, "2026-09-30", "2026-07-01", "2026-10-01"),
        (Every.QUARTER, "2026-10-01", "2026-10-01", "2027-01-01"),
        (Every.HALF_YEAR, "2026-06-30", "2026-01-01", "2026-07-01"),
        (Every.HALF_YEAR, "2026-07-01", "2026-07-01", "2027-01-01"),
        (Every.YEAR, "2026-01-01", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_day_lies_in_one_period(every: Every, day: str, begins: str, ends: str) -> None:
    period = period_of(every, date.fromisoformat(day))
    assert (period.begins.isoformat(), period.ends.isoformat()) == (begins, ends)
    assert period.due_at.isoformat() == f"{ends}T00:00:00+08:00"


@pytest.mark.parametrize("every", [*Every])
def test_periods_follow_one_another_without_a_gap(every: Every) -> None:
    first, last = date(2026, 2, 3), date(2031, 11, 29)
    found = [*periods(every, first, last)]
    assert found[0].begins <= first < found[0].ends
    assert found[-1].begins <= last < found[-1].ends
    assert all(one.ends == other.begins for one, other in itertools.pairwise(found))
    for number in range((last - first).days):
        day = first + number * DAY
        assert sum(each.begins <= day < each.ends for each in found) == 1
