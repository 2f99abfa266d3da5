"""Residents ask about items and complain to the street; the supervision committee objects."""

from uuid import UUID

import sqlalchemy as sa

from tenants.affairs.procedure import ASK, COMPLAIN, DECIDE_COMPLAINT, OBJECT
from tenants.affairs.service.owing import owe, place
from tenants.affairs.statutes import ORDERED_DAYS
from tenants.affairs.tables import open_affairs
from tenants.affairs.words import AffairComplaintKind, AffairQuestionKind
from tenants.boards.service.check import Verdict
from tenants.errors import Code, Refused
from tenants.procedure import Step
from tenants.statements import Lock
from tenants.taking import begin, on_row, said, take
from tenants.transaction import Tx, unless_taken


async def ask(tx: Tx, *, affair_id: UUID, body: str, verdict: Verdict) -> UUID:
    """Ask about a posted item; everybody reads the question and its answer.

    Raises CONTENT_REJECTED for a text that did not pass its check.
    """
    affair = await tx.find(open_affairs, affair_id, "affairId", permit=ASK)
    words = said(ASK, body)
    if verdict is not Verdict.PASS:
        raise Refused(
            Code.CONTENT_REJECTED, "内容未通过检查。The text was rejected.", labels=(verdict.value,)
        )
    return await _ask(tx, ASK, AffairQuestionKind.QUESTION, affair["id"], words)


async def object_to(tx: Tx, *, affair_id: UUID, body: str) -> UUID:
    """Object to an item as a member of the supervision committee; a draft waits for the answer."""
    affair = await tx.find(open_affairs, affair_id, "affairId", permit=OBJECT)
    words = said(OBJECT, body)
    return await _ask(tx, OBJECT, AffairQuestionKind.OBJECTION, affair["id"], words)


async def _ask(
    tx: Tx, step: Step, kind: AffairQuestionKind, affair_id: UUID, words: str | None
) -> UUID:
    here = await place(tx)
    made = await begin(
        tx, step, words=words, kind=kind.value, affair_id=affair_id,
        district_id=here["district_id"], street_id=here["street_id"],
    )  # fmt: skip
    return made["id"]


async def complain(tx: Tx, *, table: sa.Table, about_id: UUID, body: str) -> UUID:
    """Tell the street that an item is not true, or that what is owed was not posted in time."""
    step = COMPLAIN[table]
    subject = await tx.find(table, about_id, "aboutId", permit=step, lock=Lock.SHARE)
    is_affair = table is open_affairs
    kind = AffairComplaintKind.UNTRUE if is_affair else AffairComplaintKind.LATE
    here = await place(tx)
    async with unless_taken(tx, "您的反映还在调查。One of yours is not decided yet.", "aboutId"):
        made = await begin(
            tx, step, words=said(COMPLAIN[table], body), kind=kind.value, code=subject["code"],
            title=subject["title"] if is_affair else subject["name"],
            affair_id=subject["id"] if is_affair else None,
            obligation_id=None if is_affair else subject["id"],
            district_id=here["district_id"], street_id=here["street_id"],
        )  # fmt: skip
    return made["id"]


async def decide_complaint(tx: Tx, *, complaint_id: UUID, uphold: bool, reason: str) -> UUID:
    """Decide a complaint, with what the street found; upheld, the item is owed anew within days."""
    async with on_row(tx, DECIDE_COMPLAINT, complaint_id) as (inside, complaint):
        words = said(DECIDE_COMPLAINT, reason)
        ending = "UPHELD" if uphold else "DISMISSED"
        await take(inside, DECIDE_COMPLAINT, complaint, to=ending, words=words)
        if uphold:
            await owe(inside, complaint["code"], subject=complaint["id"], days=ORDERED_DAYS)
    return complaint["id"]
