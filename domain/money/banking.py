"""The bank's side: a released batch goes out as a file once, and what the bank did with each line is recorded on the day it did it.

Money moves by integer fen only. An answer that does not fit the batch is refused whole (`matching`); nothing of it is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..command import Command, Context, refuse_before
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import current_student
from .batch import Batch, BatchExported, BatchReconciled, BatchReturnsTaken, batch_in
from .fund import Fund, FundsPaid, FundsReleased, FundsRestored, existing_fund
from .payment import (
    ClawbackRaised,
    ClawbackReceived,
    Payment,
    PaymentFailed,
    PaymentPaid,
    PaymentPending,
    PaymentReturned,
    PaymentReversed,
    existing_payment,
)
from .preparing import batch_units


@dataclass(frozen=True, kw_only=True)
class ExportBatch(Command):
    """The bank file leaves the house. A second export must say that it is one, and is recorded as a copy of the first."""

    name: ClassVar[str] = "ExportBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    batch: str
    profile: str
    file: str
    sha256: str
    again: bool = False

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = batch_in(streams, self.batch, "released", "exported")
        if batch.exported_ref and not self.again:
            raise Refused("batch_already_exported", batch=batch.id, first=batch.exported_ref)
        fact = BatchExported(
            **self.stamp(context, batch.released_ref, batch.exported_ref),
            profile=self.profile,
            file=self.file,
            sha256=self.sha256,
            copy_of=batch.exported_ref or None,
        )
        return [(batch.stream, fact)]


@dataclass(frozen=True)
class LineOutcome:
    """One matched line, ready to be recorded: the bank's words sealed under the student."""

    line: int
    state: Literal["paid", "failed", "pending"]
    amount_fen: int
    on: date | None
    bank_ref: str | None = None
    code: str = ""
    reason: Sealed | None = None
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReconcileBatch(Command):
    """Takes a bank's matched answer in. What is final already and answered the same again changes nothing; a contradiction is refused."""

    name: ClassVar[str] = "ReconcileBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    batch: str
    file: str
    sha256: str
    outcomes: tuple[LineOutcome, ...]
    partial: bool = False

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = batch_in(streams, self.batch, "exported")
        if batch.channel != "card":
            raise Refused("channel_differs", batch=batch.id, channel=batch.channel)
        return self.settled(streams, context)

    def settled(self, streams: Streams, context: Context) -> list[Event]:
        """What follows from an answer, whoever gave it: a bank, or the payees with their signatures."""
        batch = batch_in(streams, self.batch, "exported")
        if self.sha256 in batch.answers:
            raise Refused("bank_file_already_reconciled", batch=batch.id, file=self.file)
        _refuse_repeated(self.outcomes)
        sent = (batch.released_on, batch.released_ref)
        refuse_before(self.on or context.today, sent)
        ref = streams.next_ref(batch.stream)
        streams.fetch(batch.payments)
        if not self.partial:
            _refuse_left_out(streams, batch, self.outcomes)
        events: list[Event] = []
        sums = {"paid": [0, 0], "failed": [0, 0], "pending": [0, 0]}
        for outcome in self.outcomes:
            payment = streams.at(Payment, batch.payment(outcome.line, outcome.row))
            if payment.amount_fen != outcome.amount_fen:
                asked, answered = payment.amount_fen, outcome.amount_fen
                raise Refused("bank_file_amount_differs", row=outcome.row, line=outcome.line, asked_fen=asked, answered_fen=answered)
            sums[outcome.state][0] += 1
            sums[outcome.state][1] += outcome.amount_fen
            if payment.answered(batch.id) == outcome.state:
                continue
            if payment.batch != batch.id or payment.stand not in ("instructed", "pending"):
                raise Refused("bank_file_contradicts", row=outcome.row, line=outcome.line, stand=payment.stand, says=payment.last_ref)
            common = self.stamp(context, ref, payment.instructed_ref)
            if outcome.on is not None:
                refuse_before(outcome.on, sent, row=outcome.row)
                common["effective_on"] = outcome.on
            common |= {"row": outcome.row, "batch": batch.id, "amount_fen": outcome.amount_fen}
            if outcome.state == "paid":
                events.append((payment.stream, PaymentPaid(**common, bank_ref=outcome.bank_ref)))
            elif outcome.state == "failed":
                events.append((payment.stream, PaymentFailed(**common, code=outcome.code, reason=outcome.reason)))
            else:
                events.append((payment.stream, PaymentPending(**common)))
        reconciled = BatchReconciled(
            **self.stamp(context, batch.exported_ref),
            file=self.file,
            sha256=self.sha256,
            paid=sums["paid"][0],
            paid_fen=sums["paid"][1],
            failed=sums["failed"][0],
            failed_fen=sums["failed"][1],
            pending=sums["pending"][0],
            pending_fen=sums["pending"][1],
            partial=self.partial,
        )
        fund = existing_fund(streams, batch.fund)
        moves: dict[tuple[type[FundsPaid] | type[FundsReleased], date], int] = {}  # the fund moves on the bank's days, as the payments do
        for _, fact in events:
            if isinstance(fact, PaymentPaid | PaymentFailed):
                move = (FundsPaid if isinstance(fact, PaymentPaid) else FundsReleased, fact.effective_on)
                moves[move] = moves.get(move, 0) + fact.amount_fen
        for (kind, day), fen in moves.items():
            common = self.stamp(context, ref) | {"effective_on": day}
            events.append((fund.stream, kind(**common, batch=batch.id, amount_fen=fen)))
        return [(batch.stream, reconciled), *events]


def _refuse_left_out(streams: Streams, batch: Batch, outcomes: Sequence[LineOutcome]) -> None:
    """An answer that is not declared partial answers every line but those that are settled already."""
    unanswered = sorted({*range(1, len(batch.lines) + 1)} - {outcome.line for outcome in outcomes})
    missing = [n for n in unanswered if streams.at(Payment, batch.payment(n)).answered(batch.id) not in ("paid", "failed")]
    if missing:
        raise Refused("bank_file_line_missing", lines=missing[:20], missing=len(missing))


@dataclass(frozen=True)
class ReturnedLine:
    line: int
    amount_fen: int
    on: date
    reason: Sealed | None = None
    row: int | None = None


@dataclass(frozen=True, kw_only=True)
class TakeReturns(Command):
    """退票: paid payments that came back. The money is available again, the payment may be issued anew."""

    name: ClassVar[str] = "TakeReturns"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    batch: str
    file: str
    sha256: str
    returned: tuple[ReturnedLine, ...]

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = batch_in(streams, self.batch, "exported")
        if self.sha256 in batch.answers:
            raise Refused("bank_file_already_reconciled", batch=batch.id, file=self.file)
        if not self.returned:
            raise Refused("bank_file_empty", file=self.file)
        _refuse_repeated(self.returned)
        ref = streams.next_ref(batch.stream)
        fund = existing_fund(streams, batch.fund)
        events: list[Event] = []
        for line in self.returned:
            payment = streams.at(Payment, batch.payment(line.line, line.row))
            if payment.batch != batch.id or payment.stand != "paid":
                raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=line.row)
            if payment.paid_fen != line.amount_fen:  # less than was paid, where some has been clawed back
                asked, answered = payment.paid_fen, line.amount_fen
                raise Refused("bank_file_amount_differs", row=line.row, line=line.line, asked_fen=asked, answered_fen=answered)
            refuse_before(line.on, (payment.paid_on, payment.paid_ref), row=line.row)
            current_student(streams, payment.student, also_restricted=True)
            common = self.stamp(context, ref, payment.paid_ref) | {"effective_on": line.on, "row": line.row}
            back = PaymentReturned(**common, batch=batch.id, amount_fen=line.amount_fen, reason=line.reason)
            back_ref = streams.next_ref(payment.stream)
            events.append((payment.stream, back))
            restored = self.stamp(context, back_ref) | {"effective_on": line.on}
            events.append((fund.stream, FundsRestored(**restored, payment=payment.stream, amount_fen=line.amount_fen)))
        total = sum(line.amount_fen for line in self.returned)
        taken = BatchReturnsTaken(
            **self.stamp(context, batch.exported_ref),
            file=self.file,
            sha256=self.sha256,
            returned=len(self.returned),
            returned_fen=total,
        )
        return [(batch.stream, taken), *events]


def _refuse_repeated(lines: Sequence[LineOutcome | ReturnedLine]) -> None:
    seen: dict[int, int | None] = {}
    for line in lines:
        if line.line in seen:
            raise Refused("bank_file_line_repeated", row=line.row, line=line.line, first_row=seen[line.line])
        seen[line.line] = line.row


@dataclass(frozen=True, kw_only=True)
class _OnPayment(Command):
    payment: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = existing_payment(streams, self.payment).unit
        return (unit,) if unit else ()

    def _paid(self, streams: Streams, context: Context, amount_fen: int) -> Payment:
        payment = existing_payment(streams, self.payment)
        if amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=amount_fen)
        if payment.stand != "paid" or payment.paid_fen < amount_fen:
            raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=None)
        refuse_before(self.on or context.today, (payment.paid_on, payment.paid_ref))
        current_student(streams, payment.student, also_restricted=True)
        return payment

    def _fund(self, streams: Streams, payment: Payment) -> Fund:
        return existing_fund(streams, batch_in(streams, payment.batch, "exported").fund)


@dataclass(frozen=True, kw_only=True)
class ReversePayment(_OnPayment):
    """冲正: the bank took a wrong payment back whole."""

    name: ClassVar[str] = "ReversePayment"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = self._paid(streams, context, 1)
        fund = self._fund(streams, payment)
        ref = streams.next_ref(payment.stream)
        amount = payment.paid_fen
        reversed_ = PaymentReversed(**self.stamp(context, payment.paid_ref), amount_fen=amount, reason=self.reason)
        restored = FundsRestored(**self.stamp(context, ref), payment=payment.stream, amount_fen=amount)
        return [(payment.stream, reversed_), (fund.stream, restored)]


@dataclass(frozen=True, kw_only=True)
class RaiseClawback(_OnPayment):
    """追缴: asked back; `says` names the fact that makes it due (a withdrawal, an upheld objection)."""

    name: ClassVar[str] = "RaiseClawback"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    amount_fen: int
    reason: Sealed
    says: str = ""

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = self._paid(streams, context, self.amount_fen)
        refuse_own_family(streams, context.actor, payment.student)
        asked_fen = payment.clawback_fen - payment.clawed_back_fen + self.amount_fen
        if asked_fen > payment.paid_fen:
            raise Refused("clawback_exceeds_paid", payment=payment.stream, paid_fen=payment.paid_fen, asked_fen=asked_fen)
        fact = ClawbackRaised(**self.stamp(context, payment.paid_ref, self.says), amount_fen=self.amount_fen, reason=self.reason)
        return [(payment.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ReceiveClawback(_OnPayment):
    name: ClassVar[str] = "ReceiveClawback"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    amount_fen: int

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = self._paid(streams, context, self.amount_fen)
        open_fen = payment.clawback_fen - payment.clawed_back_fen
        if self.amount_fen > open_fen:
            raise Refused("clawback_not_asked", payment=payment.stream, open_fen=open_fen, received_fen=self.amount_fen)
        fund = self._fund(streams, payment)
        ref = streams.next_ref(payment.stream)
        received = ClawbackReceived(**self.stamp(context, payment.last_ref), amount_fen=self.amount_fen)
        restored = FundsRestored(**self.stamp(context, ref), payment=payment.stream, amount_fen=self.amount_fen)
        return [(payment.stream, received), (fund.stream, restored)]
