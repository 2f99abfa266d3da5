"""Find the gaps of a roster: duty hours of working days without a shift."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tenants.workdays import SHANGHAI, is_working_day

# P: hours in which residents may expect an answer; outside them a shift is allowed but not
# required.
OPENS, CLOSES = time(9), time(17)
DAYS_AHEAD = 7

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Difference:
    """It is the change of the known gaps: `gone`, `came`, and those of `came` that are news."""

    gone: list[Stretch]
    came: list[Stretch]
    new: list[Stretch]


def horizon(now: datetime) -> datetime:
    """Return the end of the search for gaps: seven days of Shanghai, including today.

    Whole days: if the last day ended at the present hour, its gap would change every hour.
    """
    last = now.astimezone(SHANGHAI).date() + timedelta(days=DAYS_AHEAD)
    return datetime.combine(last, time(), SHANGHAI).astimezone(now.tzinfo)


def duty_hours(start: datetime, end: datetime) -> list[Stretch]:
    """Return the duty hours between two moments, one stretch for each working day, in order."""
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
    """Return the parts of the duty hours between two moments that no shift covers."""
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
    """Compare the gaps found now with the known gaps.

    A gap that has begun is found from now on, and still equals the known one. The rest of a gap
    that was filled in part has come in its place, but is not new.
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
