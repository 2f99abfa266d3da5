"""After the answer: only the author says that it is solved; reopening, and a review from above."""

from typing import Any
from uuid import UUID

from tenants.petitions.clocks import resolve_due
from tenants.petitions.service.limits import limit_of
from tenants.petitions.service.moving import invalid
from tenants.petitions.steps import DECIDE_REVIEW, RECORD_CALLBACK, REOPEN
from tenants.petitions.tables import petition_callbacks, petitions
from tenants.petitions.words import Solved
from tenants.procedure import Facts
from tenants.taking import on_row, said, take
from tenants.transaction import Tx

_MOST_SATISFIED = 5


async def record_callback(
    tx: Tx, *, petition_id: UUID, solved: Solved, satisfaction: int, note: str | None
) -> UUID:
    """Say whether it is solved and how satisfied one is; what is not may be reopened."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=RECORD_CALLBACK)
    if not 1 <= satisfaction <= _MOST_SATISFIED:
        raise invalid("1–5 分。From 1 to 5.", "satisfaction")
    words = said(RECORD_CALLBACK, note)
    await tx.insert(
        petition_callbacks,
        id=tx.new_id(),
        petition_id=petition["id"],
        at=tx.now,
        solved=solved.value,
        satisfaction=satisfaction,
        **{name: petition[name] for name in ("district_id", "street_id", "category_id", "level")},
    )
    await take(tx, RECORD_CALLBACK, petition, words=words)
    return petition["id"]


async def reopen(tx: Tx, *, petition_id: UUID, reason: str) -> UUID:
    """Have it dealt with again (重办): twice at most, by the desk that answered, in the same time."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=REOPEN)
    await take(tx, REOPEN, petition, words=said(REOPEN, reason), **await _anew(tx, petition))
    return petition["id"]


async def decide_review(tx: Tx, *, petition_id: UUID, upheld: bool, reason: str) -> UUID:
    """Uphold what was answered, for good, or take it on at this desk; with a reason."""
    words = said(DECIDE_REVIEW, reason)
    async with on_row(tx, DECIDE_REVIEW, petition_id) as (inside, petition):
        values: dict[str, Any] = {}
        state = "CLOSED" if petition["answer"] is not None else "NOT_ACCEPTED"
        if not upheld:
            state = "IN_PROGRESS"
            values = dict.fromkeys(("refusal_code", "refusal_reason", "legal_route"))
            values |= await _anew(inside, petition)
        await take(
            inside, DECIDE_REVIEW, petition,
            to=state, words=words, review_upheld=upheld, **values,
        )  # fmt: skip
    return petition["id"]


async def _anew(tx: Tx, petition: Facts) -> dict[str, Any]:
    """Begin the clock of resolving again, by the limit in force today."""
    limit = await limit_of(tx, petition["urgency"], tx.now)
    return {
        "resolve_due_at": resolve_due(limit, tx.now),
        "resolve_overdue": False,
        "callback_due_at": None,
        "callback_until": None,
    }
