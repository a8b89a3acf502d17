"""What is owed when: a plan's words on time are laid out over the calendar, period by period; nothing is owed before the plan was in force.

The first month, quarter, half-year or year that counts is the first whole one; a day that somebody else sets is not asked for where the
period was more than half over when the plan came into force. A deadline is judged by the version of the plan that is in
force on it; an amendment never makes somebody late on a day that had passed before it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from ..plan.duties import Duty
from ..plan.vocabulary import Plan
from ..plan.words import MonthDay
from ..refusal import Refused
from ..values.periods import period

Told = Mapping[tuple[str, str], date]
"""Days an office was told of (`plan date`): (name, period) -> the day."""
Happened = Mapping[str, Sequence[tuple[date, str]]]
"""Facts that set a deadline going: topic -> (its day, `stream@version`), in the order of days."""

_MONTHS = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
_SHORT = re.compile(r"(?P<year>20\d\d)-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|H(?P<half>[12]))")


class Span(NamedTuple):
    """A stretch of days with its name: `2020-03`, `2020-Q1`, `2020-H1`, `2020`, `2020-spring`, `once`, or the day of an event."""

    text: str
    first: date
    last: date


@dataclass(frozen=True)
class Owed:
    """A duty of one period. `due_on` None: nobody has said yet; `asks` are then the names of the days to be told. `from_on`: the first
    day it can be done, where the plan says a range. `since_ref`: the event that set it going."""

    duty: Duty
    span: Span
    due_on: date | None
    from_on: date | None = None
    asks: tuple[str, ...] = ()
    since_ref: str = ""


class Version(NamedTuple):
    """A version of a plan in force from `since` until the day before `until` (None: still)."""

    since: date
    until: date | None
    ref: str
    plan: Plan


def span_of(text: str) -> Span:
    """The span that a period's name means; refused `period_malformed`."""
    found = _SHORT.fullmatch(text)
    if found is None:
        known = period(text)
        return Span(text, known.first, known.last)
    if found["month"]:
        return _months(int(found["year"]), int(found["month"]), 1, text)
    length = 3 if found["quarter"] else 6
    return _months(int(found["year"]), (int(found["quarter"] or found["half"]) - 1) * length + 1, length, text)


def _months(year: int, month: int, length: int, text: str) -> Span:
    end = month + length - 1
    return Span(text, date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1]))


def spans(cadence: str, first_year: int, last_year: int) -> Iterator[Span]:
    """All spans of a cadence that begin in these years, in order."""
    for year in range(first_year, last_year + 1):
        if cadence == "term":
            yield from (span_of(f"{year}-{season}") for season in ("spring", "autumn"))
            continue
        length = _MONTHS[cadence]
        for month in range(1, 13, length):
            number = (month - 1) // length + 1
            text = {1: f"{year}-{month:02d}", 3: f"{year}-Q{number}", 6: f"{year}-H{number}", 12: str(year)}[length]
            yield _months(year, month, length, text)


def owed(duty: Duty, since: date, until: date, told: Told, happened: Happened) -> list[Owed]:
    """What the duty asks for from `since` up to `until` (deadlines that far; days still to be told of periods begun by then), in order."""
    years = (since.year - 1, until.year + 1)
    found: Iterable[Owed]
    if duty.after is not None:
        found = (
            Owed(duty, Span(day.isoformat(), day, day), day + timedelta(days=duty.within_days), since_ref=ref)
            for day, ref in happened.get(duty.after, ())
            if day >= since
        )
    elif isinstance(duty.due, date):
        found = [Owed(duty, span_of("once"), duty.due)]
    elif isinstance(duty.due, MonthDay):
        found = (Owed(duty, _term_or_year(duty, day), day) for day in _days_of(duty.due, *years))
    elif duty.between is not None:
        first, last = duty.between
        found = (Owed(duty, _term_or_year(duty, day), day, _before(first, day)) for day in _days_of(last, *years))
    elif duty.day_names:
        cadence = "term" if duty.season else duty.cadence or "yearly"
        found = (_told(duty, span, told) for span in _of_season(duty, spans(cadence, *years)))
    else:
        cadence = duty.cadence or "yearly"
        whole = (span for span in _of_season(duty, spans(cadence, *years)) if span.first >= since)
        found = (Owed(duty, span, _within(duty, span)) for span in whole)
    return [one for one in found if _counts(one, since, until)]


def _counts(one: Owed, since: date, until: date) -> bool:
    if one.due_on is None:
        half = one.span.first + (one.span.last - one.span.first) / 2
        return half >= since and one.span.first <= until
    return since <= one.due_on <= until


def _days_of(day: MonthDay, first_year: int, last_year: int) -> Iterator[date]:
    """The day in each year; a day that no year has (31 November: `plan check` says so) is the last of its month."""
    for year in range(first_year, last_year + 1):
        yield _in_year(day, year)


def _in_year(day: MonthDay, year: int) -> date:
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _before(first: MonthDay, last: date) -> date:
    """Where a range that ends on `last` begins; November to January begins in the year before."""
    begins = _in_year(first, last.year)
    return begins if begins <= last else _in_year(first, last.year - 1)


def _term_or_year(duty: Duty, day: date) -> Span:
    """The term of the duty's season that the day lies in, else the one of that year; without a season the calendar year."""
    if duty.season is None:
        return span_of(str(day.year))
    near = [span_of(f"{year}-{duty.season}") for year in (day.year, day.year - 1)]
    return next((span for span in near if span.first <= day <= span.last), near[0])


def _of_season(duty: Duty, wanted: Iterable[Span]) -> Iterator[Span]:
    return (span for span in wanted if duty.season is None or span.text.endswith(duty.season))


def _within(duty: Duty, span: Span) -> date:
    if duty.day is not None:
        return _in_year(MonthDay(month=span.last.month, day=duty.day), span.last.year)
    return span.last + timedelta(days=duty.within_days)


def _told(duty: Duty, span: Span, told: Told) -> Owed:
    days = [told.get((name, span.text)) for name in duty.day_names]
    known = [day for day in days if day is not None]
    missing = tuple(name for name, day in zip(duty.day_names, days, strict=True) if day is None)
    if missing:
        return Owed(duty, span, None, asks=missing)
    middle = known[0] + (known[-1] - known[0]) / 2
    return Owed(duty, span, middle + timedelta(days=duty.within_days))


def owed_under(versions: Sequence[Version], until: date, told: Told, happened: Happened) -> list[tuple[Owed, Version]]:
    """What the versions of one plan, oldest first, ask for until that day, in the order of deadlines; what has no day yet comes last."""
    standing: dict[tuple[str, str], tuple[Owed, Version]] = {}
    begun: dict[str, date] = {}
    ended: date | None = None
    for version in versions:
        if ended is not None and ended < version.since:
            _drop(standing, ended, keep=set())
            begun = {}
        begun = {duty.code: begun.get(duty.code, version.since) for duty in version.plan.duties}
        asked = [one for duty in version.plan.duties for one in owed(duty, begun[duty.code], until, told, happened)]
        _drop(standing, version.since, keep={(one.duty.code, one.span.text) for one in asked})
        for one in asked:
            key = (one.duty.code, one.span.text)
            if one.due_on is None or one.due_on >= version.since:
                standing[key] = (one, version)
        ended = version.until
    if ended is not None:
        _drop(standing, ended, keep=set())
    return sorted(standing.values(), key=lambda found: (found[0].due_on or date.max, found[0].duty.code, found[0].span.text))


def _drop(standing: dict[tuple[str, str], tuple[Owed, Version]], day: date, keep: set[tuple[str, str]]) -> None:
    """From `day` on only what is kept is still owed; what was due before stays."""
    for key, (one, _version) in list(standing.items()):
        if key not in keep and (one.due_on is None or one.due_on >= day):
            del standing[key]


def refuse_other_period(duty: Duty, text: str, since: date) -> Span:
    """The span of a period that the duty can be owed for; refused `period_malformed`, or `period_not_owed` with an example of its form."""
    if duty.after is not None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Refused("period_not_owed", duty=duty.code, period=text, example=since.isoformat()) from None
        return Span(text, day, day)
    if duty.due is not None and isinstance(duty.due, date):
        wanted = [span_of("once")]
    else:
        by_year = "yearly" if duty.cadence is None else duty.cadence
        wanted = list(_of_season(duty, spans("term" if duty.season else by_year, since.year - 1, since.year + 30)))
    found = span_of(text)
    if found not in wanted:
        raise Refused("period_not_owed", duty=duty.code, period=text, example=wanted[-1 if len(wanted) == 1 else 2].text)
    if found.last < since:
        raise Refused("period_before_plan", duty=duty.code, period=text, since=since.isoformat())
    return found
