"""A period is a calendar year, a school year, a term or "once", and never a bare string pieced together by hand.

A school year runs from 1 September; its autumn term ends with February, its spring term with August. `2020-spring` is the term that
spring 2020 falls in, so it belongs to the school year `2019-2020`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ..refusal import Refused

PeriodKind = Literal["year", "school-year", "term", "once"]
_PATTERN = re.compile(r"(?P<year>20[0-9]{2})(?:-(?:(?P<season>spring|autumn)|(?P<until>20[0-9]{2})))?")


@dataclass(frozen=True, order=True)
class Period:
    """`first` and `last` are the days it begins and ends on; `text` is its only written form."""

    first: date
    last: date
    kind: PeriodKind
    text: str

    def __str__(self) -> str:
        return self.text

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def period(text: str) -> Period:
    """Reads `2020`, `2019-2020`, `2020-spring`, `2020-autumn` or `once`; anything else is refused `period_malformed`."""
    if text == "once":
        return Period(date(1949, 10, 1), date(9999, 12, 31), "once", text)
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise Refused("period_malformed", period=text)
    year, season, until = int(found["year"]), found["season"], found["until"]
    if season == "spring":
        return Period(date(year, 3, 1), date(year, 8, 31), "term", text)
    if season == "autumn":
        return Period(date(year, 9, 1), date(year + 1, 3, 1) - timedelta(days=1), "term", text)
    if until is not None:
        if int(until) != year + 1:
            raise Refused("period_malformed", period=text)
        return Period(date(year, 9, 1), date(year + 1, 8, 31), "school-year", text)
    return Period(date(year, 1, 1), date(year, 12, 31), "year", text)


def period_of_kind(text: str, kind: PeriodKind) -> Period:
    """As `period`, and of the kind a scheme lays down: `2020` cannot evade `2020-spring`. Refused `period_kind_differs`."""
    found = period(text)
    if found.kind != kind:
        raise Refused("period_kind_differs", period=text, kind=found.kind, wanted=kind)
    return found


def periods_meeting(kind: PeriodKind, first: date, last: date) -> tuple[Period, ...]:
    """Every period of that kind that has a day between the two, both included, in order of time."""
    if kind == "once":
        return (period("once"),)
    texts = [text for year in range(max(first.year - 1, 2000), min(last.year, 2098) + 1) for text in _TEXTS[kind](year)]
    return tuple(found for found in map(period, texts) if found.first <= last and first <= found.last)


_TEXTS: dict[PeriodKind, Callable[[int], tuple[str, ...]]] = {
    "year": lambda year: (f"{year}",),
    "school-year": lambda year: (f"{year}-{year + 1}",),
    "term": lambda year: (f"{year}-spring", f"{year}-autumn"),
}


def term_of(day: date) -> Period:
    """The term that a day falls in: autumn from September to the end of February, spring from March to August."""
    season, year = ("spring", day.year) if 3 <= day.month <= 8 else ("autumn", day.year if day.month > 8 else day.year - 1)
    return period(f"{year}-{season}")
