"""Co-signing (联名): each member once, each household once where the rule counts households."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.catalogue.tables import SupportBasis, support_rules
from tenants.columns import NOW, TENANT, bound
from tenants.membership.policy import IS_REPRESENTATIVE
from tenants.membership.tables import member_records, members
from tenants.owners.service.reading import heads_of, owners_of, register_of
from tenants.petitions.owed import owed_meetings
from tenants.petitions.policy import SUPPORT, WITHDRAW_SUPPORT
from tenants.petitions.procedure import GOAL_REACHED, MEETING_CALLED, MEETING_CANCELLED
from tenants.petitions.supports import petition_supports
from tenants.petitions.tables import petitions
from tenants.procedure import Facts
from tenants.taking import take
from tenants.transaction import Tx


async def support(tx: Tx, *, petition_id: UUID) -> UUID:
    """Sign a petition; when its goal is reached and the rule is confirmed, what it says follows."""
    # signatures change under this lock
    await tx.hold(petitions, petition_id)
    petition = await tx.find(petitions, petition_id, "petitionId", permit=SUPPORT)
    await sign(tx, petition, tx.viewer.id)
    return petition["id"]


async def withdraw(tx: Tx, *, petition_id: UUID) -> UUID:
    """Take a signature back, until the goal is reached."""
    await tx.hold(petitions, petition_id)
    petition = await tx.find(petitions, petition_id, "petitionId", permit=WITHDRAW_SUPPORT)
    await tx.row(_WITHDRAW, v_id=petition["id"], v_member_id=tx.viewer.id)
    await _recount(tx, petition)
    return petition["id"]


async def sign(tx: Tx, petition: Facts, member_id: UUID) -> None:
    """Note a signature on a locked petition, with the household that the signer is of now."""
    await tx.row(_SIGN, v_id=petition["id"], v_member_id=member_id)
    await _recount(tx, petition)


async def move_along(tx: Tx, source: Facts, target: Facts) -> None:
    """Have those who signed one petition, and its author, sign the one it is merged into."""
    for row in await tx.rows(_LIVE, v_id=source["id"]):
        if row["member_id"] != target["author_id"]:
            await tx.row(_SIGN, v_id=target["id"], v_member_id=row["member_id"])
    author = source["author_id"]
    if author is not None and author != target["author_id"]:
        await tx.row(_SIGN, v_id=target["id"], v_member_id=author)
    await _recount(tx, target)


async def meeting_called(tx: Tx, petition_id: UUID) -> None:
    """Note that the meeting that a petition asks for was announced: it is owed no longer."""
    await take(tx, MEETING_CALLED, await _locked(tx, petition_id))
    await tx.row(_SETTLE, v_id=petition_id)


async def meeting_cancelled(tx: Tx, petition_id: UUID) -> None:
    """Note that the meeting that a petition asks for was cancelled: it is owed as before."""
    petition = await _locked(tx, petition_id)
    await take(tx, MEETING_CANCELLED, petition)
    await _owe(tx, petition, petition["goal_reached_at"])


async def _locked(tx: Tx, petition_id: UUID) -> Facts:
    await tx.hold(petitions, petition_id)
    petition = await tx.row(_PETITION, v_id=petition_id)
    assert petition is not None  # noqa: S101 # the meeting names it
    return petition


async def _recount(tx: Tx, petition: Facts) -> None:
    counted = await tx.row(_COUNT, v_id=petition["id"])
    assert counted is not None  # noqa: S101 # a count is a row
    await tx.update(
        petitions, petition["id"],
        support_count=counted["adults"], household_count=counted["households"],
    )  # fmt: skip
    rule = await tx.row(_RULE, v_id=petition["goal_rule_id"]) if petition["goal"] else None
    # what is not confirmed is shown and triggers nothing
    if rule is None or not rule["is_confirmed"] or petition["goal_reached_at"] is not None:
        return
    if rule["basis"] == SupportBasis.OWNERS:
        reached = await owners_for(tx, petition)
    else:
        reached = counted[rule["basis"].lower()]
    if reached >= petition["goal"]:
        await take(tx, GOAL_REACHED, petition, words=rule["effect"])
        await _owe(tx, petition, tx.now)


async def owners_for(tx: Tx, petition: Facts) -> int:
    """Return how many owners support a petition: heads of whom somebody signed it, each once."""
    signed = {row["member_id"] for row in await tx.rows(_LIVE, v_id=petition["id"])}
    register = await register_of(tx, petition["property_area_id"])
    theirs = {each for each, owner in register.owners.items() if owner["member_id"] in signed}
    heads = await heads_of(tx, petition["property_area_id"], tx.now)
    return sum(not theirs.isdisjoint(owners_of(head)) for head in heads)


async def _owe(tx: Tx, petition: Facts, since: datetime) -> None:
    """Write down that the meeting that a petition asks for is owed."""
    await tx.insert(
        owed_meetings, petition_id=petition["id"], district_id=petition["district_id"],
        street_id=petition["street_id"], rule_id=petition["goal_rule_id"], owed_since=since,
    )  # fmt: skip


_ID = bound(petitions.c.id)
_PETITION = sa.select(petitions).where(petitions.c.community_id == TENANT, petitions.c.id == _ID)
_SETTLE = sa.delete(owed_meetings).where(
    owed_meetings.c.community_id == TENANT, owed_meetings.c.petition_id == _ID
)
_MEMBER = bound(petitions.c.id, "member_id")
_OF = (petition_supports.c.community_id == TENANT) & (petition_supports.c.petition_id == _ID)
_IS_LIVE = petition_supports.c.withdrawn_at.is_(None)
_SIGNED = {
    "community_id": members.c.community_id,
    "petition_id": _ID,
    "member_id": members.c.id,
    "household_id": member_records.c.household_id,
    "supported_at": NOW,
    "withdrawn_at": sa.cast(sa.null(), petition_supports.c.withdrawn_at.type),
}
_NEW = insert(petition_supports).from_select(
    list(_SIGNED),
    sa.select(*_SIGNED.values())
    .outerjoin_from(
        members,
        member_records,
        (member_records.c.community_id == TENANT)
        & (member_records.c.community_id == members.c.community_id)
        & (member_records.c.id == members.c.id),
    )
    .where(members.c.community_id == TENANT, members.c.id == _MEMBER),
)
_SIGN = _NEW.on_conflict_do_update(
    index_elements=["community_id", "petition_id", "member_id"],
    set_={name: _NEW.excluded[name] for name in ("supported_at", "withdrawn_at", "household_id")},
)
_WITHDRAW = (
    sa.update(petition_supports)
    .where(_OF, petition_supports.c.member_id == _MEMBER)
    .values(withdrawn_at=NOW)
)
_LIVE = sa.select(petition_supports.c.member_id).where(_OF, _IS_LIVE)
_COUNT = (
    sa.select(
        sa.cast(sa.func.count(), sa.Integer()).label("adults"),
        sa.cast(sa.func.count(sa.distinct(petition_supports.c.household_id)), sa.Integer()).label(
            "households"
        ),
        sa.cast(sa.func.count(sa.distinct(members.c.id)), sa.Integer()).label("representatives"),
    )
    .outerjoin_from(
        petition_supports,
        members,
        (members.c.community_id == TENANT)
        & (members.c.community_id == petition_supports.c.community_id)
        & (members.c.id == petition_supports.c.member_id)
        & IS_REPRESENTATIVE,
    )
    .where(_OF, _IS_LIVE)
)
_RULE = sa.select(support_rules).where(support_rules.c.id == bound(support_rules.c.id))
