"""What the ledger's list says is done to the vault: now, on opening it after a kill, and after a restore of older keys.

The vault remembers up to which entry it has done so. An entry is named by its place and its bytes, so that a vault and a log of different
backups do not mistake one list for another: where the last entry is not the remembered one, the whole list is gone through, which is safe
to repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from ..evidence.facts import DocumentsErased
from ..facts import decode
from ..journal.records import JournalRecorder
from ..vault.vault import Vault
from .elsewhere import Elsewhere, still_restricted
from .erasing import LIST
from .facts import PersonsErased, PersonsRestricted, PersonsUnrestricted, RemovedFile


@dataclass(frozen=True)
class Listed:
    """What a ledger's list adds up to; references in order."""

    erased: tuple[str, ...]
    restricted: tuple[str, ...]
    files: tuple[RemovedFile, ...]
    documents: tuple[str, ...]


def listed(journal: JournalRecorder, size: int | None = None) -> Listed:
    """The list as it stands, or as the first `size` events leave it."""
    erased: dict[str, None] = {}
    restricted: set[str] = set()
    files: list[RemovedFile] = []
    documents: dict[str, None] = {}
    for row in journal.select_streams([LIST]):
        if size is not None and row.leaf_index >= size:
            break
        fact = decode(row.topic, row.state)
        if isinstance(fact, PersonsErased):
            erased.update(dict.fromkeys(fact.persons))
            files += fact.files
            documents.update(dict.fromkeys(fact.documents))
        elif isinstance(fact, DocumentsErased):
            documents.update(dict.fromkeys(fact.documents))
        elif isinstance(fact, PersonsRestricted):
            restricted.update(fact.persons)
        elif isinstance(fact, PersonsUnrestricted):
            restricted.difference_update(fact.persons)
    return Listed(tuple(sorted(erased)), tuple(sorted(restricted - erased.keys())), tuple(files), tuple(documents))


def carry_out(journal: JournalRecorder, vault: Vault, also: Callable[[Listed], None]) -> bool:
    """Does what the list says and the vault has not done yet; False where there was nothing to do, which one look into an index tells.

    also: takes the files and documents away; it is called after the keys are gone and before the entry is remembered, so that a kill in
    between repeats it. Refuses `erasure_unfinished`, `vault_busy`.
    """
    last = list(journal.select_events(LIST, desc=True, limit=1))
    mark = f"{last[0].originator_version}:{hashlib.sha256(last[0].state).hexdigest()}" if last else ""
    if mark == vault.carried_out:
        return False
    found = listed(journal)
    if found.erased:
        vault.erase(*found.erased)
    also(found)
    vault.note_carried_out(mark, {*found.restricted, *still_restricted(journal, Elsewhere.read(vault.elsewhere))})
    return True
