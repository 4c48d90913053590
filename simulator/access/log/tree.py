"""The Merkle tree of RFC 9162: root, inclusion proof and its check. Source: RFC 9162 section 2.1."""

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32


def leaf_hash(content: bytes) -> bytes:
    """Hash of one leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes; of none, the hash of nothing."""
    level = list(leaves)
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def prove(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """The inclusion proof of the leaf at `place`, from the leaf upwards.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= place < len(leaves):
        msg = f"no leaf {place}; the tree has {len(leaves)}"
        raise IndexError(msg)
    level, path = list(leaves), []
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, place = paired + level[len(level) - len(level) % 2 :], place // 2
    return path


def proves(leaf: bytes, place: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` shows that `leaf` is at `place` of the tree of `size` leaves with the root `expected`."""
    if not 0 <= place < size:
        return False
    found, last, rest = leaf, size - 1, list(path)
    while last > 0:
        if place % 2 or place < last:
            if not rest:
                return False
            neighbour = rest.pop(0)
            found = node_hash(neighbour, found) if place % 2 else node_hash(found, neighbour)
        place, last = place // 2, last // 2
    return not rest and found == expected
