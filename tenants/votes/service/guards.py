"""Some things must be so before owners may vote on a matter: who was told, and who changes its term."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.columns import NOW, TENANT, local_day
from tenants.errors import Code, Refused
from tenants.owners.tables import elections
from tenants.procedure import Facts
from tenants.text import written
from tenants.transaction import Tx
from tenants.votes.assemblies import assemblies
from tenants.votes.entries import TELL_AUTHORITIES
from tenants.votes.meetings import RECORD_LENGTH, meetings
from tenants.votes.rules import Matter, RuleSet
from tenants.workdays import day_of


async def record_told(tx: Tx, *, meeting_id: UUID, told_on: date, document: str) -> UUID:
    """Enter by which letter the residents' committee and the housing office were told of a meeting.

    Raises INVALID for a day that is still to come, and for a meeting that is not of owners.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=TELL_AUTHORITIES)
    if told_on > day_of(tx.now):
        raise Refused(Code.INVALID, "告知的日期还没有到。This day is still to come.", "toldOn")
    document = written(document, RECORD_LENGTH, "document")
    await tx.row(_TOLD, v_id=meeting["id"], v_on=told_on, v_by=document)
    await audit.record(tx, "meeting.authorities_told", subject=meeting["id"])
    return meeting["id"]


async def check_told(tx: Tx, meeting: Facts, rule: RuleSet) -> None:
    """Raise INVALID, with the article, if a special meeting was not told of in writing."""
    if rule.told_first is None or await tx.row(_UNTOLD, v_id=meeting["id"]) is None:
        return
    raise Refused(
        Code.INVALID,
        f"召开业主大会临时会议，须先将时间、地点和议题书面告知居委会和房管机构（{rule.told_first}）。\n"
        "The residents' committee and the housing office are told of a special meeting in writing first.",
        "meetingId",
    )


async def check_blocks(tx: Tx, matter: Matter, meeting: Facts, field: str) -> None:
    """Raise INVALID, with the article, if a matter is blocked while the owners' committee is changed."""
    source = matter.blocked.get("ELECTION")
    if source is None:
        return
    day = day_of(meeting["closes_at"])
    if await tx.row(_CHANGES, v_id=meeting["id"], v_day=day) is not None:
        raise Refused(
            Code.INVALID,
            f"业主委员会换届改选期间，不得将“{matter.name}”提交表决（{source}）。\n"
            "While the owners' committee changes its term, this matter is put to no vote.",
            field,
        )


_ID = sa.bindparam("v_id", type_=meetings.c.id.type)
_OF_MEETING = (assemblies.c.community_id == TENANT) & (assemblies.c.meeting_id == _ID)
_TOLD = (
    sa.update(assemblies)
    .where(_OF_MEETING)
    .values(
        told_on=sa.bindparam("v_on", type_=sa.Date()), told_by=sa.bindparam("v_by", type_=sa.Text())
    )
)
_UNTOLD = sa.select(assemblies.c.meeting_id).where(
    _OF_MEETING, assemblies.c.is_special, assemblies.c.told_on.is_(None)
)
# It has begun by the close, and is not over today.
_CHANGES = (
    sa.select(elections.c.starts_on)
    .join(
        assemblies,
        (assemblies.c.community_id == elections.c.community_id)
        & (assemblies.c.area_id == elections.c.area_id),
    )
    .where(
        _OF_MEETING,
        elections.c.community_id == TENANT,
        elections.c.starts_on <= sa.bindparam("v_day", type_=sa.Date()),
        elections.c.ends_on.is_(None) | (elections.c.ends_on >= local_day(NOW)),
    )
    .limit(sa.literal_column("1"))
)
