"""退票: payments that came back are matched to the batch they went out with, line by line, and taken in whole or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from mingzhang.domain.money.banking import ReturnedLine, TakeReturns
from mingzhang.domain.money.batch import Batch, batch_in, existing_batch
from mingzhang.domain.refusal import Refused

from ..bankfiles.answers import BankReturn, BankReturns, read_returns
from ..bankfiles.known_profiles import profile_named
from ..cases.chosen import as_decided
from ..session import Session
from ..workbooks.cells import read_bytes
from .accounts import Payee, payees
from .answers import refuse_erased, sealed_words
from .incoming import incoming, names_of_batch


def take_returns(
    session: Session, batch_id: str | None, file: Path, *, on: date | None, profile: str | None = None
) -> tuple[str, int, int]:
    """Takes a 退票 file in and gives (batch, how many came back, fen). 原批次 must be the batch's id or the name of its
    file; without `batch_id` it says which batch is meant.

    Refused: `bank_file_other_batch`, `bank_file_line_unknown`, `bank_file_account_differs`, `bank_file_name_differs`,
    `bank_file_amount_differs`, `bank_file_empty`, `bank_file_names_no_batch`, `payment_not_paid`, and as `incoming` and `read_returns`.
    """
    batch = batch_in(session.streams, batch_id, "exported") if batch_id else _batch_named(session, file, profile)
    came = incoming(session, batch, file, profile)
    returns = read_returns(came.content, came.file, came.layout)
    known = names_of_batch(session, batch.id)
    strangers = sum(1 for line in returns.lines if line.batch not in known) if came.layout.returned.names_batch else 0
    if strangers:
        raise Refused("bank_file_other_batch", strangers=strangers, lines=returns.count)
    expected = {one.number: one for one in payees(session, batch, answering=True)}
    refuse_erased(list(expected.values()), {line.number for line in returns.lines})
    lines = [(line, _matched(expected, line)) for line in returns.lines]  # how much it must be, the command says
    reasons = sealed_words(session, [(payee.student, line.reason) for line, payee in lines])
    returned = tuple(
        ReturnedLine(line=line.number, amount_fen=line.amount_fen, on=line.returned_on, reason=reason, row=line.row)
        for (line, _payee), reason in zip(lines, reasons, strict=True)
    )
    command = TakeReturns(on=on, batch=batch.id, file=file.name, sha256=returns.sha256, returned=returned)
    session.execute_many([command], file_sha256=[returns.sha256])
    return batch.id, len(returned), sum(line.amount_fen for line in returned)


def _matched(expected: dict[int, Payee], line: BankReturn) -> Payee:
    wanted = expected.get(line.number)
    if wanted is None:
        raise Refused("bank_file_line_unknown", row=line.row, line=line.number)
    if line.account != wanted.account:
        raise Refused("bank_file_account_differs", row=line.row, line=line.number)
    if line.name != wanted.account_name:
        raise Refused("bank_file_name_differs", row=line.row, line=line.number)
    return wanted


def _batch_named(session: Session, file: Path, profile: str | None) -> Batch:
    """The exported batch that every line names. In which layout it is to be read only the batch says: each that went out is tried."""
    from mingzhang.projections.payments import batches

    with as_decided(session) as view:
        known = [existing_batch(session.streams, row.batch) for row in batches(view)]
    exported = [batch for batch in known if batch.stand == "exported" and batch.channel == "card"]
    layouts = [profile] if profile else list(dict.fromkeys(batch.profile for batch in reversed(exported)))
    if not layouts:
        raise Refused("bank_file_names_no_batch", file=file.name)
    returns = _readable(session, file, layouts)
    if not returns.lines:
        raise Refused("bank_file_empty", file=file.name)
    named = {line.batch for line in returns.lines}
    if named == {""}:
        raise Refused("bank_file_names_no_batch", file=file.name)
    meant = [batch for batch in exported if named <= names_of_batch(session, batch.id)]
    if len(meant) != 1:
        raise Refused("batch_unknown", batch="、".join(sorted(named)))
    return meant[0]


def _readable(session: Session, file: Path, layouts: list[str]) -> BankReturns:
    content = read_bytes(file, str(file))
    first: Refused | None = None
    for layout in layouts:
        try:
            return read_returns(content, str(file), profile_named(layout, session.folder.root))
        except Refused as refusal:
            first = first or refusal
    raise first or Refused("bank_file_empty", file=file.name)
