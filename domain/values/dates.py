"""A date is what the writer wrote, in any of the ways offices write dates; a day that does not exist is refused.

WORKBOOKS.md: `2020-03-15`, `2020/3/15`, `2020.3.15`, `2020年3月15日`, `20200315`, a date cell or an Excel serial
number.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from .bad_value import BadValue
from .text import symbols

_SEPARATED = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})[日号]?)(?:T?0{1,2}:00(?::00(?:\.0+)?)?)?"
)
_EIGHT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0+)?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0+)?")
# Day 1 is 1900-01-01, but spreadsheets believe in a 29 February 1900: from March 1900 on everything is shifted by one.
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIALS = range(10_000, 100_000)  # 1927-05-18 to 2173-10-13; five digits, so that no year is taken for a day


def date_from_text(text: str) -> date | None:
    """The date a text states; None for an empty cell.

    Refuses `date_not_understood` and `date_impossible` (2020-02-30).
    """
    written = symbols(text)
    if not written:
        return None
    if (parts := _SEPARATED.fullmatch(written)) is not None:
        year, *rest = (int(part) for part in parts.groups() if part is not None)
        return _day(year, *rest)
    if (parts := _EIGHT.fullmatch(written)) is not None:
        return _day(*(int(part) for part in parts.groups()))
    if _SERIAL.fullmatch(written):
        return date_from_number(float(written))
    raise BadValue("date_not_understood")


def date_from_number(number: float | int) -> date:
    """The date of a number cell: 20200315, or an Excel serial number (43905; a time of day is dropped)."""
    whole = int(number)
    if whole in _SERIALS:
        return _SERIAL_ORIGIN + timedelta(days=whole)
    if whole == number and 10_000_000 <= whole <= 99_999_999:
        return _day(whole // 10_000, whole // 100 % 100, whole % 100)
    raise BadValue("date_not_understood")


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("date_impossible") from None
