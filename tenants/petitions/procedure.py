"""A petition follows this procedure: its timeline, its timers, and the moves that have no mutation.

The steps of its author and its desk are declared in steps.py.
"""

from datetime import timedelta

from tenants.petitions.clocks import CALLBACK_DAYS, can_rise, next_due, rises_at
from tenants.petitions.following import follow, number
from tenants.petitions.tables import petition_events, petitions
from tenants.petitions.words import OPEN, PAUSED, WAITING, PetitionState
from tenants.procedure import Facts, Procedure, Row


def _derived(petition: Facts) -> Row:
    return {
        "is_open": petition["state"] in OPEN,
        "due_at": next_due(petition),
        "next_at": PETITIONS.next_at(petition),
    }


PETITIONS = Procedure(
    noun="petition",
    table=petitions,
    states=PetitionState,
    id_field="petitionId",
    timeline=(petition_events, "petition_id"),
    told={"seq": 0, "is_public": True, "actor_kind": "DESK"},
    derive=_derived,
    changed=follow,
    noted=number,
)
_AUTHOR, _SYSTEM = {"actor_kind": "AUTHOR"}, {"actor_kind": "SYSTEM"}

# --- moves without a mutation of their own

SUBMITTED = PETITIONS.move(
    "SUBMITTED", (), "SUBMITTED", at="submitted_at", by="author_id", told=_AUTHOR
)
IMPORTED = PETITIONS.move("IMPORTED", (), ("SUBMITTED", "CLOSED"))
TOOK_IN = PETITIONS.move("TOOK_IN", OPEN, (), told={"is_public": False})
SUPERVISED = PETITIONS.move("SUPERVISED", OPEN, ())
# The committee owes a meeting from then on, until one is announced; if that is cancelled, as before.
GOAL_REACHED = PETITIONS.move(
    "GOAL_REACHED", tuple(PetitionState), (), at="goal_reached_at", told=_SYSTEM
)
MEETING_CALLED = PETITIONS.move("MEETING_CALLED", tuple(PetitionState), ())
MEETING_CANCELLED = PETITIONS.move("MEETING_CANCELLED", tuple(PetitionState), ())

# --- timers

ACK_OVERDUE = PETITIONS.timer(
    "ACK_OVERDUE", WAITING, (),
    due=lambda petition: None if petition["ack_overdue"] else petition["ack_due_at"],
    sets=lambda _row, _at, _by: {"ack_overdue": True}, told=_SYSTEM,
)  # fmt: skip
# To the desk above, with a deadline of its own: the service reads the time limit.
RISE = PETITIONS.timer(
    "ESCALATED", WAITING, "ESCALATED",
    due=lambda petition: rises_at(petition)
    if petition["ack_overdue"] and can_rise(petition)
    else None,
    told=_SYSTEM,
)  # fmt: skip
RESOLVE_OVERDUE = PETITIONS.timer(
    "RESOLVE_OVERDUE", tuple(state for state in OPEN if state not in PAUSED), (),
    due=lambda petition: None if petition["resolve_overdue"] else petition["resolve_due_at"],
    sets=lambda _row, _at, _by: {"resolve_overdue": True}, told=_SYSTEM,
)  # fmt: skip
# The system asks the author whether it is solved (回访), and closes the petition if they do not say.
ASK_BACK = PETITIONS.timer(
    "ASKED_BACK", "ANSWERED", "CALLBACK",
    due=lambda petition: petition["callback_due_at"],
    sets=lambda _row, at, _by: {"callback_until": at + timedelta(days=CALLBACK_DAYS)}, told=_SYSTEM,
)  # fmt: skip
CLOSE = PETITIONS.timer(
    "CLOSED", "CALLBACK", "CLOSED", due=lambda petition: petition["callback_until"], told=_SYSTEM
)
