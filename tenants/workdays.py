"""Count working days in China, and time limits in working days and years.

Working days take into account weekends, public holidays and the weekends worked in exchange for
them. A time limit in days follows the Civil Code: the day on which it begins does not count (art.
201), and it ends at 24:00 of its last day (art. 203), Shanghai time. 24:00 is written as 00:00 of
the next day.
"""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday
from holidays import country_holidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_OF_WEEKEND = 5
_DAY = timedelta(days=1)


@lru_cache(maxsize=4096)  # the same few years are asked for all day
def is_working_day(day: date) -> bool:
    """Return whether offices work on this day.

    For a year whose calendar the State Council has not announced yet, the law itself decides
    (全国年节及纪念日放假办法, 2024): weekends, the solar and lunar holidays, and the next working day for each
    holiday that falls on a weekend. Which weekends will be worked is not known for such a year.
    """
    try:
        return is_workday(day)
    except NotImplementedError:
        return day.weekday() < _FIRST_OF_WEEKEND and day not in _statutory(day.year)


def after_days(start: datetime, days: int) -> datetime:
    """Return the end of the `days`-th day after the day of `start`."""
    return _end(day_of(start) + days * _DAY, like=start)


def after_working_days(start: datetime, days: int) -> datetime:
    """Return the end of the `days`-th working day after the day of `start`."""
    return _end(_working_days_after(day_of(start), days), like=start)


def later_by_working_days(due: datetime, days: int) -> datetime:
    """Return the new end of a time limit that ended at `due`, extended by `days` working days."""
    return _end(_working_days_after(_last_day_of(due), days), like=due)


def later_by_pause(due: datetime, since: datetime, until: datetime) -> datetime:
    """Return the end of a time limit that was paused between `since` and `until`.

    A time limit in hours is extended by the exact duration. One in days is extended by the days
    between; if it would then end on a non-working day, it ends with the next working day (Civil
    Code, art. 203).
    """
    if not _ends_a_day(due):
        return due + (until - since)
    day = _last_day_of(due) + (day_of(until) - day_of(since))
    return _end(_working_days_after(day - _DAY, 1), like=due)


def after_years(start: datetime, years: int) -> datetime:
    """Return the same day and time `years` years later; 29 February becomes 28 if need be."""
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


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def _last_day_of(due: datetime) -> date:
    return day_of(due - _DAY if _ends_a_day(due) else due)


def _ends_a_day(moment: datetime) -> bool:
    return moment.astimezone(SHANGHAI).time() == time()


def _end(day: date, *, like: datetime) -> datetime:
    return datetime.combine(day + _DAY, time(), SHANGHAI).astimezone(like.tzinfo)
