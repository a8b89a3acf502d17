"""指标与进度: how far each target has come on any day, by which report, whether it is on course, and which reports are missing or late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, cast

import orjson
from sqlalchemy import and_, select

from mingzhang.domain.plan.targets import Direction, ReportKind
from mingzhang.domain.programme.facts import ReportOwed
from mingzhang.domain.programme.reporting import on_course, reports_owed_between
from mingzhang.domain.programme.target import meets

from .bitemporal import Where
from .programme_tables import PROGRESS, TARGET, TARGET_MET
from .projection import View
from .register.offices import units_below

_WIDTH = {"monthly": 0, "quarterly": 1, "half-yearly": 2}


class TargetRow(NamedTuple):
    """A target as it is wanted on the day. `set_from`: the first day on which any version of it holds; days are ISO."""

    plan: str
    code: str
    name: str
    action: str
    measure: str
    value: Decimal
    direction: Direction
    since: str
    due_on: str
    owner: str
    adds_up: bool
    reports: tuple[ReportOwed, ...]
    set_from: str
    ref: str


class FigureRow(NamedTuple):
    """A figure that stands: `on` the day it is as of, `sent_on` the day the report was sent; `source`, `sheet`, `row`: where in a file."""

    plan: str
    code: str
    report: ReportKind
    on: str
    value: Decimal
    unit: str
    sent_on: str
    evidence_kind: str | None
    ref: str
    source: str | None
    sheet: str | None
    row: int | None


class StandRow(NamedTuple):
    """A target with its latest figure. `met`: the latest figure meets it; `when_due`: the latest figure as of the day due, once that has
    come; `on_course` as `domain.programme.reporting`; `settled`: the fact `target.met`, while the figure it names stands
    and meets what is wanted on the day."""

    target: TargetRow
    latest: FigureRow | None
    met: bool | None
    on_course: bool | None
    when_due: FigureRow | None
    met_when_due: bool | None
    settled: str | None


class OwedRow(NamedTuple):
    """A report that is missing (`sent_on` None) or came late; `days_late` until it was sent, or until the day asked about."""

    target: TargetRow
    report: ReportKind
    period_end: str
    due_on: str
    sent_on: str | None
    days_late: int
    ref: str | None


class FallRow(NamedTuple):
    """A figure that adds up and yet is lower than the one before it in the same kind of report and the same year."""

    target: TargetRow
    before: FigureRow
    after: FigureRow


def targets(view: View, plan: str | None = None, unit: str | None = None) -> list[TargetRow]:
    """The targets wanted on the day, in the order they were set; a unit means itself and those below it, as owners."""
    held = view.held(TARGET, _of(plan, None))
    wanted = units_below(view, unit) if unit is not None else None
    first: dict[tuple[str, str], str] = {}
    for row in view.rows(select(view.history(TARGET, _of(plan, None)))):
        key = (row.plan, row.code)
        first[key] = min(first.get(key, row.effective_from), row.effective_from)
    return [
        TargetRow(
            row.plan,
            row.code,
            row.name,
            row.action,
            row.measure,
            Decimal(row.value),
            cast(Direction, row.direction),
            row.since,
            row.due_on,
            row.owner,
            bool(row.adds_up),
            tuple(ReportOwed.model_validate(one) for one in orjson.loads(row.reports)),
            first[row.plan, row.code],
            row.ref,
        )
        for row in view.rows(select(held).order_by(held.c.plan, held.c.fact_leaf))
        if wanted is None or row.owner in wanted
    ]


def target_codes(view: View) -> list[tuple[str, str]]:
    """(plan, code) of every target ever set, given up or not."""
    history = view.history(TARGET)
    return sorted({(row.plan, row.code) for row in view.rows(select(history.c.plan, history.c.code))})


def figures(view: View, plan: str | None = None, code: str | None = None) -> list[FigureRow]:
    """The figures that stand up to and including the day, in the order of their days; of one day the latest recorded stands last."""
    points = view.points(PROGRESS, _of(plan, code))
    return [
        FigureRow(
            row.plan,
            row.code,
            cast(ReportKind, row.report),
            row.effective_on,
            Decimal(row.value),
            row.unit,
            row.sent_on,
            row.evidence_kind,
            row.ref,
            row.source,
            row.sheet,
            row.row,
        )
        for row in view.rows(select(points).order_by(points.c.effective_on, points.c.fact_leaf))
    ]


def stands(view: View, wanted: Sequence[TargetRow]) -> list[StandRow]:
    """How far these targets have come on the day."""
    by_target = _by_target(figures(view))
    points = view.points(TARGET_MET)
    settled = {row.figure: row.ref for row in view.rows(select(points).order_by(points.c.fact_leaf))}
    return [_stand(target, by_target.get((target.plan, target.code), []), view.as_of.day, settled) for target in wanted]


def _stand(target: TargetRow, told: list[FigureRow], day: str, settled: dict[str, str]) -> StandRow:
    latest = told[-1] if told else None
    when_due = next((figure for figure in reversed(told) if figure.on <= target.due_on), None) if day >= target.due_on else None
    course = on_course(
        [(date.fromisoformat(figure.on), figure.value) for figure in told],
        date.fromisoformat(day),
        target=target.value,
        direction=target.direction,
        adds_up=target.adds_up,
        since=date.fromisoformat(target.since),
        due_on=date.fromisoformat(target.due_on),
    )
    return StandRow(
        target,
        latest,
        meets(latest.value, target.value, target.direction) if latest else None,
        course,
        when_due,
        meets(when_due.value, target.value, target.direction) if when_due else None,
        next((settled[one.ref] for one in told if one.ref in settled and _settles(target, one)), None),
    )


def _settles(target: TargetRow, figure: FigureRow) -> bool:
    """Whether it settles the target as it is wanted on the day: one that was met may have been raised since."""
    early = target.adds_up and target.direction == "at_least"
    return (early or figure.on >= target.due_on) and meets(figure.value, target.value, target.direction)


def reports_missing_and_late(view: View, wanted: Sequence[TargetRow]) -> tuple[list[OwedRow], list[OwedRow]]:
    """Reports whose day has passed on the day asked about and that had not been sent by then, and those that were sent after their day.

    A report is owed for every period that ends while the target is pursued, from the day it was set to the end of the due year.
    """
    by_target = _by_target(figures(view))
    asked = date.fromisoformat(view.as_of.day)
    missing: list[OwedRow] = []
    late: list[OwedRow] = []
    for target in wanted:
        told = by_target.get((target.plan, target.code), [])
        last = date(int(target.due_on[:4]), 12, 31)
        since = date.fromisoformat(max(target.since, target.set_from))
        for owed in reports_owed_between(target.reports, since, min(last, asked)):
            if owed.due_on >= asked:
                continue
            first, end = owed.first.isoformat(), owed.last.isoformat()
            of_period = [one for one in told if one.report == owed.kind and first <= one.on <= end and one.sent_on <= view.as_of.day]
            sent = min(of_period, key=lambda one: one.sent_on, default=None)
            days = ((date.fromisoformat(sent.sent_on) if sent else asked) - owed.due_on).days
            row = OwedRow(target, owed.kind, end, owed.due_on.isoformat(), sent.sent_on if sent else None, days, sent.ref if sent else None)
            if sent is None:
                missing.append(row)
            elif days > 0:
                late.append(row)
    return missing, late


def falls(view: View, wanted: Sequence[TargetRow]) -> list[FallRow]:
    """Figures that add up and yet fell from one report to the next of the same kind within a year, in the order of targets and days."""
    by_target = _by_target(figures(view))
    found = []
    for target in wanted:
        if not target.adds_up:
            continue
        told = sorted(by_target.get((target.plan, target.code), []), key=lambda one: (_WIDTH[one.report], one.on))
        for before, after in pairwise(told):
            if before.report == after.report and before.on[:4] == after.on[:4] and after.value < before.value:
                found.append(FallRow(target, before, after))
    return found


def _by_target(rows: Sequence[FigureRow]) -> dict[tuple[str, str], list[FigureRow]]:
    found: dict[tuple[str, str], list[FigureRow]] = {}
    for row in rows:
        found.setdefault((row.plan, row.code), []).append(row)
    return found


def _of(plan: str | None, code: str | None) -> Where | None:
    if plan is None:
        return None
    if code is None:
        return lambda c: c.plan == plan
    return lambda c: and_(c.plan == plan, c.code == code)
