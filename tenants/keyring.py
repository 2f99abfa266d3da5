"""Encrypt personal data in the app with AES-256-GCM or SM4-GCM; each key of the ring is a file.

An envelope is `{"alg","kid","ct"}`, so that one algorithm can follow another without a migration.
Each key belongs to one algorithm. The newest key encrypts, and all keys decrypt. Two more keys
never change: one for blind indexes, which find equal values without decrypting them, and one to
derive tokens from tokens.
"""

import hmac
import os
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import orjson
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 12, 16
_RELOAD_SECONDS = 1.0
_RETIRED_AFTER = timedelta(days=1)
_KID = re.compile(r"[0-9]{14}-[0-9a-f]{8}")


class Unreadable(Exception):
    """The envelope was changed, belongs to another context, or its key is gone."""


class _Aead(Protocol):
    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


@dataclass(frozen=True)
class _Sm4Gcm:
    """It is GB/T 32907 (SM4) in the GCM mode of RFC 8998."""

    key: bytes

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        mode = Cipher(algorithms.SM4(self.key), modes.GCM(nonce)).encryptor()
        mode.authenticate_additional_data(associated_data)
        return mode.update(data) + mode.finalize() + mode.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        text, tag = data[:-_TAG_BYTES], data[-_TAG_BYTES:]
        mode = Cipher(algorithms.SM4(self.key), modes.GCM(nonce, tag)).decryptor()
        mode.authenticate_additional_data(associated_data)
        return mode.update(text) + mode.finalize()


@dataclass(frozen=True)
class _Key:
    algorithm: str
    cipher: _Aead


_CIPHERS: dict[str, Callable[[bytes], _Aead]] = {"A256GCM": AESGCM, "SM4-GCM": _Sm4Gcm}
# the length of a key determines its algorithm: the file holds nothing but the key
_LENGTHS = {"A256GCM": 32, "SM4-GCM": 16}
_BY_LENGTH = {length: algorithm for algorithm, length in _LENGTHS.items()}


class KeyRing:
    """It holds the keys of one folder, which only their owner can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._index = self._fixed("index")
        self._derive = self._fixed("derive")
        self._keys: dict[str, _Key] = {}
        self._load()
        if not self._keys:
            self.rotate()

    def seal(self, text: str, *, context: str) -> str:
        """Encrypt a text; it can only be decrypted with the same `context`."""
        if time.monotonic() - self._loaded_at > _RELOAD_SECONDS:
            self._load()  # another process may have rotated
        kid = max(self._keys)
        key, nonce = self._keys[kid], secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + key.cipher.encrypt(nonce, text.encode(), context.encode())
        return orjson.dumps({"alg": key.algorithm, "kid": kid, "ct": _base64url(sealed)}).decode()

    def open(self, envelope: str, *, context: str) -> str:
        """Decrypt an envelope; raise Unreadable if that fails."""
        try:
            parts = orjson.loads(envelope)
            key = self._key(parts["kid"])
            if parts["alg"] != key.algorithm:
                raise KeyError(key.algorithm)
            raw = _bytes(parts["ct"])
            text = key.cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
        except (InvalidTag, UnsupportedAlgorithm, KeyError, TypeError, ValueError):
            raise Unreadable("an envelope cannot be opened") from None
        return text.decode()

    def marks(self) -> dict[str, bytes]:
        """Return a mark of each key by its name: what shows that a ring has the key, and not the key."""
        return self.marks_in(self.folder)

    @staticmethod
    def marks_in(folder: Path) -> dict[str, bytes]:
        """Return the marks of the keys in a folder, which may lack any of them."""
        return {
            path.stem: hmac.digest(path.read_bytes(), b"mark", "sha256")
            for path in folder.glob("*.key")
        }

    def is_current(self, envelope: str) -> bool:
        """Return whether the envelope was encrypted with the newest key."""
        return orjson.loads(envelope)["kid"] == max(self._keys)

    def index(self, text: str, *, purpose: str) -> bytes:
        """Return the blind index of a text: equal for equal text and purpose, and not reversible."""
        return _mac(self._index, purpose, text)

    def derive(self, text: str, *, purpose: str) -> bytes:
        """Return 32 bytes derived from this text and purpose with our key."""
        return _mac(self._derive, purpose, text)

    def rotate(self, algorithm: str = "A256GCM") -> str:
        """Add a key of A256GCM or SM4-GCM that encrypts from now on; return its kid."""
        self._load()
        key = secrets.token_bytes(_LENGTHS[algorithm])
        # an OpenSSL without the algorithm fails here: such a key must not become the newest
        _CIPHERS[algorithm](key).encrypt(bytes(_NONCE_BYTES), b"", b"")
        at = max([datetime.now(UTC), *(_made(kid) + timedelta(seconds=1) for kid in self._keys)])
        kid = f"{at:%Y%m%d%H%M%S}-{secrets.token_hex(4)}"
        self._write(kid, key)
        self._load()
        return kid

    def retired(self) -> list[str]:
        """Return the kids of the keys that were replaced over a day ago."""
        before = datetime.now(UTC) - _RETIRED_AFTER
        return [kid for kid, successor in pairwise(sorted(self._keys)) if _made(successor) < before]

    def drop(self, kids: list[str]) -> None:
        """Delete retired keys; call it only after all data was encrypted with the newest key."""
        for kid in kids:
            (self.folder / f"{kid}.key").unlink(missing_ok=True)
        self._load()

    def _key(self, kid: str) -> _Key:
        if kid not in self._keys:
            self._load()
        return self._keys[kid]

    def _load(self) -> None:
        self._loaded_at = time.monotonic()
        keys: dict[str, _Key] = {}
        for path in self.folder.glob("*.key"):
            # another process may delete a key between the listing and the reading
            with suppress(FileNotFoundError):
                if _KID.fullmatch(path.stem):
                    keys[path.stem] = _read(path)
        self._keys = keys

    def _fixed(self, name: str) -> bytes:
        path = self.folder / f"{name}.key"
        if not path.exists():
            self._write(name, secrets.token_bytes(_KEY_BYTES))
        return path.read_bytes()

    def _write(self, name: str, key: bytes) -> None:
        """Write a key completely or not at all; an existing file is kept."""
        new = self.folder / f".{name}-{secrets.token_hex(4)}"
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        try:
            with suppress(FileExistsError):
                os.link(new, self.folder / f"{name}.key")
        finally:
            new.unlink()
        # data must not outlive the key that encrypted it, not even after a power failure
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _mac(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}\x00{text}".encode("utf-8", "surrogateescape"), "sha256")


def _read(path: Path) -> _Key:
    key = path.read_bytes()
    algorithm = _BY_LENGTH.get(len(key))
    if algorithm is None:
        raise ValueError(f"{path.name} has the length of no key")
    return _Key(algorithm, _CIPHERS[algorithm](key))


def _made(kid: str) -> datetime:
    return datetime.strptime(kid[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _bytes(text: str) -> bytes:
    """Decode strictly: Python's decoder skips characters outside the alphabet."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _base64url(raw) != text:
        raise ValueError
    return raw


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
