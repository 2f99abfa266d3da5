"""This is a server as its background work sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tenants.db import Database
from tenants.files import Files


class Signer(Protocol):
    """It is a private key."""

    def sign(self, data: bytes, /) -> bytes:
        """Return the signature of the bytes."""
        ...


# Returns the current key and its name.
Signing = Callable[[], tuple[str, Signer]]


@dataclass(frozen=True)
class Server:
    """It holds what the background work of a server needs: the database, the files, keys and intervals.

    `checkpoints` is the folder of the audit's checkpoints, and `signing` gives the key that signs them.
    """

    database: Database
    files: Files
    checkpoints: Path
    signing: Signing
    checkpoint_seconds: float
    clock_seconds: float
    rates_seconds: float
    retention_days: float
