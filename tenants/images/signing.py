"""Sign the URLs of images, which are valid for one to two hours.

An `<image>` of a mini-program sends no access token, so the URL itself grants access. PostgreSQL
prints the URLs into the answer with the same HMAC-SHA256 (RFC 2104) that is checked here. The key
is of one hour, so a URL in a log soon expires. Within the hour a URL stays the same, and clients
may cache what they loaded.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tenants.keyring import KeyRing

_WINDOW_SECONDS = 3600
_BLOCK_BYTES = 64
SIGNATURE_BYTES = 16


@dataclass
class Signer:
    """Sign and check URLs below `base`, the URL of the folder of files."""

    ring: KeyRing
    base: str
    clock: Callable[[], datetime]
    _values: dict[str, Any] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """Return the values that the views print a URL from: the expiry time, and the padded keys."""
        until = (int(self.clock().timestamp()) // _WINDOW_SECONDS + 2) * _WINDOW_SECONDS
        if self._values.get("until") != until:
            key = self._key(until)
            self._values = {
                "base": self.base,
                "until": until,
                "inner": _padded(key, 0x36),
                "outer": _padded(key, 0x5C),
            }
        return self._values

    def seconds_left(self, path: str, until: str, signature: str) -> int | None:
        """Return for how many seconds the URL of `path` is valid; None if it is not."""
        if not (until.isascii() and until.isdigit() and len(until) <= 12):
            return None
        left = int(until) - int(self.clock().timestamp())
        # no key is derived for an expiry time that none of our URLs has
        if not 0 < left <= 2 * _WINDOW_SECONDS:
            return None
        expected = hmac.digest(self._key(int(until)), path.encode(), "sha256")[:SIGNATURE_BYTES]
        given = signature.encode("utf-8", "surrogateescape")
        return left if hmac.compare_digest(expected.hex().encode(), given) else None

    def _key(self, until: int) -> bytes:
        return self.ring.derive(str(until), purpose="files")


def _padded(key: bytes, pad: int) -> bytes:
    return bytes(byte ^ pad for byte in key.ljust(_BLOCK_BYTES, b"\x00"))
