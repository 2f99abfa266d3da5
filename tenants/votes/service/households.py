"""Somebody is named to speak for a household, or it is taken back, or one of two who are named is chosen."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.membership.tables import member_records, members
from tenants.statements import Lock
from tenants.text import written
from tenants.transaction import Tx
from tenants.votes.households import DECIDE, NAME, household_claims, household_rulings
from tenants.votes.meetings import REASON_LENGTH


async def name(tx: Tx, *, member_id: UUID | None) -> UUID:
    """Say who speaks for the viewer's household; None takes back what they said. Returns the viewer.

    What the committee decided before holds no longer. Raises WRONG_STATE where the viewer's household
    is not known, or nothing was said that could be taken back.
    """
    await tx.row(_LOCK)
    if member_id is not None:
        await tx.find(members, member_id, "memberId", permit=NAME, lock=Lock.SHARE)
        done = await tx.row(_CLAIM, v_id=member_id)
    else:
        done = await tx.row(_TAKE_BACK)
    if done is None:
        raise Refused(
            Code.WRONG_STATE,
            "您没有登记住址，或者没有推定过。Your address is not known, or you named nobody.",
            "memberId",
        )
    await tx.row(_UNRULE, v_household_id=done["household_id"])
    verb = (
        "household.representative_named" if member_id is not None else "household.claim_withdrawn"
    )
    await audit.record(tx, verb, subject=member_id or tx.viewer.id)
    return tx.viewer.id


async def decide(tx: Tx, *, member_id: UUID, reason: str) -> UUID:
    """Decide who of those named speaks for a household that names several."""
    member = await tx.find(members, member_id, "memberId", permit=DECIDE, lock=Lock.SHARE)
    reason = written(reason, REASON_LENGTH, "reason")
    await tx.row(_RULE, v_id=member["id"], v_reason=reason)
    await audit.record(tx, "household.representative_decided", subject=member["id"], reason=reason)
    return member["id"]


_ID = sa.bindparam("v_id", type_=members.c.id.type)
_OWN = (household_claims.c.community_id == TENANT) & (household_claims.c.named_by == VIEWER)
_LOCK = sa.select(household_claims.c.named_by).where(_OWN).with_for_update()
_NEW = insert(household_claims).from_select(
    ["community_id", "named_by", "household_id", "representative_id", "named_at"],
    sa.select(
        member_records.c.community_id, member_records.c.id, member_records.c.household_id, _ID, NOW
    ).where(
        member_records.c.community_id == TENANT,
        member_records.c.id == VIEWER,
        member_records.c.household_id.is_not(None),
    ),
)
_CLAIM = _NEW.on_conflict_do_update(
    index_elements=["community_id", "named_by"],
    set_={each: _NEW.excluded[each] for each in ("household_id", "representative_id", "named_at")},
).returning(household_claims.c.household_id)
_TAKE_BACK = sa.delete(household_claims).where(_OWN).returning(household_claims.c.household_id)
_UNRULE = sa.delete(household_rulings).where(
    household_rulings.c.community_id == TENANT,
    household_rulings.c.household_id
    == sa.bindparam("v_household_id", type_=household_rulings.c.household_id.type),
)
_RULING = insert(household_rulings).from_select(
    ["community_id", "household_id", "representative_id", "decided_by", "decided_at", "reason"],
    sa.select(
        member_records.c.community_id, member_records.c.household_id, member_records.c.id, VIEWER,
        NOW, sa.bindparam("v_reason", type_=sa.Text()),
    ).where(member_records.c.community_id == TENANT, member_records.c.id == _ID),
)  # fmt: skip
_RULE = _RULING.on_conflict_do_nothing()
