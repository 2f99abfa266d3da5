"""Open a vote: its roll is frozen, and the notice of a secret one is signed."""

import logging

from tenants.procedure import Facts, Row
from tenants.taking import take
from tenants.transaction import Tx
from tenants.votes.procedure import ALARMS, LAPSES, OPENS
from tenants.votes.service.rolls import everybody, freeze, freeze_meetings, size_of
from tenants.votes.service.secret.notices import LEAST_VOTERS, announce
from tenants.votes.tables import VoteSecrecy, VoteTrack

log = logging.getLogger("linli.votes")
_NO_KEYS = (
    "监票人没有全部出示密钥，秘密投票未能开始。The scrutineers' keys were not all shown in time."
)
_TOO_FEW = f"名册不足 {LEAST_VOTERS} 人，秘密投票无法保密。Fewer than {LEAST_VOTERS} on the roll: no secret."


async def open_(tx: Tx, vote: Facts) -> Row:
    """Open a vote; of a poll, the members of this moment are the roll.

    A secret vote of too few is void: the list alone would tell who voted how.
    """
    if vote["track"] == VoteTrack.POLL:
        await everybody(tx, vote["roll_id"])
    await freeze(tx, vote["roll_id"])
    if vote["buildings"] is not None:
        await freeze_meetings(tx, vote["meeting_id"])
    if vote["secrecy"] == VoteSecrecy.SECRET:
        if (await size_of(tx, vote["roll_id"])).voters < LEAST_VOTERS:
            return await take(tx, LAPSES, vote, words=_TOO_FEW)
        await announce(tx, vote)
    return await take(tx, OPENS, vote)


async def alarm(tx: Tx, vote: Facts) -> Row:
    """Tell that too few scrutineers have shown their keys, while the vote can still be voided."""
    log.warning("community %d: vote %s misses its scrutineers", tx.tenant, vote["id"])
    return await take(tx, ALARMS, vote)


async def lapse(tx: Tx, vote: Facts) -> Row:
    """End a secret vote whose keys were not shown before its close: it is void."""
    return await take(tx, LAPSES, vote, words=_NO_KEYS)
