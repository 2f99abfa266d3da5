"""A petition has two clocks: by when it is acknowledged, and by when it is resolved.

Hours run round the clock; days are working days of Shanghai. While a petition waits for its author
(RETURNED) or for a decision who is to handle it (DISPUTED), the deadlines are paused, and everybody
can see that.
"""

from datetime import datetime, timedelta

from tenants.petitions.words import WAITING, Level
from tenants.procedure import Facts
from tenants.workdays import after_working_days

# P: days in which an author says whether it is solved, and working days that a review may take.
CALLBACK_DAYS, REVIEW_WORKING_DAYS = 7, 15


def ack_due(limit: Facts, start: datetime) -> datetime:
    """Return when a desk that received it at `start` must have acknowledged it."""
    return _after(start, limit["ack_hours"], limit["ack_days"])


def resolve_due(limit: Facts, start: datetime) -> datetime:
    """Return when a petition that was received at `start` must be answered."""
    return _after(start, limit["resolve_hours"], limit["resolve_days"])


def _after(start: datetime, hours: int | None, days: int | None) -> datetime:
    return start + timedelta(hours=hours) if hours else after_working_days(start, days or 0)


def can_rise(petition: Facts) -> bool:
    """Return whether there is a desk above."""
    return petition["desk"] != petition["district_id"]


def above(petition: Facts) -> tuple[Level, int]:
    """Return the level and desk that it escalates to; from a department, the district's own desk."""
    if petition["level"] == Level.COMMUNITY:
        return Level.STREET, petition["street_id"]
    return Level.DISTRICT, petition["district_id"]


def next_due(petition: Facts) -> datetime:
    """Return the deadline that ends next, as shown to people."""
    return petition["ack_due_at" if petition["state"] in WAITING else "resolve_due_at"]


def rises_at(petition: Facts) -> datetime:
    """Return when an overdue acknowledgement escalates it to the desk above."""
    return petition["ack_due_at"] + timedelta(hours=petition["rise_hours"])
