"""Hash trees against the vectors of transparency-dev/merkle, and against the RFC's own recursion."""

from hashlib import sha256
from random import Random

import pytest

from tenants.votes.merkle import proof, root, root_from

LEAVES = [
    bytes.fromhex(each)
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_transparency_dev(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


def test_one_leaf_of_transparency_dev() -> None:
    assert (
        root([b"L123456"]).hex()
        == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    )


def of_the_rfc(leaves: list[bytes]) -> bytes:
    """Return section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + of_the_rfc(leaves[:k]) + of_the_rfc(leaves[k:])).digest()


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 69])
def test_every_proof_leads_to_the_root_and_no_other(size: int) -> None:
    chance = Random(size)
    leaves = [chance.randbytes(8) for _ in range(size)]
    top = root(leaves)
    assert top == of_the_rfc(leaves)
    for index, leaf in enumerate(leaves):
        path = proof(leaves, index)
        assert root_from(leaf, index, size, path) == top
        assert root_from(leaf + b"x", index, size, path) != top
        assert root_from(leaf, index, size, [*path, b"\0" * 32]) is None
        assert not path or root_from(leaf, index, size, path[:-1]) is None
        if size > 1:
            assert root_from(leaf, (index + 1) % size, size, path) != top
    assert root_from(b"", size, size, []) is None
    assert root_from(b"", -1, size, []) is None
