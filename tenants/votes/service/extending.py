"""Extend the votes of a meeting, once, and only as its notice said."""

from datetime import datetime
from uuid import UUID

from tenants import audit
from tenants.errors import Code, Refused
from tenants.taking import take
from tenants.text import written
from tenants.transaction import Tx
from tenants.votes import publishing
from tenants.votes.entries import EXTEND
from tenants.votes.meetings import REASON_LENGTH, meetings
from tenants.votes.procedure import EXTENDED
from tenants.votes.service.meetings import matters_of
from tenants.votes.service.rolls import rule_of
from tenants.votes.service.secret import keys, notices, statements
from tenants.votes.tables import VoteSecrecy, VoteState


async def extend(tx: Tx, *, meeting_id: UUID, closes_at: datetime, reason: str) -> UUID:
    """Put off the close of a meeting's votes; of a secret one that is open, it is a signed statement.

    Raises INVALID, with the source, where the notice did not say that it may be, or not so long.
    """
    meeting = await tx.find(meetings, meeting_id, "meetingId", permit=EXTEND)
    reason = written(reason, REASON_LENGTH, "reason")
    until = meeting["extends_until"]
    if until is None:
        raise Refused(
            Code.INVALID,
            f"公告没有写明可以延期，{rule_of(meeting).source}也没有规定延期。\n"
            "Its notice said nothing of an extension, and no rule provides for one.",
            "meetingId",
        )
    if not meeting["closes_at"] < closes_at <= until:
        raise Refused(
            Code.INVALID,
            "须晚于原定截止，且不超过公告写明的时间。Later than its close, and no later than was announced.",
            "closesAt",
        )
    for vote in await matters_of(tx, meeting):
        if vote["state"] not in EXTENDED.from_:
            continue
        if vote["secrecy"] == VoteSecrecy.SECRET and vote["state"] == VoteState.OPEN:
            said = await statements.statements_of(tx, vote["id"])
            body = publishing.extended_body(notices.written(closes_at))
            await statements.say(tx, vote["id"], body, said)
        # who has shown the keys lately, is counted from the new close
        lately = await keys.counted(tx, vote["id"], closes_at)
        await take(tx, EXTENDED, vote, closes_at=closes_at, words=reason, **lately)
    await tx.update(
        meetings, meeting["id"], closes_at=closes_at, extended_at=tx.now, extended_by=tx.viewer.id,
        extension_reason=reason,
    )  # fmt: skip
    await audit.record(tx, "meeting.extended", subject=meeting["id"], reason=reason)
    return meeting["id"]
