"""Signatures on a pact: by a household online, or on paper and with help, entered by the staff."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT, VIEWER
from tenants.errors import Code, Refused
from tenants.membership.service import households
from tenants.membership.tables import BUILDING_LENGTH, ROOM_LENGTH, member_records
from tenants.membership.tables import households as household_table
from tenants.pacts.procedure import RECORD_SIGNATURE, SIGN
from tenants.pacts.tables import pacts
from tenants.pacts.words import SigningChannel
from tenants.procedure import Facts, Move
from tenants.statements import Lock
from tenants.taking import begin
from tenants.text import written
from tenants.transaction import Tx, unless_taken


async def sign(tx: Tx, *, pact_id: UUID) -> UUID:
    """Sign a pact for the viewer's household; raise ALREADY_DONE if the household has signed.

    Raises NOT_ELIGIBLE for who has no address here.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=SIGN, lock=Lock.SHARE)
    own = await tx.row(_OWN)
    if own is None or own["household_id"] is None:
        raise Refused(
            Code.NOT_ELIGIBLE,
            "您没有登记住址。No address of yours is registered.",
            "pactId",
        )
    return await _keep(tx, SIGN, pact, own["household_id"], SigningChannel.ONLINE)


async def record(
    tx: Tx, *, pact_id: UUID, building: str, room: str, channel: SigningChannel
) -> UUID:
    """Enter a signature on paper or taken down at the door; it counts once another confirms it.

    Raises ALREADY_DONE if the household has signed, however its address is written.
    """
    pact = await tx.find(pacts, pact_id, "pactId", permit=RECORD_SIGNATURE, lock=Lock.SHARE)
    if channel is SigningChannel.ONLINE:
        raise Refused(
            Code.INVALID,
            "线上签署由本户成员自己做。Only a member of the household signs online.",
            "channel",
        )
    household = await households.at(
        tx, written(building, BUILDING_LENGTH, "building"), written(room, ROOM_LENGTH, "room")
    )
    return await _keep(tx, RECORD_SIGNATURE, pact, household, channel)


async def _keep(
    tx: Tx, move: Move, pact: Facts, household_id: UUID, channel: SigningChannel
) -> UUID:
    await _lives_there(tx, pact, household_id)
    async with unless_taken(tx, "该户已签署。The household has signed already.", "pactId"):
        made = await begin(
            tx, move, community_id=tx.tenant, pact_id=pact["id"],
            version_id=pact["version_id"], household_id=household_id, channel=channel.value,
        )  # fmt: skip
    return made["id"]


async def _lives_there(tx: Tx, pact: Facts, household_id: UUID) -> None:
    """Raise NOT_ELIGIBLE for a household of another building than the pact is for."""
    if pact["building"] is None:
        return
    found = await tx.row(_ADDRESS, v_id=household_id)
    if found is None or found["address"].partition("/")[0] != pact["scope"]:
        raise Refused(
            Code.NOT_ELIGIBLE,
            f"只由{pact['building']}的住户签署。Only households of that building sign it.",
            "pactId",
        )


_OWN = sa.select(member_records.c.household_id).where(
    member_records.c.community_id == TENANT, member_records.c.id == VIEWER
)
_ADDRESS = sa.select(household_table.c.address).where(
    household_table.c.community_id == TENANT,
    household_table.c.id == sa.bindparam("v_id", type_=household_table.c.id.type),
)
