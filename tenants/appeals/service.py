"""Appeals to the street are opened inside the community and decided by an officer above it.

Officers are authorised in the district's own view and act inside the community (tenants.acting). What an
appeal is about is locked before the appeal itself, as everywhere.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.acting import acting
from tenants.appeals.policy import APPEAL_SUSPENSION, DECIDE_STREET_APPEAL, TAKE_TO_STREET
from tenants.boards.service import moderation
from tenants.boards.tables import cases, comments, posts
from tenants.columns import TENANT, bound
from tenants.membership.service import leaving
from tenants.membership.street_appeals import (
    ANSWER_WORKING_DAYS,
    StreetAppealKind,
    street_appeals,
)
from tenants.membership.tables import NOTE_LENGTH, member_records, members
from tenants.places.tables import communities
from tenants.procedure import Step
from tenants.statements import Lock
from tenants.taking import begin, take
from tenants.text import written
from tenants.transaction import Row, Tx
from tenants.workdays import after_working_days


async def appeal_suspension(tx: Tx, *, body: str) -> UUID:
    """Ask the street to lift the viewer's suspension; once for each."""
    # locked by a statement of its own: the rule looks at the member through the record
    member = await tx.row(_MEMBER, v_id=tx.viewer.id)
    record = await tx.find(member_records, tx.viewer.id, permit=APPEAL_SUSPENSION)
    assert member is not None  # noqa: S101 # a record belongs to a member
    body = written(body, NOTE_LENGTH, "body")

    appeal_id = await _open(
        tx,
        APPEAL_SUSPENSION,
        StreetAppealKind.SUSPENSION,
        body,
        member_id=member["id"],
        display_name=member["display_name"],
        suspended_until=record["suspended_until"],
        reason=record["suspended_reason"],
        acted_by=record["suspended_by"],
    )
    await tx.update(member_records, record["id"], suspension_appeal_id=appeal_id)
    await audit.record(tx, "suspension.appealed", subject=member["id"])
    return appeal_id


async def take_to_street(tx: Tx, *, case_id: UUID) -> UUID:
    """Take an appeal against a hiding to the street, where nobody here may or did decide it."""
    await moderation.lock_post_of_case(tx, case_id)
    case = await tx.find(cases, case_id, "caseId", permit=TAKE_TO_STREET)
    is_post = case["post_id"] is not None
    hidden = await tx.row(_HIDDEN[posts if is_post else comments], v_id=case["subject_id"])
    assert hidden is not None  # noqa: S101 # the rule saw it

    appeal_id = await _open(
        tx,
        TAKE_TO_STREET,
        StreetAppealKind.HIDDEN_POST if is_post else StreetAppealKind.HIDDEN_COMMENT,
        case["appeal"],
        member_id=case["author_id"],
        content=hidden["content"],
        reason=case["reason"],
        acted_by=case["decided_by"],
    )
    await tx.row(_ESCALATE, v_id=case["id"], v_street_appeal_id=appeal_id)
    await audit.record(tx, "appeal.escalated", subject=case["id"])
    return appeal_id


async def decide(tx: Tx, *, appeal_id: UUID, lift: bool, reason: str) -> UUID:
    """Lift what the appeal is against, or uphold it, with a reason; never in one's own case."""
    async with acting(
        tx, street_appeals, appeal_id, "appealId", permit=DECIDE_STREET_APPEAL, lock=Lock.NONE
    ) as (inside, seen):
        settle = _suspension if seen["kind"] == StreetAppealKind.SUSPENSION else _hiding
        await settle(inside, seen, lift=lift, reason=reason)
    return seen["id"]


async def _suspension(inside: Tx, seen: Row, *, lift: bool, reason: str) -> None:
    member = await inside.row(_MEMBER, v_id=seen["member_id"])
    assert member is not None  # noqa: S101 # an appeal belongs to a member
    reason = await _end(inside, seen["id"], lift=lift, reason=reason)
    if lift:
        await leaving.let_back(inside, member, reason)
    else:
        await audit.record(inside, "suspension.upheld", subject=member["id"], reason=reason)


async def _hiding(inside: Tx, seen: Row, *, lift: bool, reason: str) -> None:
    found = await inside.row(_CASE_OF, v_id=seen["id"])
    assert found is not None  # noqa: S101 # it was opened for a case
    await moderation.lock_post_of_case(inside, found["id"])
    case = await inside.row(_LOCKED_CASE_OF, v_id=seen["id"])
    assert case is not None  # noqa: S101 # as before
    reason = await _end(inside, seen["id"], lift=lift, reason=reason)
    await moderation.settle(inside, case, upheld=not lift, reason=reason)


async def _end(inside: Tx, appeal_id: UUID, *, lift: bool, reason: str) -> str:
    """Decide the appeal itself, unless the officer is a party to it; gives the reason as kept."""
    appeal = await inside.find(street_appeals, appeal_id, "appealId", permit=DECIDE_STREET_APPEAL)
    reason = written(reason, NOTE_LENGTH, "reason")

    state = "LIFTED" if lift else "UPHELD"
    await take(inside, DECIDE_STREET_APPEAL, appeal, to=state, words=reason)
    return reason


async def _open(tx: Tx, step: Step, kind: StreetAppealKind, words: str, **about: Any) -> UUID:
    place = await tx.row(_PLACE)
    assert place is not None  # noqa: S101 # a community is never deleted
    due = after_working_days(tx.now, ANSWER_WORKING_DAYS)
    appeal = await begin(tx, step, words=words, kind=kind.value, due_at=due, **place, **about)
    return appeal["id"]


_ID = bound(street_appeals.c.id)
_PLACE = sa.select(communities.c.district_id, communities.c.street_id).where(
    communities.c.community_id == TENANT
)
_MEMBER = (
    sa.select(members)
    .where(members.c.community_id == TENANT, members.c.id == _ID)
    .with_for_update(key_share=True)
)
_CASE_OF = sa.select(cases).where(cases.c.community_id == TENANT, cases.c.street_appeal_id == _ID)
_LOCKED_CASE_OF = _CASE_OF.with_for_update(key_share=True)
_ESCALATE = (
    sa.update(cases)
    .where(cases.c.community_id == TENANT, cases.c.id == _ID)
    .values(street_appeal_id=bound(cases.c.id, "street_appeal_id"))
)
_HIDDEN = {
    posts: sa.select(
        (posts.c.title + sa.literal_column(r"E'\n\n'") + posts.c.body).label("content")
    ).where(posts.c.community_id == TENANT, posts.c.id == _ID),
    comments: sa.select(comments.c.body.label("content")).where(
        comments.c.community_id == TENANT, comments.c.id == _ID
    ),
}
