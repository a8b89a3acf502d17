"""A deduction that turns out wrong is reversed: the payee is owed again what was taken back of them, and a further attempt pays it.

No payment without a released batch (EVENTS, "Rules that hold everywhere"): so nothing is paid by the decision itself, and the money must be
there when the batch that gives it back is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Context
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import current_student
from .attempts import ClawbackReversed
from .banking import OnPayment
from .payment import Payment, existing_payment
from .withdrawing import own_demand_refused, own_demands, refuse_own_fact


@dataclass(frozen=True, kw_only=True)
class ReverseClawback(OnPayment):
    """amount_fen: at most what has come back on demand and has not been given back yet, and what others than this person had asked for.
    says: the fact that shows the mistake, which is another's too."""

    name: ClassVar[str] = "ReverseClawback"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    amount_fen: int
    reason: Sealed
    says: str = ""

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = existing_payment(streams, self.payment)
        if self.amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=self.amount_fen)
        if self.amount_fen > payment.clawed_back_fen:
            held = payment.clawed_back_fen
            raise Refused("clawback_not_received", payment=payment.stream, received_fen=held, amount_fen=self.amount_fen)
        if payment.under_way:
            raise Refused("payment_under_way", payment=payment.stream, batch=payment.batch)
        self.refuse_out_of_time(context, (payment.clawed_back_on, payment.clawed_back_ref))
        current_student(streams, payment.student, also_restricted=True)
        refuse_own_family(streams, context.actor, payment.student)
        own = own_demands(streams, payment, context.actor)
        still = {ref: fen for _day, ref, fen in payment.asked}
        own_fen = sum(fen - still.get(ref, 0) for _because, fen, ref in payment.clawbacks if ref in own)
        if self.amount_fen > payment.clawed_back_fen - max(0, own_fen - _reversed_by_others(streams, payment, context.actor)):
            raise own_demand_refused(payment, context.actor, min(own), "clawback_reversed")
        refuse_own_fact(streams, payment, context.actor, self.says, "clawback_reversed")
        because = self.stamp(context, payment.clawed_back_ref, payment.paid_ref, self.says)
        return [(payment.stream, ClawbackReversed(**because, amount_fen=self.amount_fen, reason=self.reason))]


def _reversed_by_others(streams: Streams, payment: Payment, actor: str) -> int:
    """What others have reversed so far: it may have been this person's own demands."""
    facts = (one.fact for one in streams.facts(payment.stream))
    return sum(fact.amount_fen for fact in facts if isinstance(fact, ClawbackReversed) and fact.actor != actor)
