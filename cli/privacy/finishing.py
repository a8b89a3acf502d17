"""An erasure that was cut off between its fact and its key is finished by whoever opens the ledger's keys next."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from mingzhang.domain.privacy.carrying_out import Listed, carry_out
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.private_file import sync_folder

if TYPE_CHECKING:
    from mingzhang.domain.journal.records import JournalRecorder
    from mingzhang.domain.privacy.facts import RemovedFile
    from mingzhang.domain.vault.vault import Vault

    from ..folder import LedgerFolder


def erase_listed(folder: LedgerFolder, journal: JournalRecorder, vault: Vault) -> bool:
    """Carries the ledger's list out where this vault has not; False where there was nothing to do. Refused `erasure_unfinished`."""

    def take_away(found: Listed) -> None:
        remove_files(folder.root, found.files)
        _erase_documents(folder, journal, vault, found)

    return carry_out(journal, vault, take_away)


def finish_erasures(folder: LedgerFolder, journal: JournalRecorder, vault: Vault) -> None:
    """As `erase_listed`, for whoever came for something else: while another program reads the vault, its file cannot be rewritten. The keys
    are gone by then, and a later opening does the rest."""
    try:
        erase_listed(folder, journal, vault)
    except Refused as refused:
        if refused.code != "erasure_unfinished":
            raise


def remove_files(root: Path, files: Iterable[RemovedFile]) -> list[str]:
    """Takes those away that still hold what they held, overwritten first; gives their paths.

    Each is given another name before it is overwritten: by that name a file is known whose removal was cut off, when its bytes no longer
    say which it is and may still say some of what it said.
    """
    removed = []
    for one in files:
        path = root / one.path
        going = path.with_name(f".{one.sha256[:16]}.erasing")
        if _holds(path, one.sha256):
            path.replace(going)
            sync_folder(going.parent)
        if not going.is_file() or going.is_symlink():
            continue
        _overwrite(going)
        going.unlink()
        sync_folder(going.parent)
        removed.append(one.path)
    return removed


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())


def _holds(path: Path, sha256: str) -> bool:
    return path.is_file() and not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _erase_documents(folder: LedgerFolder, journal: JournalRecorder, vault: Vault, found: Listed) -> None:
    if not found.documents:
        return
    from mingzhang.domain.evidence.document import Evidence
    from mingzhang.domain.evidence.facts import EvidenceKept
    from mingzhang.domain.facts import decode

    from ..evidence.store import remove

    rows = journal.select_streams([f"{Evidence.prefix}/{sha256}" for sha256 in found.documents])
    kept = [fact for row in rows if isinstance(fact := decode(row.topic, row.state), EvidenceKept)]
    if kept:
        vault.erase(*(fact.document for fact in kept))
    for fact in kept:
        remove(folder, fact.stored)
