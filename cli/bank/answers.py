"""The bank's answer is compared with what was asked, line by line, and recorded whole or not at all.

WORKBOOKS.md, "Bank files": rows are matched by 序号 and must agree in account, name and amount; a file that answers
another batch is refused whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingzhang.domain.facts import decode
from mingzhang.domain.money.banking import LineOutcome, ReconcileBatch, ReturnedLine, TakeReturns
from mingzhang.domain.money.batch import Batch, BatchExported, batch_in, existing_batch
from mingzhang.domain.money.matching import AnsweredLine, ExpectedLine, match_answer
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..bankfiles.answers import BankAnswer, BankReturn, read_answer, read_returns
from ..cases.chosen import as_decided
from ..session import Session
from ..workbooks.cells import read_bytes
from .accounts import Payee, payees

_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the answer says of the batch: counts of its lines and their sums in whole fen."""

    batch: str
    paid: int
    paid_fen: int
    failed: int
    failed_fen: int
    pending: int
    pending_fen: int


def reconcile(session: Session, batch_id: str, file: Path, *, partial: bool, on: date | None) -> Reconciled:
    """Takes a 回盘文件 in. A later answer to the same batch may leave out what an earlier one has settled.

    Refused: `batch_unknown`, `batch_not_ready`, `bank_file_already_reconciled`, as `read_answer` and `match_answer`,
    and `bank_file_contradicts`.
    """
    batch = batch_in(session.streams, batch_id, "exported")
    answer = read_answer(file)
    _refuse_seen(batch, file, answer.sha256)
    expected = payees(session, batch, answering=True)
    _refuse_erased(expected, {line.number for line in answer.lines})
    _match(expected, answer, partial=partial, answered_before=bool(batch.answers))
    outcomes = _outcomes(session, batch, expected, answer)
    command = ReconcileBatch(
        on=on, batch=batch.id, file=file.name, sha256=answer.sha256, outcomes=outcomes, partial=partial
    )
    session.execute_many([command], file_sha256=[answer.sha256])
    sums = {"paid": [0, 0], "failed": [0, 0], "pending": [0, 0]}
    for line in answer.lines:
        sums[line.state][0] += 1
        sums[line.state][1] += line.asked_fen
    return Reconciled(batch.id, *sums["paid"], *sums["failed"], *sums["pending"])


def _refuse_seen(batch: Batch, file: Path, sha256: str) -> None:
    if sha256 in batch.answers:
        raise Refused("bank_file_already_reconciled", batch=batch.id, file=file.name)


def _refuse_erased(expected: Sequence[Payee], numbers: set[int]) -> None:
    """`person_erased` where the file speaks of somebody erased: their account is known no more, so nothing can be compared with it."""
    for one in expected:
        if one.erased and one.number in numbers:
            raise Refused("person_erased", student=one.student)


def _match(expected: Sequence[Payee], answer: BankAnswer, *, partial: bool, answered_before: bool) -> None:
    match_answer(
        _expected_lines(expected),
        [
            AnsweredLine(
                line.number, line.account, line.name, line.asked_fen, line.done_fen, line.state, line.row
            )
            for line in answer.lines
        ],
        partial=partial or answered_before,
    )
    if not answer.lines:
        raise Refused("bank_file_empty", file=answer.file)
    if partial or not answered_before:
        return
    answered = {line.number for line in answer.lines}
    missing = [
        one.number for one in expected if one.answered not in ("paid", "failed") and one.number not in answered
    ]
    if missing:
        raise Refused("bank_file_line_missing", lines=missing[:20], missing=len(missing))


def _expected_lines(expected: Sequence[Payee]) -> list[ExpectedLine]:
    return [ExpectedLine(one.number, one.account, one.account_name, one.amount_fen) for one in expected]


def _outcomes(
    session: Session, batch: Batch, expected: Sequence[Payee], answer: BankAnswer
) -> tuple[LineOutcome, ...]:
    """The matched lines with the bank's words sealed. A line that says again what is settled, of a payment that has
    since come back or been reissued, is left out: nothing follows from it."""
    by_number = {one.number: one for one in expected}
    session.streams.fetch(one.payment for one in expected)
    lines = []
    for line in answer.lines:
        payee = by_number[line.number]
        payment = session.streams.at(Payment, payee.payment)
        moved_on = payment.batch != batch.id or payment.stand in ("returned", "reversed")
        if moved_on and payee.answered != line.state:
            raise Refused(
                "bank_file_contradicts", row=line.row, line=line.number, stand=payment.stand, says=payment.last_ref
            )
        if not moved_on:
            lines.append((line, payee))
    reasons = _sealed(session, [(payee.student, _words(line.code, line.reason)) for line, payee in lines])
    return tuple(
        LineOutcome(
            line=line.number,
            state=line.state,
            amount_fen=line.asked_fen,
            on=line.processed_on,
            bank_ref=line.flow or None,
            code=line.code if _CODE.fullmatch(line.code) else "",
            reason=reason,
            row=line.row,
        )
        for (line, _payee), reason in zip(lines, reasons, strict=True)
    )


def _words(code: str, reason: str) -> str:
    """What the bank said in words: they may name somebody, also where its code should stand."""
    return reason if not code or _CODE.fullmatch(code) else "；".join(part for part in (code, reason) if part)


def _sealed(session: Session, said: Sequence[tuple[str, str]]) -> list[Sealed | None]:
    """A box for each (student, words), None where there are no words."""
    boxes = iter(session.vault.seal_many([(student, {"reason": words}) for student, words in said if words]))
    return [next(boxes) if words else None for _student, words in said]


def take_returns(session: Session, batch_id: str | None, file: Path, *, on: date | None) -> tuple[str, int, int]:
    """Takes a 退票 file in and gives (batch, how many came back, fen). 原批次 must be the batch's id or the name of its
    file; without `batch_id` it says which batch is meant.

    Refused: `bank_file_other_batch`, `bank_file_line_unknown`, `bank_file_account_differs`, `bank_file_name_differs`,
    `bank_file_amount_differs`, `bank_file_empty`, `payment_not_paid`, and as `read_returns`.
    """
    returns = read_returns(file)
    named = {line.batch for line in returns.lines}
    batch = existing_batch(session.streams, batch_id) if batch_id else _batch_named(session, named, returns.count)
    _refuse_seen(batch, file, returns.sha256)
    strangers = sum(1 for line in returns.lines if line.batch not in names_of_batch(session, batch.id))
    if strangers:
        raise Refused("bank_file_other_batch", strangers=strangers, lines=returns.count)
    expected = {one.number: one for one in payees(session, batch, answering=True)}
    _refuse_erased(list(expected.values()), {line.number for line in returns.lines})
    lines = [(line, _matched(expected, line)) for line in returns.lines]
    reasons = _sealed(session, [(payee.student, line.reason) for line, payee in lines])
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
    if line.amount_fen != wanted.amount_fen:
        raise Refused(
            "bank_file_amount_differs",
            row=line.row,
            line=line.number,
            asked_fen=wanted.amount_fen,
            answered_fen=line.amount_fen,
        )
    if line.account != wanted.account:
        raise Refused("bank_file_account_differs", row=line.row, line=line.number)
    if line.name != wanted.account_name:
        raise Refused("bank_file_name_differs", row=line.row, line=line.number)
    return wanted


def names_of_batch(session: Session, batch: str) -> set[str]:
    """What a bank may call the batch: its id, and the names of its exported files with and without their endings."""
    names = {batch}
    for row in session.ledger.journal.select_streams([f"batch/{batch}"]):
        fact = decode(row.topic, row.state)
        if isinstance(fact, BatchExported):
            stem = Path(fact.file).stem
            names |= {fact.file, stem, stem.removeprefix("代发-")}
    return names


def _batch_named(session: Session, named: set[str], lines: int) -> Batch:
    from mingzhang.projections.payments import batches

    if not lines:
        raise Refused("bank_file_empty", file="")
    with as_decided(session) as view:
        known = [row.batch for row in batches(view)]
    meant = [batch for batch in known if named <= names_of_batch(session, batch)]
    if len(meant) != 1:
        raise Refused("batch_unknown", batch="、".join(sorted(named)))
    return existing_batch(session.streams, meant[0])


def batch_awaiting(session: Session) -> list[str]:
    """Exported batches with a line that the bank has not settled."""
    from mingzhang.projections.payments import batches, payments

    with as_decided(session) as view:
        out = {row.batch for row in payments(view) if row.stand in ("instructed", "pending")}
        return [row.batch for row in batches(view) if row.stand in ("exported", "reconciled") and row.batch in out]


def batch_answered_by(session: Session, file: Path) -> str | None:
    """The batch that this very file has answered before, if any."""
    from mingzhang.projections.payments import batches

    digest = hashlib.sha256(read_bytes(file, str(file))).hexdigest()
    with as_decided(session) as view:
        known = [row.batch for row in batches(view)]
    return next((batch for batch in known if digest in session.streams.read(Batch, batch).answers), None)
