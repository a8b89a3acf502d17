"""The bank sends a line, or the whole file, back unprocessed: nothing was paid, the money is available again, each may be tried again.

It speaks as an answer does: a file that says later that such a line was paid contradicts it, and is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from .attempts import PaymentRejected
from .banking import OnPayment
from .batch import Batch, BatchRejected, batch_in
from .fund import FundsReleased, existing_fund
from .payment import Payment, existing_payment
from .preparing import batch_units


@dataclass(frozen=True, kw_only=True)
class RejectPayment(OnPayment):
    """One line. code: the bank's own, in plain; reason: its words."""

    name: ClassVar[str] = "RejectPayment"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    code: str
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = existing_payment(streams, self.payment)
        batch = at_the_bank(streams, payment)
        return _rejected(self, streams, context, batch, [(payment, self.reason)], self.code, batch.exported_ref)


@dataclass(frozen=True, kw_only=True)
class RejectBatch(Command):
    """The whole file, as far as the bank has not settled it. reasons: its words once more for each such payment, sealed for its payee."""

    name: ClassVar[str] = "RejectBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    batch: str
    code: str
    reason: Sealed
    reasons: tuple[tuple[str, Sealed], ...]

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = batch_in(streams, self.batch, "exported")
        if batch.channel != "card":
            raise Refused("channel_differs", batch=batch.id, channel=batch.channel)
        reasons = dict(self.reasons)
        rejected = [(payment, reasons.get(payment.student, self.reason)) for payment in unsettled(streams, batch)]
        if not rejected:
            raise Refused("batch_settled", batch=batch.id)
        ref = streams.next_ref(batch.stream)
        whole = BatchRejected(
            **self.stamp(context, batch.exported_ref),
            payments=len(rejected),
            amount_fen=sum(payment.amount_fen for payment, _reason in rejected),
            code=self.code,
            reason=self.reason,
        )
        return [(batch.stream, whole), *_rejected(self, streams, context, batch, rejected, self.code, ref)]


def unsettled(streams: Streams, batch: Batch) -> list[Payment]:
    """The payments of the batch that the bank has not settled, in the order of its lines."""
    streams.fetch(batch.payments)
    found = [streams.at(Payment, name) for name in batch.payments]
    return [payment for payment in found if payment.batch == batch.id and payment.under_way]


def at_the_bank(streams: Streams, payment: Payment) -> Batch:
    """The batch in which the payment lies at a bank that has not settled it. Refused `payment_not_under_way`, `batch_not_ready`,
    `channel_differs`."""
    if not payment.under_way:
        raise Refused("payment_not_under_way", payment=payment.stream, stand=payment.stand)
    batch = batch_in(streams, payment.batch, "exported")
    if batch.channel != "card":
        raise Refused("channel_differs", batch=batch.id, channel=batch.channel)
    return batch


def _rejected(
    command: Command, streams: Streams, context: Context, batch: Batch, payments: Sequence[tuple[Payment, Sealed]], code: str, says: str
) -> list[Event]:
    command.refuse_out_of_time(context, batch.sent)
    events: list[Event] = []
    for payment, reason in payments:
        common = command.stamp(context, says, payment.instructed_ref)
        fact = PaymentRejected(**common, batch=batch.id, amount_fen=payment.amount_fen, code=code, reason=reason)
        events.append((payment.stream, fact))
    total = sum(payment.amount_fen for payment, _reason in payments)
    # One payment's own fact moves the fund's money; of many it is the batch's.
    ref = says if len(payments) > 1 else streams.next_ref(payments[0][0].stream)
    freed = FundsReleased(**command.stamp(context, ref), batch=batch.id, amount_fen=total)
    return [*events, (existing_fund(streams, batch.fund).stream, freed)]
