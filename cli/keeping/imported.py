"""A ledger made of an export, or one of the same log brought up to date by its continuation: whole, with the very root, or not at all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.proof.verification import verify_log
from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.base64_text import base64_text

from ..folder import ABOUT, LEDGER_PARTS, read_folder
from ..network_share import refuse_network_share
from ..new_folder import new_folder
from ..on_disk import replace_file
from .backup import CHECKPOINTS
from .erasure_list import LIST, read_list
from .kept_log import ROWS_AT_ONCE, Growing
from .log_import import Checked, There, check_export, recorder_of, rows_of
from .manifest import read_manifest
from .online_copy import Progress, copy_database
from .restore import own_key, take_keys


@dataclass(frozen=True)
class Imported:
    """first: the leaf it began at. signed: the checkpoint bears the log's own signature. ok: `verify` would name nothing."""

    ledger_id: str
    rehearsal: bool
    first: int
    size: int
    root: str
    signed: bool
    ok: bool


def import_log(
    file: Path, into: Path, *, keys: Path | None = None, passphrase: Callable[[], str | None], progress: Progress | None = None
) -> Imported:
    """A new ledger in the folder `into`; where the same ledger lies there already, shorter, what it lacks.

    Refused as `check_export`, `restore_into_existing`, `ledger_on_network_share`, `export_of_other_ledger`, `keys_of_other_ledger`,
    `export_not_verified`.
    """
    refuse_network_share(into)
    if (into / ABOUT).is_file():
        if keys is not None:
            raise Refused("restore_into_existing", folder=str(into))
        return _continue(file, into, progress)
    checked = check_export(file, progress=progress)
    header = checked.header
    about = None if keys is None else read_manifest(keys, "keys")
    if about is not None and about.ledger_id != header.ledger_id:
        raise Refused("keys_of_other_ledger", keys=str(keys))
    with new_folder(into, ABOUT, LEDGER_PARTS, exists="restore_into_existing") as making:
        with recorder_of(into / "journal.db", new=True) as recorder:
            for rows in rows_of(file):
                recorder.append_rows(rows)
            if recorder.root_at() != checked.root:  # another file lies there now
                raise Refused("file_changed", file=str(file))
        if keys is not None and about is not None:
            take_keys(keys, about, into, [read_list(keys / LIST, header.ledger_id)], header.size, passphrase, lambda: None)
        _keep_checkpoint(into, checked)
        said = {"ledger_id": header.ledger_id, "rehearsal": header.rehearsal, "format": header.ledger_format}
        making.finish(json.dumps(said, indent=2).encode() + b"\n")
    return _imported(into, checked, progress)


def _continue(file: Path, into: Path, progress: Progress | None) -> Imported:
    folder = read_folder(into)
    with recorder_of(folder.journal) as recorder:
        size = recorder.head().size
        versions: Counter[str] = Counter()
        for start in range(0, size, ROWS_AT_ONCE):
            versions.update(row.originator_id for row in recorder.select_rows(start, ROWS_AT_ONCE, size))
        key = own_key(recorder.select_streams([f"ledger/{folder.ledger_id}"]))
        there = There(size, recorder.root_at(size), recorder.tile, versions, key)
        checked = check_export(file, there, progress)
        if checked.header.ledger_id != folder.ledger_id:
            raise Refused("export_of_other_ledger", file=str(file))
        rows = [row for some in rows_of(file) for row in some]
        growing = Growing(size, recorder.tile)
        growing.add(rows)
        if growing.root() != checked.root:
            raise Refused("file_changed", file=str(file))
        _refuse_unverified(folder.journal, rows, file)
        recorder.append_rows(rows)
    _keep_checkpoint(into, checked)
    return _imported(into, checked, progress)


def _refuse_unverified(journal: Path, rows: Sequence[LogRow], file: Path) -> None:
    """Refuses (`export_not_verified`: problem, leaf) what a verification would find something wrong with, once it was appended: hashes that
    fit are worked out by anybody, signatures are not, and what is appended to a ledger cannot be taken away again. Tried on a copy."""
    with TemporaryDirectory() as place:
        tried = Path(place) / journal.name
        copy_database(journal, tried)
        with recorder_of(tried) as recorder:
            recorder.append_rows(rows)
        problems = verify_log(tried).problems
    if problems:
        first = next(iter(problems))
        raise Refused("export_not_verified", file=str(file), problem=first.code, leaf=problems.first_bad_leaf)


def _keep_checkpoint(into: Path, checked: Checked) -> None:
    if checked.checkpoint is not None:
        kept = into / CHECKPOINTS / f"{checked.header.size}.txt"
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        replace_file(kept, checked.checkpoint)


def _imported(into: Path, checked: Checked, progress: Progress | None) -> Imported:
    header = checked.header
    ok = verify_log(into / "journal.db", on_progress=progress).ok
    signed = checked.checkpoint is not None
    return Imported(header.ledger_id, header.rehearsal, header.first, header.size, base64_text(checked.root), signed, ok)
