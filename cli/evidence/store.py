"""The store of sealed documents: `<ledger>/evidence/<2 hex>/<SHA-256 of the sealed file>.sealed`, read by nobody but its owner.

A name tells nothing that the sealed bytes do not tell. A file gets its name once it is whole and on the disk, and is never written again;
the same document is the same file. Whoever keeps one holds the store until its fact is recorded, so that tidying never takes it away.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.private_file import sync_folder

from ..folder import LedgerFolder
from ..on_disk import replace_file

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

FOLDER = "evidence"
ENDING = ".sealed"
_UNFINISHED = ".unfinished"
_LOCK = "in-use"


class Stored(Protocol):
    """Whatever says under which SHA-256 a sealed file lies: the fact `EvidenceKept`, a row of the projection."""

    @property
    def stored(self) -> str: ...


def stored_path(root: Path | LedgerFolder, kept: Stored | str) -> Path:
    """Where the sealed file of a kept document lies; the same below a backup or a bundle as below a ledger's folder."""
    stored = kept if isinstance(kept, str) else kept.stored
    return _folder(root) / stored[:2] / f"{stored}{ENDING}"


def put(root: LedgerFolder, sealed: bytes) -> str:
    """Stores a sealed document, on the disk when this returns (0600), and gives its SHA-256. One that is there already, whole, is left
    alone; a damaged one is replaced. Refused `ledger_read_only`."""
    stored = hashlib.sha256(sealed).hexdigest()
    path = stored_path(root, stored)
    try:
        if path.is_file() and path.read_bytes() == sealed:
            return stored
        _private_folder(path.parent.parent)
        _private_folder(path.parent)
        replace_file(path, sealed)
        sync_folder(path.parent)
    except PermissionError:
        raise Refused("ledger_read_only", ledger=str(root.root)) from None
    return stored


def fetch(root: Path | LedgerFolder, stored: str) -> bytes | None:
    """The sealed bytes; None where the file is not there. Nobody has looked yet whether they are the right ones."""
    try:
        return stored_path(root, stored).read_bytes()
    except FileNotFoundError:
        return None


def is_whole(root: Path | LedgerFolder, stored: str) -> bool:
    """Whether the file is there and is the one that was stored; needs no key."""
    sealed = fetch(root, stored)
    return sealed is not None and hashlib.sha256(sealed).hexdigest() == stored


def remove(root: Path | LedgerFolder, stored: str) -> bool:
    """Takes a file away, its name too; whether there was one."""
    path = stored_path(root, stored)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def strays(root: Path | LedgerFolder, known: Collection[str]) -> list[Path]:
    """Files that no fact names (`known`: the SHA-256 of all sealed files that one does): left by a program that was cut off."""
    folder = _folder(root)
    if not folder.is_dir():
        return []
    wanted = {f"{stored}{ENDING}" for stored in known}
    found = [path for path in folder.glob("*/*") if path.name not in wanted and path.suffix in (ENDING, _UNFINISHED)]
    return sorted(found)


@contextmanager
def in_use(root: LedgerFolder, *, alone: bool = False) -> Iterator[None]:
    """Holds the store: together with others who keep documents, or alone to tidy it. Refused `evidence_busy` where that cannot be.

    A killed program's hold ends with it. Where the system has no such locks (Windows) nobody is kept out.
    """
    if fcntl is None:
        yield
        return
    folder = _folder(root)
    try:
        _private_folder(folder)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise Refused("ledger_read_only", ledger=str(root.root)) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
        except BlockingIOError:
            raise Refused("evidence_busy") from None
        yield
    finally:
        os.close(lock)


def _folder(root: Path | LedgerFolder) -> Path:
    return (root.root if isinstance(root, LedgerFolder) else root) / FOLDER


def _private_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


