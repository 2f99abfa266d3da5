"""The two clocks of a petition: acknowledged by when, resolved by when.

Hours run round the clock; days are working days of Shanghai. While a petition waits for its author
(RETURNED) or for a decision who is to handle it (DISPUTED) the clocks stand, and everybody sees so.
"""

from datetime import datetime, timedelta

from tenants.calendar import after_working_days
from tenants.petitions.tables import WAITING, Level
from tenants.procedure import Facts

# P: how long an author has to say whether it is solved, and how long a review may take.
CALLBACK_DAYS, REVIEW_WORKING_DAYS = 7, 15


def ack_due(limit: Facts, start: datetime) -> datetime:
    """Say when a desk that has it since `start` must have acknowledged it."""
    return _after(start, limit["ack_hours"], limit["ack_days"])


def resolve_due(limit: Facts, start: datetime) -> datetime:
    """Say when it must be answered."""
    return _after(start, limit["resolve_hours"], limit["resolve_days"])


def _after(start: datetime, hours: int | None, days: int | None) -> datetime:
    return start + timedelta(hours=hours) if hours else after_working_days(start, days or 0)


def can_rise(petition: Facts) -> bool:
    """Say whether there is a desk above."""
    return petition["desk"] != petition["district_id"]


def above(petition: Facts) -> tuple[Level, int]:
    """Give the level and desk that it rises to; from a department of the district, to its admins."""
    if petition["level"] == Level.COMMUNITY:
        return Level.STREET, petition["street_id"]
    return Level.DISTRICT, petition["district_id"]


def next_due(petition: Facts) -> datetime:
    """Give the clock that runs out next, as people read it."""
    return petition["ack_due_at" if petition["state"] in WAITING else "resolve_due_at"]


def rises_at(petition: Facts) -> datetime:
    """Say when an overdue acknowledgement takes it to the desk above."""
    return petition["ack_due_at"] + timedelta(hours=petition["rise_hours"])
