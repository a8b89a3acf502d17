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
from .answered import contradiction, refuse_other_number
from .asked_back import Asked, ClawbackRaised, ClawbackReceived, asked_since
from .attempts import PaymentReversed
from .batch import Batch, BatchExported, BatchReconciled, BatchReturnsTaken, batch_in
from .fund import FundsPaid, FundsReleased, existing_fund
from .payment import SETTLED, Payment, PaymentFailed, PaymentPaid, PaymentPending, PaymentReturned, existing_payment
from .preparing import batch_units
from .restoring import restored


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
        stamped, today = self.stamp(context, ref), self.on or context.today
        looked_at = {today}
        moves: dict[tuple[_Move, date], int] = {}  # the fund moves on the bank's days, as the payments do
        firsts: dict[str, _Settled] = {}
        for outcome in self.outcomes:
            payment = streams.at(Payment, payment_of.get(outcome.line) or batch.payment(outcome.line, outcome.row))
            if payment.amount_fen != outcome.amount_fen:
                asked, answered = payment.amount_fen, outcome.amount_fen
                raise Refused("bank_file_amount_differs", row=outcome.row, line=outcome.line, asked_fen=asked, answered_fen=answered)
            if payment.answers and payment.answered(batch_id) == outcome.state:
                refuse_other_number(payment, batch_id, outcome.bank_ref, line=outcome.line, row=outcome.row)
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
            first = firsts.get(outcome.state)
            if first is None:
                fact = firsts[outcome.state] = kind(**stamped | own)
            else:
                fact = another(first, own)
            events.append((payment.stream, fact))
            if move is not None:
                moves[move, day] = moves.get((move, day), 0) + outcome.amount_fen
        said = {state: [one.amount_fen for one in self.outcomes if one.state == state] for state in _SETTLES}
        reconciled = BatchReconciled(
            **self.stamp(context, batch.exported_ref),
            file=self.file,
            sha256=self.sha256,
            paid=len(said["paid"]),
            paid_fen=sum(said["paid"]),
            failed=len(said["failed"]),
            failed_fen=sum(said["failed"]),
            pending=len(said["pending"]),
            pending_fen=sum(said["pending"]),
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
    """退票: paid payments that came back, each whole: what its batch paid. The money is available again, the payment may be issued anew."""

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
        events: list[Event] = []
        for line in self.returned:
            payment = streams.at(Payment, batch.payment(line.line, line.row))
            paid_fen = payment.paid_by(batch.id)
            if not paid_fen:
                raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=line.row)
            if paid_fen != line.amount_fen:
                asked, answered = paid_fen, line.amount_fen
                raise Refused("bank_file_amount_differs", row=line.row, line=line.line, asked_fen=asked, answered_fen=answered)
            paid = payment.paid_step(batch.id)
            refuse_future(line.on, context, row=line.row)
            refuse_before(line.on, paid, row=line.row)
            current_student(streams, payment.student, also_restricted=True)
            common = self.stamp(context, ref, paid[1]) | {"effective_on": line.on, "row": line.row}
            back = PaymentReturned(**common, batch=batch.id, amount_fen=line.amount_fen, reason=line.reason)
            events += [(payment.stream, back), *restored(self, streams, context, payment, [(batch.id, paid_fen)], on=line.on)]
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

    def _paid(self, streams: Streams, context: Context, amount_fen: int, *, none_left: bool = False) -> Payment:
        payment = existing_payment(streams, self.payment)
        if amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=amount_fen)
        if payment.paid_fen <= 0 and not none_left:
            raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=None)
        self.refuse_out_of_time(context, (payment.paid_on, payment.paid_ref))
        current_student(streams, payment.student, also_restricted=True)
        return payment


@dataclass(frozen=True, kw_only=True)
class ReversePayment(OnPayment):
    """冲正: the bank took a wrong payment back whole."""

    name: ClassVar[str] = "ReversePayment"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = self._paid(streams, context, 1, none_left=bool(existing_payment(streams, self.payment).paid_out))
        if payment.stand not in ("paid", "part_paid"):  # another attempt is under way, or has failed
            raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=None)
        amount = sum(fen for _batch, fen in payment.paid_out)
        reversed_ = PaymentReversed(**self.stamp(context, payment.paid_ref), amount_fen=amount, reason=self.reason)
        return [(payment.stream, reversed_), *restored(self, streams, context, payment, reversed(payment.paid_out))]


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
    """What was asked back has come. Once the bank has brought the payment back nothing more is asked for; what had come before that day is
    recorded all the same, and is the payee's own."""

    name: ClassVar[str] = "ReceiveClawback"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    amount_fen: int

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = existing_payment(streams, self.payment)
        day = self.on or context.today
        before = payment.settled_on is not None and day < payment.settled_on
        late_fen = min(payment.settled_fen, payment.clawed_back_fen) if before else 0  # it came, and then the bank brought the whole back
        if self.amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=self.amount_fen)
        if payment.paid_fen <= 0 and not late_fen:
            raise Refused("payment_not_paid", payment=payment.stream, stand=payment.stand, row=None)
        self.refuse_out_of_time(context)  # a further attempt may have been paid since it came: it rests on the demand
        current_student(streams, payment.student, also_restricted=True)
        open_fen = max(0, min(payment.clawback_fen - payment.clawed_back_fen, payment.paid_fen))
        if self.amount_fen > open_fen + late_fen:
            raise Refused("clawback_not_asked", payment=payment.stream, open_fen=open_fen + late_fen, received_fen=self.amount_fen)
        demands = payment.asked if self.amount_fen <= open_fen else _demands(streams, payment)
        since = asked_since(demands, self.amount_fen)
        refuse_before(day, since)
        received = ClawbackReceived(**self.stamp(context, since[1]), amount_fen=self.amount_fen)
        return [(payment.stream, received), *restored(self, streams, context, payment, payment.taken_back(self.amount_fen, day))]


def _demands(streams: Streams, payment: Payment) -> Asked:
    """Whatever was asked back of it and not withdrawn, oldest first, whether it has come or not."""
    since = {one.ref: one.fact.effective_on for one in streams.facts(payment.stream)}
    return tuple((since[ref], ref, fen) for _because, fen, ref in payment.clawbacks)
