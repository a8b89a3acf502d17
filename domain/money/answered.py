"""What a bank says once more must be what it said: another outcome contradicts it, and two numbers for one payment may be two debits."""

from __future__ import annotations

from ..refusal import Refused
from .payment import Payment


def contradiction(payment: Payment, batch: str, *, line: int, row: int | None) -> Refused:
    """`bank_file_contradicts`: tells what became of that batch's attempt, not of a later one."""
    stand: str = payment.stand
    says = payment.last_ref
    if payment.batch != batch:
        said = payment.answered(batch) or "none"
        stand, says = ("part_paid" if said == "part" else said), payment.paid_step(batch)[1] or payment.stream
    return Refused("bank_file_contradicts", payment=payment.stream, row=row, line=line, stand=stand, says=says)


def refuse_other_number(payment: Payment, batch: str, bank_ref: str | None, *, line: int, row: int | None) -> None:
    """`bank_ref_differs` where the bank gives what it paid for that batch another number (流水号) than before. A failure may be worded
    anew: nothing moved."""
    known = dict(payment.bank_refs).get(batch) if bank_ref else None
    if known is not None and known != bank_ref:
        raise Refused("bank_ref_differs", payment=payment.stream, row=row, line=line, known=known, bank_ref=bank_ref)
