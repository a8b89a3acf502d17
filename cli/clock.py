"""The office lives in Asia/Shanghai, the log in UTC; between them stands this page, and the only clock there is.

Days, instants, log sizes and points of either time axis, as people write them on a command line (CLI.md),
become small values here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mingzhang.domain.values.china import CHINA

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]+")
_MICROSECOND = timedelta(microseconds=1)
# A rehearsal clock set to the same instant again goes on where the last command stopped, if that is no farther
# than this.
_SAME_INSTANT = timedelta(seconds=1)


class SystemClock:
    """The machine's clock, in UTC."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class RehearsalClock:
    """A clock set by `--now`: it starts there and goes on by one microsecond at each look, so that records keep
    their order.

    `last` is when the ledger's last record was made (UTC). Several commands may be given the same `--now`: a
    clock that stands less than a second before the last record, which can only be the microseconds added by
    itself, goes on from there. One set earlier than that stays where it was set, and the recorder refuses it
    (`clock_behind`).
    """

    def __init__(self, start: datetime, last: datetime | None = None) -> None:
        self._next = as_utc(start)
        if last is not None and timedelta(0) <= last - self._next < _SAME_INSTANT:
            self._next = as_utc(last) + _MICROSECOND

    def __call__(self) -> datetime:
        now = self._next
        self._next += _MICROSECOND
        return now


@dataclass(frozen=True, slots=True)
class LogSize:
    """What was known when the log held `size` events: events 1 to `size`, leaves 0 to `size` - 1."""

    size: int


@dataclass(frozen=True, slots=True)
class KnownBy:
    """What had been recorded at or before the instant `at` (UTC)."""

    at: datetime

    @property
    def recorded_at(self) -> str:
        """The instant as the log writes it, to compare with its column."""
        return rfc3339(self.at)


KnownAt = LogSize | KnownBy


@dataclass(frozen=True, slots=True)
class Point:
    """One end of `diff`: what held on `on` (None: today) as known at `known_at` (None: now). `text` is how it
    was written."""

    text: str
    on: date | None = None
    known_at: KnownAt | None = None


def as_utc(instant: datetime) -> datetime:
    """The instant in UTC; one written without an offset is Shanghai's."""
    return (instant if instant.tzinfo else instant.replace(tzinfo=CHINA)).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """The day it is in Shanghai at this instant."""
    return as_utc(instant).astimezone(CHINA).date()


def end_of(day: date) -> datetime:
    """The last microsecond of the day in Shanghai, in UTC."""
    return datetime.combine(day, time.max, CHINA).astimezone(UTC)


def rfc3339(instant: datetime) -> str:
    """UTC with six decimals and a Z, as the log and JSON write it: `2020-03-25T07:59:59.000000Z`."""
    return as_utc(instant).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def rfc3339_of(seconds: int) -> str:
    """The same of seconds since 1970, as they stand in a witness's line."""
    return rfc3339(datetime.fromtimestamp(seconds, UTC))


def parse_day(text: str) -> date:
    """`2020-03-20`. Raises ValueError for any other way of writing a day."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def parse_instant(text: str) -> datetime:
    """`2020-03-20T09:00:00Z`, `2020-03-20 17:00+08:00`; without an offset it is Shanghai's, a day alone is its
    first moment there. UTC.

    Raises ValueError.
    """
    if _DAY.fullmatch(text):
        return as_utc(datetime.combine(date.fromisoformat(text), time.min))
    if not _DAY.match(text):
        raise ValueError(text)
    return as_utc(datetime.fromisoformat(text))


def parse_known_at(text: str) -> KnownAt:
    """Digits only are a log size; a day is its end in Shanghai; anything else is an instant. Raises ValueError."""
    if _DIGITS.fullmatch(text):
        return LogSize(int(text))
    if _DAY.fullmatch(text):
        return KnownBy(end_of(date.fromisoformat(text)))
    return KnownBy(parse_instant(text))


def parse_point(text: str) -> Point:
    """`DATE`, `@SIZE`, `@INSTANT`, `DATE@SIZE` (and `@DATE`, `DATE@INSTANT`, read the same way). Raises ValueError."""
    day, at, known = text.partition("@")
    if not day and not known:
        raise ValueError(text)
    if at and not known:
        raise ValueError(text)
    return Point(text, parse_day(day) if day else None, parse_known_at(known) if known else None)
