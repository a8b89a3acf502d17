"""A bank's file is taken apart by its profile alone: the promised encoding, its lines, and what it states about itself.

WORKBOOKS.md, "Bank files". A file that is not as the profile promises is refused whole, saying where.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import dates, money
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.text import symbols

from ..workbooks.cells import NOT_IN_TEXT
from .profile import AnswerLayout, BankProfile, Control, DateForm, ReturnedLayout, column_name

Row = tuple[int, list[str]]
Layout = AnswerLayout | ReturnedLayout

_WRITTEN: dict[DateForm, re.Pattern[str]] = {
    "YYYYMMDD": re.compile(r"[0-9]{8}"),
    "YYYY-MM-DD": re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"),
    "YYYY/MM/DD": re.compile(r"[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}"),
    "YYYY.MM.DD": re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}"),
    "YYYY年MM月DD日": re.compile(r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"),
}
_FEN = re.compile(r"[0-9]{1,12}")
_YUAN = re.compile(r"[0-9]{1,10}\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class BankTable:
    """`rows` are (line of the file from 1, cells); `places` says in which cell each thing stands. What the file states about itself is
    text as it stands there, None where it does not state it."""

    file: str
    sha256: str
    profile: BankProfile
    rows: list[Row]
    places: dict[str, int]
    stated_count: str | None
    stated_amount: str | None
    stated_done: str | None
    stated_on: str | None
    stated_unit: str | None

    def place(self, holds: str) -> int:
        """The cell of it, or -1 for a column the bank does not have."""
        return self.places.get(holds, -1)


def fen_of(text: str, profile: BankProfile) -> int:
    """An amount in the profile's unit; an empty cell is no amount. Raises BadValue."""
    if profile.amounts == "fen":
        return int(text) if _FEN.fullmatch(text) else money.fen_from_fen_text(text)
    if _YUAN.fullmatch(text):
        return int(text[:-3]) * 100 + int(text[-2:])
    fen = money.fen_from_text(text)
    if fen is None:
        raise BadValue("amount_not_a_number")
    return fen


def day_of(text: str, profile: BankProfile) -> date | None:
    """A day in one of the profile's forms; None for an empty cell. Raises BadValue."""
    written = symbols(text)
    if written and not any(_WRITTEN[form].fullmatch(written) for form in profile.dates):
        raise BadValue("date_not_understood")
    return dates.date_from_text(written)


def take_apart(content: bytes, given: str, profile: BankProfile, layout: Layout) -> BankTable:
    """Refused: `bank_file_encoding` (with `promised`), `file_empty`, and `bank_file_unreadable` (with `row`, `column`, `reason`)."""
    text = text_as_promised(content, given, profile)
    digest = hashlib.sha256(content).hexdigest()
    try:
        lines = lines_of(text, profile)
    except csv.Error:
        raise unreadable(given, None, None, "quotation_marks") from None
    if not lines:
        raise Refused("file_empty", file=given)
    control, stated = layout.control, None
    if control is not None and control.at == "top":
        stated = _control_above(given, lines, control)
    places = _places(given, lines, layout)
    if control is not None and control.at == "bottom":
        stated = _control_below(given, lines, control)
    width = places.pop("")
    for number, cells in lines:
        if len(cells) != width:
            raise unreadable(given, number, None, "cells_missing" if len(cells) < width else "cells_too_many")
    said = _Stated(control, stated, places)
    return BankTable(
        given, digest, profile, lines, places,
        said("{count}"), said("{amount}"), said("{done}"), said("{date}"), said("{unit}"),
    )  # fmt: skip


def lines_of(text: str, profile: BankProfile) -> list[Row]:
    """The cells of every line that is not blank, with its number from 1. Raises csv.Error."""
    whole = io.StringIO(text, newline="")
    if profile.quotes:
        reader = csv.reader(whole, delimiter=profile.separator, strict=True)
    else:
        reader = csv.reader(whole, delimiter=profile.separator, quoting=csv.QUOTE_NONE, strict=True)
    return [(number, line) for number, line in enumerate(reader, 1) if any(line) and any(cell.strip() for cell in line)]


def text_as_promised(content: bytes, given: str, profile: BankProfile) -> str:
    """The file's text in the encoding the profile promises, and no other: a file somebody has opened and saved again is not the bank's.

    GB18030 takes almost any bytes, UTF-8 almost none: what reads as UTF-8 and is more than ASCII was written as UTF-8.
    """
    try:
        as_utf_8: str | None = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        as_utf_8 = None
    text = as_utf_8
    if not profile.encoding.startswith("utf-8") and not content.isascii():
        try:
            text = content.decode("gb18030") if as_utf_8 is None else None
        except UnicodeDecodeError:
            text = None
    if text is None or any(character in text for character in NOT_IN_TEXT):
        raise Refused("bank_file_encoding", file=given, promised=profile.encoding.upper())
    return text


def unreadable(given: str, row: int | None, column: str | None, reason: str) -> Refused:
    return Refused("bank_file_unreadable", file=given, row=row, column=column, reason=reason)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the control line says: at the bottom sums stand beneath their column, wherever the bank has put it."""

    control: Control | None
    cells: Sequence[str] | None
    places: dict[str, int]

    def __call__(self, cell: str) -> str | None:
        if self.control is None or self.cells is None or (at := self.control.place(cell)) is None:
            return None
        if self.control.at == "bottom" and cell in ("{amount}", "{done}"):
            at = self.places.get("done" if cell == "{done}" else "asked", self.places.get("amount", at))
        return self.cells[at].strip() if at < len(self.cells) else ""


def _control_above(given: str, lines: list[Row], control: Control) -> list[str]:
    first = lines[0][0]
    if control.names and column_name(lines[0][1][0]) == column_name(control.names[0]):
        lines.pop(0)
    if not lines or len(lines[0][1]) < len(control.cells):
        raise unreadable(given, first, None, "header_missing")
    return lines.pop(0)[1]


def _control_below(given: str, lines: list[Row], control: Control) -> list[str]:
    first = "" if control.marker.isascii() else control.marker[0]  # of ASCII there are full-width forms
    for place, (_number, line) in enumerate(lines):
        if any(first in cell and symbols(cell).startswith(control.marker) for cell in line[:3]):
            if place != len(lines) - 1:  # rows below the total would be paid and not counted
                raise unreadable(given, lines[place + 1][0], None, "rows_after_total")
            return lines.pop()[1]
    raise unreadable(given, None, None, "total_missing")  # a file cut off half-way looks exactly like this


def _places(given: str, lines: list[Row], layout: Layout) -> dict[str, int]:
    """In which cell each thing stands; under "" how many cells a row has. Takes the line of names away, with titles above it."""
    as_listed = {holds: place for place, holds in enumerate(layout.order)} | {"": len(layout.order)}
    if layout.column_names == "never":
        return as_listed
    account = next(name for name, holds in layout.names.items() if holds == "account")
    if layout.column_names == "sometimes":
        named = bool(lines) and layout.names.get(column_name(lines[0][1][0])) is not None
        start = 0 if named else None
    else:
        start = next((at for at, (_n, line) in enumerate(lines[:20]) if "account" in map(layout.names.get, map(column_name, line))), None)
    if start is None and layout.column_names == "sometimes":
        return as_listed
    if start is None:
        raise unreadable(given, lines[0][0] if lines else 1, account, "column_missing")
    row, cells = lines[start]
    names = [column_name(cell) for cell in cells]
    found = [layout.names.get(name) for name in names]
    missing = [holds for holds in layout.order if holds not in found]
    if missing:
        raise unreadable(given, row, layout.name_of(missing[0]), "column_missing")
    if len(set(names)) != len(names) or len([one for one in found if one]) != len(layout.order):
        raise unreadable(given, row, next((one for one in cells if names.count(column_name(one)) > 1), None), "column_repeated")
    del lines[: start + 1]
    return {holds: place for place, holds in enumerate(found) if holds} | {"": len(names)}
