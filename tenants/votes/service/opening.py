"""Opening a vote: its roll is frozen."""

from tenants.procedure import Facts, Row
from tenants.taking import take
from tenants.transaction import Tx
from tenants.votes.procedure import OPENS
from tenants.votes.service.rolls import everybody, freeze
from tenants.votes.tables import VoteTrack


async def open_(tx: Tx, vote: Facts) -> Row:
    """Open a vote; of a poll, the members of this moment are the roll."""
    if vote["track"] == VoteTrack.POLL:
        await everybody(tx, vote["roll_id"])
    await freeze(tx, vote["roll_id"])
    return await take(tx, OPENS, vote)
