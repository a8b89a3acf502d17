"""A small log with a key, and a witness: all made up, the same every time."""

from __future__ import annotations

from mingzhang.domain.merkle.hashing import leaf_hash
from mingzhang.domain.merkle.proofs import consistency_proof, inclusion_proof
from mingzhang.domain.merkle.tiles import grown, root_at
from mingzhang.domain.proof.checkpoint import Checkpoint
from mingzhang.domain.proof.proof_text import ConsistencyText, InclusionText
from mingzhang.domain.proof.signed_note import Note, Verifier, signed
from mingzhang.domain.signing import SeedSigner

ORIGIN = "mingzhang/made-up"
LOG = SeedSigner(b"l" * 32)
LOG_VERIFIER = Verifier(ORIGIN, LOG.public_key)
WITNESS_NAME = "witness.example/w1"
WITNESS = SeedSigner(b"w" * 32)


class Log:
    """Records by number; `salt` makes another log of the same length."""

    def __init__(self, size: int, *, salt: str = "", from_leaf: int = 0) -> None:
        self.records = [f"record {leaf}{salt if leaf >= from_leaf else ''}".encode() for leaf in range(size)]
        tiles = grown(0, map(leaf_hash, self.records), lambda _level, _index: b"")
        self._tiles = {(level, index): hashes for level, index, hashes in tiles}

    def tile(self, level: int, index: int) -> bytes:
        return self._tiles.get((level, index), b"")

    def head(self, size: int) -> Checkpoint:
        return Checkpoint(ORIGIN, size, root_at(size, self.tile))

    def note(self, size: int) -> Note:
        return signed(self.head(size).text, LOG, ORIGIN)

    def growth(self, old: int, new: int) -> ConsistencyText:
        return ConsistencyText(old, tuple(consistency_proof(old, new, self.tile)), self.note(new))

    def inclusion(self, leaf: int, size: int) -> InclusionText:
        return InclusionText(leaf, tuple(inclusion_proof(leaf, size, self.tile)), self.note(size), self.records[leaf])
