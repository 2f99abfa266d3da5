"""Test the bytes of a secret ballot against the published vector, and what two of three keys can open."""

from hashlib import sha256
from itertools import permutations
from random import Random

import pytest
from nacl.public import PrivateKey, PublicKey, SealedBox

from tenants.votes.sealing import (
    INNER_SIZE,
    ONION_SIZE,
    PAIRS,
    PLAIN_SIZE,
    SEALED_SIZE,
    hash_of,
    leaf,
    number,
    onion,
    opened,
    plain,
    public_key,
    sealed,
)


def b(k: int) -> bytes:
    """Return the bytes that the vector's keys are made of."""
    return bytes((i * k + 7) % 256 for i in range(32))


def test_the_published_vector() -> None:
    ballot = sealed(b(1), (b(3), b(5), b(9)), b(11), bytes([0, 1, 0]))
    assert len(ballot) == SEALED_SIZE == 480
    assert (
        sha256(ballot).hexdigest()
        == "a44b118e3a25ba163dd34ddd42b7c49f9880d5ac5627186b61d2da2d3a792fb3"
    )
    assert (
        hash_of(ballot).hex() == "b047c1087382a6cc0f3fefc8bbfe5df6e6c83e9f58e810f603d44091acb1e95e"
    )
    assert number(b(11)).hex() == "8c8292f386344976"
    assert len(leaf(ballot)) == 96


SECRETS = [sha256(f"scrutineer {n}".encode()).digest() for n in (1, 2, 3)]
KEYS = (public_key(SECRETS[0]), public_key(SECRETS[1]), public_key(SECRETS[2]))
NOTICE = sha256(b"notice").digest()


def cast(count: int) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Seeds, marks and sealed ballots of so many voters."""
    chance = Random(count)
    seeds = [chance.randbytes(32) for _ in range(count)]
    marks = [
        bytes(1 if n == chosen else 0 for n in range(3))
        for chosen in (chance.randrange(4) for _ in seeds)
    ]
    return seeds, marks, [sealed(NOTICE, KEYS, s, m) for s, m in zip(seeds, marks, strict=True)]


@pytest.mark.parametrize("pair", PAIRS)
def test_any_two_open_every_ballot_and_keep_no_order(pair: tuple[int, int]) -> None:
    seeds, marks, ballots = cast(40)
    boxes = [onion(ballot, pair) for ballot in ballots]
    for place, size in zip(pair, (INNER_SIZE, PLAIN_SIZE), strict=True):
        found = opened(boxes, KEYS[place - 1], SECRETS[place - 1])
        boxes = found.items
        assert boxes == sorted(boxes)
        assert {len(box) for box in boxes} == {size}
        assert (found.repeated, found.unreadable) == (0, [])
    assert boxes == sorted(plain(NOTICE, s, m) for s, m in zip(seeds, marks, strict=True))


def test_one_key_opens_no_ballot() -> None:
    _, _, (ballot,) = cast(1)
    for place in (1, 2, 3):
        for pair in PAIRS:
            found = opened([onion(ballot, pair)], KEYS[place - 1], SECRETS[place - 1])
            assert bool(found.items) == (pair[0] == place), "its own layer only"
            again = opened(found.items, KEYS[place - 1], SECRETS[place - 1])
            assert again.items == []


def test_boxes_are_libsodiums() -> None:
    _, _, (ballot,) = cast(1)
    inner = SealedBox(PrivateKey(SECRETS[0])).decrypt(onion(ballot, (1, 2)))
    assert len(SealedBox(PrivateKey(SECRETS[1])).decrypt(inner)) == PLAIN_SIZE
    by_libsodium = SealedBox(PublicKey(KEYS[0])).encrypt(inner)
    assert opened([by_libsodium], KEYS[0], SECRETS[0]).items == [inner]


def test_what_is_copied_or_spoilt_is_counted_apart() -> None:
    _, _, ballots = cast(5)
    boxes = [onion(ballot, (1, 2)) for ballot in ballots]
    junk = Random(1).randbytes(ONION_SIZE)
    found = opened([*boxes, boxes[2], junk, b""], KEYS[0], SECRETS[0])
    assert len(found.items) == 5
    assert found.repeated == 1
    assert found.unreadable == sorted(sha256(each).digest() for each in (junk, b""))


def test_the_same_seed_makes_the_same_ballot_and_other_marks_another() -> None:
    seed = b(4)
    marks = {bytes(each) for each in permutations((1, 0, 0))} | {bytes(3)}
    ballots = [sealed(NOTICE, KEYS, seed, each) for each in marks]
    assert ballots == [sealed(NOTICE, KEYS, seed, each) for each in marks]
    assert len(set(ballots)) == len(marks) == 4
    assert {len(ballot) for ballot in ballots} == {SEALED_SIZE}


def test_more_options_than_a_ballot_holds_are_refused() -> None:
    assert len(plain(NOTICE, b(1), bytes(48))) == PLAIN_SIZE
    with pytest.raises(ValueError, match="48"):
        plain(NOTICE, b(1), bytes(49))
