"""A checkpoint says which log, how many events, and the one root hash of them all: c2sp.org/tlog-checkpoint, the text of a signed note.

Three lines: origin, size in decimal without leading zeros, base64 of the 32-byte root. Extension lines are read and kept, and never written
by us: nobody who checks a log can check them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..refusal import Refused
from ..values.base64_text import base64_bytes, base64_text
from .signed_note import Note, read_note

ROOT_BYTES = 32
LARGEST_SIZE = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def origin(ledger_id: str, *, rehearsal: bool) -> str:
    """The name of a ledger's log, and of the key it signs with. A rehearsal's begins otherwise, so that practice is never offered as the
    real thing: neither a witness nor `verify` takes one log's checkpoint for another's."""
    return f"mingzhang-rehearsal/{ledger_id}" if rehearsal else f"mingzhang/{ledger_id}"


def is_rehearsal(origin: str) -> bool:
    """Whether a log by this name is one to practise on."""
    return origin.startswith("mingzhang-rehearsal/")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log when it had `size` events; `root` are 32 bytes."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note's text: what is signed."""
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), base64_text(self.root), *self.extensions))

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Refused `checkpoint_format` for a text that is not exactly as `text` writes it."""
        lines = text.split("\n")
        try:
            if len(lines) < 4 or lines.pop() != "" or not all(lines):
                raise ValueError("three lines at least, none of them empty")
            found = cls(lines[0], size_of(lines[1]), hash_of(lines[2]), tuple(lines[3:]))
        except ValueError:
            raise Refused("checkpoint_format") from None
        return found


def read_checkpoint(raw: bytes) -> tuple[Checkpoint, Note]:
    """A checkpoint with the note it stands in, not yet believed. Refused `note_format`, `checkpoint_format`."""
    note = read_note(raw)
    return Checkpoint.parse(note.text), note


def size_of(text: str) -> int:
    """A count in decimal, ASCII digits, no leading zeros. ValueError for anything else."""
    if not _SIZE.fullmatch(text) or int(text) > LARGEST_SIZE:
        raise ValueError("no size")
    return int(text)


def hash_of(text: str) -> bytes:
    """The 32 bytes of one base64 line. ValueError for anything else."""
    raw = base64_bytes(text)
    if len(raw) != ROOT_BYTES:
        raise ValueError("no hash")
    return raw
