"""How long money lay here: held longer after it arrived than the plan allows (滞留), and paid later than the plan says.

Plans say both under `[schemes.payment]`: within so many days of arriving, and by a day. Which arrival a payment came out of is worked out
first in, first out (`money_sources`). Where a fund serves several schemes, its money may be held as long as the most patient of them says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.plan.dates import payment_date_name
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.values.periods import period

from .aid_steps import PAYMENT_STEP
from .balances import FUND
from .due_tables import PLAN_DAY, PLAN_TEXT
from .money_sources import PAYEES, Spending, spendings
from .projection import View


class HeldTooLong(NamedTuple):
    """An arrival of which something was neither paid nor returned upward when it should have been (`due_on`, ISO).

    held_fen: what was still here at the end of that day; still_held_fen: of the day asked about; days_over: how many days it has been so,
    up to the day the last of it went (`gone_on`), else up to the day asked about. events: the arrival, and the plan's version.
    """

    fund: str
    source: str
    arrival: str
    arrived_on: str
    due_on: str
    held_fen: int
    still_held_fen: int
    gone_on: str | None
    days_over: int
    plan: str
    clause: str
    events: tuple[str, ...]


class PaidLate(NamedTuple):
    """A payment that went out after `due_on`, the earlier of the plan's two days. `arrival`: the newest money it came out of, where that
    set the day; None where the plan's own day did. paid_ref: the fact that the bank paid; events: it, the arrival, the plan's version."""

    payment: str
    student: str
    batch: str
    fund: str
    paid_on: str
    due_on: str
    days_late: int
    amount_fen: int
    arrival: str | None
    plan: str
    clause: str
    paid_ref: str
    events: tuple[str, ...]


class _Rule(NamedTuple):
    plan: Plan
    scheme: Scheme
    ref: str


class _Plans:
    """The schemes of some plans by day, and the days the office was told."""

    def __init__(self, view: View, codes: Sequence[str]) -> None:
        history = view.history(PLAN_TEXT, lambda c: c.plan.in_(codes))
        self._versions = [
            (row.effective_from, row.effective_until, row.ref, read_plan(row.toml)) for row in view.rows(select(history))
        ]
        points = view.points(PLAN_DAY, lambda c: c.plan.in_(codes))
        told = view.rows(select(points).order_by(points.c.fact_leaf))
        self._told: Mapping[tuple[str, str, str], tuple[str, str]] = {
            (row.plan, row.name, row.period): (row.day, row.ref) for row in told
        }

    def rule(self, qualified: str, day: str) -> _Rule | None:
        """The scheme as it was on a day, where it says by when it is paid."""
        code, _, name = qualified.partition(".")
        for since, until, ref, plan in self._versions:
            if plan.code == code and since <= day < until:
                return next((_Rule(plan, one, ref) for one in plan.schemes if one.code == name and one.payment is not None), None)
        return None

    def paid_by(self, rule: _Rule, text: str) -> tuple[str, str] | None:
        """The day by which the period's awards are paid, and the fact that says so: the plan's version, or what the office was told."""
        said = rule.scheme.payment
        if said is None or said.by is None:
            return None
        if said.by == "external":
            return self._told.get((rule.plan.code, payment_date_name(rule.scheme), text))
        year = rule.plan.effective_from.year if text == "once" else period(text).first.year
        return said.by.in_year(year).isoformat(), rule.ref


def held_too_long(view: View) -> list[HeldTooLong]:
    """Every arrival that lay too long, by the day and as known at the view's point; in the order of funds and days."""
    schemes, spent = _schemes(view), spendings(view)
    plans = _Plans(view, _codes(schemes))
    found = []
    for fund, spending in spent.items():
        for lot in spending.lots:
            rules = [rule for scheme in schemes.get(fund, ()) if (rule := plans.rule(scheme, lot.arrived_on)) is not None]
            patient = max(rules, key=_days, default=None)
            if patient is None or not _days(patient) or lot.source == PAYEES:
                continue
            due_on = _after(lot.arrived_on, _days(patient))
            held_fen = lot.held_on(due_on)
            if view.as_of.day <= due_on or held_fen <= 0:
                continue
            gone_on = next((day for day, fen in lot.daily if day > due_on and fen <= 0), None) if lot.held_fen <= 0 else None
            until = gone_on or view.as_of.day
            over = (date.fromisoformat(until) - date.fromisoformat(due_on)).days
            row = HeldTooLong(
                fund, lot.source, lot.ref, lot.arrived_on, due_on, held_fen, lot.held_fen, gone_on, over, patient.plan.code,
                _clause(patient), (lot.ref, patient.ref),
            )  # fmt: skip
            found.append(row)
    return found


def paid_late(view: View) -> list[PaidLate]:
    """Every payment that went out too late, by the day and as known at the view's point; in the order of payments."""
    schemes, spent = _schemes(view), spendings(view)
    plans = _Plans(view, _codes(schemes))
    arrivals = _arrivals(spent)
    points = view.points(PAYMENT_STEP, lambda c: c.step.in_(("paid", "paid_in_part")))
    c = points.c
    judged: dict[tuple[str, str, str, str], _Late | None] = {}
    found = []
    columns = (c.scheme, c.period, c.batch, c.effective_on, c.student, c.amount_fen, c.ref)
    for scheme, text, batch, on, student, amount_fen, ref in view.each(select(*columns).order_by(c.fact_leaf)):
        place = (scheme, text, batch, on)
        if place not in judged:
            judged[place] = _late(plans, arrivals, *place)
        late = judged[place]
        if late is None:
            continue
        rule, days = late.rule, (date.fromisoformat(on) - date.fromisoformat(late.due_on)).days
        events = tuple(dict.fromkeys((ref, late.says, rule.ref)))
        one = PaidLate(
            ref.rpartition("@")[0], student, batch, late.fund, on, late.due_on, days, amount_fen, late.arrival, rule.plan.code,
            _clause(rule), ref, events,
        )  # fmt: skip
        found.append(one)
    return sorted(found, key=lambda one: one.payment.split("/"))


class _Late(NamedTuple):
    """What makes all payments of one batch, period and day late: the day they were due, and the fact that says so."""

    rule: _Rule
    fund: str
    due_on: str
    says: str
    arrival: str | None


def _late(
    plans: _Plans, arrivals: Mapping[tuple[str, str], tuple[str, str | None, str]], scheme: str, text: str, batch: str, on: str
) -> _Late | None:
    """None where they were paid in time, or nothing says by when."""
    rule = plans.rule(scheme, on)
    if rule is None:
        return None
    fund, arrival, arrived_on = arrivals.get((batch, on), ("", None, ""))
    days = [] if arrival is None or not _days(rule) else [(_after(arrived_on, _days(rule)), arrival)]
    said = plans.paid_by(rule, text)
    due_on, says = min([*days, *([said] if said is not None else [])], default=("", ""))
    return _Late(rule, fund, due_on, says, says if says == arrival else None) if due_on and on > due_on else None


def _arrivals(spent: Mapping[str, Spending]) -> dict[tuple[str, str], tuple[str, str | None, str]]:
    """By batch and day of payment: the fund, and the newest arrival that was paid from."""
    found: dict[tuple[str, str], tuple[str, str | None, str]] = {}
    for fund, spending in spent.items():
        for paid in spending.payments:
            lots = [lot for lot, _fen in paid.shares if lot.source != PAYEES]
            newest = max(lots, key=lambda lot: lot.arrived_on, default=None)
            known = found.get((paid.batch, paid.on))
            if newest is not None and (known is None or known[2] < newest.arrived_on):
                found[paid.batch, paid.on] = fund, newest.ref, newest.arrived_on
    return found


def _schemes(view: View) -> dict[str, list[str]]:
    held = view.held(FUND)
    return {row.fund: row.schemes.split() for row in view.rows(select(held))}


def _codes(schemes: Mapping[str, Sequence[str]]) -> list[str]:
    return sorted({scheme.partition(".")[0] for of_fund in schemes.values() for scheme in of_fund})


def _days(rule: _Rule) -> int:
    return (rule.scheme.payment.days_after_arrival or 0) if rule.scheme.payment is not None else 0


def _clause(rule: _Rule) -> str:
    return (rule.scheme.payment.clause if rule.scheme.payment is not None else "") or rule.scheme.clause


def _after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
