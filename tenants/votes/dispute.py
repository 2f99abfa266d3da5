"""Show by the voter's seed where a ballot was lost and who answers for it, without anybody's key.

A ballot passes four stations, and each is signed: the server's receipt, the urn's list, what the
first scrutineer handed on, and what the second opened. Whoever is shown the seed and the marks makes
the same bytes again, and looks for the first station that lacks them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from tenants.votes import sealing
from tenants.votes.sealing import Keys

RECEIPT = b"linli vote receipt v1\n"


class Finding(StrEnum):
    """It is what a dispute comes to."""

    COUNTED = "COUNTED"  # the ballot is in every list
    VOID = "VOID"  # it was opened, and is not marked as it may be
    UNOPENED = "UNOPENED"  # the quorum was missed, and no ballot was opened
    NOT_OF_THIS_RECEIPT = "NOT_OF_THIS_RECEIPT"  # seed and marks make another ballot, or no receipt
    LOST_BY_SERVER = "LOST_BY_SERVER"
    LOST_BY_FIRST = "LOST_BY_FIRST"
    LOST_BY_SECOND = "LOST_BY_SECOND"


class Verifier(Protocol):
    """It is a public Ed25519 key; `verify` raises where the signature is not its own."""

    def verify(self, signature: bytes, data: bytes, /) -> None:
        """Check a signature."""
        ...


@dataclass(frozen=True)
class Receipt:
    """It is what the server signed when it took a ballot: canonical JSON of `at`, `ballot` and `vote`."""

    body: str
    signature: bytes


def settle(
    file: Mapping[str, Any],
    server: Verifier,
    receipt: Receipt,
    seed: bytes,
    marks: bytes,
) -> tuple[Finding, int | None]:
    """Return what became of a ballot, and the place (1 to 3) of the scrutineer who lost it, if one did.

    `file` is the published file, which `linli_verify.py` found to hold; `server` is the server's key
    as it was known at the notice. A receipt that the voter replaced by a later one shows nothing.
    """
    said = [json.loads(each["body"]) for each in file["statements"]]
    notice = sha256(file["statements"][0]["body"].encode()).digest()
    first, second, third = (bytes.fromhex(holder["seal"]) for holder in said[0]["holders"])
    keys: Keys = (first, second, third)
    ballot = sealing.sealed(notice, keys, seed, marks)
    if not _is_receipt(receipt, server, said[0]["vote"], sealing.hash_of(ballot)):
        return Finding.NOT_OF_THIS_RECEIPT, None
    if sealing.leaf(ballot).hex() not in file["urn"]:
        return Finding.LOST_BY_SERVER, None
    openers = [each["by"] for each in said if each["type"] == "opened"]
    if not openers:
        return Finding.UNOPENED, None
    a, b = openers
    inner = sealing.inner_box(notice, keys, seed, marks, (a, b))
    if sha256(inner).hexdigest() not in file["passed"]:
        return Finding.LOST_BY_FIRST, a
    if (sealing.number(seed) + marks).hex() in file["ballots"]:
        return Finding.COUNTED, None
    if sha256(sealing.plain(notice, seed, marks)).hexdigest() in file["invalid"]:
        return Finding.VOID, None
    return Finding.LOST_BY_SECOND, b


def _is_receipt(receipt: Receipt, server: Verifier, vote: str, ballot: bytes) -> bool:
    try:
        server.verify(receipt.signature, RECEIPT + receipt.body.encode())
        body = json.loads(receipt.body)
    except Exception:  # noqa: BLE001 # whatever a key raises, it is not its signature
        return False
    return body.get("vote") == vote and body.get("ballot") == ballot.hex()
