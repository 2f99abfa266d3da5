"""A scrutineer needs no network and no file here: two keys of one seed open one layer of each box.

The keys are of one vote. Everything that is opened is checked before: who closed the urn, when, and
that the boxes are the ones that lay in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256, sha512

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tenants.votes import sealing
from tenants.votes.merkle import root
from tenants.votes.publishing import SIGNED, Statement, opened_body, state
from tenants.votes.sealing import PAIRS

KEY_BYTES, SIGNATURE_BYTES = 32, 64
SCRUTINY = b"linli scrutiny v1\n"


class Unfit(Exception):
    """It is raised where what was given to open is not the urn of the vote; the message says why."""


@dataclass(frozen=True)
class KeyPair:
    """It holds the keys of a scrutineer: one opens a layer of the ballots, the other signs what they say."""

    seed: bytes

    @property
    def sealing(self) -> bytes:
        """Return the X25519 key that opens."""
        return sha512(self.seed + b"seal").digest()[:32]

    @property
    def signing(self) -> Ed25519PrivateKey:
        """Return the Ed25519 key that signs."""
        return Ed25519PrivateKey.from_private_bytes(sha512(self.seed + b"sign").digest()[:32])

    @property
    def seal_key(self) -> bytes:
        """Return the public key that voters seal to."""
        return sealing.public_key(self.sealing)

    @property
    def sign_key(self) -> bytes:
        """Return the public key that checks what was signed."""
        return self.signing.public_key().public_bytes_raw()


@dataclass(frozen=True)
class Handed:
    """It is what a scrutineer is given: what was said so far, the urn's leaves, and the boxes.

    `boxes` are sorted: for the first of a pair the outer boxes, for the second what the first handed
    on.
    """

    said: Sequence[Statement]
    leaves: Sequence[bytes]
    boxes: Sequence[bytes]


def shown(what: str, vote: str, seal_key: bytes, sign_key: bytes, at: datetime) -> bytes:
    """Return the bytes that are signed to show the keys of a vote, or that they are destroyed.

    `what` is `keys` or `destroyed`.
    """
    moment = int(at.timestamp())
    return SCRUTINY + f"{what} {vote} {seal_key.hex()} {sign_key.hex()} {moment}".encode()


def accepted(vote: str, seal_key: bytes, sign_key: bytes) -> bytes:
    """Return the bytes that a person signs with their new key to register both."""
    return SCRUTINY + f"accept {vote} {seal_key.hex()} {sign_key.hex()}".encode()


def holds(key: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether a signature of these bytes is this public key's."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def opened(
    keys: KeyPair, place: int, pair: tuple[int, int], handed: Handed, server: bytes, now: datetime
) -> tuple[Statement, list[bytes]]:
    """Open one layer of every box; return what is said of it, signed, and the sorted contents.

    `server` is the server's public key as it was known before. Raises Unfit.
    """
    check(handed, place, pair, server, now)
    found = sealing.opened(handed.boxes, keys.seal_key, keys.sealing)
    body = opened_body(found.items, found.repeated, found.unreadable)
    vote = handed.said[0].said["vote"]
    return (
        state({"vote": vote, **body}, place, keys.signing, handed.said[-1]),
        found.items,
    )


def check(handed: Handed, place: int, pair: tuple[int, int], server: bytes, now: datetime) -> None:
    """Check what is given to open; raises Unfit with the first thing that does not hold."""
    said = [each.said for each in handed.said]
    extended = [each for each in said if each["type"] == "extended"]
    is_first = place == pair[0]
    kinds = [
        "notice",
        *["extended" for _ in extended[:1]],
        "closed",
        *([] if is_first else ["opened"]),
    ]
    _ensure([each["type"] for each in said] == kinds, "not the statements so far")
    notice, closed = said[0], said[1 + len(extended)]
    _ensure(
        all(
            follows(each, before)
            for before, each in zip(handed.said, handed.said[1:], strict=False)
        ),
        "a statement does not follow from the one before",
    )
    first = bytes.fromhex(notice["holders"][pair[0] - 1]["sign"])
    _ensure(
        all(
            is_signed(each, first if each.said["type"] == "opened" else server)
            for each in handed.said
        ),
        "a statement is not signed by its author",
    )
    closes_at = [notice, *extended][-1]["closes_at"]
    _ensure(datetime.fromisoformat(closes_at) <= now, "the vote is not closed yet")
    _ensure(
        root(handed.leaves).hex() == closed["root"] and len(handed.leaves) == closed["count"],
        "not the urn that was closed",
    )
    if is_first:
        at = PAIRS.index(pair) * 32
        column = sorted(leaf[at : at + 32] for leaf in handed.leaves)
        _ensure(
            sorted(sha256(box).digest() for box in handed.boxes) == column, "not the urn's boxes"
        )
    else:
        listed = sorted(sha256(box).digest() for box in handed.boxes)
        opened = said[-1]
        _ensure(opened["by"] == pair[0], "not handed on by the first")
        _ensure(root(listed).hex() == opened["root"], "not the boxes that were handed on")


def follows(statement: Statement, before: Statement) -> bool:
    """Return whether a statement is of the same vote and names the one before."""
    said = statement.said
    return said["previous"] == before.hash.hex() and said["vote"] == before.said["vote"]


def is_signed(statement: Statement, key: bytes) -> bool:
    """Return whether this key signed a statement."""
    return holds(key, bytes.fromhex(statement.signature), SIGNED + statement.body.encode())


def _ensure(holds: bool, why: str) -> None:
    if not holds:
        raise Unfit(why)
