"""Hash trees of published lists, as Certificate Transparency has them (RFC 6962, section 2.1)."""

from collections.abc import Sequence
from hashlib import sha256


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree over the leaves, in their order; 32 bytes."""
    level = [_leaf(leaf) for leaf in leaves]
    if not level:
        return sha256().digest()
    while len(level) > 1:
        level = _above(level)
    return level[0]


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from the leaf at `index` to the root, the lowest first."""
    level, path = [_leaf(leaf) for leaf in leaves], list[bytes]()
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _above(level), index // 2
    return path


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which a leaf at `index` of `size` leads by a proof (RFC 9162, 2.1.3.2).

    None where the proof is too short or too long for that place.
    """
    if not 0 <= index < size:
        return None
    node, last = _leaf(leaf), size - 1
    for step in path:
        # a node without a neighbour goes up as it is
        while last and not index & 1 and index == last:
            index, last = index >> 1, last >> 1
        if not last:
            return None
        node = _node(step, node) if index & 1 else _node(node, step)
        index, last = index >> 1, last >> 1
    while last and not index & 1 and index == last:
        index, last = index >> 1, last >> 1
    return None if last else node


def _leaf(data: bytes) -> bytes:
    return sha256(b"\0" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _above(level: list[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    return [_node(*pair) for pair in pairs] + level[len(level) // 2 * 2 :]
