"""Where a roster has gaps: duty hours of working days in which nobody is on duty."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from tenants.calendar import SHANGHAI, is_working_day

# P: when residents may expect somebody; outside these hours a shift is welcome and not required.
OPENS, CLOSES = time(9), time(17)
AHEAD = timedelta(days=7)

Stretch = tuple[datetime, datetime]


def duty_hours(start: datetime, end: datetime) -> list[Stretch]:
    """Give the duty hours between two moments, a stretch a working day, in their order."""
    stretches: list[Stretch] = []
    day = start.astimezone(SHANGHAI).date()
    while datetime.combine(day, OPENS, SHANGHAI) < end:
        if is_working_day(day):
            opens = max(start, datetime.combine(day, OPENS, SHANGHAI).astimezone(start.tzinfo))
            closes = min(end, datetime.combine(day, CLOSES, SHANGHAI).astimezone(start.tzinfo))
            if opens < closes:
                stretches.append((opens, closes))
        day += timedelta(days=1)
    return stretches


def gaps(shifts: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """Give what of the duty hours between two moments no shift covers."""
    taken = sorted(shifts)
    found: list[Stretch] = []
    for opens, closes in duty_hours(start, end):
        at = opens
        for begins, ends in taken:
            if ends <= at or begins >= closes:
                continue
            if begins > at:
                found.append((at, begins))
            at = max(at, ends)
        if at < closes:
            found.append((at, closes))
    return found
