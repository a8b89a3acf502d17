"""A workbook of several sheets, each with a layout of its own, becomes rows: 辍学台账 and 学校结对.

WORKBOOKS.md, "指标与进度". A sheet is known by its name or, where that says nothing, by its header; every part may also come as a file of
its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import identity

from .cells import Sheet, SheetFile, open_file
from .header import find_header, needed_columns
from .layouts import Layout
from .layouts_schools import DROPOUT_CASES, DROPOUT_VISITS, JOINT_RESEARCH, PUPIL_COUNTS, SCHOOL_PAIRS, STAFF_EXCHANGES
from .reading import CleanRow, TableRead, read_sheets


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the 台账: who left, where and when, who helps, and how far the case has come."""

    sheet: str | None
    row: int
    case: str
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    county: str
    school: str | None
    stage: str
    found_on: date
    cause: str | None = field(repr=False)
    teacher: str | None = field(repr=False)
    village_cadre: str | None = field(repr=False)
    guardian: str | None = field(repr=False)
    returned_on: date | None
    closed_on: date | None

    @property
    def person_key(self) -> str:
        """The pupil's 18-character identity number."""
        return identity.to_18(self.id_number)


@dataclass(frozen=True, slots=True)
class VisitRow:
    sheet: str | None
    row: int
    case: str
    held_on: date
    note: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CountRow:
    sheet: str | None
    row: int
    county: str
    stage: str
    pupils: int


@dataclass(frozen=True, slots=True)
class SchoolPairRow:
    sheet: str | None
    row: int
    pair: str
    town: str
    village: str
    since: date


@dataclass(frozen=True, slots=True)
class ResearchRow:
    """`schools`: those the row names, to be compared with the pair's; empty where it names none."""

    sheet: str | None
    row: int
    pair: str
    schools: tuple[str, ...]
    held_on: date
    subject: str = field(repr=False)
    participants: int | None


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    sheet: str | None
    row: int
    pair: str
    year: int | None
    sender: str
    receiver: str
    name: str | None = field(repr=False)
    post: str | None
    since: date


class DropoutFile(NamedTuple):
    """A 辍学台账: its three lists, and the whole file as one table for the report."""

    cases: list[CaseRow]
    visits: list[VisitRow]
    counts: list[CountRow]
    table: TableRead


class SchoolPairFile(NamedTuple):
    """A 学校结对 workbook: its three lists, and the whole file as one table for the report."""

    pairs: list[SchoolPairRow]
    research: list[ResearchRow]
    exchanges: list[ExchangeRow]
    table: TableRead


def read_dropouts(path: Path | str, *, county: str | None = None) -> DropoutFile:
    """Reads a 辍学台账. `county`: where a row names none. Refuses whole as `read_table`."""
    assume = {"县市区": county} if county else {}
    parts, table = _read(path, (DROPOUT_CASES, DROPOUT_VISITS, PUPIL_COUNTS), assume)
    return DropoutFile(
        [_case(row) for row in parts[DROPOUT_CASES.name]],
        [_visit(row) for row in parts[DROPOUT_VISITS.name]],
        [_count(row) for row in parts[PUPIL_COUNTS.name]],
        table,
    )


def read_school_pairs(path: Path | str) -> SchoolPairFile:
    """Reads a 学校结对 workbook. Refuses whole as `read_table`."""
    parts, table = _read(path, (JOINT_RESEARCH, STAFF_EXCHANGES, SCHOOL_PAIRS), {})
    return SchoolPairFile(
        [_pair(row) for row in parts[SCHOOL_PAIRS.name]],
        [_research(row) for row in parts[JOINT_RESEARCH.name]],
        [_exchange(row) for row in parts[STAFF_EXCHANGES.name]],
        table,
    )


def _case(row: CleanRow) -> CaseRow:
    return CaseRow(
        sheet=row.sheet,
        row=row.row,
        case=row.needed("台账编号"),
        name=row.needed("姓名"),
        id_number=row.needed("身份证号"),
        county=row.needed("县市区"),
        school=row.text("学校"),
        stage=row.needed("学段"),
        found_on=row.needed_day("辍学日期"),
        cause=row.text("辍学原因"),
        teacher=row.text("帮扶教师"),
        village_cadre=row.text("村干部"),
        guardian=row.text("监护人"),
        returned_on=row.day("返校日期"),
        closed_on=row.day("销号日期"),
    )


def _visit(row: CleanRow) -> VisitRow:
    return VisitRow(row.sheet, row.row, row.needed("台账编号"), row.needed_day("走访日期"), row.text("走访情况"))


def _count(row: CleanRow) -> CountRow:
    return CountRow(row.sheet, row.row, row.needed("县市区"), row.needed("学段"), row.number("在校生数") or 0)


def _pair(row: CleanRow) -> SchoolPairRow:
    named = row.needed("结对编号"), row.needed("城区学校"), row.needed("农村学校")
    return SchoolPairRow(row.sheet, row.row, *named, row.needed_day("结对日期"))


def _research(row: CleanRow) -> ResearchRow:
    schools = tuple(school for column in ("城区学校", "农村学校") if (school := row.text(column)))
    return ResearchRow(
        row.sheet, row.row, row.needed("结对编号"), schools, row.needed_day("日期"), row.needed("主题"), row.number("参加人数")
    )


def _exchange(row: CleanRow) -> ExchangeRow:
    return ExchangeRow(
        sheet=row.sheet,
        row=row.row,
        pair=row.needed("结对编号"),
        year=row.number("年度"),
        sender=row.needed("派出学校"),
        receiver=row.needed("接收学校"),
        name=row.text("姓名"),
        post=row.text("职务"),
        since=row.needed_day("起始日期"),
    )


def _read(path: Path | str, layouts: Sequence[Layout], assume: Mapping[str, str]) -> tuple[dict[str, list[CleanRow]], TableRead]:
    """The rows of each layout by its name, and all sheets as one table. Refused `header_not_found` where no sheet is of any layout."""
    content = open_file(path)
    sheets: dict[str, list[Sheet]] = {layout.name: [] for layout in layouts}
    ignored: list[str] = []
    for sheet in content.sheets:
        layout = _layout_of(sheet, layouts, content.path, assume)
        if layout is not None:
            sheets[layout.name].append(sheet)
        elif sheet.name is not None and _says_something(sheet):
            ignored.append(sheet.name)
    rows: dict[str, list[CleanRow]] = {layout.name: [] for layout in layouts}
    whole = TableRead(content.path, content.sha256, [], [], [], [], ignored, {}, content)
    headers = dict(whole.headers)
    for layout in layouts:
        if sheets[layout.name]:
            part = read_sheets(SheetFile(content.path, content.sha256, tuple(sheets[layout.name])), layout, assume=_for(layout, assume))
            rows[layout.name] = part.rows
            whole.rows.extend(part.rows)
            whole.refused.extend(part.refused)
            whole.warnings.extend(part.warnings)
            whole.ignored_columns.extend(name for name in part.ignored_columns if name not in whole.ignored_columns)
            headers |= part.headers
    if not headers:
        raise Refused("header_not_found", file=content.path, layout=layouts[0].name, needed=needed_columns(layouts[0]))
    read = TableRead(
        whole.file, whole.sha256, whole.rows, whole.refused, whole.warnings, whole.ignored_columns, ignored, headers, content
    )
    return rows, read


def _says_something(sheet: Sheet) -> bool:
    return any(cell not in (None, "") for row in sheet.rows for cell in row)


def _for(layout: Layout, assume: Mapping[str, str]) -> dict[str, str]:
    own = {column.name for column in layout.columns}
    return {name: value for name, value in assume.items() if name in own}


def _layout_of(sheet: Sheet, layouts: Sequence[Layout], file: str, assume: Mapping[str, str]) -> Layout | None:
    """The layout that bears the sheet's name and finds its columns there; else the first whose required columns it has."""
    if not sheet.visible or not _says_something(sheet):
        return None
    for layout in layouts:
        if layout.name == sheet.name:
            return layout
    for layout in layouts:
        try:
            if find_header(sheet, layout, file, _for(layout, assume)) is not None:
                return layout
        except Refused:
            continue  # columns of another layout's sheet
    return None
