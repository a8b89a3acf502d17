"""Which fact discharged a duty: a record of its own, or the fact the plan names, as it was known and by the day asked about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select

from mingzhang.domain.duty.owed import Owed, spans
from mingzhang.domain.plan.schemes import Scheme
from mingzhang.domain.plan.vocabulary import Plan
from mingzhang.domain.student.student import PRESENT

from .aid_steps import StandingAward, standing_awards
from .contacts import pairings
from .due_tables import DUTY_FACT, DUTY_RECORD, FUND_FOR
from .pairing_tables import PAIRING_STEP
from .payments import PaymentRow, payments
from .projection import View
from .register.offices import ROUND, ROUND_STEP
from .register.recognition import ENROLMENT, survivors, weight

_SCHOOL_YEAR_BEGINS = 9


class Settled(NamedTuple):
    """`how`: discharged or excused; `on` ISO; `by`: the fact (`stream@version`)."""

    how: str
    on: str
    by: str


class Settlements:
    """Everything on record that can settle a duty, read once for a whole list."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._records = _records(view)
        self._rounds = _round_steps(view)
        facts = view.points(DUTY_FACT)
        self._facts = view.rows(select(facts).order_by(facts.c.effective_on, facts.c.fact_leaf))
        self._used: set[tuple[str, str, str]] = set()
        self._funds: dict[str, set[str]] = {}
        for row in view.rows(select(view.points(FUND_FOR))):
            self._funds.setdefault(f"fund/{row.fund}", set()).add(row.scheme)
        self._awards: dict[str, list[StandingAward]] = {}
        self._absent = _absent(view)

    def of(self, plan: Plan, one: Owed, unit: str) -> Settled | None:
        """What settled the duty of this unit; None while it is owed. Ask in the order of deadlines: a fact counts for one period."""
        duty = one.duty
        record = self._records.get((plan.code, duty.code, unit, one.span.text))
        if record is not None or duty.discharged_by is None:
            return record
        topic = duty.discharged_by
        if topic.startswith("round."):
            step = topic.partition(".")[2].removeprefix("unit_")
            return self._rounds.get((plan.code, one.span.text, step, unit if step == "submitted" else None))
        if topic == "payment.paid":
            wanted = [scheme for scheme in plan.schemes if scheme.kind == "grant" and duty.scheme in (None, scheme.code)]
            periods = [(f"{plan.code}.{scheme.code}", period_owed(scheme, one)) for scheme in wanted]
            return self.all_paid([(scheme, period) for scheme, period in periods if period is not None])
        if topic.startswith("pairing."):
            return self._every_pairing(unit, topic.partition(".")[2])
        return self._first_fact(plan, one, unit, topic)

    def all_paid(self, wanted: Iterable[tuple[str, str]]) -> Settled | None:
        """When the last of the standing awards of these schemes (`<plan>.<scheme>`) and periods had been paid in full; None before, and
        where there is no award to pay. What may not be paid does not hold it up: a suspended award, a student who has left."""
        last: tuple[str, str] | None = None
        for scheme, period in wanted:
            if scheme not in self._awards:
                self._awards[scheme] = standing_awards(self._view, scheme)
            due = [
                award
                for award in self._awards[scheme]
                if award.period == period and award.state == "approved" and award.student not in self._absent
            ]
            paid: dict[str, list[PaymentRow]] = {}
            for row in payments(self._view, scheme=scheme, period=period) if due else ():
                paid.setdefault(row.student, []).append(row)
            for award in due:
                rows = paid.get(award.student, [])
                if sum(row.paid_fen for row in rows) < award.amount_fen:
                    return None
                # What was decided to be paid after makes nothing late that had been paid in time.
                of_award = [(row.paid_on, row.ref) for row in rows if row.paid_on is not None and "/t" not in row.payment[-4:]]
                last = max([*of_award, *([last] if last is not None else [])], default=None)
        return None if last is None else Settled("discharged", *last)

    def happened(self, topic: str, scopes: Iterable[str]) -> list[tuple[str, str]]:
        """(day, ref) of the facts of a topic that concern one of these schemes (`<plan>.<scheme>`) or their plans, in the order of days;
        money concerns the schemes its fund is for."""
        schemes = set(scopes)
        plans = {None, *(scheme.partition(".")[0] for scheme in schemes)}
        return [
            (row.effective_on, row.ref)
            for row in self._facts
            if row.topic == topic and row.plan in plans and (topic != "fund.arrived" or self._funds.get(row.stream, set()) & schemes)
        ]

    def _first_fact(self, plan: Plan, one: Owed, unit: str, topic: str) -> Settled | None:
        for row in self._facts:
            fits = row.topic == topic and row.plan in (None, plan.code) and row.unit in (None, unit)
            if not fits or (one.duty.inspection is not None and row.kind != one.duty.inspection):
                continue
            if row.period is not None and row.period != one.span.text:
                continue
            begins = max(one.span.first, plan.effective_from).isoformat()
            key = (one.duty.code, unit, row.ref)
            if row.effective_on >= begins and key not in self._used:
                self._used.add(key)
                return Settled("discharged", row.effective_on, row.ref)
        return None

    def _every_pairing(self, unit: str, step: str) -> Settled | None:
        points = self._view.points(PAIRING_STEP)
        steps = self._view.rows(select(points).where(points.c.step == step).order_by(points.c.fact_leaf.desc()))
        first = {row.pairing: (row.effective_on, row.ref) for row in steps}
        running = [row.pairing for row in pairings(self._view, unit) if row.until is None]
        if not running or any(pairing not in first for pairing in running):
            return None
        return Settled("discharged", *max(first[pairing] for pairing in running))


def period_owed(scheme: Scheme, one: Owed) -> str | None:
    """The scheme's period that the duty is about: the duty's own where both count alike, else the one its deadline lies in (for a deadline
    that an event set going, the one the event lies in)."""
    if scheme.period == "once":
        return "once"
    day = one.span.first if one.duty.after is not None else one.due_on or one.span.first
    if scheme.period == "school-year":
        year = day.year if day.month >= _SCHOOL_YEAR_BEGINS else day.year - 1
        return f"{year}-{year + 1}"
    near = list(spans("term" if scheme.period == "term" else "yearly", day.year - 1, day.year))
    if one.span in spans("term" if scheme.period == "term" else "yearly", one.span.first.year, one.span.first.year):
        return one.span.text
    return next((span.text for span in near if span.first <= day <= span.last), None)


def _absent(view: View) -> set[str]:
    """Every reference of each person who is not enrolled on the day."""
    merged = survivors(view)
    standings: dict[str, list[Any]] = {}
    for row in view.rows(select(view.held(ENROLMENT))):
        standings.setdefault(merged.get(row.student, row.student), []).append(row)
    gone = {person for person, rows in standings.items() if max(rows, key=weight).status not in PRESENT}
    return gone | {student for student, person in merged.items() if person in gone}


def _records(view: View) -> dict[tuple[str, str, str, str], Settled]:
    points = view.points(DUTY_RECORD)
    found: dict[tuple[str, str, str, str], Settled] = {}
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        found[row.plan, row.code, row.unit, row.period] = Settled(row.step, row.effective_on, row.ref)
    return found


def _round_steps(view: View) -> dict[tuple[str, str, str, str | None], Settled]:
    """(plan, period, step, unit of a submission) -> the first of them."""
    held = view.held(ROUND)
    rounds: dict[str, Any] = {row.round: row for row in view.rows(select(held))}
    points = view.points(ROUND_STEP)
    found: dict[tuple[str, str, str, str | None], Settled] = {}
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        about = rounds.get(row.round)
        if about is not None:
            key = (about.plan, about.period, row.step, row.unit if row.step == "submitted" else None)
            found.setdefault(key, Settled("discharged", row.effective_on, row.ref))
    return found
