"""The bank moved less than it was asked for: what it moved is paid, and the rest is free again for a further attempt.

An answer whose amounts differ is refused whole (WORKBOOKS, "Bank files"), since a figure alone does not say who is mistaken; so a part is
recorded by hand, payment by payment, with the bank's slip as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Context
from ..refusal import Refused
from ..streams import Event, Streams
from ..student.student import current_student
from .attempts import PaymentPaidInPart
from .banking import OnPayment
from .fund import FundsPaid, FundsReleased, existing_fund
from .payment import existing_payment
from .rejecting import at_the_bank


@dataclass(frozen=True, kw_only=True)
class PayInPart(OnPayment):
    """amount_fen: what the bank moved: more than nothing (that is a failure) and less than was asked for (that is a payment)."""

    name: ClassVar[str] = "PayInPart"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    amount_fen: int
    bank_ref: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = existing_payment(streams, self.payment)
        batch = at_the_bank(streams, payment)
        if not 0 < self.amount_fen < payment.amount_fen:
            raise Refused("part_not_a_part", payment=payment.stream, asked_fen=payment.amount_fen, paid_fen=self.amount_fen)
        if not self.evidence:
            raise Refused("part_without_evidence", payment=payment.stream)
        self.refuse_out_of_time(context, batch.sent)
        current_student(streams, payment.student, also_restricted=True)
        fund = existing_fund(streams, batch.fund)
        ref = streams.next_ref(payment.stream)
        part = PaymentPaidInPart(
            **self.stamp(context, batch.exported_ref, payment.instructed_ref),
            batch=batch.id,
            amount_fen=self.amount_fen,
            asked_fen=payment.amount_fen,
            bank_ref=self.bank_ref,
        )
        moved = self.stamp(context, ref)
        rest_fen = payment.amount_fen - self.amount_fen
        return [
            (payment.stream, part),
            (fund.stream, FundsPaid(**moved, batch=batch.id, amount_fen=self.amount_fen)),
            (fund.stream, FundsReleased(**moved, batch=batch.id, amount_fen=rest_fen)),
        ]
