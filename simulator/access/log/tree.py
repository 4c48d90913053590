"""The Merkle tree of RFC 9162: root, proofs of inclusion and of consistency, and their checks. Source: section 2.1."""

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


def prove_consistency(leaves: Sequence[bytes], before: int) -> list[bytes]:
    """The proof that the tree of the first `before` leaves is the beginning of the whole tree.

    Raises:
        IndexError: there is no such tree, or it is empty.
    """
    if not 0 < before <= len(leaves):
        msg = f"no tree of {before} leaves to begin with; the tree has {len(leaves)}"
        raise IndexError(msg)
    return _subproof(leaves, before, whole=True)


def _subproof(leaves: Sequence[bytes], before: int, *, whole: bool) -> list[bytes]:
    if before == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if before <= split:
        return [*_subproof(leaves[:split], before, whole=whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], before - split, whole=False), root(leaves[:split])]


def consistent(before: int, after: int, path: Sequence[bytes], first: bytes, second: bytes) -> bool:
    """Whether `path` shows that the tree of `before` leaves with root `first` begins the one of `after`, `second`."""
    if not 0 < before <= after:
        return False
    if before == after:
        return not path and first == second
    rest = [first, *path] if before & (before - 1) == 0 else list(path)
    return bool(rest) and _grows(before - 1, after - 1, rest, (first, second))


def _grows(place: int, last: int, path: list[bytes], roots: tuple[bytes, bytes]) -> bool:
    while place % 2:
        place, last = place // 2, last // 2
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while place and not place % 2:
                place, last = place // 2, last // 2
        else:
            new = node_hash(new, step)
        place, last = place // 2, last // 2
    return last == 0 and (old, new) == roots
