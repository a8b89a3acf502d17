"""A duty that recurs is owed for whole months, quarters, years and weeks only, counted from the first full one (WORKBOOKS.md, 登记表).

The month in which something began is not yet a full one, even if it began on the 1st; one that has not ended by the last day is not yet
owed. Days are half-open: `until` is the first day that no longer belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

Cadence = Literal["monthly", "quarterly", "yearly"]
Years = Literal["own", "calendar"]
"""Whose years: `own` runs of twelve months from the first full month on, or calendar years."""


class Span(NamedTuple):
    """A stretch of days owed for: `name` (`2020-04`, `2020-Q2`, `2020`, `2020-04/2021-03`), its `first` day, and `until`, the day after."""

    name: str
    first: date
    until: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day < self.until

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)


def whole_spans(cadence: Cadence, since: date, until: date, years: Years = "own") -> list[Span]:
    """What is owed for by somebody who has the duty from `since` to before `until`: the whole months, quarters or years, in order."""
    months = _months(since, until)
    if cadence == "monthly":
        return [Span(f"{first:%Y-%m}", first, _months_on(first, 1)) for first in months]
    if cadence == "quarterly":
        found = _runs(months, 3)
        return [Span(f"{first.year:04d}-Q{(first.month + 2) // 3}", first, _months_on(first, 3)) for first in found]
    if years == "calendar":
        return [Span(f"{first.year:04d}", first, _months_on(first, 12)) for first in _runs(months, 12)]
    return [
        Span(f"{first:%Y-%m}/{_months_on(first, 11):%Y-%m}", first, _months_on(first, 12))
        for first in months[: len(months) // 12 * 12 : 12]
    ]


def whole_weeks(first_monday: date, weeks: int, since: date, until: date) -> list[tuple[int, Span]]:
    """Those of the weeks (numbered from 1, the first beginning on `first_monday`) that lie wholly between `since` and `until`."""
    found = []
    for number in range(1, weeks + 1):
        span = weeks_from(first_monday, number, number)
        if since <= span.first and span.until <= until:
            found.append((number, span))
    return found


def weeks_from(first_monday: date, first: int, last: int) -> Span:
    """The weeks `first` to `last` of a term, both included, as one span."""
    return Span(f"{first}-{last}", first_monday + timedelta(weeks=first - 1), first_monday + timedelta(weeks=last))


def unkept(spans: Iterable[Span], days: Sequence[date]) -> list[Span]:
    """The spans none of the days falls into, in order."""
    return [span for span in spans if not any(day in span for day in days)]


def _months(since: date, until: date) -> list[date]:
    """The first days of the whole months."""
    found, month = [], _months_on(since.replace(day=1), 1)
    while _months_on(month, 1) <= until:
        found.append(month)
        month = _months_on(month, 1)
    return found


def _runs(months: list[date], length: int) -> list[date]:
    """The months with which a quarter (3) or a calendar year (12) begins that is whole."""
    return [first for first in months if first.month % length == 1 and _months_on(first, length - 1) <= months[-1]]


def _months_on(first: date, count: int) -> date:
    """The first of the month so many months later."""
    years, month = divmod(first.month - 1 + count, 12)
    return date(first.year + years, month + 1, 1)
