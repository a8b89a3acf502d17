"""月、季、半年: what was recorded, awarded, paid and kept in each period, counted by the day it happened, as it was known then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from sqlalchemy import select

from .aid_steps import APPLICATION_STEP, PAYMENT_STEP
from .bitemporal import Points
from .contacts import contacts
from .due_tables import DUTY_RECORD
from .pairing_tables import PAIRING
from .projection import View
from .register.offices import units_below
from .register.recognition import ENTRY

PeriodLength = Literal["month", "quarter", "half-year"]
NAMED: dict[str, Callable[[str], str]] = {
    "month": lambda day: day[:7],
    "quarter": lambda day: f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}",
    "half-year": lambda day: f"{day[:4]}-H{1 if int(day[5:7]) <= 6 else 2}",
}


class PeriodRow(NamedTuple):
    """One period with anything in it. Cases are counted by the day of the step, money by the day it moved (fen), contacts by the day they
    took place; support_fen: money and goods given in contacts; duties: discharged on record."""

    period: str
    surveyed: int = 0
    applied: int = 0
    approved: int = 0
    approved_fen: int = 0
    paid: int = 0
    paid_fen: int = 0
    came_back_fen: int = 0
    calls: int = 0
    visits: int = 0
    other_contacts: int = 0
    support_fen: int = 0
    duties: int = 0


def periods(view: View, length: PeriodLength, unit: str | None = None) -> list[PeriodRow]:
    """Every period up to the day with anything in it, in order. A unit means itself and those below it; contacts are then those of its
    pairings and duties those it owed."""
    named = NAMED[length]
    wanted = units_below(view, unit) if unit is not None else None
    counts: dict[str, dict[str, int]] = {}

    def add(day: str, what: str, number: int = 1) -> None:
        of_period = counts.setdefault(named(day), {})
        of_period[what] = of_period.get(what, 0) + number

    entry = view.held(ENTRY)
    for row in view.rows(select(entry.c.unit, entry.c.effective_from)):
        if wanted is None or row.unit in wanted:
            add(row.effective_from, "surveyed")
    places: dict[tuple[str, str, str], str] = {}
    for row in _in_order(view, APPLICATION_STEP):
        place = (row.scheme, row.student, row.period)
        if row.unit:
            places[place] = row.unit
        if (wanted is None or places.get(place) in wanted) and row.step in ("submitted", "approved"):
            add(row.effective_on, "applied" if row.step == "submitted" else "approved")
            if row.step == "approved":
                add(row.effective_on, "approved_fen", row.amount_fen)
    for row in _in_order(view, PAYMENT_STEP):
        place = (row.scheme, row.student, row.period)
        if wanted is None or places.get(place) in wanted:
            if row.step in ("paid", "paid_in_part"):
                add(row.effective_on, "paid")
            if row.moved_fen:
                add(row.effective_on, "paid_fen" if row.moved_fen > 0 else "came_back_fen", abs(row.moved_fen))
    units = _units_of_pairings(view)
    for one in contacts(view):
        if wanted is None or units.get(one.pairing) in wanted:
            add(one.on, {"call": "calls", "visit": "visits"}.get(one.kind, "other_contacts"))
            add(one.on, "support_fen", one.money_fen + one.goods_fen)
    for row in _in_order(view, DUTY_RECORD):
        if row.step == "discharged" and (wanted is None or row.unit in wanted):
            add(row.effective_on, "duties")
    return [PeriodRow(period, **of_period) for period, of_period in sorted(counts.items())]


def _in_order(view: View, kept: Points) -> Any:
    points = view.points(kept)
    return view.rows(select(points).order_by(points.c.fact_leaf))


def _units_of_pairings(view: View) -> dict[str, str]:
    history = view.history(PAIRING)
    return {row.pairing: row.unit for row in view.rows(select(history.c.pairing, history.c.unit)) if row.unit is not None}
