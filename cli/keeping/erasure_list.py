"""Who was erased stays erased, who was restricted stays restricted, and what was held stays held: the list goes with every backup.

A restore destroys again whatever key an older copy brings back, and keeps shut what a list says that is newer than the log it restores. The
list names people by their random references alone, which say nothing to anybody outside the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mingzhang.domain.journal.records import JournalRecorder
from mingzhang.domain.privacy.carrying_out import listed
from mingzhang.domain.privacy.elsewhere import Elsewhere, holds, still_held, still_restricted
from mingzhang.domain.refusal import Refused
from mingzhang.domain.vault.store import SqliteStore
from mingzhang.domain.vault.vault import Vault

LIST = "erasures.json"
FORMAT = "mingzhang-erasures"
VERSION = 1


@dataclass(frozen=True)
class ErasureList:
    """What had become of people's data at a log size; held: the first day on which a hold no longer runs, None until it is released."""

    size: int
    erased: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    held: Mapping[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True)
class DoneAgain:
    """What a restore did by lists: who was erased again, and who is restricted or held though the restored log does not know it."""

    erased: tuple[str, ...] = ()
    restricted: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def list_as_of(journal: JournalRecorder, vault: Path, size: int) -> ErasureList:
    """What the first `size` events say, and what the key store knows beside them; its own notes are read without its key."""
    erased, said = _erased_in(vault), elsewhere_in(vault)
    own = listed(journal, size)
    return ErasureList(
        size,
        tuple(sorted({*erased, *own.erased})),
        tuple(sorted({*own.restricted, *still_restricted(journal, said)})),
        dict(sorted({**still_held(journal, said), **holds(journal, size)}.items())),
    )


def write_list(file: Path, ledger_id: str, said: ErasureList) -> None:
    """A new list of a ledger's people of whom no more is to be shown."""
    held = {ref: until.isoformat() if until is not None else "open" for ref, until in said.held.items()}
    about = {"format": FORMAT, "version": VERSION, "ledger_id": ledger_id, "size": said.size}
    content = {**about, "erased": said.erased, "restricted": said.restricted, "held": held}
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_list(file: Path, ledger_id: str) -> ErasureList:
    """A list, which may also be named by the backup it lies in.

    Refused `file_missing`, `erasure_list_format`, `erasure_list_of_other_ledger`.
    """
    if file.is_dir():
        file = file / LIST
    try:
        said = json.loads(file.read_bytes())
        if (said["format"], said["version"]) != (FORMAT, VERSION):
            raise ValueError("another format")
        of, size, held = said["ledger_id"], said["size"], said["held"]
        if type(size) is not int or size < 0:
            raise ValueError("no log size")
        days = {ref: None if until == "open" else date.fromisoformat(until) for ref, until in held.items()}
        found = ErasureList(size, _references(said["erased"]), _references(said["restricted"]), days)
    except FileNotFoundError:
        raise Refused("file_missing", file=str(file)) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused("erasure_list_format", file=str(file)) from None
    if of != ledger_id:
        raise Refused("erasure_list_of_other_ledger", file=str(file))
    return found


def do_again(vault: Vault, lists: Iterable[ErasureList], size: int) -> DoneAgain:
    """Destroys the keys of everybody listed who still has one, or was never known here, and keeps shut what the newest list says, where it
    is newer than a log of `size` events: of what it knows itself the log tells, and what has been lifted since is lifted."""
    known = list(lists)
    live = sorted({subject for one in known for subject in one.erased if not vault.is_erased(subject)})
    if live:
        vault.erase(*live)
    newest = max(known, key=lambda one: one.size, default=ErasureList(0))
    if newest.size <= size or not (newest.restricted or newest.held):
        return DoneAgain(tuple(live))
    vault.note_elsewhere(Elsewhere(size=size, restricted=newest.restricted, held=newest.held).written)
    return DoneAgain(tuple(live), newest.restricted, tuple(newest.held))


def _references(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(isinstance(subject, str) and subject for subject in said):
        raise ValueError("no references")
    return tuple(said)


def _erased_in(vault: Path) -> list[str]:
    with _store(vault) as store:
        return store.erased() if store is not None else []


def elsewhere_in(vault: Path) -> Elsewhere:
    """What a key store was told when it was restored, read without its key; nothing where there is none."""
    with _store(vault) as store:
        return Elsewhere.read((store.about("elsewhere") if store is not None else None) or b"")


@contextmanager
def _store(vault: Path) -> Iterator[SqliteStore | None]:
    if not vault.is_file():
        yield None
        return
    store = SqliteStore.open(vault)
    try:
        yield store
    finally:
        store.close()
