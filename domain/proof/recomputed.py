"""The tree is worked out anew from the events, and beside it, from where the two part, the tree whose hashes are stored.

Two trees tell who is at fault: a root that somebody signed agrees either with the events as they stand or with the stored hashes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Final

from ..merkle.hashing import EMPTY_ROOT, HASH_BYTES, NODE_PREFIX, row_root
from ..merkle.tiles import HEIGHT, TILE_BYTES, WIDTH, Tile, root_at

_BLANK: Final = bytes(HASH_BYTES)


class GrowingTree:
    """RFC 6962 over leaves that come tile by tile. `tile` gives level 0 where a tile of this tree is not kept here."""

    def __init__(self, tile: Tile) -> None:
        self.size = 0
        self._leaves = tile
        self._own: dict[int, bytes] = {}
        self._above: list[bytearray] = [bytearray()]  # by level, from 1 on
        self._rows: list[list[bytes]] = []  # of the newest tile, from its leaves up; none where only its root is known
        self._newest = b""  # root of the newest tile, if that is full
        self._peaks: list[bytes] = []  # over the full tiles before it: by height, empty where there is none
        self._noted: dict[int, bytes] = {0: EMPTY_ROOT}

    def copy(self) -> GrowingTree:
        """Another tree that has grown in the same way so far."""
        other = GrowingTree(self._leaves)
        other.size, other._own = self.size, dict(self._own)
        other._rows, other._peaks, other._noted = self._rows, list(self._peaks), dict(self._noted)
        other._newest = self._newest
        other._above = [bytearray(level) for level in self._above]
        return other

    def add(self, hashes: list[bytes], rows: list[list[bytes]] | None = None, *, keep: bool = False) -> list[list[bytes]]:
        """The next tile of at most 256 leaf hashes, full but for the last one; gives the rows of nodes over it, which may be handed in.

        keep: the tile is not the one that is stored.
        """
        index = self.size // WIDTH
        grown = rows_over(hashes) if rows is None else rows
        if keep:
            self._own[index] = b"".join(hashes)
        if len(hashes) == WIDTH:
            self.add_root(grown[-1][0])
        else:
            self._rise()
            self._newest = b""
            self.size += len(hashes)
        self._rows = grown
        return grown

    def add_root(self, root: bytes) -> None:
        """The next tile, a full one, which is the one that is stored: by its root."""
        self._rise()
        self._rows, self._newest = [], root
        self.size += WIDTH
        self._carry(root)

    def _carry(self, root: bytes) -> None:
        for number, level in enumerate(self._above):
            level += root
            if len(level) % TILE_BYTES:
                return
            root = row_root(bytes(level[-TILE_BYTES:]))
            if number + 1 == len(self._above):
                self._above.append(bytearray())

    def _rise(self) -> None:
        """The newest tile is about to be followed by another."""
        peak = self._newest
        if not peak:
            return
        for height, beside in enumerate(self._peaks):
            if not beside:
                self._peaks[height] = peak
                return
            peak, self._peaks[height] = _over(beside, peak), b""
        self._peaks.append(peak)

    def tile(self, level: int, index: int) -> bytes:
        """This tree's hashes of a tile, as a journal would give them."""
        if level == 0:
            return self._own[index] if index in self._own else self._leaves(0, index)
        if level > len(self._above):
            return b""
        return bytes(self._above[level - 1][index * TILE_BYTES : (index + 1) * TILE_BYTES])

    def tiles_above(self) -> dict[tuple[int, int], int]:
        """Level and index of every tile above the leaves, with its length in bytes."""
        return {
            (number, index): min(TILE_BYTES, len(level) - index * TILE_BYTES)
            for number, level in enumerate(self._above, start=1)
            for index in range(-(-len(level) // TILE_BYTES))
        }

    def note(self, size: int) -> None:
        """Works out the root of the first `size` leaves while they end in the newest tile, for when it is asked for."""
        start = (self.size - 1) // WIDTH * WIDTH
        if start < size <= self.size:
            self._noted[size] = self._root_here(size, start)

    def forget(self, size: int) -> None:
        """Roots of smaller trees are not asked for any more; they can be worked out again."""
        self._noted = {noted: root for noted, root in self._noted.items() if noted >= size}

    def root(self, size: int) -> bytes:
        """The root of the first `size` leaves; quick where it was noted."""
        if size not in self._noted:
            self.note(size)
        return self._noted[size] if size in self._noted else root_at(size, self.tile)

    def _root_here(self, size: int, start: int) -> bytes:
        """From the whole subtrees that `size` is the sum of, the smallest first."""
        found, inside = b"", size - start
        if not self._rows:
            leaves = self.tile(0, start // WIDTH)
            self._rows = rows_over([leaves[at : at + HASH_BYTES] for at in range(0, len(leaves), HASH_BYTES)])
        for height in range(HEIGHT + 1):
            if inside >> height & 1:
                found = _over(self._rows[height][(inside >> height) - 1], found)
        for peak in self._peaks:
            if peak:
                found = _over(peak, found)
        return found


def rows_over(hashes: list[bytes]) -> list[list[bytes]]:
    """The rows of whole nodes over at most 256 leaf hashes, from the leaves up; a last one without a neighbour has none above it."""
    rows = [hashes]
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [node.digest() for node in map(sha256, map(b"".join, zip(repeat(NODE_PREFIX), pairs, pairs, strict=False)))]
        rows.append(hashes)
    return rows


def _over(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest() if right else left


class TwoTrees:
    """The events' own tree, and the stored one from where it is another."""

    def __init__(self, stored: Tile) -> None:
        self._stored = stored
        self.events = GrowingTree(stored)
        self.hashes: GrowingTree | None = None

    def add(self, leaves: Sequence[bytes | None]) -> list[tuple[int, bool]]:
        """The next tile: a leaf hash for each place, None where there is no event. Gives the places at which the stored hash is another,
        and whether there is a stored hash at all."""
        index = self.events.size // WIDTH
        kept = self._stored(0, index)
        if None not in leaves and self.hashes is None:
            whole: list[bytes] = list(leaves)  # type: ignore[arg-type]
            if b"".join(whole) == kept[: len(whole) * HASH_BYTES]:
                self.events.add(whole)
                return []
        start, differing = index * WIDTH, []
        events: list[bytes] = []
        hashes: list[bytes] = []
        for place, leaf in enumerate(leaves):
            there = kept[place * HASH_BYTES : (place + 1) * HASH_BYTES]
            there = there if len(there) == HASH_BYTES else b""
            events.append(leaf or there or _BLANK)
            hashes.append(there or leaf or _BLANK)
            if leaf is not None and leaf != there:
                differing.append((start + place, bool(there)))
        same = events == hashes
        if not same and self.hashes is None:
            self.hashes = self.events.copy()
        rows = self.events.add(events, keep=True)
        if self.hashes is not None:
            self.hashes.add(hashes, rows if same else None, keep=True)
        return differing

    def add_root(self, root: bytes) -> bool:
        """A full tile, hashed elsewhere and found to be the stored one, by its root; False where the two trees have parted already."""
        if self.hashes is None:
            self.events.add_root(root)
        return self.hashes is None

    def note(self, sizes: Iterable[int]) -> None:
        """As `GrowingTree.note`, of both."""
        for size in sizes:
            for tree in (self.events, self.hashes):
                if tree is not None:
                    tree.note(size)

    def forget(self, size: int) -> None:
        for tree in (self.events, self.hashes):
            if tree is not None:
                tree.forget(size)

    def vouched(self, size: int, root: bytes) -> str | None:
        """Which of the trees has this root at this size: `events`, `hashes` or neither. Both, while they are one, is `events`."""
        if size > self.events.size or len(root) != HASH_BYTES:
            return None
        if self.events.root(size) == root:
            return "events"
        return "hashes" if self.hashes is not None and self.hashes.root(size) == root else None
