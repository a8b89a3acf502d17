"""A working day is what the State Council's notices make it, make-up Saturdays and all; a year not known is refused, never guessed.

The tables of the `chinesecalendar` package are used as they are; a year the office has recorded itself (`calendar/<year>`) goes before
them. 民法典第二百零一条: the day on which a period begins does not count, so the first counted day is the next one. What is worked
out here is recorded with the decision (`last_day`, and the calendar it was read from) and never worked out again in a replay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal

import chinese_calendar

from .command import Command, Context
from .facts import Fact
from .refusal import Refused
from .streams import Event, State, Streams, replace

DayKind = Literal["workdays", "calendar"]

PACKAGE = f"chinesecalendar {chinese_calendar.__version__}"
PACKAGE_YEARS = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)
_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarRecorded(Fact):
    """节假日安排 of a year, as the office read it: `rest` are weekdays off, `work` make-up days at weekends, both sorted; `source` is the
    title and number of the State Council's notice. Days of the last December count as the year's: its notice arranges 元旦."""

    topic = "calendar.recorded"
    year: int
    rest: tuple[date, ...]
    work: tuple[date, ...]
    source: str


@dataclass(frozen=True)
class CalendarYear(State):
    """`calendar/<year>`; the newest record counts."""

    prefix: ClassVar[str] = "calendar"
    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    source: str = ""

    def evolve(self, fact: Fact, ref: str) -> CalendarYear:
        if isinstance(fact, CalendarRecorded):
            return replace(self, rest=frozenset(fact.rest), work=frozenset(fact.work), source=fact.source)
        return self

    def says(self, day: date) -> bool | None:
        """Whether the day is worked, where the record names it."""
        return True if day in self.work else False if day in self.rest else None


def _recorded(streams: Streams | None, year: int) -> CalendarYear | None:
    found = streams.read(CalendarYear, str(year)) if streams is not None else None
    return found if found is not None and found.exists else None


def is_workday(streams: Streams | None, day: date) -> bool:
    """Whether `day` is worked in China; None for streams: by the package alone. Refused `calendar_unknown` with the year."""
    if day.month == 12 and (following := _recorded(streams, day.year + 1)) is not None:
        named = following.says(day)
        if named is not None:
            return named
    own = _recorded(streams, day.year)
    if own is not None:
        named = own.says(day)
        return day.weekday() < _SATURDAY if named is None else named
    _refuse_unknown(day.year)
    return bool(chinese_calendar.is_workday(day))


def _refuse_unknown(year: int) -> None:
    if year not in PACKAGE_YEARS:
        raise Refused("calendar_unknown", year=year)


def calendar_source(streams: Streams | None, year: int) -> str:
    """Where the year's days are read from: `chinesecalendar 1.11.0`, or the fact that recorded it (`calendar/2027@1`)."""
    own = _recorded(streams, year)
    if own is not None:
        return own.ref
    _refuse_unknown(year)
    return PACKAGE


def calendar_sources(streams: Streams | None, first: date, last: date) -> tuple[str, ...]:
    """Every calendar that was looked at for the days from `first` to `last`, each once, oldest year first."""
    years = [*range(first.year, last.year + 1)]
    sources = [calendar_source(streams, year) for year in years]
    if last.month == 12 and (following := _recorded(streams, last.year + 1)) is not None:
        sources.append(following.ref)
    return tuple(dict.fromkeys(sources))


def last_notice_day(posted_on: date, days: int, kind: DayKind, streams: Streams | None = None) -> date:
    """The last of `days` (1 or more) counted days; the day of posting is none of them. What had to hang is complete from the next day on.

    Refused `calendar_unknown` where a working day of an unpublished year would have to be known.
    """
    if days < 1:
        raise ValueError(f"a period of {days} days")
    if kind == "calendar":
        return posted_on + timedelta(days=days)
    day = posted_on
    while days:
        day += _DAY
        days -= is_workday(streams, day)
    return day


def workdays_between(after: date, until: date, streams: Streams | None = None) -> int:
    """How many working days there are after the day `after`, up to and with `until`; 0 where `until` is not later."""
    return sum(is_workday(streams, after + timedelta(days=number)) for number in range(1, (until - after).days + 1))


@dataclass(frozen=True, kw_only=True)
class RecordCalendar(Command):
    """Puts a published year on record, with its source; another record of the same year takes the place of the first for what is
    decided from then on. A year the package knows is recorded only where that is meant (`replaces`): refused `calendar_known`."""

    name: ClassVar[str] = "RecordCalendar"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    year: int
    rest: tuple[date, ...]
    work: tuple[date, ...]
    source: str
    replaces: bool = False

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        if not self.source.strip():
            raise Refused("calendar_source_missing", year=self.year)
        for day in (*self.rest, *self.work):
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise Refused("calendar_day_outside", year=self.year, day=day.isoformat())
        for days, at_weekend in ((self.rest, False), (self.work, True)):
            for day in days:
                if (day.weekday() >= _SATURDAY) != at_weekend:
                    raise Refused("calendar_day_pointless", year=self.year, day=day.isoformat(), listed="work" if at_weekend else "rest")
        state = streams.read(CalendarYear, str(self.year))
        rest, work, source = tuple(sorted(set(self.rest))), tuple(sorted(set(self.work))), self.source.strip()
        if not rest:
            raise Refused("calendar_without_holidays", year=self.year)
        if state.exists and (state.rest, state.work, state.source) == (frozenset(rest), frozenset(work), source):
            raise Refused("calendar_already_recorded", year=self.year, recorded=state.ref)
        if self.year in PACKAGE_YEARS and not self.replaces:
            raise Refused("calendar_known", year=self.year, known=calendar_source(streams, self.year))
        earlier = state.ref if state.exists else ""
        fact = CalendarRecorded(**self.stamp(context, earlier), year=self.year, rest=rest, work=work, source=source)
        return [(state.stream, fact)]
