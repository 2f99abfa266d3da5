"""Cast a sealed ballot: each voter has one live envelope, which may be replaced until the close.

The server opens nothing and learns nothing of the choice: any 480 bytes are taken. What is no
ballot is found by the scrutineers, and counted as invalid.
"""

from base64 import b64decode

import rfc8785
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from tenants.columns import NOW, TENANT, VIEWER
from tenants.errors import Code, Refused, VersionConflict
from tenants.procedure import Facts
from tenants.transaction import Tx, unless_taken
from tenants.votes.dispute import RECEIPT
from tenants.votes.sealing import SEALED_SIZE, hash_of
from tenants.votes.secret.tables import envelopes
from tenants.votes.service.secret.notices import written
from tenants.votes.service.secret.statements import server_key

SEALED_LENGTH = SEALED_SIZE * 4 // 3  # as base64
_COPIED = "这份密封选票已由别人投出。These sealed bytes were cast by somebody else."


async def cast_sealed(tx: Tx, vote: Facts, sealed: str, replaces: int | None) -> None:
    """Put the viewer's envelope into the urn, or another in its place; sign its receipt.

    `vote` is locked in share mode, and open. Raises INVALID for bytes that are no envelope,
    VERSION_CONFLICT if the live envelope is another than `replaces`, and ALREADY_DONE for a copy of
    somebody else's.
    """
    ballot = _read(sealed)
    name = hash_of(ballot)
    body = {"at": written(tx.now), "ballot": name.hex(), "vote": str(vote["id"])}
    receipt = rfc8785.dumps(body)
    given = {
        "v_vote_id": vote["id"], "v_roll_id": vote["roll_id"], "v_hash": name,
        "v_sealed": ballot, "v_receipt": receipt.decode(),
        "v_signature": server_key(tx.ring).sign(RECEIPT + receipt),
    }  # fmt: skip
    async with unless_taken(tx, _COPIED, "sealed"):
        if replaces is None:
            done = await tx.row(_FIRST, **given)
        else:
            done = await tx.row(_CHANGE, **given, v_version=replaces)
    if done is None:
        live = await tx.row(_LIVE, v_vote_id=vote["id"])
        raise VersionConflict(None if live is None else live["version"], "replaces")


def _read(sealed: str) -> bytes:
    """Return the bytes of a sealed ballot."""
    try:
        ballot = b64decode(sealed, validate=True)
    except ValueError:
        ballot = b""
    if len(ballot) != SEALED_SIZE:
        raise Refused(
            Code.INVALID,
            f"密封选票须为 {SEALED_SIZE} 字节的 base64。A sealed ballot is {SEALED_SIZE} bytes as base64.",
            "sealed",
        )
    return ballot


def _given(column: sa.Column[object], name: str) -> sa.BindParameter[object]:
    return sa.bindparam(name, type_=column.type)


_SENT = {
    "hash": _given(envelopes.c.hash, "v_hash"),
    "sealed": _given(envelopes.c.sealed, "v_sealed"),
    "receipt": _given(envelopes.c.receipt, "v_receipt"),
    "signature": _given(envelopes.c.signature, "v_signature"),
    "cast_at": NOW,
}
_VOTE = _given(envelopes.c.vote_id, "v_vote_id")
_MINE = (
    (envelopes.c.community_id == TENANT)
    & (envelopes.c.vote_id == _VOTE)
    & (envelopes.c.voter_id == VIEWER)
)
_FIRST = (
    insert(envelopes)
    .values(
        community_id=TENANT, vote_id=_VOTE, voter_id=VIEWER,
        roll_id=_given(envelopes.c.roll_id, "v_roll_id"),
        first_at=NOW, version=sa.literal_column("1"), **_SENT,
    )
    .on_conflict_do_nothing(index_elements=["community_id", "vote_id", "voter_id"])
    .returning(envelopes.c.version)
)  # fmt: skip
_CHANGE = (
    sa.update(envelopes)
    .where(_MINE, envelopes.c.version == sa.bindparam("v_version", type_=sa.Integer()))
    .values(version=envelopes.c.version + sa.literal_column("1"), **_SENT)
    .returning(envelopes.c.version)
)
_LIVE = sa.select(envelopes.c.version).where(_MINE)
