"""月调度, 季汇总, 半年通报: which reports are owed on a target, for which periods, and by which day; and whether a target is on course.

Periods are calendar months, quarters and half-years. Days are calendar days after the period's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from ..plan.targets import Direction, ReportKind
from .facts import ReportOwed
from .target import meets

MONTHS: dict[ReportKind, int] = {"monthly": 1, "quarterly": 3, "half-yearly": 6}


class Owed(NamedTuple):
    """One report owed: for the period from `first` to `last`, by `due_on`."""

    kind: ReportKind
    first: date
    last: date
    due_on: date


def period_of(kind: ReportKind, day: date) -> tuple[date, date]:
    """The first and the last day of the month, quarter or half-year a day lies in."""
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return first, _first_after(first, months) - timedelta(days=1)


def reports_owed_between(reports: Iterable[ReportOwed], since: date, until: date) -> Iterator[Owed]:
    """Every report owed for a period that ends between the two days, both included, kind by kind in order of time."""
    for report in reports:
        first, last = period_of(report.kind, since)
        while last <= until:
            yield Owed(report.kind, first, last, last + timedelta(days=report.within_days))
            first, last = period_of(report.kind, last + timedelta(days=1))


def on_course(
    figures: Sequence[tuple[date, Decimal]], asked: date, *, target: Decimal, direction: Direction, adds_up: bool, since: date, due_on: date
) -> bool | None:
    """Whether the target will be met on the day due if it goes on as it did so far; once that day is past, whether it was met by then;
    None without figures.

    figures: (day, value) up to the day asked about, in order of time. What adds up started from nothing on `since`; a share started
    where its first figure was.
    """
    if not figures:
        return None
    day, value = figures[-1]
    by_due = [one for on, one in figures if on <= due_on]
    if not by_due or asked >= due_on:
        return bool(by_due) and meets(by_due[-1], target, direction)
    if adds_up and direction == "at_least" and value >= target:
        return True
    began, start = (since - timedelta(days=1), Decimal(0)) if adds_up else figures[0]
    gone, whole = (day - began).days, (due_on - began).days
    if gone <= 0:
        return meets(value, target, direction)
    # value on the day due = start + (value - start) * whole / gone, compared without dividing
    return meets((value - start) * whole, (target - start) * gone, direction)


def _first_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
