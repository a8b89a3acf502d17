"""How else an attempt may end than paid, failed or returned: in part, sent back, stopped, cancelled, reversed; and an undone deduction."""

from __future__ import annotations

from ..facts import Fact
from ..sealed import Sealed


class PaymentPaidInPart(Fact):
    """The bank moved `amount_fen` of the `asked_fen` it was asked for; the slip that says so is in `evidence`, the rest is free again."""

    topic = "payment.paid_in_part"
    batch: str
    amount_fen: int
    asked_fen: int
    bank_ref: str | None = None


class PaymentRejected(Fact):
    """The bank sent it back unprocessed, after it had been sent: its code in plain, its words sealed."""

    topic = "payment.rejected"
    batch: str
    amount_fen: int
    code: str
    reason: Sealed


class PaymentStopped(Fact):
    """Taken out of its released batch before the file left the house, for the sealed reason."""

    topic = "payment.stopped"
    batch: str
    amount_fen: int
    reason: Sealed


class PaymentCancelled(Fact):
    """Its batch was cancelled before the bank saw it."""

    topic = "payment.cancelled"
    batch: str
    amount_fen: int


class PaymentReversed(Fact):
    """冲正: the bank took a wrong payment back."""

    topic = "payment.reversed"
    amount_fen: int
    reason: Sealed


class ClawbackReversed(Fact):
    """What had been taken back should not have been: the payee is owed it again, and a further attempt pays it."""

    topic = "payment.clawback_reversed"
    amount_fen: int
    reason: Sealed
