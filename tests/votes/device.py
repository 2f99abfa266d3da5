"""A voter's device: seals a ballot for a vote as its notice says, and keeps what a dispute needs."""

import json
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tenants.votes import sealing
from tenants.votes.dispute import Receipt
from tenants.votes.sealing import Keys


@dataclass
class Device:
    """It is one ballot: its seed and marks, sealed for the notice of a vote."""

    notice: str
    marks: bytes
    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    receipt: Receipt | None = None

    @property
    def sealed(self) -> bytes:
        """Return the 480 bytes that are sent."""
        first, second, third = (
            bytes.fromhex(each["seal"]) for each in json.loads(self.notice)["holders"]
        )
        keys: Keys = (first, second, third)
        return sealing.sealed(sha256(self.notice.encode()).digest(), keys, self.seed, self.marks)

    @property
    def sent(self) -> str:
        """Return what is sent, as base64."""
        return b64encode(self.sealed).decode()

    @property
    def listed(self) -> str:
        """Return how the ballot stands in the published list."""
        return (sealing.number(self.seed) + self.marks).hex()

    @property
    def name(self) -> str:
        """Return the ballot's name in receipts."""
        return sealing.hash_of(self.sealed).hex()

    def keep(self, envelope: dict[str, Any]) -> None:
        """Keep the receipt of an answer, after looking that it is of these bytes."""
        assert envelope["hash"] == self.name
        self.receipt = Receipt(envelope["receipt"], bytes.fromhex(envelope["signature"]))
