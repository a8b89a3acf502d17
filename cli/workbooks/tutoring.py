"""The files of 学业帮扶 become rows: a failed course, an arrangement of teacher and fellow student, a record of what was done.

WORKBOOKS.md, "学业帮扶". A mark is a number from 0 to 100 with at most one decimal, or says that there is none (缺考).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import identity
from mingzhang.domain.values.text import symbols

from .cells import SheetFile, open_file
from .layouts_tutoring import ARRANGEMENTS, FAILED_COURSES, TUTORING_RECORDS
from .reading import CleanRow, Identity, RowProblem, TableRead, read_sheets, read_table

_MARK = re.compile(r"(?:100(?:\.0)?|[0-9]{1,2}(?:\.[0-9])?)分?")
_NO_MARK = frozenset({"缺考", "旷考", "缓考", "作弊", "违纪", "取消资格", "不及格"})
_TERM = re.compile(r"(?P<year>20[0-9]{2})[-—–~至]+(?P<until>20[0-9]{2})学年第?(?P<half>[一二12])学期")
_PERIOD = re.compile(r"20[0-9]{2}-(?:spring|autumn)")


@dataclass(frozen=True, slots=True)
class FailedCourseRow:
    """One line of the 挂科名单. `mark` None: no mark at all (缺考). `period` as the ledger writes a term, `2023-autumn`."""

    sheet: str | None
    row: int
    number: str | None = field(repr=False)
    name: str = field(repr=False)
    id_number: str | None = field(repr=False)
    course: str
    mark: Decimal | None = field(repr=False)
    written_mark: str = field(repr=False)
    period: str

    @property
    def person_key(self) -> str | None:
        """The student's 18-character identity number, None where only the student number is given."""
        return identity.to_18(self.id_number) if self.id_number else None


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """One line of the 安排表: a teacher and, if there is one, a fellow student (朋辈) for one course of one student."""

    sheet: str | None
    row: int
    number: str | None = field(repr=False)
    name: str = field(repr=False)
    course: str
    tutor: str = field(repr=False)
    peer: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class TutoringRow:
    """One line of the 帮扶记录. `minutes` None where no 时长 is written."""

    sheet: str | None
    row: int
    held_on: date
    helpers: tuple[str, ...] = field(repr=False)
    number: str | None = field(repr=False)
    name: str = field(repr=False)
    course: str
    content: str = field(repr=False)
    minutes: int | None
    recorded_on: date | None


class FailedCourseFile(NamedTuple):
    """A 挂科名单: its rows, and the table with refused rows."""

    rows: list[FailedCourseRow]
    table: TableRead


class ArrangementFile(NamedTuple):
    """A 安排表: its rows, and the table with refused rows."""

    rows: list[ArrangementRow]
    table: TableRead


class TutoringFile(NamedTuple):
    """A 帮扶记录: its rows, and the table with refused rows."""

    rows: list[TutoringRow]
    table: TableRead


def read_tutoring(path: Path | str) -> FailedCourseFile | ArrangementFile:
    """Reads a 挂科名单 if the header has 补考成绩, else a 安排表. Refuses whole as `read_table`."""
    content = open_file(path)
    try:
        table = read_sheets(content, FAILED_COURSES)
    except Refused as refused:
        if refused.code not in ("header_not_found", "column_missing"):
            raise
        try:
            table = read_sheets(content, ARRANGEMENTS)
        except Refused as other:
            raise (other if _lacks(refused, "补考成绩") else refused) from None
        return ArrangementFile([_arrangement(row) for row in table.rows], table)
    rows: list[FailedCourseRow] = []
    problems: list[RowProblem] = []
    for row in table.rows:
        judged = _failed(row)
        if isinstance(judged, RowProblem):
            problems.append(judged)
        else:
            rows.append(judged)
    refusals = sorted([*table.refused, *problems], key=lambda problem: (problem.sheet or "", problem.row))
    wrong = {(problem.sheet, problem.row) for problem in problems}
    kept = [row for row in table.rows if (row.sheet, row.row) not in wrong]
    return FailedCourseFile(rows, replace(table, rows=kept, refused=refusals))


def _lacks(refused: Refused, column: str) -> bool:
    """Whether the column is among the missing ones; it is where no header was found at all."""
    columns = refused.context.get("columns")
    return not isinstance(columns, list) or column in columns


def read_tutoring_records(path: Path | str) -> TutoringFile:
    """Reads a 帮扶记录. Refuses whole as `read_table`."""
    return _records(read_table(path, TUTORING_RECORDS))


def tutoring_records_in(content: SheetFile) -> TutoringFile:
    """As `read_tutoring_records`, for a file that is already open."""
    return _records(read_sheets(content, TUTORING_RECORDS))


def term_of(written: str) -> str | None:
    """`2023-2024学年第一学期` and `2023-autumn` alike become `2023-autumn`; None for anything else."""
    if _PERIOD.fullmatch(written):
        return written
    found = _TERM.fullmatch(symbols(written))
    if found is None or int(found["until"]) != int(found["year"]) + 1:
        return None
    return f"{found['year']}-autumn" if found["half"] in "一1" else f"{found['until']}-spring"


def _failed(row: CleanRow) -> FailedCourseRow | RowProblem:
    written, period = symbols(row.needed("补考成绩")), term_of(row.needed("学期"))
    who = Identity(row.needed("姓名"), row.text("身份证号") or "")
    mark = _MARK.fullmatch(written)
    if mark is None and written not in _NO_MARK:
        return RowProblem(row.sheet, row.row, "补考成绩", "mark_not_understood", identity=who)
    if period is None:
        return RowProblem(row.sheet, row.row, "学期", "term_not_understood", identity=who)
    return FailedCourseRow(
        sheet=row.sheet,
        row=row.row,
        number=row.text("学号"),
        name=row.needed("姓名"),
        id_number=row.text("身份证号"),
        course=row.needed("课程"),
        mark=Decimal(written.removesuffix("分")) if mark else None,
        written_mark=written,
        period=period,
    )


def _arrangement(row: CleanRow) -> ArrangementRow:
    return ArrangementRow(
        row.sheet, row.row, row.text("学号"), row.needed("学生"), row.needed("课程"), row.needed("帮扶教师"), row.text("朋辈")
    )


def _records(table: TableRead) -> TutoringFile:
    rows = [
        TutoringRow(
            sheet=row.sheet,
            row=row.row,
            held_on=row.needed_day("日期"),
            helpers=row.items("帮扶人"),
            number=row.text("学号"),
            name=row.needed("学生"),
            course=row.needed("课程"),
            content=row.needed("内容"),
            minutes=row.number("时长"),
            recorded_on=row.day("记录日期"),
        )
        for row in table.rows
    ]
    return TutoringFile(rows, table)
