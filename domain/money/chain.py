"""All payments of one award are one chain: instalments, top-ups and every further attempt together never pay more than the award."""

from __future__ import annotations

from ..aid.application import Application
from ..streams import Streams
from .payment import Payment

MOST_INSTALMENTS = 12


def payments_of(streams: Streams, scheme: str, student: str, period: str) -> list[Payment]:
    """Every payment of the award that has begun: instalments `1`, `2`, … and top-ups `t1`, `t2`, …, in that order."""
    names = [f"payment/{scheme}/{student}/{period}/{number}" for number in range(1, MOST_INSTALMENTS + 1)]
    streams.fetch(names)
    found = [payment for name in names if (payment := streams.at(Payment, name)).exists]
    while (top_up := streams.read(Payment, scheme, student, period, f"t{1 + sum(one.instalment[0] == 't' for one in found)}")).exists:
        found.append(top_up)
    return found


def free_fen(streams: Streams, case: Application) -> int:
    """What of the award as it now stands is neither paid nor under way, in fen; below zero where more went out than it now is."""
    return case.amount_fen - sum(one.committed_fen for one in payments_of(streams, case.scheme, case.student, case.period))


def still_to_pay_fen(streams: Streams, case: Application, payment: Payment, *, besides_fen: int = 0) -> int:
    """What a further attempt at this payment is to pay: what the payee is owed of it, and no more than the award leaves beside its others.

    Of a payment that is under way: what it may be for, as things now stand. besides_fen: what is being decided in the same breath.
    """
    under_way_fen = payment.committed_fen - payment.paid_fen
    return min(payment.wanted_fen - payment.paid_fen, free_fen(streams, case) + under_way_fen - besides_fen)
