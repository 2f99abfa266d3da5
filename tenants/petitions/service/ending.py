"""After the answer: only the author says that it is solved; reopening, and a review from above."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tenants.acting import acting
from tenants.calendar import after_working_days
from tenants.petitions.clocks import (
    CALLBACK_DAYS,
    REVIEW_WORKING_DAYS,
    above,
    can_rise,
    resolve_due,
)
from tenants.petitions.policy import DECIDE_REVIEW, RECORD_CALLBACK, REOPEN, REQUEST_REVIEW
from tenants.petitions.service.limits import limit_of
from tenants.petitions.service.moving import Petition, invalid, move
from tenants.petitions.tables import (
    WORDS_LENGTH,
    EventAction,
    EventActor,
    Solved,
    petition_callbacks,
    petitions,
)
from tenants.text import written
from tenants.transaction import Tx

_MOST_SATISFIED = 5
_AUTHOR = EventActor.AUTHOR


async def ask_back(tx: Tx, petition: Petition) -> dict[str, Any]:
    """Ask the author whether it is solved (回访): the system does, never who answered."""
    return await move(
        tx,
        petition,
        EventAction.ASKED_BACK,
        actor=EventActor.SYSTEM,
        state="CALLBACK",
        callback_until=tx.now + timedelta(days=CALLBACK_DAYS),
    )


async def record_callback(
    tx: Tx, *, petition_id: UUID | None, solved: Solved, satisfaction: int, words: str | None
) -> UUID:
    """Say whether it is solved and how satisfied one is; what is not may be reopened."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=RECORD_CALLBACK)
    if not 1 <= satisfaction <= _MOST_SATISFIED:
        raise invalid("1–5 分。From 1 to 5.", "satisfaction")
    words = written(words, WORDS_LENGTH, "words") if words else None
    await tx.insert(
        petition_callbacks,
        id=tx.new_id(),
        petition_id=petition["id"],
        at=tx.now,
        solved=solved.value,
        satisfaction=satisfaction,
        **{name: petition[name] for name in ("district_id", "street_id", "category_id", "level")},
    )
    await move(tx, petition, EventAction.RATED, words=words, actor=_AUTHOR, state="CLOSED")
    return petition["id"]


async def reopen(tx: Tx, *, petition_id: UUID | None, reason: str) -> UUID:
    """Have it dealt with again (重办): twice at most, by the desk that answered, in the same time."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=REOPEN)
    reason = written(reason, WORDS_LENGTH, "reason")
    await move(
        tx,
        petition,
        EventAction.REOPENED,
        words=reason,
        actor=_AUTHOR,
        state="IN_PROGRESS",
        reopen_count=petition["reopen_count"] + 1,
        **await _anew(tx, petition),
    )
    return petition["id"]


async def request_review(tx: Tx, *, petition_id: UUID | None, reason: str) -> UUID:
    """Ask the level above to look at an answer or a refusal (复查): once, within 30 days."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=REQUEST_REVIEW)
    reason = written(reason, WORDS_LENGTH, "reason")
    level, desk = above(petition)
    values: dict[str, Any] = {}
    if can_rise(petition):
        desks = petition["desks"]
        values = {
            "level": level.value,
            "desk": desk,
            "desks": desks if desk in desks else [*desks, desk],
        }
    await move(
        tx,
        petition,
        EventAction.REVIEW_REQUESTED,
        words=reason,
        actor=_AUTHOR,
        state="REVIEW_REQUESTED",
        handler_id=None,
        dispatched_from=None,
        disputed_desk=None,
        review_requested_at=tx.now,
        resolve_due_at=after_working_days(tx.now, REVIEW_WORKING_DAYS),
        resolve_overdue=False,
        **values,
    )
    return petition["id"]


async def decide_review(tx: Tx, *, petition_id: UUID | None, upheld: bool, reason: str) -> UUID:
    """Uphold what was answered, for good, or take it on at this desk; with a reason."""
    reason = written(reason, WORDS_LENGTH, "reason")
    async with acting(tx, petitions, petition_id, "petitionId", permit=DECIDE_REVIEW) as (
        inside,
        petition,
    ):
        values: dict[str, Any] = {
            "state": "CLOSED" if petition["answer"] is not None else "NOT_ACCEPTED"
        }
        if not upheld:
            values = {
                "state": "IN_PROGRESS",
                "refusal_code": None,
                "refusal_reason": None,
                "legal_route": None,
                **await _anew(inside, petition),
            }
        await move(
            inside,
            petition,
            EventAction.REVIEWED,
            words=reason,
            reviewed_at=inside.now,
            review_upheld=upheld,
            review_reason=reason,
            **values,
        )
    return petition["id"]


async def close_unheard(tx: Tx, petition: Petition) -> dict[str, Any]:
    """Close what its author was asked about and said nothing of in time."""
    return await move(tx, petition, EventAction.CLOSED, actor=EventActor.SYSTEM, state="CLOSED")


async def _anew(tx: Tx, petition: Petition) -> dict[str, Any]:
    """Begin the clock of resolving again, by the limit in force today."""
    limit = await limit_of(tx, petition["urgency"], tx.now)
    return {
        "resolve_due_at": resolve_due(limit, tx.now),
        "resolve_overdue": False,
        "callback_due_at": None,
        "callback_until": None,
    }
