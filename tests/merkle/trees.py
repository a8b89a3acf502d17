"""Trees for these tests: the RFC's own recursive words as what must come out, and tiles kept in a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from mingzhang.domain.merkle.hashing import EMPTY_ROOT, leaf_hash, node_hash
from mingzhang.domain.merkle.tiles import grown


def record(number: int) -> bytes:
    return b"event %d" % number


@cache
def leaves(size: int) -> tuple[bytes, ...]:
    """The hashes of the first `size` records."""
    return tuple(leaf_hash(record(number)) for number in range(size))


def root_of(hashes: Sequence[bytes]) -> bytes:
    """MTH(D[n]) as RFC 6962 §2.1 defines it, split at the largest power of two below n."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(root_of(hashes[:split]), root_of(hashes[split:]))


class Tiles:
    """Tiles in memory, grown batch by batch as a journal grows them."""

    def __init__(self, batches: Iterable[Sequence[bytes]] = ()) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}
        self.size = 0
        for batch in batches:
            self.append(batch)

    def __call__(self, level: int, index: int) -> bytes:
        return self.kept.get((level, index), b"")

    def append(self, batch: Sequence[bytes]) -> list[tuple[int, int]]:
        """Which tiles were written."""
        written = grown(self.size, batch, self)
        for level, index, hashes in written:
            self.kept[level, index] = hashes
        self.size += len(batch)
        return [(level, index) for level, index, _ in written]


@cache
def tiles_of(size: int) -> Tiles:
    """The tiles over the first `size` records, grown at once; not to be changed."""
    return Tiles([leaves(size)])


def flipped(hashes: bytes, bit: int) -> bytes:
    """The bytes with one bit turned over."""
    changed = bytearray(hashes)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
