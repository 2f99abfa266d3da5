"""Seal the bytes of a secret ballot on the voter's device; two of three scrutineers open them.

The choice lies in two nested boxes (libsodium's sealed boxes), three times over: once for each pair
of the three scrutineers. All chance in it follows from one seed, which the device keeps: who is shown
the seed can make the same 480 bytes again. `‖` joins.

    plain     tag(8) ‖ number(8) ‖ marks(48)      tag = the first bytes of the notice's SHA-256
    onion ab  box(key a, box(key b, plain))       160 bytes, for the scrutineers a < b
    sealed    onion 12 ‖ onion 13 ‖ onion 23      480 bytes
    leaf      the SHA-256 of each onion           96 bytes
    hash      SHA-256(leaf), the ballot's name in receipts
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256, sha512

from nacl.bindings import crypto_box, crypto_box_seal_open, crypto_scalarmult_base
from nacl.exceptions import CryptoError

PAIRS = ((1, 2), (1, 3), (2, 3))
MOST_OPTIONS = 48
PLAIN_SIZE, INNER_SIZE, ONION_SIZE = 64, 112, 160
SEALED_SIZE = len(PAIRS) * ONION_SIZE
_NUMBER_SIZE = 8
Keys = tuple[bytes, bytes, bytes]


@dataclass(frozen=True)
class Opened:
    """It holds what a scrutineer hands on: the sorted contents, and what could not be handed on.

    Sorting is the shuffle: a sorted list has no other order. `repeated` is how many boxes held what
    another held; `unreadable` are the SHA-256 of boxes that did not open, sorted.
    """

    items: list[bytes]
    repeated: int
    unreadable: list[bytes]


def number(seed: bytes) -> bytes:
    """Return the number by which the voter finds their ballot in the published list; 8 bytes."""
    return _derived(seed, "number")[:_NUMBER_SIZE]


def plain(notice: bytes, seed: bytes, marks: bytes) -> bytes:
    """Return what lies in the inner box; `notice` is the SHA-256 of the vote's notice.

    Raises ValueError where there are more marks than a ballot has room for.
    """
    if len(marks) > MOST_OPTIONS:
        raise ValueError(f"a secret ballot has {MOST_OPTIONS} options at most")
    return notice[:_NUMBER_SIZE] + number(seed) + marks.ljust(MOST_OPTIONS, b"\0")


def sealed(notice: bytes, keys: Keys, seed: bytes, marks: bytes) -> bytes:
    """Return the 480 bytes that the device sends; `keys` are the scrutineers' public keys."""
    return b"".join(
        _box(
            keys[first - 1],
            inner_box(notice, keys, seed, marks, (first, second)),
            _derived(seed, f"outer {first}{second}"),
        )
        for first, second in PAIRS
    )


def inner_box(notice: bytes, keys: Keys, seed: bytes, marks: bytes, pair: tuple[int, int]) -> bytes:
    """Return what the first of a pair hands on to the second of this ballot."""
    label = f"inner {pair[0]}{pair[1]}"
    return _box(keys[pair[1] - 1], plain(notice, seed, marks), _derived(seed, label))


def onion(ballot: bytes, pair: tuple[int, int]) -> bytes:
    """Return the part of a sealed ballot that a pair of scrutineers opens."""
    start = PAIRS.index(pair) * ONION_SIZE
    return ballot[start : start + ONION_SIZE]


def leaf(ballot: bytes) -> bytes:
    """Return what stands for a sealed ballot in the list of the urn: the hash of each onion."""
    return b"".join(sha256(onion(ballot, pair)).digest() for pair in PAIRS)


def hash_of(ballot: bytes) -> bytes:
    """Return the ballot's name in receipts; 32 bytes."""
    return sha256(leaf(ballot)).digest()


def opened(boxes: Sequence[bytes], public: bytes, secret: bytes) -> Opened:
    """Open one layer of every box with a scrutineer's key pair."""
    contents: list[bytes] = []
    unreadable: list[bytes] = []
    for box in boxes:
        try:
            contents.append(crypto_box_seal_open(box, public, secret))
        except (CryptoError, ValueError):
            unreadable.append(sha256(box).digest())
    items = sorted(set(contents))
    return Opened(items, len(contents) - len(items), sorted(unreadable))


def public_key(secret: bytes) -> bytes:
    """Return the public half of a scrutineer's X25519 key."""
    return crypto_scalarmult_base(secret)


def _derived(seed: bytes, label: str) -> bytes:
    return sha512(seed + label.encode()).digest()[:32]


def _box(to: bytes, data: bytes, secret: bytes) -> bytes:
    """Seal as libsodium's crypto_box_seal does, with a secret that serves this box and no other."""
    public = crypto_scalarmult_base(secret)
    nonce = blake2b(public + to, digest_size=24).digest()
    return public + crypto_box(data, nonce, to, secret)
