"""These pure functions say what the moves of a petition change besides what their steps say.

They take the row, the time limit that is in force, and the time; the services read these and check
what they are given.
"""

from collections.abc import Iterable
from datetime import datetime

from tenants.petitions.clocks import above, ack_due, resolve_due
from tenants.petitions.words import Level
from tenants.procedure import Facts, Row
from tenants.workdays import later_by_pause


def received(here: Facts, category: Facts, limit: Facts, began: datetime) -> Row:
    """Return the columns of a new petition of a community, whose deadlines are counted from a time."""
    return {
        "district_id": here["district_id"],
        "street_id": here["street_id"],
        "category_id": category["id"],
        "urgency": category["urgency"],
        "ack_due_at": ack_due(limit, began),
        "ack_overdue": False,
        "resolve_due_at": resolve_due(limit, began),
        "resolve_overdue": False,
        "rise_hours": limit["rise_hours"],
        "reopen_count": 0,
        "support_count": 0,
        "household_count": 0,
    }


def at_committee() -> Row:
    """Return the desk of a petition that is sent to the committee."""
    return {"is_at_community": True, "level": Level.COMMUNITY.value, "desk": 0, "desks": []}


def at_street(here: Facts) -> Row:
    """Return the desk of a petition that is sent to the street of a community."""
    desk = here["street_id"]
    return {"is_at_community": False, "level": Level.STREET.value, "desk": desk, "desks": [desk]}


def at_department(department: Facts) -> Row:
    """Return the desk of a petition that is sent to a department of a street or of the district."""
    parent, desk = (
        department["street_id"] or department["district_id"],
        -department["department_id"],
    )
    level = Level.STREET if department["street_id"] else Level.DISTRICT
    return {
        "is_at_community": False,
        "level": level.value,
        "desk": desk,
        "desks": [parent, desk],
        "dispatched_from": parent,
    }


def resumed(petition: Facts, at: datetime) -> Row:
    """Return the end of a pause: the deadline is as far ahead as it was when the pause began."""
    due = later_by_pause(petition["resolve_due_at"], petition["paused_at"], at)
    return {"paused_at": None, "resolve_due_at": due}


def resubmitted(petition: Facts, limit: Facts, at: datetime) -> Row:
    """Return the end of a pause for information: its desk must acknowledge it anew."""
    due = ack_due(limit, at)
    return {"question": None, "ack_due_at": due, "ack_overdue": False, **resumed(petition, at)}


def assigned(petition: Facts, at: datetime, **to: object) -> Row:
    """Return the assignment `to` a handler or a desk, and the end of a dispute about the last one."""
    is_disputed = petition["paused_at"] is not None
    is_same = all(petition[name] == to[name] for name in ("desk", "handler_id"))
    return {
        **to,
        "disputed_desk": petition["desk"] if is_disputed and is_same else None,
        **(resumed(petition, at) if is_disputed else {}),
    }


def dispatched(
    petition: Facts, desk: int, lead: Facts | None, assisting: Iterable[Facts] = ()
) -> Row:
    """Return a petition's place when a desk above gives it to a department, or keeps it."""
    desks = petition["desks"]
    for department in (*([lead] if lead else []), *assisting):
        desks = _also(desks, -department["department_id"])
    return {
        "desk": -lead["department_id"] if lead else desk,
        "desks": desks,
        "dispatched_from": desk if lead else None,
        "handler_id": None,
    }


def to_above(petition: Facts) -> Row:
    """Return its place at the desk above, where nobody has it yet; at the highest desk it stays."""
    level, desk = above(petition)
    return {
        "level": level.value,
        "desk": desk,
        "desks": _also(petition["desks"], desk),
        "handler_id": None,
        "dispatched_from": None,
        "disputed_desk": None,
    }


def risen(petition: Facts, limit: Facts, at: datetime) -> Row:
    """Return its place at the desk above, which must acknowledge it anew."""
    return {**to_above(petition), "ack_due_at": ack_due(limit, at), "ack_overdue": False}


def answered(at: datetime, planned_for: datetime | None) -> Row:
    """Return when its author is asked whether it is solved: at once, or on the day of the plan."""
    return {"planned_for": planned_for, "callback_due_at": planned_for or at}


def rated(petition: Facts) -> Row:
    """Return what a rating keeps of its petition, as it is when it is rated."""
    kept = ("district_id", "street_id", "category_id", "level")
    return {"petition_id": petition["id"], **{name: petition[name] for name in kept}}


def reopened(limit: Facts, at: datetime) -> Row:
    """Return a new deadline for the answer, by the time limit in force now."""
    return {
        "resolve_due_at": resolve_due(limit, at),
        "resolve_overdue": False,
        "callback_due_at": None,
        "callback_until": None,
    }


def upheld(petition: Facts) -> Row:
    """Return where a review ends that upholds the answer or the refusal."""
    return {"to": "NOT_ACCEPTED" if petition["answer"] is None else "CLOSED", "review_upheld": True}


def redone(limit: Facts, at: datetime) -> Row:
    """Return where a review ends that has the desk above deal with it."""
    nothing = dict.fromkeys(("refusal_code", "refusal_reason", "legal_route"))
    return {"to": "IN_PROGRESS", "review_upheld": False, **nothing, **reopened(limit, at)}


def _also(desks: list[int], desk: int) -> list[int]:
    return desks if desk in desks else [*desks, desk]
