"""Keys and events never lie together: whoever comes by one backup must not have the other as well."""

from __future__ import annotations

import os
from pathlib import Path

from mingzhang.domain.refusal import Refused

from .manifest import Kind, backup_kind


def refuse_place(out: Path, kind: Kind, ledger: Path) -> None:
    """Refuses a place for a backup of this kind: in the ledger's own folder, or around it (`backup_inside_ledger`); in, around or beside a
    backup of the other kind of whichever ledger (`backup_keys_with_events`, other)."""
    there, source = Path(os.path.realpath(out)), Path(os.path.realpath(ledger))
    if there == source or source in there.parents or there in source.parents:
        raise Refused("backup_inside_ledger", folder=str(out), ledger=str(ledger))
    around = [there, *there.parents]
    beside = [folder for folder in _folders(there.parent) if folder != there] + _folders(there)
    for folder in [*around, *beside]:
        found = backup_kind(folder)
        if found is not None and found[0] != kind:
            raise Refused("backup_keys_with_events", folder=str(out), other=str(folder))


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(entry for entry in parent.iterdir() if entry.is_dir())
    except OSError:  # not there yet, or not for us to look into
        return []


def on_the_same_disk(one: Path, other: Path) -> bool:
    """Whether both would be lost with one disk, as far as the system tells."""
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False
