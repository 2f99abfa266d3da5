"""The deadlines of a petition: to acknowledge it, to resolve it, and when the system acts next.

Hours run round the clock; days are working days of Shanghai. While a petition waits for its author
(RETURNED) or for a decision who is to handle it (DISPUTED), the deadlines are paused, and everybody
can see that.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Protocol

from tenants.calendar import after_working_days
from tenants.petitions.tables import PAUSED, WAITING, EventAction, Level


class Facts(Protocol):
    """A row as it was read, or as it will be: its columns by name."""

    def __getitem__(self, name: str, /) -> Any:
        """Return the value of a column."""
        ...

    def keys(self) -> Iterable[str]:
        """Return the names of the columns."""
        ...


# P: days in which an author says whether it is solved, and working days that a review may take.
CALLBACK_DAYS, REVIEW_WORKING_DAYS = 7, 15
# Days after an answer within which the author may ask for it to be looked at again (信访条例: 30 日).
AGAIN_DAYS = 30
MOST_REOPENINGS = 2


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


def next_look(petition: Facts) -> datetime | None:
    """Return when the system must act next, or None: the first moment of `ahead`."""
    steps = ahead(petition)
    return steps[0][0] if steps else None


def ahead(petition: Facts) -> list[tuple[datetime, EventAction]]:
    """Return the steps that the system will take if nothing else happens, and when; soonest first."""
    state, steps = petition["state"], list[tuple[datetime | None, EventAction]]()
    if state in WAITING and not petition["ack_overdue"]:
        steps.append((petition["ack_due_at"], EventAction.ACK_OVERDUE))
    elif state in WAITING and can_rise(petition):
        steps.append((rises_at(petition), EventAction.ESCALATED))
    if petition["is_open"] and state not in PAUSED and not petition["resolve_overdue"]:
        steps.append((petition["resolve_due_at"], EventAction.RESOLVE_OVERDUE))
    if state == "ANSWERED":
        steps.append((petition["callback_due_at"], EventAction.ASKED_BACK))
    if state == "CALLBACK":
        steps.append((petition["callback_until"], EventAction.CLOSED))
    return sorted((at, step) for at, step in steps if at is not None)


def rises_at(petition: Facts) -> datetime:
    """Return when an overdue acknowledgement escalates it to the desk above."""
    return petition["ack_due_at"] + timedelta(hours=petition["rise_hours"])
