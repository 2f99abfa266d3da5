"""Where a roster has gaps: duty hours of working days in which nobody is on duty."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tenants.calendar import SHANGHAI, is_working_day

# P: when residents may expect somebody; outside these hours a shift is welcome and not required.
OPENS, CLOSES = time(9), time(17)
DAYS_AHEAD = 7

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Difference:
    """What became of known gaps: those that are gone, that came, and of these what nobody knew."""

    gone: list[Stretch]
    came: list[Stretch]
    new: list[Stretch]


def horizon(now: datetime) -> datetime:
    """Give until when gaps are looked for: seven days of Shanghai, today the first of them.

    Whole days: were the last one cut at this hour, its gap would be another one with every hour.
    """
    last = now.astimezone(SHANGHAI).date() + timedelta(days=DAYS_AHEAD)
    return datetime.combine(last, time(), SHANGHAI).astimezone(now.tzinfo)


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


def compare(known: Collection[Stretch], found: list[Stretch], now: datetime) -> Difference:
    """Set the gaps found now against those known.

    A gap that has begun is found from now on, and is still the known one. What is left of a gap
    that was filled in part came in its place, and is not news.
    """
    still = {gap: _known(gap, known, now) for gap in found}
    kept = set(still.values())
    came = [gap for gap in found if still[gap] is None]
    return Difference(
        gone=[gap for gap in known if gap not in kept],
        came=came,
        new=[gap for gap in came if not any(a <= gap[0] and gap[1] <= b for a, b in known)],
    )


def _known(gap: Stretch, known: Collection[Stretch], now: datetime) -> Stretch | None:
    start, end = gap
    for each in known:
        if each[1] == end and (each[0] == start or each[0] < start == now):
            return each
    return None
