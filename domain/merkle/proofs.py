"""A short list of hashes proves that one event is in the log, or that an old log is the beginning of a new one (RFC 6962 §2.1).

Proofs are made from tiles and checked with nothing but themselves. A check answers yes or no and never raises, whatever
bytes it is given: they come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from .hashing import EMPTY_ROOT, HASH_BYTES, node_hash, row_above
from .tiles import HEIGHT, WIDTH, Tile, row_at, top_level


def inclusion_proof(leaf: int, size: int, tile: Tile) -> list[bytes]:
    """Proves that the leaf is in the tree of the first `size`: PATH(leaf, D[size]), from the leaf up (RFC 6962 §2.1.1; RFC 9162 §2.1.3).

    ValueError where that tree has no such leaf, Refused `ledger_damaged` where the tiles hold less than the tree.
    """
    if not 0 <= leaf < size:
        raise ValueError(f"leaf {leaf} is not in a tree of {size}")
    return _path(0, leaf, size, tile)


def consistency_proof(old: int, new: int, tile: Tile) -> list[bytes]:
    """Proves that the first `old` leaves begin the tree of the first `new`: PROOF(old, D[new]) (RFC 6962 §2.1.2; RFC 9162 §2.1.4).

    Empty for equal sizes and from nothing, which need no proof. ValueError where old is the larger one.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} does not begin one of {new}")
    if old in (0, new):
        return []
    height = (old & -old).bit_length() - 1  # of the last whole subtree that ends exactly where the old tree does
    index = (old - 1) >> height
    if index == 0:
        return _path(height, 0, new, tile)  # the old tree is that subtree, and its root is known
    tile_index, place = divmod(index, WIDTH >> height % HEIGHT)
    row = row_at(height // HEIGHT, tile_index, new, tile)
    for _ in range(height % HEIGHT):
        row = row_above(row)
    return [_hash(row, place), *_path(height, index, new, tile)]


def check_inclusion(leaf_hash: bytes, leaf: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash, at its place in a tree of `size`, to the root (RFC 9162 §2.1.3.2; RFC 6962 §2.1.1).

    False also for a place outside the tree and for any hash that is not 32 bytes long.
    """
    if not 0 <= leaf < size or not _are_hashes(leaf_hash, root, *proof):
        return False
    found, node, last = leaf_hash, leaf, size - 1
    for sibling in proof:
        if last == 0:
            return False  # longer than the way to the root
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:  # it went up without a neighbour
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with that of `old` (RFC 9162 §2.1.4.2; RFC 6962 §2.1.2).

    Equal sizes need equal roots and no proof; the empty tree begins every other, needs no proof, and has the one root it
    can have. False also for any hash that is not 32 bytes long.
    """
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)  # RFC 9162: a power of two is its own first node
    if not hashes or not proof:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    found_old = found_new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            found_old, found_new = node_hash(sibling, found_old), node_hash(sibling, found_new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _path(height: int, index: int, size: int, tile: Tile) -> list[bytes]:
    """The neighbours on the way from a node up to the root (RFC 6962 §2.1.1). height: 0 for leaves; index: its place in that row."""
    path: list[bytes] = []
    for level in range(height // HEIGHT, top_level(size) + 1):
        bottom = level * HEIGHT
        tile_index, place = divmod(index >> max(0, bottom - height), WIDTH >> max(0, height - bottom))
        row = row_at(level, tile_index, size, tile)
        for step in range(HEIGHT):
            if bottom + step >= height:
                neighbour = place ^ 1
                if neighbour * HASH_BYTES < len(row):
                    path.append(_hash(row, neighbour))
                place >>= 1
            row = row_above(row)
    return path


def _hash(row: bytes, place: int) -> bytes:
    return row[place * HASH_BYTES : (place + 1) * HASH_BYTES]


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(each) == HASH_BYTES for each in hashes)
