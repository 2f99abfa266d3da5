"""After the answer: only the author says that it is solved; reopening, and a review from above."""

from uuid import UUID

from tenants.petitions import changes
from tenants.petitions.service.limits import limit_of
from tenants.petitions.service.moving import invalid
from tenants.petitions.steps import DECIDE_REVIEW, RECORD_CALLBACK, REOPEN
from tenants.petitions.tables import petition_callbacks, petitions
from tenants.petitions.words import Solved
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
        at=tx.now,
        solved=solved.value,
        satisfaction=satisfaction,
        **changes.rated(petition),
    )
    await take(tx, RECORD_CALLBACK, petition, words=words)
    return petition["id"]


async def reopen(tx: Tx, *, petition_id: UUID, reason: str) -> UUID:
    """Have it dealt with again (重办): twice at most, by the desk that answered, in the same time."""
    petition = await tx.find(petitions, petition_id, "petitionId", permit=REOPEN)
    limit = await limit_of(tx, petition["urgency"], tx.now)
    await take(tx, REOPEN, petition, words=said(REOPEN, reason), **changes.reopened(limit, tx.now))
    return petition["id"]


async def decide_review(tx: Tx, *, petition_id: UUID, upheld: bool, reason: str) -> UUID:
    """Uphold what was answered, for good, or take it on at this desk; with a reason."""
    words = said(DECIDE_REVIEW, reason)
    async with on_row(tx, DECIDE_REVIEW, petition_id) as (inside, petition):
        if upheld:
            decided = changes.upheld(petition)
        else:
            limit = await limit_of(inside, petition["urgency"], inside.now)
            decided = changes.redone(limit, inside.now)
        await take(inside, DECIDE_REVIEW, petition, words=words, **decided)
    return petition["id"]
