"""A released batch leaves the house as a bank file: written under a temporary name, recorded, and only then given its own.

So a crash never leaves a file that looks final and was never recorded. The file holds accounts and names in full;
BatchExported, with the file's SHA-256 and who exported it, is the record of that disclosure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from mingzhang.domain.money.banking import ExportBatch
from mingzhang.domain.money.batch import Batch, batch_in
from mingzhang.domain.money.fund import existing_fund
from mingzhang.domain.money.preparing import channel_of
from mingzhang.domain.plan.adoption import scheme_to_pay
from mingzhang.domain.refusal import Refused

from ..bankfiles.orders import OrderLine, write_order
from ..bankfiles.sign_list import write_sign_list
from ..checkpoints.making import left_beside
from ..intake.units import UnitNames
from ..on_disk import write_private
from ..session import Session
from .accounts import payees

REHEARSAL = "演练"
ExportProfile = Literal["csv-gb18030", "pipe", "sign-list"]
EXPORT_PROFILES: tuple[ExportProfile, ...] = get_args(ExportProfile)
_NAMES: dict[ExportProfile, tuple[str, str]] = {
    "csv-gb18030": ("代发", ".csv"),
    "pipe": ("代发", ".txt"),
    "sign-list": ("签领表", ".xlsx"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out. `again`: a copy of an export that had been recorded before. `checkpoint`: the log's head right after it, beside the
    file; None where none could be written there."""

    batch: str
    file: Path
    sha256: str
    payments: int
    amount_fen: int
    again: bool
    checkpoint: Path | None


def default_name(batch: str, profile: ExportProfile) -> str:
    """`代发-<batch>.csv` (`.txt` for `pipe`, `签领表-<batch>.xlsx` for `sign-list`); the bank's 退票 file may name the batch by it."""
    title, ending = _NAMES[profile]
    return f"{title}-{batch}{ending}"


def export_batch(
    session: Session, batch_id: str, profile: ExportProfile, out: Path | None, *, again: bool, on: date | None
) -> Exported:
    """Writes the bank file and records the export.

    Refused: `batch_unknown`, `batch_not_ready`, `batch_already_exported` (unless `again`), `file_exists` for another
    file of that name, `channel_differs` where the scheme is paid in another way, `output_folder_missing`, `bank_order_text`,
    `person_erased`, `ledger_read_only`, and as every command.
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
    write_private(draft, content)
    try:
        execution = session.execute(
            ExportBatch(on=on, batch=batch.id, profile=profile, file=target.name, sha256=digest, again=again)
        )
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    beside = left_beside(session, target, execution.size)
    return Exported(batch.id, target, digest, len(batch.lines), batch.amount_fen, bool(batch.exported_ref), beside)


def _content(session: Session, batch: Batch, profile: ExportProfile) -> bytes:
    channel = channel_of(session.streams, batch, session.today)
    if (channel == "signed") is not (profile == "sign-list"):
        raise Refused("channel_differs", batch=batch.id, channel=channel)
    lines = payees(session, batch, signed=channel == "signed")
    scheme, _version = scheme_to_pay(session.streams, batch.scheme, batch.pay_on or session.today)
    purpose = f"{REHEARSAL if session.rehearsal else ''}{scheme.name}{batch.period}"
    unit = batch.unit or existing_fund(session.streams, batch.fund).unit
    if profile == "sign-list":
        title = f"{REHEARSAL if session.rehearsal else ''}{scheme.name} {batch.period} 签领表"
        about = f"{UnitNames(session).title(unit)}  {(batch.pay_on or session.today).isoformat()}  {batch.id}"
        return write_sign_list([(one.number, one.account_name, one.amount_fen) for one in lines], title=title, about=about)
    return write_order(
        [OrderLine(one.number, one.account, one.account_name, one.amount_fen, purpose) for one in lines],
        profile=profile,
        pay_on=batch.pay_on or session.today,
        unit_code=unit,
    )


def _target(session: Session, batch: str, profile: ExportProfile, out: Path | None) -> Path:
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
        raise Refused("output_folder_missing", folder=str(out.parent))
    return out
