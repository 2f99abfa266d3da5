"""The published file of a secret vote has what was said of it, and its lists."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants.columns import TENANT
from tenants.errors import NotFound
from tenants.transaction import Tx
from tenants.votes import publishing
from tenants.votes.publishing import Urn
from tenants.votes.sealing import INNER_SIZE
from tenants.votes.secret.tables import ListKind, openings
from tenants.votes.service.secret.keys import secret_vote
from tenants.votes.service.secret.statements import public_server_key, statements_of
from tenants.votes.service.secret.urns import HASH_SIZE, LEAF_SIZE, NUMBER_SIZE, items_of, parted
from tenants.votes.tables import votes


async def published(tx: Tx, vote_id: UUID) -> dict[str, Any]:
    """Return the file of a vote whose result is published, ready for JSON; raises NOT_FOUND."""
    vote = await secret_vote(tx, vote_id)
    if vote["published_at"] is None:
        raise NotFound("vote")
    said = await statements_of(tx, vote_id)
    pair = [each.said["by"] for each in said if each.said["type"] == "opened"]
    passed: list[bytes] = []
    if pair:
        row = await tx.row(_PASSED, v_id=vote_id, v_first=pair[0], v_second=pair[1])
        assert row is not None  # noqa: S101 # what the second opened was handed on
        passed = parted(row["content"], INNER_SIZE)
    ballots = await items_of(tx, vote_id, ListKind.BALLOTS, NUMBER_SIZE + vote["options"])
    invalid = await items_of(tx, vote_id, ListKind.INVALID, HASH_SIZE)
    leaves = await items_of(tx, vote_id, ListKind.URN, LEAF_SIZE)
    urn = Urn(leaves, passed, [])
    return publishing.document(public_server_key(tx.ring), said, urn, ballots, invalid)


_PASSED = sa.select(openings.c.content).where(
    openings.c.community_id == TENANT,
    openings.c.vote_id == sa.bindparam("v_id", type_=votes.c.id.type),
    openings.c.first == sa.bindparam("v_first", type_=sa.Integer()),
    openings.c.second == sa.bindparam("v_second", type_=sa.Integer()),
)
