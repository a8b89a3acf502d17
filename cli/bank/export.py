"""A released batch leaves the house as a bank file: written under a temporary name, recorded, and only then given its own.

So a crash never leaves a file that looks final and was never recorded. The file holds accounts and names in full;
BatchExported, with the file's SHA-256 and who exported it, is the record of that disclosure.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingzhang.domain.money.banking import ExportBatch
from mingzhang.domain.money.batch import Batch, batch_in
from mingzhang.domain.money.fund import existing_fund
from mingzhang.domain.plan.adoption import scheme_in_force
from mingzhang.domain.refusal import Refused

from ..bankfiles.orders import OrderLine, Profile, write_order
from ..session import Session
from .accounts import payees

REHEARSAL = "演练"
_ENDING: dict[Profile, str] = {"csv-gb18030": ".csv", "pipe": ".txt"}


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out. `again`: a copy of an export that had been recorded before."""

    batch: str
    file: Path
    sha256: str
    payments: int
    amount_fen: int
    again: bool


def default_name(batch: str, profile: Profile) -> str:
    """`代发-<batch>.csv` (`.txt` for `pipe`); the bank's 退票 file may name the batch by it."""
    return f"代发-{batch}{_ENDING[profile]}"


def export_batch(
    session: Session, batch_id: str, profile: Profile, out: Path | None, *, again: bool, on: date | None
) -> Exported:
    """Writes the bank file and records the export.

    Refused: `batch_unknown`, `batch_not_ready`, `batch_already_exported` (unless `again`), `file_exists` for another
    file of that name, `file_not_found` for a folder, `bank_order_text`, `person_erased`, `ledger_read_only`, and as every command.
    """
    batch = batch_in(session.streams, batch_id, "released", "exported")
    if batch.exported_ref and not again:
        raise Refused("batch_already_exported", batch=batch.id, first=batch.exported_ref)
    content = _content(session, batch, profile)
    digest = hashlib.sha256(content).hexdigest()
    target = _target(session, batch.id, profile, out)
    if target.exists() and target.read_bytes() != content:
        raise Refused("file_exists", file=str(target))
    draft = target.with_name(f".{target.name}.unfinished")
    _write_private(draft, content)
    try:
        session.execute(
            ExportBatch(on=on, batch=batch.id, profile=profile, file=target.name, sha256=digest, again=again)
        )
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return Exported(batch.id, target, digest, len(batch.lines), batch.amount_fen, bool(batch.exported_ref))


def _content(session: Session, batch: Batch, profile: Profile) -> bytes:
    lines = payees(session, batch)
    scheme, _version = scheme_in_force(session.streams, batch.scheme, batch.pay_on or session.today)
    purpose = f"{REHEARSAL if session.rehearsal else ''}{scheme.name}{batch.period}"
    unit = batch.unit or existing_fund(session.streams, batch.fund).unit
    return write_order(
        [OrderLine(one.number, one.account, one.account_name, one.amount_fen, purpose) for one in lines],
        profile=profile,
        pay_on=batch.pay_on or session.today,
        unit_code=unit,
    )


def _target(session: Session, batch: str, profile: Profile, out: Path | None) -> Path:
    """`--out` names a folder or a file; without it the ledger's own folder of exports, which only its owner reads."""
    if out is None:
        folder = session.folder.exports
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except PermissionError:
            raise Refused("ledger_read_only", ledger=str(session.folder.root)) from None
        return folder / default_name(batch, profile)
    if out.is_dir():
        return out / default_name(batch, profile)
    if not out.parent.is_dir():
        raise Refused("file_not_found", file=str(out.parent))
    return out


def _write_private(path: Path, content: bytes) -> None:
    """Accounts and names: nobody but the owner reads the file, and it is on the disk before the export is recorded."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
