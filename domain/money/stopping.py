"""One payment is stopped between release and export: its line is left out of the file, every other keeps its number.

What the bank has is out of our hands: afterwards only the bank can keep it back (`rejecting`), or send it back (退票).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.accounts import say_wrong
from .attempts import PaymentStopped
from .banking import OnPayment
from .batch import BatchLineStopped, existing_batch
from .fund import FundsReleased, existing_fund
from .payment import existing_payment
from .preparing import channel_of


@dataclass(frozen=True, kw_only=True)
class StopPayment(OnPayment):
    """Its money is available again, and another batch may take it. A batch of one payment is cancelled instead, not emptied.

    account_wrong: because of the account it was to go to: nothing goes there until another is recorded, or somebody answers for it.
    """

    name: ClassVar[str] = "StopPayment"
    roles: ClassVar[frozenset[str]] = frozenset({"preparer", "checker", "releaser"})
    reason: Sealed
    account_wrong: bool = False

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = existing_payment(streams, self.payment)
        batch = existing_batch(streams, payment.batch)
        if payment.stand == "pending" or (payment.stand == "instructed" and batch.stand == "exported"):
            raise Refused("payment_already_sent", payment=payment.stream, batch=batch.id, says=batch.exported_ref)
        if payment.stand != "instructed":
            raise Refused("payment_not_under_way", payment=payment.stream, stand=payment.stand)
        if batch.stand != "released":
            raise Refused("payment_not_released", payment=payment.stream, batch=batch.id, stand=batch.stand)
        if batch.numbers == [payment.line]:
            raise Refused("batch_of_one_payment", payment=payment.stream, batch=batch.id)
        self.refuse_out_of_time(context, *batch.bases)
        day = self.on or context.today
        if self.account_wrong and channel_of(streams, batch, day) == "signed":
            raise Refused("channel_differs", batch=batch.id, channel="signed")
        ref = streams.next_ref(batch.stream)
        stopped = BatchLineStopped(
            **self.stamp(context, batch.released_ref),
            line=payment.line,
            amount_fen=payment.amount_fen,
            left=len(batch.numbers) - 1,
            left_fen=batch.amount_fen - payment.amount_fen,
        )
        about = self.stamp(context, ref, payment.instructed_ref)
        out = PaymentStopped(**about, batch=batch.id, amount_fen=payment.amount_fen, reason=self.reason)
        freed = FundsReleased(**self.stamp(context, ref), batch=batch.id, amount_fen=payment.amount_fen)
        fund = existing_fund(streams, batch.fund)
        events: list[Event] = [(batch.stream, stopped), (payment.stream, out), (fund.stream, freed)]
        if self.account_wrong:
            says = streams.next_ref(payment.stream)
            events += say_wrong(self, streams, context, payment.student, payment.account_from, says, self.reason)
        return events
