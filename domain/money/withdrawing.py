"""撤回追缴: what was asked back by mistake is asked for no longer, as far as it has not come; somebody else says so than who asked for it.

Whoever recorded the late fact does not decide the money that follows, and whoever asked money back does not let it go either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Context, refuse_before
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import current_student
from .asked_back import ClawbackWithdrawn, withdrawn_of
from .banking import OnPayment
from .payment import Payment, existing_payment


def own_demands(streams: Streams, payment: Payment, actor: str) -> set[str]:
    """The facts by which this person asked money back of the payment."""
    demands = {ref for _because, _fen, ref in payment.clawbacks}
    return {one.ref for one in streams.facts(payment.stream) if one.ref in demands and one.fact.actor == actor}


def own_demand_refused(payment: Payment, actor: str, says: str, step: str) -> Refused:
    """`same_person_decided_twice`: `says` is the fact by which they asked for it, or that they recorded."""
    return Refused("same_person_decided_twice", application=payment.stream, staff=actor, says=says, did="clawback", step=step)


def refuse_own_fact(streams: Streams, payment: Payment, actor: str, says: str, step: str) -> None:
    """Refuses whoever recorded the fact that shows the mistake."""
    if says and any(one.ref == says and one.fact.actor == actor for one in streams.facts(says.rpartition("@")[0])):
        raise own_demand_refused(payment, actor, says, step)


@dataclass(frozen=True, kw_only=True)
class WithdrawClawback(OnPayment):
    """amount_fen: at most what is asked back and has not come; demand: the fact by which it was asked for, else the newest first; says: the
    fact that shows the mistake."""

    name: ClassVar[str] = "WithdrawClawback"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    amount_fen: int
    reason: Sealed
    demand: str = ""
    says: str = ""

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        payment = existing_payment(streams, self.payment)
        if self.amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=self.amount_fen)
        taken = withdrawn_of(payment.asked, self.amount_fen, self.demand or None)
        if sum(taken.values()) < self.amount_fen:
            open_fen = sum(fen for _day, ref, fen in payment.asked if self.demand in ("", ref))
            raise Refused("clawback_not_open", payment=payment.stream, open_fen=open_fen, amount_fen=self.amount_fen)
        self.refuse_out_of_time(context)
        refuse_before(self.on or context.today, *((day, ref) for day, ref, _fen in payment.asked if ref in taken))
        current_student(streams, payment.student, also_restricted=True)
        refuse_own_family(streams, context.actor, payment.student)
        own = own_demands(streams, payment, context.actor) & taken.keys()
        if own:
            raise own_demand_refused(payment, context.actor, min(own), "clawback_withdrawn")
        refuse_own_fact(streams, payment, context.actor, self.says, "clawback_withdrawn")
        fact = ClawbackWithdrawn(
            **self.stamp(context, *taken, self.says), amount_fen=self.amount_fen, reason=self.reason, demand=self.demand or None
        )
        return [(payment.stream, fact)]
