"""The roll of a vote says who may vote; it is published with a notice and frozen at the opening."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import NOW, TENANT
from tenants.errors import Code, Refused
from tenants.membership.tables import member_records, members
from tenants.procedure import Facts
from tenants.text import written
from tenants.transaction import Row, Tx
from tenants.votes.ballots import Unit
from tenants.votes.households import household_of, is_settled, speaks_for
from tenants.votes.meetings import REASON_LENGTH, meetings, rolls, voters
from tenants.votes.procedure import FROZEN, SET_ROLL
from tenants.votes.rules import RuleSet, kept
from tenants.votes.service.heads import take_owners

MOST_AT_ONCE = 500
# who belongs to a meeting of representatives; somebody who is both counts as of the committee
_CHOSEN = ("COMMITTEE_MEMBER", "REPRESENTATIVE")


class Size(NamedTuple):
    """It says how large a roll is."""

    voters: int
    area: int | None

    def of(self, unit: Unit) -> int:
        """Return how large it is in a unit."""
        return self.voters if unit is not Unit.AREA or self.area is None else self.area


async def new_roll(tx: Tx, *units: Unit) -> UUID:
    """Make an empty roll, counted in these units."""
    roll_id = tx.new_id()
    await tx.insert(
        rolls,
        id=roll_id,
        units=[unit.value for unit in units],
        voters=0,
        area=None,
        frozen_at=None,
    )
    return roll_id


async def set_roll(
    tx: Tx,
    *,
    meeting_id: UUID,
    every_member: bool,
    add_ids: Sequence[UUID],
    remove_ids: Sequence[UUID],
    reason: str | None,
) -> UUID:
    """Enter voters on the roll of a meeting, or take them off; after the notice for a reason only.

    The roll of owners is what their register says: it is taken anew, and takes no single voters.
    Raises NOT_FOUND for someone who is no member here, TOO_LONG for more than MOST_AT_ONCE, and
    INVALID if a roll that was announced would no longer be as its rule set asks.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=SET_ROLL)
    is_noticed = meeting["noticed_at"] is not None
    reason = written(reason or "", REASON_LENGTH, "reason") if reason or is_noticed else None
    few(add_ids, "addIds")
    few(remove_ids, "removeIds")
    roll = meeting["roll_id"]
    # the opening may have frozen it since the meeting was read
    held = await tx.row(_LOCK, v_id=roll)
    assert held is not None  # noqa: S101 # a meeting has a roll
    if held["frozen_at"] is not None:
        raise Refused(Code.WRONG_STATE, FROZEN)
    if Unit.AREA in rule_of(meeting).units:
        _none_by_hand([*add_ids, *remove_ids])
        await renew(tx, meeting)
    else:
        if every_member:
            await tx.row(_all_of(rule_of(meeting)), v_id=roll)
        await _enter_and_strike(tx, roll, add_ids, remove_ids)
    if is_noticed:
        await check_roll(tx, meeting)
    await audit.record(tx, "meeting.roll_set", subject=meeting["id"], reason=reason)
    return meeting["id"]


def _all_of(rule: RuleSet) -> sa.Insert:
    """Return the statement that enters all who are of a body: of households, who speaks for each."""
    if "representatives" in rule.composition:
        return _ALL_CHOSEN
    return _ALL_SPEAKERS if Unit.HOUSEHOLDS in rule.units else _EVERYBODY


async def _enter_and_strike(
    tx: Tx, roll_id: UUID, add_ids: Sequence[UUID], remove_ids: Sequence[UUID]
) -> None:
    added = await tx.rows(_ADD, v_id=roll_id, v_ids=list(add_ids))
    missing = {*add_ids} - {row["id"] for row in added}
    if missing:
        raise Refused(Code.NOT_FOUND, "不是本社区的成员。No member of this community.", "addIds")
    await tx.row(_REMOVE, v_id=roll_id, v_ids=list(remove_ids))
    await tx.row(_COUNT, v_id=roll_id)


def _none_by_hand(ids: Sequence[UUID]) -> None:
    if ids:
        raise Refused(
            Code.INVALID,
            "业主名册依产权登记，请先更正登记。Correct the register of owners: the roll is made of it.",
            "addIds",
        )


async def renew(tx: Tx, meeting: Facts) -> None:
    """Make the rolls of a meeting of owners anew from their register."""
    for roll_id in await take_owners(tx, meeting):
        await tx.row(_COUNT, v_id=roll_id)


async def everybody(tx: Tx, roll_id: UUID) -> None:
    """Enter every member of this moment who is not on the roll yet."""
    await tx.row(_EVERYBODY, v_id=roll_id)


async def freeze(tx: Tx, roll_id: UUID) -> None:
    """Count the roll; from now on it does not change."""
    # held by a statement of its own: only then does the count see what the last change entered
    await tx.row(_LOCK, v_id=roll_id)
    await tx.row(_FREEZE, v_id=roll_id)


async def freeze_meetings(tx: Tx, meeting_id: UUID) -> None:
    """Freeze the roll of a meeting with one of its matters that has a roll of its own."""
    row = await tx.row(_ROLL_OF, v_id=meeting_id)
    assert row is not None  # noqa: S101 # the matter is of a meeting
    await freeze(tx, row["roll_id"])


async def size_of(tx: Tx, roll_id: UUID) -> Size:
    """Return how many are on a roll, and of owners their area in 0.01 m²."""
    row = await tx.row(_SIZE, v_id=roll_id)
    assert row is not None  # noqa: S101 # a vote has a roll
    return Size(row["voters"], row["area"])


def rule_of(meeting: Facts) -> RuleSet:
    """Return the rule set that a meeting was drafted under."""
    return kept(meeting["rule_code"], meeting["rule_from"])


def few(ids: Sequence[UUID], field: str) -> None:
    """Raise TOO_LONG for more than MOST_AT_ONCE ids in an input."""
    if len(ids) > MOST_AT_ONCE:
        raise Refused(
            Code.TOO_LONG, f"一次至多 {MOST_AT_ONCE} 人。At most {MOST_AT_ONCE} at once.", field
        )


async def check_roll(tx: Tx, meeting: Facts) -> None:
    """Raise INVALID if the roll is empty, has two of a household, or too few representatives."""
    rule = rule_of(meeting)
    if Unit.AREA in rule.units:
        if not (await size_of(tx, meeting["roll_id"])).voters:
            raise Refused(
                Code.INVALID,
                f"尚未登记业主和面积（{rule.source}）。No owner is registered.",
                "meetingId",
            )
        return
    people = await tx.rows(_PEOPLE, v_id=meeting["roll_id"])
    if not people:
        raise Refused(Code.INVALID, "名册是空的。The roll is empty.", "meetingId")
    if Unit.HOUSEHOLDS in rule.rule.quorum:
        households = [row["household_id"] for row in people]
        if None in households or len({*households}) < len(households):
            raise Refused(
                Code.INVALID,
                f"每户只列一名代表，且须登记住址（{rule.source}）。One voter for each household, with its address.",
                "meetingId",
            )
        if await tx.row(_NOT_SPEAKING, v_id=meeting["roll_id"]) is not None:
            raise Refused(
                Code.INVALID,
                "名册上有人不是该户推定的代表，或者该户推定了不同的人、尚待裁定。\n"
                "Somebody on the roll is not whom their household names, or it names several.",
                "meetingId",
            )
    _are_representatives(rule, people)


def _are_representatives(rule: RuleSet, people: Sequence[Row]) -> None:
    """Raise INVALID if a rule set wants representatives, and there are others or too few."""
    needed = rule.composition.get("representatives")
    if needed is not None:
        if any(set(_CHOSEN).isdisjoint(row["roles"]) for row in people):
            raise Refused(
                Code.INVALID,
                f"只列居委委员和代表（{rule.source}）。Only the committee and the representatives.",
                "meetingId",
            )
        chosen = sum("COMMITTEE_MEMBER" not in row["roles"] for row in people)
        if not needed.is_met(chosen, len(people)):
            raise Refused(
                Code.INVALID,
                f"代表 {chosen} / {len(people)}，须 {needed}（{rule.source}）。Too few representatives.",
                "meetingId",
            )


_ID = sa.bindparam("v_id", type_=rolls.c.id.type)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(members.c.id.type)))
_ON_ROLL = (voters.c.community_id == TENANT) & (voters.c.roll_id == _ID)
_IS_NEW = ~sa.exists(
    sa.select(voters.c.voter_id).where(_ON_ROLL, voters.c.voter_id == members.c.id)
)
_COLUMNS = ["community_id", "roll_id", "voter_id", "member_id"]
_MEMBER = (members.c.community_id == TENANT) & (members.c.state == sa.literal_column("'ACTIVE'"))


def _enter(condition: sa.ColumnElement[bool]) -> sa.Insert:
    """Enter the members of such a kind who are not on the roll yet."""
    chosen = sa.select(members.c.community_id, _ID, members.c.id, members.c.id)
    return sa.insert(voters).from_select(_COLUMNS, chosen.where(_MEMBER, condition, _IS_NEW))


_EVERYBODY = _enter(sa.true())
_ALL_CHOSEN = _enter(
    sa.or_(*(sa.literal_column(f"'{role}'") == sa.any_(members.c.roles) for role in _CHOSEN))
)
_HOUSEHOLD = household_of(members.c.id)
_ALL_SPEAKERS = _enter(_HOUSEHOLD.is_not(None) & speaks_for(_HOUSEHOLD, members.c.id))
_FOUND = sa.select(members.c.community_id, members.c.id).where(_MEMBER, members.c.id == _AMONG)
_ENTERED = _enter(members.c.id == _AMONG).returning(voters.c.voter_id).cte("entered")
_ADD = _FOUND.with_only_columns(members.c.id).add_cte(_ENTERED)
_REMOVE = sa.delete(voters).where(_ON_ROLL, voters.c.voter_id == _AMONG)
_SIZE_NOW = sa.select(sa.cast(sa.func.count(), sa.Integer())).where(_ON_ROLL).scalar_subquery()
_IS_ROLL = (rolls.c.community_id == TENANT) & (rolls.c.id == _ID)
_LOCK = sa.select(rolls.c.frozen_at).where(_IS_ROLL).with_for_update(key_share=True)
_AREA_NOW = (
    sa.select(sa.cast(sa.func.sum(voters.c.area), sa.Integer())).where(_ON_ROLL).scalar_subquery()
)
_COUNT = sa.update(rolls).where(_IS_ROLL).values(voters=_SIZE_NOW, area=_AREA_NOW)
_FREEZE = (
    sa.update(rolls)
    .where(_IS_ROLL, rolls.c.frozen_at.is_(None))
    .values(voters=_SIZE_NOW, area=_AREA_NOW, frozen_at=NOW)
)
_ROLL_OF = sa.select(meetings.c.roll_id).where(
    meetings.c.community_id == TENANT, meetings.c.id == _ID
)
_SIZE = sa.select(rolls.c.voters, rolls.c.area).where(_IS_ROLL)
_NOT_SPEAKING = (
    sa.select(voters.c.voter_id)
    .join(
        members,
        (members.c.community_id == voters.c.community_id) & (members.c.id == voters.c.voter_id),
    )
    .where(
        _ON_ROLL,
        members.c.community_id == TENANT,
        is_settled(_HOUSEHOLD) & ~speaks_for(_HOUSEHOLD, members.c.id),
    )
    .limit(sa.literal_column("1"))
)
_PEOPLE = (
    sa.select(members.c.roles, member_records.c.household_id)
    .select_from(voters)
    .join(
        members,
        (members.c.community_id == voters.c.community_id) & (members.c.id == voters.c.voter_id),
    )
    .outerjoin(
        member_records,
        (member_records.c.community_id == TENANT)
        & (member_records.c.community_id == members.c.community_id)
        & (member_records.c.id == members.c.id),
    )
    .where(_ON_ROLL, members.c.community_id == TENANT)
)
