"""The bank's side: a released batch goes out as a file once, and what the bank did with each line is recorded on the day it did it.

Money moves by integer fen only. An answer that does not fit the batch is refused whole (`matching`); nothing of it is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ..command import Command, Context, refuse_before, refuse_future
from ..facts import another
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import current_student
from .asked_back import asked_since
from .batch import Batch, BatchExported, BatchReconciled, BatchReturnsTaken, batch_in
from .fund import FundsPaid, FundsReleased, FundsRestored, existing_fund
from .payment import (
    SETTLED,
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
        self.refuse_out_of_time(context, (batch.released_on, batch.released_ref), batch.sent)
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


def contradiction(payment: Payment, batch: str, *, line: int, row: int | None) -> Refused:
    """`bank_file_contradicts`: tells what became of that batch's attempt, not of a later one."""
    stand: str = payment.stand
    says = payment.last_ref
    if payment.batch != batch:
        said = payment.answered(batch) or "none"
        stand, says = ("part_paid" if said == "part" else said), payment.paid_step(batch)[1] or payment.stream
    return Refused("bank_file_contradicts", payment=payment.stream, row=row, line=line, stand=stand, says=says)


class LineOutcome(NamedTuple):
    """One matched line, ready to be recorded: the bank's words sealed under the student."""

    line: int
    state: Literal["paid", "failed", "pending"]
    amount_fen: int
    on: date | None
    bank_ref: str | None = None
    code: str = ""
    reason: Sealed | None = None
    row: int | None = None


_Settled = PaymentPaid | PaymentFailed | PaymentPending
_Move = type[FundsPaid] | type[FundsReleased]
_SETTLES: dict[str, tuple[type[_Settled], _Move | None]] = {
    "paid": (PaymentPaid, FundsPaid),
    "failed": (PaymentFailed, FundsReleased),
    "pending": (PaymentPending, None),
}
"""By a line's state: what its payment records, and what the fund does."""


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
        self.refuse_out_of_time(context, batch.sent)
        ref, batch_id, payment_of = streams.next_ref(batch.stream), batch.id, batch.payment_of
        streams.fetch(payment_of.values())
        if not self.partial:
            _refuse_left_out(streams, batch, self.outcomes)
        events: list[Event] = []
        sums = {"paid": [0, 0], "failed": [0, 0], "pending": [0, 0]}
        stamped, today = self.stamp(context, ref), self.on or context.today
        looked_at = {today}
        moves: dict[tuple[_Move, date], int] = {}  # the fund moves on the bank's days, as the payments do
        firsts: dict[type[_Settled], _Settled] = {}
        for outcome in self.outcomes:
            payment = streams.at(Payment, payment_of.get(outcome.line) or batch.payment(outcome.line, outcome.row))
            if payment.amount_fen != outcome.amount_fen:
                asked, answered = payment.amount_fen, outcome.amount_fen
                raise Refused("bank_file_amount_differs", row=outcome.row, line=outcome.line, asked_fen=asked, answered_fen=answered)
            sums[outcome.state][0] += 1
            sums[outcome.state][1] += outcome.amount_fen
            if payment.answers and payment.answered(batch_id) == outcome.state:
                continue
            if payment.batch != batch_id or payment.stand not in ("instructed", "pending"):
                raise contradiction(payment, batch_id, line=outcome.line, row=outcome.row)
            day = outcome.on or today
            if day not in looked_at:  # an answer has few days and many lines
                refuse_future(day, context, row=outcome.row)
                refuse_before(day, batch.sent, row=outcome.row)
                looked_at.add(day)
            because = (ref, payment.instructed_ref)
            own = {"effective_on": day, "because": because, "row": outcome.row, "batch": batch_id, "amount_fen": outcome.amount_fen}
            if outcome.state == "paid":
                own["bank_ref"] = outcome.bank_ref
            elif outcome.state == "failed":
                own["code"], own["reason"] = outcome.code, outcome.reason
            kind, move = _SETTLES[outcome.state]
            first = firsts.get(kind)
            fact = kind(**stamped | own) if first is None else another(first, own)
            firsts[kind] = fact
            events.append((payment.stream, fact))
            if move is not None:
                moves[move, day] = moves.get((move, day), 0) + outcome.amount_fen
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
        for (moved, day), fen in moves.items():
            events.append((fund.stream, moved(**stamped | {"effective_on": day}, batch=batch_id, amount_fen=fen)))
        return [(batch.stream, reconciled), *events]


def _refuse_left_out(streams: Streams, batch: Batch, outcomes: Sequence[LineOutcome]) -> None:
    """An answer that is not declared partial answers every line but those that are settled already."""
    unanswered = sorted({*batch.numbers} - {outcome.line for outcome in outcomes})
    missing = [n for n in unanswered if streams.at(Payment, batch.payment(n)).answered(batch.id) not in SETTLED]
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
        self.refuse_out_of_time(context, batch.sent)
        ref = streams.next_ref(batch.stream)
        fund = existing_fund(streams, batch.fund)
        events: list[Event] = []
        for line in self.returned:
            payment = streams.at(Payment, batch.payment(line.line, line.row))
            paid_fen = payment.paid_by(batch.id)
            if not paid_fen:
                raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=line.row)
            if paid_fen < line.amount_fen and payment.clawed_back_fen:
                back_fen, left_fen = payment.clawed_back_fen, paid_fen
                raise Refused("returned_after_clawback", row=line.row, returned_fen=line.amount_fen, back_fen=back_fen, left_fen=left_fen)
            if paid_fen != line.amount_fen:
                asked, answered = paid_fen, line.amount_fen
                raise Refused("bank_file_amount_differs", row=line.row, line=line.line, asked_fen=asked, answered_fen=answered)
            paid = payment.paid_step(batch.id)
            refuse_future(line.on, context, row=line.row)
            refuse_before(line.on, paid, row=line.row)
            current_student(streams, payment.student, also_restricted=True)
            common = self.stamp(context, ref, paid[1]) | {"effective_on": line.on, "row": line.row}
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
class OnPayment(Command):
    """What befalls one payment after the bank has spoken."""

    payment: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = existing_payment(streams, self.payment).unit
        return (unit,) if unit else ()

    def _paid(self, streams: Streams, context: Context, amount_fen: int) -> Payment:
        payment = existing_payment(streams, self.payment)
        if amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=amount_fen)
        if not payment.paid_fen:
            raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=None)
        self.refuse_out_of_time(context, (payment.paid_on, payment.paid_ref))
        current_student(streams, payment.student, also_restricted=True)
        return payment

    def _restored(self, streams: Streams, context: Context, payment: Payment, amount_fen: int) -> list[Event]:
        """The money goes back to the funds that paid it, the newest first."""
        back: dict[str, int] = {}
        for batch, fen in payment.taken_back(amount_fen):
            fund = existing_fund(streams, batch_in(streams, batch, "exported").fund)
            back[fund.stream] = back.get(fund.stream, 0) + fen
        ref = streams.next_ref(payment.stream)
        return [
            (fund, FundsRestored(**self.stamp(context, ref), payment=payment.stream, amount_fen=fen)) for fund, fen in back.items()
        ]


@dataclass(frozen=True, kw_only=True)
class ReversePayment(OnPayment):
    """冲正: the bank took a wrong payment back whole."""

    name: ClassVar[str] = "ReversePayment"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = self._paid(streams, context, 1)
        if payment.stand not in ("paid", "part_paid"):  # another attempt is under way, or has failed
            raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=None)
        amount = payment.paid_fen
        reversed_ = PaymentReversed(**self.stamp(context, payment.paid_ref), amount_fen=amount, reason=self.reason)
        return [(payment.stream, reversed_), *self._restored(streams, context, payment, amount)]


@dataclass(frozen=True, kw_only=True)
class RaiseClawback(OnPayment):
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
class ReceiveClawback(OnPayment):
    name: ClassVar[str] = "ReceiveClawback"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    amount_fen: int

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = self._paid(streams, context, self.amount_fen)
        open_fen = min(payment.clawback_fen - payment.clawed_back_fen, payment.paid_fen)
        if self.amount_fen > open_fen:
            raise Refused("clawback_not_asked", payment=payment.stream, open_fen=open_fen, received_fen=self.amount_fen)
        refuse_before(self.on or context.today, asked_since(payment.asked, self.amount_fen))
        received = ClawbackReceived(**self.stamp(context, payment.last_ref), amount_fen=self.amount_fen)
        return [(payment.stream, received), *self._restored(streams, context, payment, self.amount_fen)]
