"""One layout for every file of tables: header, rows, a totals row where a column adds up, and a foot that says as of when.

Values keep their kind: money is exact yuan from whole fen, days are days, and everything else is text as the screen shows it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ..i18n import _
from .parts import Table, Text
from .tables import CONTROL, Column, value_of
from .words import cell_text

Cell = str | int | float | Decimal | date | None
"""Decimal is money in yuan with two decimals; int and float are other numbers."""

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EARLIEST = date(1900, 3, 1)  # a spreadsheet counts the days before it differently, or not at all
# What a spreadsheet may take for the beginning of a formula; the full-width signs are read as such where Chinese is typed.
_FORMULA = frozenset("=+-@＝＋－＠")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as a file holds it. `mark` is the rehearsal's, empty for a real ledger; `above`: sentences over the header; `picture`: a
    PNG that a workbook shows below everything else."""

    name: str
    mark: str
    above: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None
    foot: tuple[str, ...]
    picture: bytes | None = None


def sheets_of(parts: Sequence[Table | Text], *, mark: str, as_of: Sequence[str]) -> list[Sheet]:
    """A sheet for each table; sentences stand above the table they precede, and those after the last below it. Sentences without any
    table become a column of their own."""
    tables = [(index, part) for index, part in enumerate(parts) if isinstance(part, Table)]
    if not tables:
        said = tuple((sentence,) for part in parts if isinstance(part, Text) for sentence in part.sentences)
        return [Sheet(_name("", 1), mark, (), (Column(_("What"), "what"),), said, None, tuple(as_of))]
    sheets: list[Sheet] = []
    start = 0
    for place, (index, table) in enumerate(tables):
        above = [sentence for part in parts[start:index] if isinstance(part, Text) for sentence in part.sentences]
        foot = [table.foot] if table.foot else []
        if place == len(tables) - 1:
            foot += [sentence for part in parts[index + 1 :] if isinstance(part, Text) for sentence in part.sentences]
        if table.caption:
            above.append(table.caption)
        rows = tuple(tuple(_cell(value_of(row, column, i), column) for i, column in enumerate(table.columns)) for row in table.rows)
        names = {sheet.name for sheet in sheets}
        name = _name(table.caption if len(tables) > 1 else "", place + 1)
        name = name if name not in names else _name("", place + 1)
        totals = _totals(tuple(table.columns), rows)
        sheets.append(Sheet(name, mark, tuple(above), tuple(table.columns), rows, totals, (*foot, *as_of)))
        start = index + 1
    return sheets


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula, blanks before the sign or not."""
    return text.lstrip()[:1] in _FORMULA


def is_money(column: Column) -> bool:
    return column.key.endswith("_fen")


def _cell(value: object, column: Column) -> Cell:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value).scaleb(-2) if is_money(column) else value
    if isinstance(value, float):
        return value
    if isinstance(value, date) and not isinstance(value, datetime) and value >= _EARLIEST:
        return value
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return value
        return day if day >= _EARLIEST else value
    text = CONTROL.sub(" ", cell_text(value, column.key))
    return text or None


def _totals(columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]) -> tuple[Cell, ...] | None:
    """The sums of the columns that add up, the word for it in the first other column; None where none adds up."""
    adding = [is_money(column) if column.adds is None else column.adds for column in columns]
    if not rows or not any(adding):
        return None
    totals: list[Cell] = []
    for index, column in enumerate(columns):
        if not adding[index]:
            totals.append(None)
            continue
        numbers = [row[index] for row in rows]
        money = sum((number for number in numbers if isinstance(number, Decimal)), Decimal(0))
        count = sum(number for number in numbers if isinstance(number, int))
        totals.append(money.quantize(Decimal("0.01")) if is_money(column) else count)
    if False in adding:
        totals[adding.index(False)] = _("Total")
    return tuple(totals)


def _name(caption: str, number: int) -> str:
    """A worksheet's name: at most 31 characters, without those a spreadsheet forbids."""
    name = re.sub(r"[\[\]:*?/\\]", " ", CONTROL.sub(" ", caption)).replace("\n", " ").strip(" '")[:31].strip(" '")
    return name or _("Table {number}").format(number=number)
