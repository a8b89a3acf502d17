"""What an inspector brings: the file of a checkpoint, or size and root as they stand on paper, in hex groups or as in the file."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from mingzhang.domain.proof.against import Shown
from mingzhang.domain.proof.checkpoint import ROOT_BYTES, hash_of, read_checkpoint, size_of
from mingzhang.domain.proof.proof_text import TLOG_PROOF, read_consistency, read_inclusion
from mingzhang.domain.proof.signed_note import LARGEST_NOTE_BYTES
from mingzhang.domain.refusal import Refused

from ..i18n import _

_BLANKS = re.compile(r"[\s:·.,，、_-]+")
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def read_given(file: Path) -> Shown:
    """A signed note, a proof that ends with one, or typed lines: the origin (may be left out), the size, the root.

    Refused `against_format` (file) for anything else.
    """
    with file.open("rb") as opened:
        content = opened.read(4 * LARGEST_NOTE_BYTES)
    try:
        if content.startswith(b"old "):
            return Shown.of_note(str(file), read_consistency(content).note, outside=True)
        if content.startswith(TLOG_PROOF.encode()):
            return Shown.of_note(str(file), read_inclusion(content).note, outside=True)
        return Shown.of_note(str(file), read_checkpoint(content)[1], outside=True)
    except Refused:
        return _typed_lines(file, content)


def _typed_lines(file: Path, content: bytes) -> Shown:
    try:
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines() if line.strip()]
        if "—" in content.decode("utf-8-sig"):
            raise ValueError("a note whose signatures cannot be read is not taken for one without")
        if len(lines) > 2 and not lines[0].isdecimal():
            return Shown(str(file), _size(lines[1]), read_root(" ".join(lines[2:])), True, lines[0])
        return Shown(str(file), _size(lines[0]), read_root(" ".join(lines[1:])), True)
    except (ValueError, IndexError):
        raise Refused("against_format", file=str(file)) from None


def typed(size: int, root: str) -> Shown:
    """What stands on a paper. Refused `root_format`."""
    try:
        return Shown(_("typed in"), size, read_root(root), True)
    except ValueError:
        raise Refused("root_format", root=root) from None


def read_root(text: str) -> bytes:
    """32 bytes from 64 hex digits in any grouping, or from base64; full-width characters are taken as what they look like.

    ValueError for anything else, and for a part of a root: who knows only a part cannot compare.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = _BLANKS.sub("", plain)
    if _HEX.fullmatch(digits):
        return bytes.fromhex(digits)
    root = hash_of("".join(plain.split()))
    if len(root) != ROOT_BYTES:
        raise ValueError("no root")
    return root


def _size(text: str) -> int:
    return size_of(unicodedata.normalize("NFKC", text).replace(",", ""))
