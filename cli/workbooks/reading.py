"""A table is read row by row: each row is taken whole, or refused with the first thing that is wrong in it.

Nothing is repaired. Every complaint says sheet, row (as the spreadsheet shows it), column (by its name in WORKBOOKS.md)
and a code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import identity
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.categories import NO_CATEGORIES, Categories
from mingzhang.domain.values.text import compact, person_name

from .cells import Cell, Sheet, SheetFile, open_file
from .checks import Checks
from .header import Header, find_header, needed_columns
from .kinds import CLEANERS, NO_FORMULAS, REPEATING, Clean, remembering
from .layouts import Layout
from .lines import not_about_somebody, says_something

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})  # as text files hold them


class Identity(NamedTuple):
    """Who a refused row is about, as far as it can be read: cleaned text, to be sealed and never printed."""

    name: str
    id_number: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one row: a refusal or a warning.

    `row` counts from 1; `column` is None where the whole row is meant. `extra` holds what the sentence also names
    (`first_row`, `first_sheet`). `identity` is kept apart: it is not compared and not shown.
    """

    sheet: str | None
    row: int
    column: str | None
    code: str
    extra: Mapping[str, int | str | None] = field(default_factory=dict)
    identity: Identity | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class CleanRow:
    """A row that may be recorded.

    `values`: column → cleaned value (see `Kind`), without empty cells and absent columns.
    """

    sheet: str | None
    row: int
    values: Mapping[str, object] = field(repr=False)
    warnings: tuple[str, ...] = ()

    def text(self, column: str) -> str | None:
        """The text in a column, None where there is none."""
        value = self.values.get(column)
        return value if isinstance(value, str) else None

    def needed(self, column: str) -> str:
        """The text in a required column."""
        return str(self.values[column])

    def number(self, column: str) -> int | None:
        """The whole number (fen, people) in a column, None where there is none."""
        value = self.values.get(column)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def yes(self, column: str) -> bool | None:
        """What a yes-or-no column says, None where it says nothing."""
        value = self.values.get(column)
        return value if isinstance(value, bool) else None

    def day(self, column: str) -> date | None:
        """The date in a column, None where there is none."""
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def needed_day(self, column: str) -> date:
        """The date in a required column."""
        value = self.values[column]
        if not isinstance(value, date):
            raise TypeError(f"column {column} holds no dates")
        return value

    def items(self, column: str) -> tuple[str, ...]:
        """The list in a column, empty where there is none."""
        value = self.values.get(column)
        return value if isinstance(value, tuple) else ()

    def categories(self, column: str) -> Categories:
        """The categories in a column, none where there are none."""
        value = self.values.get(column)
        return value if isinstance(value, Categories) else NO_CATEGORIES


@dataclass(frozen=True, slots=True)
class TableRead:
    """One file read as one layout. `rows_seen` = len(rows) + len(refused).

    `file` as it was given, `sha256` of its bytes in hex; `ignored_columns` by their cleaned names, 序号 left out;
    `ignored_sheets` have content but no header of this layout, or are hidden. `headers`, `content`: for `refused_copy`.
    """

    file: str
    sha256: str
    rows: list[CleanRow]
    refused: list[RowProblem]
    warnings: list[RowProblem]
    ignored_columns: list[str]
    ignored_sheets: list[str]
    headers: Mapping[str | None, Header] = field(repr=False)
    content: SheetFile = field(repr=False)

    @property
    def rows_seen(self) -> int:
        return len(self.rows) + len(self.refused)


def read_table(path: Path | str, layout: Layout, *, assume: Mapping[str, str] | None = None) -> TableRead:
    """Reads a file as a layout. `assume`: column → value for rows that leave it empty (the unit given with `--unit`).

    Refuses whole (`Refused`, with `file`): as `open_file`, and `header_not_found`, `column_missing`, `column_repeated`.
    """
    return read_sheets(open_file(path), layout, assume=assume)


def read_sheets(content: SheetFile, layout: Layout, *, assume: Mapping[str, str] | None = None) -> TableRead:
    """As `read_table`, for a file that is already open."""
    assumed = {name: compact(value) for name, value in (assume or {}).items() if compact(value)}
    read = TableRead(content.path, content.sha256, [], [], [], [], [], {}, content)
    headers: dict[str | None, Header] = {}
    first_places: dict[object, tuple[str | None, int]] = {}
    for sheet in content.sheets:
        header = find_header(sheet, layout, content.path, assumed) if sheet.visible else None
        if header is None:
            if sheet.name is not None and any(True for _ in _filled(sheet.rows)):
                read.ignored_sheets.append(sheet.name)
            continue
        headers[sheet.name] = header
        _read_rows(sheet, header, layout, assumed, read, first_places)
        for name in _ignored(sheet, header):
            if name not in read.ignored_columns:
                read.ignored_columns.append(name)
    if not headers:
        raise Refused("header_not_found", file=content.path, layout=layout.name, needed=needed_columns(layout))
    return TableRead(
        read.file,
        read.sha256,
        read.rows,
        read.refused,
        read.warnings,
        read.ignored_columns,
        read.ignored_sheets,
        headers,
        content,
    )


class _Plan(NamedTuple):
    """One column of one sheet, ready to be read: where it is, how it is cleaned, what an empty cell means."""

    name: str
    place: int  # -1: the column is absent and its value assumed
    clean: Clean
    required: bool
    guarded: bool
    assumed: object


def _plans(header: Header, layout: Layout, assumed: Mapping[str, str]) -> list[_Plan]:
    plans = []
    for column in layout.columns:
        place = header.places.get(column.name, -1)
        if place >= 0 or column.name in assumed:
            clean = CLEANERS[column.kind]
            if column.kind in REPEATING:
                clean = remembering(clean)
            try:
                default = clean(assumed[column.name]) if column.name in assumed else None
            except BadValue as problem:
                raise Refused(problem.code, column=column.name) from None
            plans.append(_Plan(column.name, place, clean, column.required, column.kind in NO_FORMULAS, default))
    return plans


def _read_rows(
    sheet: Sheet,
    header: Header,
    layout: Layout,
    assumed: Mapping[str, str],
    read: TableRead,
    first_places: dict[object, tuple[str | None, int]],
) -> None:
    plans = _plans(header, layout, assumed)
    used = sorted(header.places.values())
    checks = Checks(layout)
    marked = {row for row, _ in sheet.formulas | sheet.errors}
    after_total = False
    for number in range(header.last + 1, len(sheet.rows)):
        cells = sheet.rows[number]
        if not says_something(cells, used):
            continue
        if (kind := not_about_somebody(cells, header, checks, after_total)) is not None:
            after_total = after_total or kind == "total"
            continue
        row = number + 1
        values: dict[str, object] = {}
        try:
            for plan in plans:
                position = number, plan.place
                if number in marked and plan.place >= 0:
                    if position in sheet.errors:
                        raise _RefusedCell(plan.name, "cell_error")
                    if plan.guarded and position in sheet.formulas:
                        raise _RefusedCell(plan.name, "formula_cell")
                cell = cells[plan.place] if 0 <= plan.place < len(cells) else None
                if isinstance(cell, str) and cell[:1] == "#" and cell.strip() in _ERRORS:
                    raise _RefusedCell(plan.name, "cell_error")
                try:
                    value = plan.clean(cell) if cell is not None and cell != "" else None
                except BadValue as problem:
                    raise _RefusedCell(plan.name, problem.code) from None
                if value is None:
                    value = plan.assumed
                    if value is None:
                        if plan.required:
                            raise _RefusedCell(plan.name, "required_missing")
                        continue
                values[plan.name] = value
            if layout.any_of and not any(name in values for name in layout.any_of):
                raise _RefusedCell(layout.any_of[0], "required_missing")
            key = checks.key(values)
            if key is not None and key in first_places:
                first_sheet, first_row = first_places[key]
                extra: dict[str, int | str | None] = {"first_row": first_row}
                if first_sheet != sheet.name:
                    extra["first_sheet"] = first_sheet
                raise _RefusedCell(None, "row_repeated", extra)
        except _RefusedCell as refused:
            who = _who(cells, header, checks)
            read.refused.append(RowProblem(sheet.name, row, refused.column, refused.code, refused.extra, who))
            # A person stays the first even if that row was refused: which of the two is right is for the office to say.
            if refused.code != "row_repeated" and checks.person and identity.is_id_number(who.id_number):
                first_places.setdefault(identity.to_18(identity.id_number(who.id_number)), (sheet.name, row))
            continue
        if key is not None:
            first_places[key] = sheet.name, row
        warned = tuple(checks.warnings(values))
        read.rows.append(CleanRow(sheet.name, row, values, tuple(code for _, code in warned)))
        read.warnings.extend(RowProblem(sheet.name, row, column, code) for column, code in warned)


class _RefusedCell(Exception):
    def __init__(self, column: str | None, code: str, extra: Mapping[str, int | str | None] | None = None) -> None:
        super().__init__(code)
        self.column, self.code, self.extra = column, code, extra or {}


def _filled(rows: list[list[Cell]]) -> Iterator[Cell]:
    return (cell for row in rows for cell in row if cell is not None and cell != "")


def _who(cells: list[Cell], header: Header, checks: Checks) -> Identity:
    def text(column: str) -> str:
        place = header.places.get(column, -1)
        cell = cells[place] if 0 <= place < len(cells) else None
        return cell if isinstance(cell, str) else ""

    return Identity(person_name(text(checks.name_column)), compact(text(checks.id_column)).upper())


def _ignored(sheet: Sheet, header: Header) -> list[str]:
    names = [name for _, name in header.others]
    width = max((len(row) for row in sheet.rows[header.last + 1 :]), default=0)
    for place in range(width):
        if place >= len(header.names) or not header.names[place]:
            below = (row[place] for row in sheet.rows[header.last + 1 :] if place < len(row))
            if place not in header.places.values() and any(cell is not None and cell != "" for cell in below):
                names.append(f"({column_letters(place)})")
    return names


def column_letters(place: int) -> str:
    """The letters a spreadsheet shows for a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
