"""A document is read once, whole and unchanged, or refused: what is hashed, what is sealed and what was looked at are the same bytes.

What kind it is says its content, not its name. Photos and scans, PDF and OFD, office files and plain text are kept; nothing else is
evidence of anything.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path

from mingzhang.domain.refusal import Refused

from ..workbooks.cells import decode

LARGEST = 20 * 2**20
"""Bytes, where nothing else is said: a scan of forty pages, or any photo of a telephone."""
LARGEST_VARIABLE = "MINGZHANG_EVIDENCE_MB"
_CEILING_MB = 500  # a document is sealed whole, in memory

_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # .doc, .xls, .ppt, .wps
)
_OOXML = "application/vnd.openxmlformats-officedocument."
_INSIDE: tuple[tuple[str, str], ...] = (
    ("OFD.xml", "application/ofd"),
    ("word/", _OOXML + "wordprocessingml.document"),
    ("xl/", _OOXML + "spreadsheetml.sheet"),
    ("ppt/", _OOXML + "presentationml.presentation"),
    ("META-INF/manifest.xml", "application/vnd.oasis.opendocument"),
)
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/bmp": ".bmp", "image/tiff": ".tif", "image/webp": ".webp",
    "image/heic": ".heic", "image/heif": ".heif", "image/avif": ".avif", "application/pdf": ".pdf", "application/ofd": ".ofd",
    "application/rtf": ".rtf", "text/plain": ".txt", _INSIDE[1][1]: ".docx", _INSIDE[2][1]: ".xlsx", _INSIDE[3][1]: ".pptx",
}  # fmt: skip


@dataclass(frozen=True)
class Document:
    """A document as it was handed in. sha256: of its bytes, in hex; title: its file's own name."""

    sha256: str
    content: bytes
    media_type: str
    title: str


def read_document(file: Path, *, largest: int | None = None) -> Document:
    """Reads a file that is to be kept. `largest`: bytes; default: as the environment says, else LARGEST.

    Refuses (all with `file`): `file_missing`, `evidence_is_folder`, `evidence_unreadable`, `file_empty`, `evidence_too_large` (bytes, limit
    in MB), `evidence_changed` (while it was read), `evidence_kind_unknown`.
    """
    given, limit = str(file), largest if largest is not None else largest_allowed()
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for
            raise Refused("evidence_is_folder", file=given)
        with file.open("rb") as opened:
            before = os.fstat(opened.fileno())
            content = opened.read(limit + 1)
            after = os.fstat(opened.fileno())
    except FileNotFoundError:
        raise Refused("file_missing", file=given) from None
    except OSError:
        raise Refused("evidence_unreadable", file=given) from None
    if len(content) > limit:
        raise Refused("evidence_too_large", file=given, bytes=max(before.st_size, len(content)), limit_mb=limit // 2**20)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != after.st_size:
        raise Refused("evidence_changed", file=given)
    if not content:
        raise Refused("file_empty", file=given)
    media_type = media_type_of(content, given)
    if media_type is None:
        raise Refused("evidence_kind_unknown", file=given)
    return Document(hashlib.sha256(content).hexdigest(), content, media_type, file.name)


def largest_allowed() -> int:
    """The limit in bytes. Refused `evidence_limit_unusable` for a setting that is no number of MB from 1 to 500."""
    said = os.environ.get(LARGEST_VARIABLE, "").strip()
    if not said:
        return LARGEST
    if not said.isascii() or not said.isdigit() or not 1 <= int(said) <= _CEILING_MB:
        raise Refused("evidence_limit_unusable", variable=LARGEST_VARIABLE, most=_CEILING_MB)
    return int(said) * 2**20


def media_type_of(content: bytes, given: str = "") -> str | None:
    """What the bytes are, by themselves; None for what is not kept (a program, a film, a locked archive)."""
    for place, mark, media_type in _BEGINNINGS:
        if content[place : place + len(mark)] == mark:
            return media_type
    if content.startswith(b"PK\x03\x04"):
        return _inside(content)
    try:
        decode(content, given)
    except Refused:
        return None
    return "text/plain"


def ending_of(media_type: str) -> str:
    """The ending a file of that type usually has; none where there are several."""
    return _ENDINGS.get(media_type, "")


def _inside(content: bytes) -> str | None:
    """Office files are zip archives; which one, say the names of their parts, which are read without unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return next((media_type for part, media_type in _INSIDE if any(name.startswith(part) for name in names)), None)
