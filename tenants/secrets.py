"""What is personal is sealed in the app: AES-256-GCM under a ring of keys, each a file.

An envelope is `{"alg","kid","ct"}`, so that another algorithm (SM4) can follow without a migration.
The newest key seals, all of them open. Two more keys never change: one for blind indexes, by which
equal values are found without being read, one to derive tokens from tokens.
"""

import hmac
import os
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ALGORITHM = "A256GCM"
_KEY_BYTES, _NONCE_BYTES = 32, 12
_RELOAD_SECONDS = 1.0
_RETIRED_AFTER = timedelta(days=1)
_KID = re.compile(r"[0-9]{14}-[0-9a-f]{8}")


class Unreadable(Exception):
    """An envelope was changed, is not of this place, or its key is gone."""


class KeyRing:
    """The keys of one folder, readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._index = self._fixed("index")
        self._derive = self._fixed("derive")
        self._keys: dict[str, AESGCM] = {}
        self._load()
        if not self._keys:
            self.rotate()

    def seal(self, text: str, *, context: str) -> str:
        """Encrypt a text for one place; `context` names the place, and it opens nowhere else."""
        if time.monotonic() - self._loaded_at > _RELOAD_SECONDS:
            self._load()  # another process may have rotated
        kid = max(self._keys)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._keys[kid].encrypt(nonce, text.encode(), context.encode())
        return orjson.dumps({"alg": _ALGORITHM, "kid": kid, "ct": _base64url(sealed)}).decode()

    def open(self, envelope: str, *, context: str) -> str:
        """Decrypt an envelope; raises Unreadable."""
        try:
            parts = orjson.loads(envelope)
            if parts["alg"] != _ALGORITHM:
                raise KeyError(_ALGORITHM)
            key = self._key(parts["kid"])
            raw = urlsafe_b64decode(parts["ct"] + "=" * (-len(parts["ct"]) % 4))
            text = key.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
        except (InvalidTag, KeyError, TypeError, ValueError):
            raise Unreadable("an envelope cannot be opened") from None
        return text.decode()

    def is_current(self, envelope: str) -> bool:
        """Say whether the newest key sealed it."""
        return orjson.loads(envelope)["kid"] == max(self._keys)

    def index(self, text: str, *, purpose: str) -> bytes:
        """Give the blind index of a text: the same for the same text and purpose, and no way back."""
        return _mac(self._index, purpose, text)

    def derive(self, text: str, *, purpose: str) -> bytes:
        """Give 32 bytes that only this text, purpose and our key give."""
        return _mac(self._derive, purpose, text)

    def rotate(self) -> str:
        """Add a key that seals from now on; gives its kid."""
        kid = f"{datetime.now(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(4)}"
        self._write(kid, secrets.token_bytes(_KEY_BYTES))
        self._load()
        return kid

    def drop_retired(self) -> int:
        """Remove the keys that have not sealed for a day, once all was sealed anew; gives how many."""
        before = datetime.now(UTC) - _RETIRED_AFTER
        retired = [
            kid
            for kid, successor in pairwise(sorted(self._keys))
            if datetime.strptime(successor[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC) < before
        ]
        for kid in retired:
            (self._folder / f"{kid}.key").unlink(missing_ok=True)
        self._load()
        return len(retired)

    def _key(self, kid: str) -> AESGCM:
        if kid not in self._keys:
            self._load()
        return self._keys[kid]

    def _load(self) -> None:
        self._loaded_at = time.monotonic()
        paths = [p for p in self._folder.glob("*.key") if _KID.fullmatch(p.stem)]
        self._keys = {path.stem: AESGCM(path.read_bytes()) for path in paths}

    def _fixed(self, name: str) -> bytes:
        path = self._folder / f"{name}.key"
        if not path.exists():
            self._write(name, secrets.token_bytes(_KEY_BYTES))
        return path.read_bytes()

    def _write(self, name: str, key: bytes) -> None:
        """Write a key whole or not at all; whoever is first decides."""
        new = self._folder / f".{name}-{secrets.token_hex(4)}"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, self._folder / f"{name}.key")
        except FileExistsError:
            pass
        finally:
            new.unlink()


def _mac(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}\x00{text}".encode("utf-8", "surrogateescape"), "sha256")


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
