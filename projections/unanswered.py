"""Which batches have left the house and are not settled: since when, and how much money the bank still has to speak of."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from .aid_steps import BATCH_STEP, PAYMENT_STANDS, PAYMENT_STEP
from .projection import View

_WAITING = ("instructed", "pending")


class Unanswered(NamedTuple):
    """`exported_on`: the day of the first export, ISO; `days` since then on the day asked for; `waiting`, `waiting_fen`: its payments
    without a final answer, `pending` of them still being processed; `ref` the export."""

    batch: str
    exported_on: str
    days: int
    waiting: int
    waiting_fen: int
    pending: int
    ref: str


def unanswered(view: View, at_least: int = 0) -> list[Unanswered]:
    """Batches exported by the day with payments that have no final answer at least so many days later, the oldest export first."""
    exports: dict[str, tuple[str, str]] = {}
    steps = view.points(BATCH_STEP, lambda c: c.step == "exported")
    for row in view.rows(select(steps).order_by(steps.c.fact_leaf)):
        exports.setdefault(row.batch, (row.effective_on, row.ref))
    stands: dict[tuple[str, ...], tuple[str, int]] = {}
    points = view.points(PAYMENT_STEP)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        if row.batch in exports and row.step in PAYMENT_STANDS:
            key = (row.batch, row.scheme, row.student, row.period, row.instalment)
            stands[key] = (PAYMENT_STANDS[row.step], row.amount_fen)
    waiting: dict[str, list[tuple[str, int]]] = {}
    for (batch, *_payment), said in stands.items():
        if said[0] in _WAITING:
            waiting.setdefault(batch, []).append(said)
    found = []
    for batch, (exported_on, ref) in exports.items():
        days = (view.as_of.effective_on - date.fromisoformat(exported_on)).days
        if batch in waiting and days >= at_least:
            open_ones = waiting[batch]
            pending = sum(1 for stand, _fen in open_ones if stand == "pending")
            found.append(Unanswered(batch, exported_on, days, len(open_ones), sum(fen for _stand, fen in open_ones), pending, ref))
    return sorted(found, key=lambda row: (row.exported_on, row.batch))
