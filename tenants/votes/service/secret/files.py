"""The published file of a secret vote is made once, when it is counted, and never changed."""

import gzip
from collections.abc import Sequence
from uuid import UUID

import orjson

from tenants.errors import NotFound
from tenants.transaction import Tx
from tenants.votes.publishing import Statement, Urn, document
from tenants.votes.secret.tables import ListKind
from tenants.votes.service.secret.keys import secret_vote
from tenants.votes.service.secret.lists import content_of, keep_list
from tenants.votes.service.secret.statements import public_server_key

# Most of the file is hexadecimal of chance: a higher level takes longer and saves nothing.
_LEVEL = 1


async def keep_file(
    tx: Tx,
    vote_id: UUID,
    said: Sequence[Statement],
    urn: Urn,
    ballots: Sequence[bytes],
    invalid: Sequence[bytes],
) -> None:
    """Make the file of a vote whose result is the last that was `said`, and keep its bytes."""
    found = document(public_server_key(tx.ring), said, urn, ballots, invalid)
    packed = gzip.compress(orjson.dumps(found), _LEVEL, mtime=0)
    await keep_list(tx, vote_id, ListKind.FILE, packed)


async def published(tx: Tx, vote_id: UUID) -> bytes:
    """Return the file of a vote whose result is published, gzipped; raises NOT_FOUND."""
    vote = await secret_vote(tx, vote_id)
    packed = await content_of(tx, vote_id, ListKind.FILE)
    if vote["published_at"] is None or packed is None:
        raise NotFound("vote")
    return packed
