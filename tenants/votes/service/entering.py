"""The staff enters for a meeting of owners service, who casts for co-owners, and proxies."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants import audit
from tenants.columns import NOW, TENANT, VIEWER, among
from tenants.errors import Code, NotFound, Refused
from tenants.membership.tables import members
from tenants.owners.tables import property_owners
from tenants.text import written
from tenants.transaction import Row, Tx
from tenants.votes.assemblies import ServiceWay, ballot_services, roll_owners
from tenants.votes.entries import ASSIGN_CASTER, RECORD_SERVICE, REGISTER_PROXY, REVOKE_PROXY
from tenants.votes.meetings import RECORD_LENGTH, meetings, voters
from tenants.votes.proxies import proxies, proxy_instructions
from tenants.votes.results import vote_ballots
from tenants.votes.rules import ProxyRule
from tenants.votes.service.papers import paper_of
from tenants.votes.service.rolls import few, rule_of
from tenants.votes.tables import votes

_NO_ENTRY = "不在名册上。Not on the roll."


async def record_service(
    tx: Tx,
    *,
    meeting_id: UUID,
    entry_ids: Sequence[UUID],
    way: ServiceWay,
    served_at: datetime,
    note: str | None,
) -> UUID:
    """Record that ballots were served on entries of the roll; what was entered before is replaced.

    Raises INVALID for a time before the notice or ahead, and NOT_FOUND for who is not on the roll.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=RECORD_SERVICE)
    few(entry_ids, "entryIds")
    if not meeting["noticed_at"] <= served_at <= tx.now:
        raise Refused(
            Code.INVALID,
            "送达时间须在公告之后，且不晚于现在。Served after the notice, and not ahead.",
            "servedAt",
        )
    done = await tx.rows(
        _SERVE, v_roll_id=meeting["roll_id"], v_ids=list(entry_ids),
        v_way=way.value, v_served_at=served_at,
        v_note=written(note, RECORD_LENGTH, "note") if note else None,
    )  # fmt: skip
    if {*entry_ids} - {row["voter_id"] for row in done}:
        raise Refused(Code.NOT_FOUND, _NO_ENTRY, "entryIds")
    await audit.record(tx, "meeting.ballots_served", subject=meeting["id"])
    return meeting["id"]


async def assign_caster(
    tx: Tx, *, meeting_id: UUID, entry_id: UUID, member_id: UUID, document: str
) -> UUID:
    """Record whom co-owners named to cast their ballot, or a developer, by which paper.

    Raises INVALID for one owner's own entry and for somebody who is none of the co-owners, and
    WRONG_STATE once a ballot was cast.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=ASSIGN_CASTER)
    document = written(document, RECORD_LENGTH, "document")
    owners = await tx.rows(_OWNERS, v_roll_id=meeting["roll_id"], v_voter_id=entry_id)
    entry = await tx.row(_ENTRY, v_roll_id=meeting["roll_id"], v_voter_id=entry_id)
    if entry is None:
        raise NotFound("entryId")
    is_person = entry["area"] is None or len(owners) == 1
    if is_person or (owners and member_id not in {row["member_id"] for row in owners}):
        raise Refused(
            Code.INVALID,
            "只有共有人才须推定一名投票人，且须是其中一位。Co-owners name one of them.",
            "memberId",
        )
    await _is_member(tx, member_id, "memberId")
    if await tx.row(_CAST, v_meeting_id=meeting["id"], v_voter_id=entry_id) is not None:
        raise Refused(Code.WRONG_STATE, "该户已投票。Its ballot was cast.", "entryId")
    await tx.row(
        _NAME, v_meeting_id=meeting["id"], v_roll_id=meeting["roll_id"], v_voter_id=entry_id,
        v_member_id=member_id, v_document=document,
    )  # fmt: skip
    await audit.record(tx, "meeting.caster_named", subject=meeting["id"])
    return meeting["id"]


async def register_proxy(
    tx: Tx,
    *,
    meeting_id: UUID,
    entry_id: UUID,
    holder_id: UUID,
    document: str,
    instructions: Mapping[UUID, Sequence[int]],
) -> UUID:
    """Register a written proxy with what it says of each matter that its principal votes on.

    Raises INVALID, with the source, where the rule set provides for none, and for a matter without
    an instruction or with one that is no ballot; ALREADY_DONE if there is one already.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=REGISTER_PROXY)
    rule = rule_of(meeting)
    if rule.proxy is not ProxyRule.WRITTEN_AS_INSTRUCTED:
        raise Refused(
            Code.INVALID,
            f"{rule.name}不得委托他人投票（{rule.source}）。Nobody votes for another in this body.",
            "meetingId",
        )
    document = written(document, RECORD_LENGTH, "document")
    entry = await tx.row(_ENTRY, v_roll_id=meeting["roll_id"], v_voter_id=entry_id)
    if entry is None:
        raise NotFound("entryId")
    await _is_member(tx, holder_id, "holderId")
    if entry["member_id"] == holder_id:
        raise Refused(Code.INVALID, "不能委托给投票人自己。Not to the voter.", "holderId")
    matters = await tx.rows(_VOTES_ON, v_meeting_id=meeting["id"], v_voter_id=entry_id)
    _instructed(matters, instructions)
    is_new = await tx.insert_new(
        proxies, meeting_id=meeting["id"], roll_id=meeting["roll_id"], voter_id=entry_id,
        holder_id=holder_id, document=document, entered_by=tx.viewer.id, entered_at=tx.now,
    )  # fmt: skip
    if not is_new:
        raise Refused(
            Code.ALREADY_DONE, "已登记委托，请先撤销。A proxy is registered already.", "entryId"
        )
    for vote in matters:
        await tx.insert(
            proxy_instructions, vote_id=vote["id"], voter_id=entry_id, meeting_id=meeting["id"],
            marks=list(instructions[vote["id"]]),
        )  # fmt: skip
    await audit.record(tx, "meeting.proxy_registered", subject=meeting["id"])
    return meeting["id"]


async def revoke_proxy(tx: Tx, *, meeting_id: UUID, entry_id: UUID) -> UUID:
    """Strike a proxy that was withdrawn; a ballot that was cast by it stays, and may be replaced."""
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=REVOKE_PROXY)
    given = {"v_meeting_id": meeting["id"], "v_voter_id": entry_id}
    await tx.row(_FORGET_INSTRUCTIONS, **given)
    if await tx.row(_FORGET_PROXY, **given) is None:
        raise NotFound("entryId")
    await audit.record(tx, "meeting.proxy_ended", subject=meeting["id"])
    return meeting["id"]


def _instructed(matters: Sequence[Row], instructions: Mapping[UUID, Sequence[int]]) -> None:
    """Raise INVALID unless there is an instruction for each matter, and each is a ballot."""
    if {*instructions} != {vote["id"] for vote in matters}:
        raise Refused(
            Code.INVALID,
            "须写明对其有权表决的每项议题的意见。Say what it wants in each matter that it votes on.",
            "instructions",
        )
    for vote in matters:
        if not paper_of(vote).is_valid(tuple(instructions[vote["id"]])):
            raise Refused(
                Code.INVALID,
                f"“{vote['question']}”的意见不合表决方式。No ballot of that matter.",
                "instructions",
            )


async def _is_member(tx: Tx, member_id: UUID, field: str) -> None:
    if await tx.row(_MEMBER, v_member_id=member_id) is None:
        raise NotFound(field)


_U = votes.c.id.type
_MEETING_ID = sa.bindparam("v_meeting_id", type_=_U)
_ROLL_ID = sa.bindparam("v_roll_id", type_=_U)
_VOTER_ID = sa.bindparam("v_voter_id", type_=_U)
_MEMBER_ID = sa.bindparam("v_member_id", type_=_U)
_AMONG = sa.any_(sa.bindparam("v_ids", type_=sa.ARRAY(_U)))
_MEMBER = (
    sa.select(members.c.id)
    .where(
        members.c.community_id == TENANT,
        members.c.id == _MEMBER_ID,
        members.c.state == sa.literal_column("'ACTIVE'"),
    )
    .with_for_update(read=True)
)
_ON_ROLL = (voters.c.community_id == TENANT) & (voters.c.roll_id == _ROLL_ID)
_ENTRY = sa.select(voters.c.area, voters.c.member_id).where(
    _ON_ROLL, voters.c.voter_id == _VOTER_ID
)
_SERVED = {
    "way": sa.bindparam("v_way", type_=sa.Text()),
    "served_at": sa.bindparam("v_served_at", type_=ballot_services.c.served_at.type),
    "note": sa.bindparam("v_note", type_=sa.Text()),
    "entered_by": VIEWER,
    "entered_at": NOW,
}
_SERVE = (
    insert(ballot_services)
    .from_select(
        ["community_id", "roll_id", "voter_id", *_SERVED],
        sa.select(
            voters.c.community_id, voters.c.roll_id, voters.c.voter_id, *_SERVED.values(),
        ).where(_ON_ROLL, voters.c.voter_id == _AMONG),
    )
    .on_conflict_do_update(index_elements=list(ballot_services.primary_key.columns), set_=_SERVED)
    .returning(ballot_services.c.voter_id)
)  # fmt: skip
_OWNERS = (
    sa.select(property_owners.c.member_id)
    .select_from(roll_owners)
    .join(
        property_owners,
        (property_owners.c.community_id == roll_owners.c.community_id)
        & (property_owners.c.id == roll_owners.c.owner_id),
    )
    .where(
        roll_owners.c.community_id == TENANT,
        property_owners.c.community_id == TENANT,
        roll_owners.c.roll_id == _ROLL_ID,
        roll_owners.c.voter_id == _VOTER_ID,
    )
)
_OF_MEETING = (votes.c.community_id == TENANT) & (votes.c.meeting_id == _MEETING_ID)
_CAST = (
    sa.select(vote_ballots.c.voter_id)
    .join(
        votes,
        (votes.c.community_id == vote_ballots.c.community_id)
        & (votes.c.id == vote_ballots.c.vote_id),
    )
    .where(_OF_MEETING, vote_ballots.c.community_id == TENANT, vote_ballots.c.voter_id == _VOTER_ID)
    .limit(sa.literal_column("1"))
)
# on the roll of the meeting, and on those of its matters of some buildings
_NAME = (
    sa.update(voters)
    .where(
        voters.c.community_id == TENANT,
        voters.c.voter_id == _VOTER_ID,
        (voters.c.roll_id == _ROLL_ID)
        | voters.c.roll_id.in_(sa.select(votes.c.roll_id).where(_OF_MEETING)),
    )
    .values(member_id=_MEMBER_ID, document=sa.bindparam("v_document", type_=sa.Text()))
)
# What somebody wants of a secret matter is written nowhere.
_VOTES_ON = (
    sa.select(votes)
    .join(
        voters,
        (voters.c.community_id == votes.c.community_id) & (voters.c.roll_id == votes.c.roll_id),
    )
    .where(
        _OF_MEETING,
        ~among(votes.c.state, "VOID"),
        among(votes.c.secrecy, "RECORDED"),
        voters.c.community_id == TENANT,
        voters.c.voter_id == _VOTER_ID,
    )
    .order_by(votes.c.id)
)
_FORGET_INSTRUCTIONS = sa.delete(proxy_instructions).where(
    proxy_instructions.c.community_id == TENANT,
    proxy_instructions.c.meeting_id == _MEETING_ID,
    proxy_instructions.c.voter_id == _VOTER_ID,
)
_FORGET_PROXY = (
    sa.delete(proxies)
    .where(
        proxies.c.community_id == TENANT,
        proxies.c.meeting_id == _MEETING_ID,
        proxies.c.voter_id == _VOTER_ID,
    )
    .returning(proxies.c.voter_id)
)
