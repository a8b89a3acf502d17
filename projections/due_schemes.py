"""The deadlines of a scheme's own procedure: by when each step is done, and by when its awards are paid after the money has arrived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.duty.owed import Span, Told, Version, span_of, spans
from mingzhang.domain.plan.course import earliest_days
from mingzhang.domain.plan.dates import payment_date_name
from mingzhang.domain.plan.schemes import Scheme, Step
from mingzhang.domain.refusal import Refused

from .aid_steps import APPLICATION_STEP
from .due_settled import Settled, Settlements
from .projection import View

_COUNTED = {"review": "review_passed", "notice": "notice_passed", "crosscheck": "compared"}
_DECIDED = ("approved", "refused", "review_rejected")
_BEGINS_ANEW = ("submitted", "returned")


class SchemeDeadline(NamedTuple):
    """A deadline of one scheme, period and unit. `settled` None while a case is left. `vacant`: nobody applied or was awarded, so that
    there is nothing to be late with. `earliest_on`: where the steps before it leave no room for `due_on`, the first day that can be met."""

    code: str
    name: str
    unit: str
    period: str
    due_on: date | None
    from_on: date | None
    clause: str
    asks: tuple[str, ...]
    settled: Settled | None
    vacant: bool
    version: Version
    earliest_on: date | None = None


class _Case(NamedTuple):
    unit: str
    steps: list[tuple[str, str, str]]


class Procedures:
    """The cases of all schemes, by what was done about each and when."""

    def __init__(self, view: View, settlements: Settlements, kinds: Mapping[str, str], parents: Mapping[str, str | None]) -> None:
        self._settlements = settlements
        self._kinds = kinds
        self._parents = parents
        self._cases: dict[tuple[str, str], dict[str, _Case]] = {}
        points = view.points(APPLICATION_STEP)
        for row in view.rows(select(points).order_by(points.c.fact_leaf)):
            case = self._cases.setdefault((row.scheme, row.period), {}).setdefault(row.student, _Case(row.unit or "", []))
            if row.step == "submitted" and row.unit:
                self._cases[row.scheme, row.period][row.student] = case = case._replace(unit=row.unit)
            case.steps.append((row.step, row.effective_on, row.ref))

    def deadlines(self, version: Version, until: date, told: Told) -> Iterator[SchemeDeadline]:
        """Every deadline of the version's schemes that falls into its time, up to `until`."""
        last = until if version.until is None else min(until, version.until - timedelta(days=1))
        for scheme in version.plan.schemes:
            for span in _periods(scheme, version.plan.effective_from, last):
                for one in (*self._steps(version, scheme, span), *self._payment(version, scheme, span, told)):
                    if one.due_on is None or version.since <= one.due_on <= last:
                        yield one

    def _steps(self, version: Version, scheme: Scheme, span: Span) -> Iterator[SchemeDeadline]:
        qualified = f"{version.plan.code}.{scheme.code}"
        cases = list(self._cases.get((qualified, span.text), {}).values())
        year = _year(span, version)
        earliest = _earliest(scheme, year)
        for number, step in enumerate(scheme.steps):
            first, last = step.window.in_year(year) if step.window is not None else (None, None)
            due_on = step.by.in_year(year) if step.by is not None else last
            if due_on is None:
                continue
            of_unit: dict[str, list[_Case]] = {}
            for case in cases:
                of_unit.setdefault(self._taker(step, case.unit) or self._issuer(version), []).append(case)
            for unit, theirs in sorted(of_unit.items()) or [(self._issuer(version), [])]:
                settled = _all_done(theirs, scheme.steps[: number + 1])
                clause = step.clause or scheme.clause
                code = f"{scheme.code}-step-{number + 1}"
                name = f"{scheme.name}：{step.name}"
                late = _beyond(earliest.get(number), due_on)
                yield SchemeDeadline(code, name, unit, span.text, due_on, first, clause, (), settled, not theirs, version, late)

    def _payment(self, version: Version, scheme: Scheme, span: Span, told: Told) -> Iterator[SchemeDeadline]:
        rule = scheme.payment
        if rule is None:
            return
        qualified = f"{version.plan.code}.{scheme.code}"
        unit = scheme.payer or self._issuer(version)
        settled = self._settlements.all_paid([(qualified, span.text)])
        awarded = any(step == "approved" for case in self._cases.get((qualified, span.text), {}).values() for step, _, _ in case.steps)
        clause = rule.clause or scheme.clause
        approved = _earliest(scheme, _year(span, version)).get(len(scheme.steps) - 1)

        def deadline(kind: str, due_on: date | None, asks: tuple[str, ...] = (), since: date | None = None) -> SchemeDeadline:
            code, name = f"{scheme.code}-{kind}", scheme.name
            late = _beyond(approved, due_on)
            return SchemeDeadline(code, name, unit, span.text, due_on, since, clause, asks, settled, not awarded, version, late)

        if rule.by == "external":
            name = payment_date_name(scheme)
            day = told.get((name, span.text))
            yield deadline("paid-by", day, () if day else (name,))
        elif rule.by is not None:
            yield deadline("paid-by", rule.by.in_year(_year(span, version)))
        if rule.days_after_arrival is not None:
            for arrival in dict.fromkeys(day for day, _ref in self._settlements.happened("fund.arrived", [qualified])):
                arrived = date.fromisoformat(arrival)
                if span.first <= arrived <= span.last:
                    yield deadline(f"paid-after-{arrival}", arrived + timedelta(days=rule.days_after_arrival), since=arrived)

    def _issuer(self, version: Version) -> str:
        plan = version.plan
        return plan.issuer if plan.issuer in self._kinds else plan.top

    def _taker(self, step: Step, unit: str) -> str | None:
        """The unit of the step's level that the case's unit is or lies below."""
        seen: set[str] = set()
        at: str | None = unit
        while at is not None and at not in seen:
            if self._kinds.get(at) == step.level:
                return at
            seen.add(at)
            at = self._parents.get(at)
        return None


def _periods(scheme: Scheme, since: date, until: date) -> list[Span]:
    if scheme.period == "once":
        return [span_of("once")]
    if scheme.period == "school-year":
        years = range(since.year - 1, until.year + 1)
        found = [span_of(f"{year}-{year + 1}") for year in years]
    else:
        found = list(spans("term" if scheme.period == "term" else "yearly", since.year, until.year))
    return [span for span in found if span.last >= since and span.first <= until]


def _year(span: Span, version: Version) -> int:
    """The year whose days a scheme means: of what is given once, the year the plan is for."""
    return version.plan.effective_from.year if span.text == "once" else span.first.year


def _earliest(scheme: Scheme, year: int) -> dict[int, date]:
    """By the number of the step, the first day it can be over by the official calendar; nothing for a year that has none yet."""
    try:
        days = earliest_days(scheme, year)
    except (Refused, ValueError):  # ValueError: a day that no year has, which `plan check` says
        return {}
    # A notice is over on its last day, and what follows may be decided on the day after.
    return {one.number: one.done - timedelta(days=one.step.kind == "notice") for one in days if one.done is not None}


def _beyond(earliest: date | None, due_on: date | None) -> date | None:
    return earliest if earliest is not None and due_on is not None and earliest > due_on else None


def _all_done(cases: Sequence[_Case], steps: Sequence[Step]) -> Settled | None:
    """When the last of the cases had taken the last of these steps; None while one has not, and where there is none."""
    done = [_done(case, steps) for case in cases]
    known = [one for one in done if one is not None]
    return Settled("discharged", *max(known)) if known and len(known) == len(done) else None


def _done(case: _Case, steps: Sequence[Step]) -> tuple[str, str] | None:
    kind = steps[-1].kind
    wanted = sum(step.votes for step in steps if step.kind == kind)
    counted = 0
    found: tuple[str, str] | None = None
    for step, day, ref in case.steps:
        if step in _BEGINS_ANEW:
            counted, found = 0, None
        if step == _COUNTED.get(kind):
            counted += 1
        if found is None and ((counted >= wanted and step == _COUNTED.get(kind)) or step in _DECIDED):
            found = (day, ref)
    return found
