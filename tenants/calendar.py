"""Working days in China: weekends, public holidays and the weekends worked for them; limits; years.

A limit in days is reckoned as the Civil Code has it: the day on which it begins does not count
(art. 201), and it ends at 24:00 of its last day (art. 203), of Shanghai. 24:00 is written as 00:00
of the day after.
"""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday
from holidays import country_holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_OF_WEEKEND = 5
_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)  # the same few years are asked about all day long
def is_working_day(day: date) -> bool:
    """Say whether offices work.

    For a year whose calendar the State Council has not announced yet, it is what the law itself
    says (全国年节及纪念日放假办法, 2024): weekends, the holidays of sun and moon, and the next
    working day for each that falls on a weekend. Which weekends will be worked nobody knows then.
    """
    try:
        return is_workday(day)
    except NotImplementedError:
        return day.weekday() < _FIRST_OF_WEEKEND and day not in _statutory(day.year)


def after_working_days(start: datetime, days: int) -> datetime:
    """Give the end of the last of so many working days, the day of `start` not among them."""
    return _end(_working_days_after(_day_of(start), days), like=start)


def later_by_working_days(due: datetime, days: int) -> datetime:
    """Give the end of a limit that ends at `due` and is made longer by so many working days."""
    return _end(_working_days_after(_last_day_of(due), days), like=due)


def later_by_pause(due: datetime, since: datetime, until: datetime) -> datetime:
    """Give the end of a limit that stood for a while.

    A limit in hours stands by the clock. One in days stands for the days between, and if it would
    end on a day that is none of work it ends with the next that is (Civil Code, art. 203).
    """
    if not _ends_a_day(due):
        return due + (until - since)
    day = _last_day_of(due) + (_day_of(until) - _day_of(since))
    return _end(_working_days_after(day - _DAY, 1), like=due)


def after_years(start: datetime, years: int) -> datetime:
    """Give the same day and time `years` years later; of 29 February, the day before if need be."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


@cache
def _statutory(year: int) -> frozenset[date]:
    return frozenset(country_holidays("CN", years=year))


@lru_cache(maxsize=4096)
def _working_days_after(day: date, days: int) -> date:
    while days:
        day += _DAY
        days -= is_working_day(day)
    return day


def _day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _last_day_of(due: datetime) -> date:
    return _day_of(due - _DAY if _ends_a_day(due) else due)


def _ends_a_day(moment: datetime) -> bool:
    return moment.astimezone(SHANGHAI).time() == time()


def _end(day: date, *, like: datetime) -> datetime:
    return datetime.combine(day + _DAY, time(), SHANGHAI).astimezone(like.tzinfo)
