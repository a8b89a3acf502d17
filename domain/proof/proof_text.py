"""Proofs travel as text with the checkpoint they lead to: c2sp.org/tlog-proof@v1 for one event, and, for two sizes of one log, the body
that c2sp.org/tlog-witness asks for.

Both are a head line or two, one base64 hash a line, an empty line and the checkpoint as a signed note. Whether the hashes lead anywhere is
said by `merkle.proofs`; whether the checkpoint counts, by its signatures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..refusal import Refused
from ..values.base64_text import base64_bytes, base64_text
from .checkpoint import Checkpoint, hash_of, read_checkpoint, size_of
from .signed_note import Note

TLOG_PROOF = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63  # as tlog-witness allows; 2**63 leaves need no more


@dataclass(frozen=True, slots=True)
class InclusionText:
    """That the event at `index` (0-based leaf) is in the log of `note`. `hashes` from the leaf's sibling upwards; `extra`: what the leaf
    hash is computed from (the leaf record), or None. Nothing vouches for `extra` but the proof itself."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(self.note.text)

    @property
    def written(self) -> str:
        extra = [] if self.extra is None else [f"extra {base64_text(self.extra)}"]
        return _lines(TLOG_PROOF, *extra, f"index {self.index}", hashes=self.hashes) + self.note.written


@dataclass(frozen=True, slots=True)
class ConsistencyText:
    """That the log of `note` begins with the very events that a checkpoint at size `old` stands for; `hashes` as RFC 6962, 2.1.2."""

    old: int
    hashes: tuple[bytes, ...]
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(self.note.text)

    @property
    def written(self) -> str:
        return _lines(f"old {self.old}", hashes=self.hashes) + self.note.written


def read_inclusion(raw: bytes) -> InclusionText:
    """Refused `proof_format`, `note_format`, `checkpoint_format`."""
    head, checkpoint, note = _parted(raw)
    try:
        if head.pop(0) != TLOG_PROOF:
            raise ValueError("another format")
        extra = base64_bytes(_after("extra ", head.pop(0))) if head[0].startswith("extra ") else None
        index = size_of(_after("index ", head.pop(0)))
        if index >= checkpoint.size:
            raise ValueError("beyond the log")
        return InclusionText(index, _hashes(head), note, extra)
    except (ValueError, IndexError):
        raise Refused("proof_format") from None


def read_consistency(raw: bytes) -> ConsistencyText:
    """Refused `proof_format`, `note_format`, `checkpoint_format`."""
    head, checkpoint, note = _parted(raw)
    try:
        old = size_of(_after("old ", head.pop(0)))
        if old > checkpoint.size:
            raise ValueError("a log does not shrink")
        return ConsistencyText(old, _hashes(head), note)
    except (ValueError, IndexError):
        raise Refused("proof_format") from None


def _lines(*head: str, hashes: Sequence[bytes]) -> str:
    return "".join(f"{line}\n" for line in (*head, *map(base64_text, hashes), ""))


def _parted(raw: bytes) -> tuple[list[str], Checkpoint, Note]:
    """The lines before the first empty one, and the checkpoint behind it."""
    head, empty_line, below = raw.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except ValueError:
        raise Refused("proof_format") from None
    if not empty_line:
        raise Refused("proof_format")
    return (lines, *read_checkpoint(below))


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MOST_HASHES:
        raise ValueError("no proof is so long")
    return tuple(map(hash_of, lines))


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ValueError("another line was expected")
    return line[len(word) :]
