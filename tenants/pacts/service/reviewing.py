"""The street reviews a draft before the vote, and may order a correction afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.pacts.kinds import Process, process_of
from tenants.pacts.procedure import DECIDE_REVIEW, ORDER_CORRECTION, SUBMIT
from tenants.pacts.service.publishing import require_answered
from tenants.pacts.service.texts import check_text
from tenants.pacts.submissions import pact_submissions, review_items
from tenants.pacts.tables import REASON_LENGTH, pacts
from tenants.pacts.words import ReviewDecision, ReviewItem, ReviewOutcome
from tenants.places.tables import communities
from tenants.procedure import Facts
from tenants.taking import on_row, said, take
from tenants.text import written
from tenants.transaction import Tx
from tenants.workdays import after_days


@dataclass(frozen=True)
class Checked:
    """This says whether the text meets an item of the checklist, and where it does not."""

    item: ReviewItem
    is_met: bool
    note: str | None


async def process_for(tx: Tx, pact: Facts) -> Process:
    """Return the way by which a pact is made here."""
    here = await tx.row(_HERE)
    assert here is not None  # noqa: S101 # a community is never deleted
    process = process_of(pact["kind"], here["kind"])
    if process is None:
        raise Refused(
            Code.INVALID,
            "社区种类已改，这类公约不再在此制定。The community is of another kind now.",
            "pactId",
        )
    return process


async def submit(tx: Tx, *, pact_id: UUID) -> UUID:
    """Submit the published draft to the street, which has the days of the process to answer.

    Raises WRONG_STATE while a suggestion waits for an answer.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=SUBMIT)
    await require_answered(tx, pact)
    await check_text(tx, pact)
    process = await process_for(tx, pact)
    due = after_days(tx.now, process.review_days)
    await hand_in(tx, pact, purpose="REVIEW", due_at=due)
    await take(tx, SUBMIT, pact, review_due_at=due, review_overdue_at=None)
    return pact["id"]


async def hand_in(tx: Tx, pact: Facts, **given: object) -> None:
    """Hand a pact's text to the street, which sees it from now on."""
    names = ("version_id", "text_hash", "district_id", "street_id")
    await tx.insert(
        pact_submissions,
        id=tx.new_id(), pact_id=pact["id"], submitted_at=tx.now, submitted_by=tx.viewer.id,
        **{name: pact[name] for name in names}, **given,
    )  # fmt: skip


async def decide(
    tx: Tx,
    *,
    pact_id: UUID,
    decision: ReviewDecision,
    checklist: Sequence[Checked],
    reason: str | None,
) -> UUID:
    """Answer a draft that was submitted: with every item of the checklist, once each.

    Raises INVALID if an item is missing, or stands twice, or is not met by a draft that is to pass;
    REQUIRED if a draft is returned without a reason.
    """
    async with on_row(tx, DECIDE_REVIEW, pact_id) as (inside, pact):
        _whole(checklist, decision)
        words = said(DECIDE_REVIEW, reason)
        if decision is ReviewDecision.RETURN and words is None:
            raise Refused(Code.REQUIRED, "退回须说明理由。Say why it is returned.", "reason")
        outcome = (
            ReviewOutcome.PASSED if decision is ReviewDecision.PASS else ReviewOutcome.RETURNED
        )
        answered = await inside.row(
            _ANSWER, v_id=pact["id"], v_outcome=outcome.value, v_reason=words, v_purpose="REVIEW"
        )
        assert answered is not None  # noqa: S101 # what is under review was submitted
        for place, each in enumerate(checklist):
            path = ("checklist", str(place), "note")
            await inside.insert(
                review_items,
                submission_id=answered["id"], item=each.item.value, is_met=each.is_met,
                note=written(each.note, REASON_LENGTH, *path) if each.note else None,
                district_id=pact["district_id"], street_id=pact["street_id"],
            )  # fmt: skip
        await take(inside, DECIDE_REVIEW, pact, to=decision.value, words=words)
    return pact["id"]


async def order_correction(tx: Tx, *, pact_id: UUID, reason: str) -> UUID:
    """Order that a pact that was filed be corrected: it ends, and its text stays to be read."""
    async with on_row(tx, ORDER_CORRECTION, pact_id) as (inside, pact):
        words = said(ORDER_CORRECTION, reason)
        await inside.row(
            _ANSWER, v_id=pact["id"], v_reason=words, v_purpose="FILING",
            v_outcome=ReviewOutcome.ORDERED_TO_CORRECT.value,
        )  # fmt: skip
        await take(inside, ORDER_CORRECTION, pact, words=words)
    return pact["id"]


def _whole(checklist: Sequence[Checked], decision: ReviewDecision) -> None:
    """Raise INVALID unless each item stands once, with a note where it is not met."""
    if sorted(each.item.value for each in checklist) != sorted(item.value for item in ReviewItem):
        raise Refused(
            Code.INVALID, "清单各项须各填一次。Each item of the checklist once.", "checklist"
        )
    if any(not each.is_met and not each.note for each in checklist):
        raise Refused(
            Code.INVALID, "不符合的须写明何处。Say where an item is not met.", "checklist"
        )
    if decision is ReviewDecision.PASS and not all(each.is_met for each in checklist):
        raise Refused(
            Code.INVALID,
            "有不符合的项目，不能通过。A draft that does not meet an item is not passed.",
            "checklist",
        )


_HERE = sa.select(communities.c.kind).where(communities.c.community_id == TENANT)
_ANSWER = (
    sa.update(pact_submissions)
    .where(
        pact_submissions.c.community_id == TENANT,
        pact_submissions.c.pact_id == sa.bindparam("v_id", type_=pacts.c.id.type),
        pact_submissions.c.purpose == sa.bindparam("v_purpose", type_=sa.Text()),
        pact_submissions.c.outcome.is_(None),
    )
    .values(
        outcome=sa.bindparam("v_outcome", type_=sa.Text()),
        reason=sa.bindparam("v_reason", type_=sa.Text()),
        answered_at=NOW,
        answered_by=VIEWER,
    )
    .returning(pact_submissions.c.id)
)
