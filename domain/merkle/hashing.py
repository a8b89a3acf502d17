"""A leaf and an inner node are hashed differently, so that neither can be passed off as the other (RFC 6962 §2.1)."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
"""Length of every hash of the tree: SHA-256 (RFC 6962 §2.1; RFC 9162 §2.1.1, where the hash is a parameter of the log)."""

LEAF_PREFIX: Final = b"\x00"
"""Comes before a record that is hashed as a leaf (RFC 6962 §2.1)."""

NODE_PREFIX: Final = b"\x01"
"""Comes before two hashes that are hashed as a node (RFC 6962 §2.1)."""

EMPTY_ROOT: Final = sha256(b"").digest()
"""Root of the tree without leaves: the hash of nothing (RFC 6962 §2.1, MTH({}))."""


def leaf_hash(record: bytes) -> bytes:
    """The 32 bytes that stand for a record in the tree: SHA-256(0x00 ‖ record) (RFC 6962 §2.1; RFC 9162 §2.1.1)."""
    return sha256(LEAF_PREFIX + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32 bytes that stand for two neighbours: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1; RFC 9162 §2.1.1)."""
    return sha256(NODE_PREFIX + left + right).digest()


def row_above(row: bytes) -> bytes:
    """One step up: the hashes of a row's pairs, from left to right; a last one without a neighbour goes up as it is.

    row: the concatenated 32-byte hashes of neighbours, from an even place on. Pairing until one hash is left gives the
    same tree as splitting at the largest power of two does (RFC 6962 §2.1, MTH(D[n]); RFC 9162 §2.1.2 builds it so).
    """
    paired = len(row) - len(row) % 64
    above = b"".join([sha256(b"\x01" + row[at : at + 64]).digest() for at in range(0, paired, 64)])
    return above + row[paired:]


def row_root(row: bytes) -> bytes:
    """The root over a row: MTH of the leaves below it (RFC 6962 §2.1). row: at least one hash, as for `row_above`."""
    while len(row) > HASH_BYTES:
        row = row_above(row)
    return row
