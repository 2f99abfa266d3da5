"""Keep the Ed25519 keys that sign access tokens and audit checkpoints, one file each, mode 0600.

The newest key signs; all keys verify. Rotation adds a key, so nobody is signed out. A key that has
not signed for longer than any token lives is deleted at the next rotation.
"""

import base64
import os
import re
import secrets
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KID = re.compile(r"[0-9]{14}-[0-9a-f]{8}")
_RETIRED_AFTER_SECONDS = 2 * 24 * 3600
_RELOAD_SECONDS = 1.0


class Keys:
    """It holds the keys in one folder, which is read again when a token names an unknown key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._private: dict[str, Ed25519PrivateKey] = {}
        self._sealing: dict[str, AESSIV] = {}
        self._loaded_at = 0.0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._load()
        if not self._private:
            self.rotate()

    def rotate(self) -> str:
        """Add a key that signs from now on, delete long retired ones; return the new kid."""
        self._load()
        now = datetime.now(UTC)
        # of two keys of one second the later is the newest, too
        at = max([now, *(_made(kid) + timedelta(seconds=1) for kid in self._private)])
        kid = f"{at:%Y%m%d%H%M%S}-{secrets.token_hex(4)}"
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        path = self._folder / f"{kid}.pem"
        handle = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        path.with_suffix(".new").rename(path)
        self._drop_retired(now)
        self._load()
        return kid

    def signing(self) -> tuple[str, Ed25519PrivateKey]:
        """Return the newest key and its kid."""
        kid = max(self._private)
        return kid, self._private[kid]

    def sealing(self, kid: str) -> AESSIV:
        """Return the cipher for the part of tokens that only we read; raises KeyError."""
        made = self._sealing.get(kid)
        if made is None:
            secret = self._private[kid].private_bytes_raw()
            key = HKDF(hashes.SHA256(), 32, salt=None, info=b"linli: a part of a token")
            made = self._sealing[kid] = AESSIV(key.derive(secret))
        return made

    def verifying(self, kid: str) -> Ed25519PublicKey | None:
        """Return the public key of a kid or None; reads the folder at most once a second."""
        is_new = kid not in self._private and _KID.fullmatch(kid)
        if is_new and time.monotonic() - self._loaded_at > _RELOAD_SECONDS:
            self._load()
        key = self._private.get(kid)
        return key.public_key() if key else None

    def verifies(self, kid: str, signature: bytes, signed: bytes) -> bool:
        """Return whether a signature is valid and made by the key of this kid."""
        key = self.verifying(kid)
        if key is None:
            return False
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys as RFC 7517 defines them, at most one second old."""
        if time.monotonic() - self._loaded_at > _RELOAD_SECONDS:
            self._load()
        return {
            "keys": [
                {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": x}
                for kid, key in sorted(self._private.items())
                for x in [_base64url(key.public_key().public_bytes_raw())]
            ]
        }

    def _load(self) -> None:
        self._loaded_at = time.monotonic()
        loaded: dict[str, Ed25519PrivateKey] = {}
        for path in self._folder.glob("*.pem"):
            if _KID.fullmatch(path.stem):
                key = serialization.load_pem_private_key(path.read_bytes(), password=None)
                if isinstance(key, Ed25519PrivateKey):
                    loaded[path.stem] = key
        self._private = loaded

    def _drop_retired(self, now: datetime) -> None:
        """Delete each key whose successor has signed for longer than any token lives."""
        kids = sorted(p.stem for p in self._folder.glob("*.pem") if _KID.fullmatch(p.stem))
        for kid, successor in pairwise(kids):
            if (now - _made(successor)).total_seconds() > _RETIRED_AFTER_SECONDS:
                (self._folder / f"{kid}.pem").unlink(missing_ok=True)


def _made(kid: str) -> datetime:
    return datetime.strptime(kid[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
