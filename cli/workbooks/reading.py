"""A table is read row by row: each row is taken whole, or refused with the first thing that is wrong in it.

Nothing is repaired. Every complaint says sheet, row (as the spreadsheet shows it), column (by its name in WORKBOOKS.md)
and a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import cards, identity
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.categories import NO_CATEGORIES, Categories
from mingzhang.domain.values.text import compact, person_name

from .cells import Cell, Sheet, SheetFile, open_file
from .header import Header, column_name, find_header
from .kinds import CLEANERS, NO_FORMULAS, Clean, Kind
from .layouts import Layout

_TOTAL = re.compile(r"(合计|总计|共计|小计|累计)[:：]?.{0,12}$")
_SIGNATURE = re.compile(
    r"(填表|制表|填报|审核|复核|经办|负责|分管|联系|校长|主任|领导|单位|班主任|核对|录入|报送|签字|签名|签章|盖章|公章)[^0-9]{0,8}[:：(（]"
    r"|(填表|制表|填报|审核|复核|报送)(日期|时间)|以下空白|以下无正文|[(（]?(盖章|签章|公章|签字)[)）]?$|(备注|说明|注)[:：]"
)


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
        raise Refused("header_not_found", file=content.path, layout=layout.name)
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
            default = clean(assumed[column.name]) if column.name in assumed else None
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
    checks = _Checks(layout)
    marked = {row for row, _ in sheet.formulas | sheet.errors}
    after_total = False
    for number in range(header.last + 1, len(sheet.rows)):
        cells = sheet.rows[number]
        if not _says_something(cells, used):
            continue
        if (kind := _not_a_person(cells, header, checks, after_total)) is not None:
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


class _Checks:
    """What is compared across the columns of a row, prepared once per sheet."""

    def __init__(self, layout: Layout) -> None:
        names = {column.kind: column.name for column in reversed(layout.columns)}  # the first column of each kind
        self.person = layout.repeats == "person"
        self.whole_row = layout.repeats == "row"
        self.id_column = names.get(Kind.IDENTITY, "")
        self.account_column = names.get(Kind.ACCOUNT, "")
        self.sex_column = names.get(Kind.SEX, "")
        own = {column.name for column in layout.columns}
        self.name_column = "姓名" if "姓名" in own else "学生姓名"
        self.account_name_column = "户名" if "户名" in own else ""

    def key(self, values: Mapping[str, object]) -> object:
        """What must not occur twice in a file; None where anything may."""
        if self.person and isinstance(number := values.get(self.id_column), str):
            return identity.to_18(number)
        return tuple(values.items()) if self.whole_row else None

    def warnings(self, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """(column, code) of what is odd in a row that is taken nevertheless, in the order of the columns."""
        number, stated = values.get(self.id_column), values.get(self.sex_column)
        if isinstance(number, str) and stated is not None and identity.sex(number) != stated:
            yield self.sex_column, "gender_contradicts_id"
        account = values.get(self.account_column)
        if isinstance(account, str) and not cards.passes_luhn(account):
            yield self.account_column, "card_luhn"
        holder = values.get(self.account_name_column)
        if holder is not None and holder != values.get(self.name_column):
            yield self.account_name_column, "account_name_differs"


def _filled(rows: list[list[Cell]]) -> Iterator[Cell]:
    return (cell for row in rows for cell in row if cell is not None and cell != "")


def _says_something(cells: list[Cell], used: list[int]) -> bool:
    width = len(cells)
    for place in used:
        if place < width:
            cell = cells[place]
            if cell is not None and cell != "" and (not isinstance(cell, str) or compact(cell)):
                return True
    # A closing line may stand in the numbering column alone; it says nothing that could be recorded.
    return False


def _not_a_person(cells: list[Cell], header: Header, checks: _Checks, after_total: bool) -> str | None:
    """`total`, `signature` or `header` for a line that closes or repeats the table; None for a row about somebody."""
    place = header.places.get(checks.id_column, -1)
    cell = cells[place] if 0 <= place < len(cells) else None
    if isinstance(cell, str) and len(cell) >= 15 and any(character.isdigit() for character in cell[-3:]):
        return None
    words = []
    for cell in cells:
        if isinstance(cell, str) and cell and (word := compact(cell)):
            words.append(word)
            if len(words) == 3:
                break
    if not words:
        return None
    if any(_TOTAL.match(word) for word in words[:2]):
        return "total"
    # A line about somebody fills more cells than a signature line does: nothing longer is ever passed over.
    filled = sum(1 for cell in cells if cell is not None and cell != "")
    if filled <= 6 and any(_SIGNATURE.match(word) for word in words):
        return "signature"
    if (filled <= 2 and after_total) or (filled == 1 and len(words[0]) > 20):
        return "signature"
    if len(cells) >= 3:
        names = [column_name(cell) for cell in cells]
        if sum(1 for name, own in zip(names, header.names, strict=False) if name and name == own) >= 3:
            return "header"
    return None


def _who(cells: list[Cell], header: Header, checks: _Checks) -> Identity:
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
