"""Working days in China: weekends, public holidays and the weekends worked for them; and years."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FIRST_OF_WEEKEND = 5


def is_working_day(day: date) -> bool:
    """Say whether offices work. A year that the State Council has not announced has weekends only."""
    try:
        return is_workday(day)
    except NotImplementedError:
        return day.weekday() < _FIRST_OF_WEEKEND


def after_working_days(start: datetime, days: int) -> datetime:
    """Give the same time of day `days` working days later, reckoned in Shanghai."""
    moment = start.astimezone(SHANGHAI)
    while days:
        moment += timedelta(days=1)
        days -= is_working_day(moment.date())
    return moment.astimezone(start.tzinfo)


def after_years(start: datetime, years: int) -> datetime:
    """Give the same day and time `years` years later; of 29 February, the day before if need be."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)
