"""The server signs each statement about a secret vote with its own key, after the one before."""

from uuid import UUID

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tenants import audit
from tenants.columns import TENANT
from tenants.keyring import KeyRing
from tenants.transaction import Tx
from tenants.votes.publishing import Body, Statement, state
from tenants.votes.secret.tables import statements

SERVER = 0


def server_key(ring: KeyRing) -> Ed25519PrivateKey:
    """Return the key that signs statements and receipts; it stays the same for all votes."""
    return Ed25519PrivateKey.from_private_bytes(ring.derive("server", purpose="votes"))


def public_server_key(ring: KeyRing) -> bytes:
    """Return its public half, by which everybody checks them."""
    return server_key(ring).public_key().public_bytes_raw()


async def statements_of(tx: Tx, vote_id: UUID) -> list[Statement]:
    """Return what was said of a vote, in order."""
    rows = await tx.rows(_SAID, v_id=vote_id)
    return [Statement(row["body"], row["signature"].hex()) for row in rows]


async def say(tx: Tx, vote_id: UUID, body: Body, said: list[Statement]) -> Statement:
    """Say something in the server's name after what was `said`, and add it to that."""
    before = said[-1] if said else None
    signed = state({"vote": str(vote_id), **body}, SERVER, server_key(tx.ring), before)
    await keep(tx, vote_id, signed, said)
    return signed


async def keep(tx: Tx, vote_id: UUID, statement: Statement, said: list[Statement]) -> None:
    """Keep a signed statement after what was `said`, and add it to that."""
    await tx.insert(
        statements, vote_id=vote_id, number=len(said), body=statement.body,
        signature=bytes.fromhex(statement.signature),
    )  # fmt: skip
    await audit.record(tx, "vote.stated", subject=vote_id, reason=statement.hash.hex())
    said.append(statement)


_SAID = (
    sa.select(statements.c.body, statements.c.signature)
    .where(
        statements.c.community_id == TENANT,
        statements.c.vote_id == sa.bindparam("v_id", type_=statements.c.vote_id.type),
    )
    .order_by(statements.c.number)
)
