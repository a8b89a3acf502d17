"""The school's registers become rows: who is enrolled, whose enrolment changed, who works there.

WORKBOOKS.md, "Registers". File names say little, so the header decides which register of the school a file is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values import identity

from .cells import open_file
from .header import Header, needed_columns
from .layouts import STAFF, STATUS_CHANGES, STUDENT_REGISTER
from .reading import CleanRow, TableRead, read_sheets, read_table


@dataclass(frozen=True, slots=True)
class StudentRegisterRow:
    """One student of the 学籍名册. None stands for an empty cell or a missing column; `enrolled_on` is the 入学日期."""

    sheet: str | None
    row: int
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    xueji: str | None = field(repr=False)
    sex: str | None
    unit: str | None
    major: str | None
    grade: str | None
    class_name: str | None
    stage: str | None
    enrolled_on: date
    warnings: tuple[str, ...] = ()

    @property
    def person_key(self) -> str:
        """The 18-character identity number."""
        return identity.to_18(self.id_number)


@dataclass(frozen=True, slots=True)
class StatusChangeRow:
    """One line of the 学籍异动. `change` is one of 休学 复学 退学 转学 毕业 死亡.

    `effective_on` is the 发生日期, `registered_on` the 登记日期: when the school learned of it, None where it does
    not say.
    """

    sheet: str | None
    row: int
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    unit: str | None
    class_name: str | None
    change: str
    effective_on: date
    registered_on: date | None
    remark: str | None = field(repr=False)

    @property
    def person_key(self) -> str:
        """The 18-character identity number."""
        return identity.to_18(self.id_number)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One person of the 教职工. `account` is the card the wages go to: no student's money should."""

    sheet: str | None
    row: int
    number: str | None
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    unit: str | None
    post: str | None
    account: str | None = field(repr=False)
    warnings: tuple[str, ...] = ()


class StudentRegisterFile(NamedTuple):
    """A 学籍名册: its rows, and the table with refused rows and warnings."""

    rows: list[StudentRegisterRow]
    table: TableRead


class StatusChangeFile(NamedTuple):
    """A 学籍异动: its rows in their order, and the table with refused rows and warnings."""

    rows: list[StatusChangeRow]
    table: TableRead


class StaffFile(NamedTuple):
    """A 教职工 list: its rows, and the table with refused rows and warnings."""

    rows: list[StaffRow]
    table: TableRead


def read_student_file(path: Path | str) -> StudentRegisterFile | StatusChangeFile:
    """Reads a 学籍异动 if the header has 异动类型, else a 学籍名册. Refuses whole as `read_table`."""
    content = open_file(path)
    try:
        table = read_sheets(content, STATUS_CHANGES)
    except Refused as refused:
        if refused.code not in ("header_not_found", "column_missing"):
            raise
        if refused.code == "column_missing" and "异动类型" not in _words(refused.context["columns"]):
            raise
        table = read_sheets(content, STUDENT_REGISTER)
        return StudentRegisterFile([_student(row) for row in table.rows], table)
    return StatusChangeFile([_change(row) for row in table.rows], table)


def read_staff(path: Path | str) -> StaffFile:
    """Reads a list of the school's staff. Refuses whole as `read_table`."""
    table = read_table(path, STAFF)
    if not any(_of_staff(header) for header in table.headers.values()):
        raise Refused("header_not_found", file=table.file, layout=STAFF.name, needed=["工号", *needed_columns(STAFF)])
    return StaffFile([_staff(row) for row in table.rows], table)


def _of_staff(header: Header) -> bool:
    """Names, identity numbers and accounts are in every list of students, too: a list of staff says who they are at work."""
    return "工号" in header.places or "职务" in header.places or "工资卡号" in header.names


def _words(columns: object) -> list[object]:
    return columns if isinstance(columns, list) else []


def _student(row: CleanRow) -> StudentRegisterRow:
    return StudentRegisterRow(
        sheet=row.sheet,
        row=row.row,
        name=row.needed("姓名"),
        id_number=row.needed("身份证号"),
        xueji=row.text("学籍号"),
        sex=row.text("性别"),
        unit=row.text("院系"),
        major=row.text("专业"),
        grade=row.text("年级"),
        class_name=row.text("班级"),
        stage=row.text("学段"),
        enrolled_on=row.needed_day("入学日期"),
        warnings=row.warnings,
    )


def _change(row: CleanRow) -> StatusChangeRow:
    return StatusChangeRow(
        sheet=row.sheet,
        row=row.row,
        name=row.needed("姓名"),
        id_number=row.needed("身份证号"),
        unit=row.text("院系"),
        class_name=row.text("班级"),
        change=row.needed("异动类型"),
        effective_on=row.needed_day("发生日期"),
        registered_on=row.day("登记日期"),
        remark=row.text("说明"),
    )


def _staff(row: CleanRow) -> StaffRow:
    return StaffRow(
        sheet=row.sheet,
        row=row.row,
        number=row.text("工号"),
        name=row.needed("姓名"),
        id_number=row.needed("身份证号"),
        unit=row.text("部门"),
        post=row.text("职务"),
        account=row.text("工资卡号"),
        warnings=row.warnings,
    )
