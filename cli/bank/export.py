"""A released batch leaves the house as a bank file: written under a temporary name, recorded, and only then given its own.

So a crash never leaves a file that looks final and was never recorded. The file holds accounts and names in full;
BatchExported, with the file's SHA-256 and who exported it, is the record of that disclosure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingzhang.domain.facts import decode
from mingzhang.domain.money.banking import ExportBatch
from mingzhang.domain.money.batch import SIGN_LIST, Batch, BatchExported, batch_in
from mingzhang.domain.money.fund import existing_fund
from mingzhang.domain.money.preparing import channel_of
from mingzhang.domain.plan.adoption import scheme_to_pay
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.refusal import Refused

from ..bankfiles.known_profiles import profile_named
from ..bankfiles.orders import OrderLine, OrderTerms, write_order
from ..bankfiles.profile import BankProfile
from ..bankfiles.sign_list import write_sign_list
from ..checkpoints.making import left_beside
from ..intake.units import UnitNames
from ..on_disk import write_private
from ..session import Session
from .accounts import payees

REHEARSAL = "演练"
COPY = "副本"


@dataclass(frozen=True, slots=True)
class Exported:
    """What went out. `again`: a copy of an export that had been recorded before, `first` is that fact. `checkpoint`: the log's head
    right after it, beside the file; None where none could be written there."""

    batch: str
    file: Path
    sha256: str
    payments: int
    amount_fen: int
    again: bool
    first: str | None
    checkpoint: Path | None


def export_batch(
    session: Session, batch_id: str, profile: str, out: Path | None, *, again: bool, on: date | None
) -> Exported:
    """Writes the bank file and records the export. A further export is the same bytes again, in a file that says in its name that it is a
    copy.

    Refused: `batch_unknown`, `batch_not_ready`, `batch_already_exported` (unless `again`), `bank_profile_not_exported` and
    `bank_copy_differs` for a copy that would be none, `file_exists` for another file of that name, `channel_differs` where the scheme is
    paid in another way, `output_folder_missing`, `bank_order_text`, `person_erased`, `ledger_read_only`, as `profile_named` and as every
    command.
    """
    batch = batch_in(session.streams, batch_id, "released", "exported")
    if batch.exported_ref and not again:
        raise Refused("batch_already_exported", batch=batch.id, first=batch.exported_ref)
    layout = None if profile == SIGN_LIST else profile_named(profile, session.folder.root)
    code = layout.code if layout is not None else SIGN_LIST
    content = _content(session, batch, layout)
    digest = hashlib.sha256(content).hexdigest()
    before = exports_of(session, batch.id)
    if before and layout is not None:
        _refuse_no_copy(batch, before[0], code, digest)
    target = _target(session, batch.id, layout, out, copies=len(before))
    if target.exists() and target.read_bytes() != content:
        raise Refused("file_exists", file=str(target))
    draft = target.with_name(f".{target.name}.unfinished")
    write_private(draft, content)
    try:
        execution = session.execute(
            ExportBatch(on=on, batch=batch.id, profile=code, file=target.name, sha256=digest, again=again)
        )
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    beside = left_beside(session, target, execution.size)
    first = batch.exported_ref or None
    return Exported(batch.id, target, digest, len(batch.numbers), batch.amount_fen, first is not None, first, beside)


def exports_of(session: Session, batch: str) -> list[BatchExported]:
    """Every export of the batch, the first one first; none for a batch that never left the house."""
    rows = session.ledger.journal.select_streams([f"{Batch.prefix}/{batch}"])
    facts = (decode(row.topic, row.state) for row in rows if row.topic == BatchExported.topic)
    return [fact for fact in facts if isinstance(fact, BatchExported)]


def _refuse_no_copy(batch: Batch, first: BatchExported, profile: str, digest: str) -> None:
    """The bank may have the first file: a second one that says anything else would be a second order, not a copy."""
    if profile != first.profile:
        raise Refused("bank_profile_not_exported", batch=batch.id, exported=first.profile, profile=profile)
    if digest != first.sha256:
        raise Refused("bank_copy_differs", batch=batch.id, first=batch.exported_ref)


def unit_stated(session: Session, batch: Batch) -> str:
    """The unit that pays, as a bank file may state it."""
    return batch.unit or existing_fund(session.streams, batch.fund).unit


def order_terms(session: Session, batch: Batch) -> OrderTerms:
    """What all lines of the batch's order to the bank share."""
    purpose = f"{_mark(session)}{_scheme(session, batch).name}{batch.period}"
    return OrderTerms(purpose, batch.pay_on or session.today, unit_stated(session, batch))


def _content(session: Session, batch: Batch, layout: BankProfile | None) -> bytes:
    channel = channel_of(session.streams, batch, session.today)
    if (channel == "signed") is not (layout is None):
        raise Refused("channel_differs", batch=batch.id, channel=channel)
    lines = payees(session, batch, signed=channel == "signed")
    if layout is not None:
        order = [OrderLine(one.number, one.account, one.account_name, one.amount_fen) for one in lines]
        return write_order(order, profile=layout, terms=order_terms(session, batch))
    title = f"{_mark(session)}{_scheme(session, batch).name} {batch.period} 签领表"
    about = f"{UnitNames(session).title(unit_stated(session, batch))}  {(batch.pay_on or session.today).isoformat()}  {batch.id}"
    return write_sign_list([(one.number, one.account_name, one.amount_fen) for one in lines], title=title, about=about)


def _mark(session: Session) -> str:
    return REHEARSAL if session.rehearsal else ""


def _scheme(session: Session, batch: Batch) -> Scheme:
    scheme, _version = scheme_to_pay(session.streams, batch.scheme, batch.pay_on or session.today)
    return scheme


def _target(session: Session, batch: str, layout: BankProfile | None, out: Path | None, *, copies: int) -> Path:
    """`--out` names a folder or a file; without it the ledger's own folder of exports, which only its owner reads. A copy says so in its
    name, and which one it is."""
    title, ending = ("签领表", ".xlsx") if layout is None else ("代发", layout.file_ending)
    mark = f"-{COPY}{copies}" if copies else ""
    name = f"{title}-{batch}{mark}{ending}"
    if out is None:
        folder = session.folder.exports
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except PermissionError:
            raise Refused("ledger_read_only", ledger=str(session.folder.root)) from None
        return folder / name
    if out.is_dir():
        return out / name
    if not out.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(out.parent))
    return out if COPY in out.stem else out.with_name(f"{out.stem}{mark}{out.suffix}")
