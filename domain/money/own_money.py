"""What a payee had handed in before the bank brought the payment back is their own: it goes to them whatever has become of the award.

The fund received it and holds it (`fund.held_for_payee`). It is no award money, so that the award was revoked, the student has left, or an
objection is open keeps none of it back; only somebody whose data are erased can be paid no more.
"""

from __future__ import annotations

from .payment import Payment


def own_money_fen(payment: Payment) -> int:
    """What of the payee's own the fund holds for them, in fen."""
    return max(0, -payment.paid_fen)


def gives_only_own(payment: Payment) -> bool:
    """Whether the attempt under way pays no more than that."""
    return payment.under_way and payment.committed_fen <= 0
