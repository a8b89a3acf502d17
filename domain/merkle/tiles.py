"""The tree (RFC 6962 §2.1) is kept in tiles of 256 hashes, of which only those at the right edge ever grow.

Level 0 holds the leaf hashes, level 1 the roots of 256 leaves each, level 2 the roots of 65,536, and so on; a tile is
the concatenation of its hashes, and one that is full never changes again (the layout of c2sp.org/tlog-tiles). The rows
between two levels are worked out from the tile below when they are asked for. Nothing here reads or writes: a journal
hands in how its tiles are read and stores what `grown` gives, whichever database it stands on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from ..refusal import Refused
from .hashing import EMPTY_ROOT, HASH_BYTES, row_root

HEIGHT: Final = 8
"""Rows of the tree (RFC 6962 §2.1) from one level of tiles to the next."""

WIDTH: Final = 1 << HEIGHT
"""Hashes in a full tile: nodes of one row of the tree (RFC 6962 §2.1), 8,192 bytes."""

TILE_BYTES: Final = WIDTH * HASH_BYTES

Tile = Callable[[int, int], bytes]
"""Gives the hashes of a tile by level and index, both from 0, each the MTH (RFC 6962 §2.1) of its 256**level leaves:
concatenated, maybe more than a smaller tree needs, empty where no such tile is kept."""


def grown(size: int, leaf_hashes: Iterable[bytes], tile: Tile) -> list[tuple[int, int, bytes]]:
    """The tiles to write where leaves are appended to the tree (RFC 6962 §2.1; RFC 9162 §2.1.2): level, index and all hashes of each.

    size: leaves so far. leaf_hashes: 32 bytes each, in order. tile: read once for each level at the right edge. Refused
    `ledger_damaged` where a tile there holds more or less than the tree of that size has: damage is not built upon.
    """
    written: list[tuple[int, int, bytes]] = []
    added, level = b"".join(leaf_hashes), 0
    while added:
        index, kept = divmod(size >> HEIGHT * level, WIDTH)
        edge = tile(level, index)
        if len(edge) != kept * HASH_BYTES:
            raise _damaged(level, index)
        row = edge + added
        full: list[bytes] = []
        for at in range(0, len(row), TILE_BYTES):
            hashes = row[at : at + TILE_BYTES]
            written.append((level, index, hashes))
            index += 1
            if len(hashes) == TILE_BYTES:
                full.append(row_root(hashes))
        added, level = b"".join(full), level + 1
    return written


def root_at(size: int, tile: Tile) -> bytes:
    """The root of the first `size` leaves, 32 bytes: MTH(D[size]) (RFC 6962 §2.1; RFC 9162 §2.1.1).

    The tiles may belong to a larger tree. Refused `ledger_damaged` where they hold less.
    """
    if size == 0:
        return EMPTY_ROOT
    return row_root(row_at(top_level(size), 0, size, tile))


def top_level(size: int) -> int:
    """The level whose one tile stands over all the others in a tree of `size` leaves, at least one (heights as in RFC 6962 §2.1)."""
    return max(0, (size - 1).bit_length() - 1) // HEIGHT


def row_at(level: int, index: int, size: int, tile: Tile) -> bytes:
    """A tile's hashes as the tree of the first `size` leaves has them: MTH of 256**level leaves each (RFC 6962 §2.1).

    At the right edge the last one may stand for fewer leaves than its neighbours; it is stored nowhere and is worked out
    from the level below. index: a tile that this tree has. Refused `ledger_damaged` where it is not kept.
    """
    complete = size >> HEIGHT * level
    whole = min(WIDTH, complete - index * WIDTH)
    row = _kept(level, index, whole, tile)
    if whole < WIDTH and complete << HEIGHT * level < size:
        row += row_root(row_at(level - 1, complete, size, tile))  # so many tiles of the level below are full; this is the next
    return row


def _kept(level: int, index: int, count: int, tile: Tile) -> bytes:
    """The first `count` hashes of a stored tile."""
    hashes = tile(level, index)[: count * HASH_BYTES] if count else b""
    if len(hashes) < count * HASH_BYTES:
        raise _damaged(level, index)
    return hashes


def _damaged(level: int, index: int) -> Refused:
    return Refused("ledger_damaged", detail=f"tile {level}/{index}")
