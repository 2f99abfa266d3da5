"""Merging (并案): what is the same matter is dealt with once; supporters move along."""

from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.petitions.policy import MERGE_INTO
from tenants.petitions.procedure import TOOK_IN
from tenants.petitions.service.moving import invalid
from tenants.petitions.service.supporting import move_along
from tenants.petitions.steps import MERGE
from tenants.petitions.tables import petitions
from tenants.petitions.words import Secrecy
from tenants.statements import Lock
from tenants.taking import note, said, take
from tenants.transaction import Tx

_WIDTH = {Secrecy.PRIVATE: 0, Secrecy.MEMBERS: 1, Secrecy.PUBLIC: 2}


async def merge(tx: Tx, *, petition_id: UUID, into_id: UUID, reason: str) -> UUID:
    """Merge a petition into another of this community that at least as many may read."""
    words = said(MERGE, reason)
    # whoever may not has no lock to take
    await tx.find(petitions, petition_id, "petitionId", permit=MERGE, lock=Lock.NONE)
    # two merges the other way round take these locks in the same order
    await tx.rows(_LOCK, v_id=petition_id, v_into_id=into_id)
    petition = await tx.find(petitions, petition_id, "petitionId", permit=MERGE)
    target = await tx.find(petitions, into_id, "intoId", permit=MERGE_INTO)
    if petition["id"] == target["id"]:
        raise invalid("不能并入自身。Not into itself.", "intoId")
    is_private = target["secrecy"] == Secrecy.PRIVATE
    if _WIDTH[petition["secrecy"]] > _WIDTH[target["secrecy"]] or (
        is_private and petition["author_id"] != target["author_id"]
    ):
        raise invalid(
            "并入的诉求须让原诉求人看得到。Its author and signers must be able to read that one.",
            "intoId",
        )
    if not target["is_listed"]:
        raise invalid("目标诉求尚未公开。That one is not shown yet.", "intoId")
    await take(tx, MERGE, petition, words=words, merged_into=target["id"])
    await note(tx, TOOK_IN, target)
    # a private letter has no signers, and its author signs nothing that neighbours could count
    if petition["secrecy"] != Secrecy.PRIVATE:
        await move_along(tx, petition, target)
    return petition["id"]


_LOCK = (
    sa.select(petitions.c.id)
    .where(
        petitions.c.community_id == TENANT,
        petitions.c.id.in_(
            [sa.bindparam(name, type_=petitions.c.id.type) for name in ("v_id", "v_into_id")]
        ),
    )
    .order_by(petitions.c.id)
    .with_for_update(key_share=True)
)
