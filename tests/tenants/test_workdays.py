"""Working days and time limits in days, calculated by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tenants.workdays import (
    after_working_days,
    is_working_day,
    later_by_pause,
    later_by_working_days,
)
from tests.clockwork import at

# 2027 and 2028 are not announced: the statutory holidays, and the next working day for a weekend's.
OFF = (
    "2027-01-01", "2027-02-05", "2027-02-08", "2027-02-09", "2027-04-05", "2027-05-01", "2027-05-03",
    "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-04", "2028-01-03", "2028-01-25", "2028-01-28",
    "2028-04-04", "2028-05-01", "2028-05-02", "2028-10-03", "2035-10-01", "2026-10-07", "2027-01-09",
)  # fmt: skip
AT_WORK = (
    "2026-12-31", "2027-01-04", "2027-02-04", "2027-02-11", "2027-05-05", "2027-09-30", "2027-10-06",
    "2028-01-24", "2026-10-10", "2026-10-08",
)  # fmt: skip


def midnight(day: str) -> datetime:
    """Return 24:00 of a day in Shanghai."""
    return at(day, "00:00") + timedelta(days=1)


def test_what_the_law_fixes_is_off_in_a_year_that_is_not_announced() -> None:
    """New Year, Spring Festival and the others, whether chinesecalendar knows the year or not."""
    assert [day for day in OFF if is_working_day(date.fromisoformat(day))] == []
    assert [day for day in AT_WORK if not is_working_day(date.fromisoformat(day))] == []


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (at("2026-12-30", "23:30"), 7, "2027-01-11"),
        (at("2026-12-11", "08:00"), 15, "2027-01-04"),
        (at("2026-11-29", "05:19"), 1, "2026-11-30"),  # a Sunday
        (at("2026-11-30", "00:00"), 1, "2026-12-01"),
        (at("2026-11-30", "23:59"), 1, "2026-12-01"),
        (at("2026-09-30"), 1, "2026-10-08"),
        (at("2027-02-04"), 1, "2027-02-11"),
        (datetime(2026, 11, 29, 16, 30, tzinfo=UTC), 1, "2026-12-01"),  # Monday in Shanghai
    ],
)
def test_a_limit_in_days_ends_with_its_last_day(start: datetime, days: int, end: str) -> None:
    """The first day does not count; the deadline is 24:00 of the last one."""
    assert after_working_days(start, days) == midnight(end)


def test_a_longer_limit_goes_on_from_its_last_day() -> None:
    """24:00 belongs to the day that ends; a limit in hours counts from the day of its end."""
    assert later_by_working_days(midnight("2026-12-04"), 5) == midnight("2026-12-11")
    assert later_by_working_days(at("2026-12-04", "15:00"), 5) == midnight("2026-12-11")


@pytest.mark.parametrize(
    ("due", "since", "until", "end"),
    [
        (midnight("2026-03-11"), at("2026-03-02", "10:00"), at("2026-03-02", "17:00"), midnight("2026-03-11")),
        (midnight("2026-03-11"), at("2026-03-02", "23:00"), at("2026-03-03", "01:00"), midnight("2026-03-12")),
        (midnight("2026-03-11"), at("2026-03-02"), at("2026-03-20"), midnight("2026-03-30")),
        (at("2026-03-02", "12:00"), at("2026-03-02", "10:30"), at("2026-03-02", "11:00"), at("2026-03-02", "12:30")),
    ],
)  # fmt: skip
def test_a_limit_that_stood_is_later(
    due: datetime, since: datetime, until: datetime, end: datetime
) -> None:
    """A paused limit in days moves by whole days, never to a day off; one in hours by minutes."""
    assert later_by_pause(due, since, until) == end
