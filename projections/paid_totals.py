"""Money by scheme, period and department: what was awarded, prepared, and paid, on any day."""

from __future__ import annotations

from typing import NamedTuple

from .aid_steps import standing_awards
from .payments import payments
from .projection import View
from .register.offices import units_below


class PaidTotals(NamedTuple):
    """Counts of awards and payments, and fen. `waiting`: payments that have not arrived, whatever the reason; paid_fen: what the payees
    have kept by the day, returns and clawbacks taken off."""

    scheme: str
    period: str
    unit: str
    awards: int
    awarded_fen: int
    payments: int
    prepared_fen: int
    paid: int
    waiting: int
    paid_fen: int


def paid_totals(view: View, scheme: str | None = None, period: str | None = None, unit: str | None = None) -> list[PaidTotals]:
    """One row for each scheme, period and unit with an award or a payment, in that order. A unit means itself and those below it."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for award in standing_awards(view, scheme):
        row = sums.setdefault((award.scheme, award.period, award.unit), [0] * 7)
        row[0] += 1
        row[1] += award.amount_fen
    for payment in payments(view, scheme):
        row = sums.setdefault((payment.scheme, payment.period, payment.unit), [0] * 7)
        arrived = payment.stand in ("paid", "waived")
        for place, number in enumerate((1, payment.earlier_fen + payment.amount_fen, arrived, not arrived, payment.paid_fen), start=2):
            row[place] += number
    wanted = units_below(view, unit) if unit is not None else None
    return [
        PaidTotals(*key, *numbers)
        for key, numbers in sorted(sums.items())
        if (period is None or key[1] == period) and (wanted is None or key[2] in wanted)
    ]
