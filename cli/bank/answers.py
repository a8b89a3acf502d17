"""The bank's answer is compared with what was asked and with the awards, line by line, and recorded whole or not at all.

WORKBOOKS.md, "Bank files": rows are matched by 序号 and must agree in account, name and amount; a file that answers
another batch is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.ledger import Seen
from mingzhang.domain.money.answered import contradiction, refuse_other_number
from mingzhang.domain.money.attempts import PaymentPaidInPart
from mingzhang.domain.money.banking import LineOutcome, ReconcileBatch
from mingzhang.domain.money.batch import Batch, batch_in
from mingzhang.domain.money.matching import AnsweredLine, ExpectedLine, match_answer
from mingzhang.domain.money.payment import SETTLED, Payment
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..bankfiles.answers import BankAnswer, BankLine
from ..bankfiles.profile import STATES
from ..session import Session
from .accounts import Payee, payees
from .against_award import AgainstAward, against_award
from .export import unit_stated
from .incoming import BankFile, incoming
from .reading import AnswerReading, reading
from .whole_order import whole_order

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
    against_award: tuple[AgainstAward, ...]


def reconcile(
    session: Session, batch_id: str, file: Path, *, partial: bool, on: date | None, profile: str | None = None
) -> Reconciled:
    """Takes a 回盘文件 in. A later answer to the same batch may leave out what an earlier one has settled.

    Refused: `batch_unknown`, `batch_not_ready`, as `incoming`, `read_answer` and `match_answer`, `bank_file_other_unit`, and
    `bank_file_contradicts`.
    """
    with collector_at_rest():
        return _reconciled(session, session.ledger.seen(), batch_id, file, partial=partial, on=on, profile=profile)


def _reconciled(
    session: Session, seen: Seen, batch_id: str, file: Path, *, partial: bool, on: date | None, profile: str | None
) -> Reconciled:
    batch = batch_in(seen.streams, batch_id, "exported")
    came = incoming(session, batch, file, profile)
    session.vault.need_key()
    with reading(came, whole_order(session, batch, came.layout)) as under_way:
        return _taken_in(session, seen, batch, came, under_way, partial=partial, on=on)


def _taken_in(
    session: Session, seen: Seen, batch: Batch, came: BankFile, under_way: AnswerReading, *, partial: bool, on: date | None
) -> Reconciled:
    streams = batch.payment_of
    seen.streams.fetch(streams.values())
    payments = {number: seen.streams.at(Payment, stream) for number, stream in streams.items()}
    # What the bank moved in part is on record by hand: the same answer with that line in it still fits.
    parts = {
        number: _moved_in_part(seen, payment, batch)
        for number, payment in payments.items()
        if payment.answers and payment.answered(batch.id) == "part"
    }
    answer, repeats_the_order = under_way.done(parts)
    if not answer.lines:
        raise Refused("bank_file_empty", file=answer.file)
    if not repeats_the_order:
        expected = payees(session, batch, answering=True, seen=seen.streams)
        refuse_erased(expected, {line.number for line in answer.lines})
        _match(batch.id, expected, payments, answer, parts, partial=partial, answered_before=bool(batch.answers))
    _refuse_other_unit(session, batch, answer, came.layout.unit_code)
    lines = [line for line in answer.lines if parts.get(line.number) != line.done_fen] if parts else answer.lines
    outcomes = _outcomes(session, batch, payments, lines)
    command = ReconcileBatch(
        on=on, batch=batch.id, file=came.name, sha256=answer.sha256, outcomes=outcomes, partial=partial
    )
    against = against_award(session, batch, [(line.number, line.state) for line in answer.lines])
    session.execute_many([command], file_sha256=[answer.sha256], seen=seen)
    of_state = {state: [line for line in answer.lines if line.state == state] for state in STATES}
    fen = {state: [line.done_fen if state == "paid" else line.asked_fen for line in lines] for state, lines in of_state.items()}
    return Reconciled(
        batch.id,
        paid=len(fen["paid"]),
        paid_fen=sum(fen["paid"]),
        failed=len(fen["failed"]),
        failed_fen=sum(fen["failed"]),
        pending=len(fen["pending"]),
        pending_fen=sum(fen["pending"]),
        against_award=tuple(against),
    )


def _moved_in_part(seen: Seen, payment: Payment, batch: Batch) -> int:
    """What the bank moved for that batch, in fen, whether it has come back since or not."""
    facts = (one.fact for one in seen.streams.facts(payment.stream))
    return next(fact.amount_fen for fact in facts if isinstance(fact, PaymentPaidInPart) and fact.batch == batch.id)


def _refuse_other_unit(session: Session, batch: Batch, answer: BankAnswer, unit_code: str | None) -> None:
    """An answer that says whose it is must be ours."""
    asked = unit_code or unit_stated(session, batch)
    if answer.unit_code is not None and answer.unit_code != asked:
        raise Refused("bank_file_other_unit", file=answer.file, stated=answer.unit_code, unit=asked)


def refuse_erased(expected: Sequence[Payee], numbers: set[int]) -> None:
    """`person_erased` where the file speaks of somebody erased: their account is known no more, so nothing can be compared with it."""
    for one in expected:
        if one.erased and one.number in numbers:
            raise Refused("person_erased", student=one.student)


def _match(
    batch: str,
    expected: Sequence[Payee],
    payments: Mapping[int, Payment],
    answer: BankAnswer,
    parts: Mapping[int, int],
    *,
    partial: bool,
    answered_before: bool,
) -> None:
    match_answer(
        [ExpectedLine(one.number, one.account, one.account_name, one.amount_fen) for one in expected],
        [
            AnsweredLine(
                line.number,
                line.account,
                line.name,
                line.asked_fen,
                line.asked_fen if parts.get(line.number) == line.done_fen else line.done_fen,
                line.state,
                line.row,
            )
            for line in answer.lines
        ],
        partial=partial or answered_before,
    )
    if partial or not answered_before:
        return
    answered = {line.number for line in answer.lines}
    missing = [number for number, one in payments.items() if number not in answered and one.answered(batch) not in SETTLED]
    if missing:
        raise Refused("bank_file_line_missing", lines=missing[:20], missing=len(missing))


def _outcomes(
    session: Session, batch: Batch, payments: Mapping[int, Payment], answered: Sequence[BankLine]
) -> tuple[LineOutcome, ...]:
    """The matched lines with the bank's words sealed. A line that says again what is settled, of a payment that has
    since come back or been reissued, is left out: nothing follows from it."""
    batch_id = batch.id
    outcomes: list[LineOutcome] = []
    said: dict[int, tuple[str, str]] = {}  # the bank's words may name somebody, also where its code should stand
    plain: dict[str, str] = {}
    for line in answered:
        payment = payments[line.number]
        if payment.batch != batch_id or payment.stand in ("returned", "reversed"):
            if payment.answered(batch_id) != line.state:
                raise contradiction(payment, batch_id, line=line.number, row=line.row)
            refuse_other_number(payment, batch_id, line.flow, line=line.number, row=line.row)
            continue
        code = line.code
        if code not in plain:  # a bank has few codes
            plain[code] = code if _CODE.fullmatch(code) else ""
        if line.reason or code != plain[code]:
            said[len(outcomes)] = payment.student, "；".join(part for part in (code.removeprefix(plain[code]), line.reason) if part)
        outcomes.append(
            LineOutcome(line.number, line.state, line.asked_fen, line.processed_on, line.flow or None, plain[code], None, line.row)
        )
    for place, reason in zip(said, sealed_words(session, list(said.values())), strict=True):
        outcomes[place] = outcomes[place]._replace(reason=reason)
    return tuple(outcomes)


def sealed_words(session: Session, said: Sequence[tuple[str, str]]) -> list[Sealed | None]:
    """A box for each (student, words), None where there are no words."""
    boxes = iter(session.vault.seal_many([(student, {"reason": words}) for student, words in said if words]))
    return [next(boxes) if words else None for _student, words in said]
