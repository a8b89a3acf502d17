"""The files of 结对帮扶 become rows: cadres per department, one pairing per line, one contact per line.

WORKBOOKS.md, "结对登记表 and 工作记录表". One 登记表 row is one pairing; for contacts the whole row must not repeat.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.values import identity

from .cells import SheetFile, open_file
from .layouts import ALLOCATION, CONTACTS, PAIRINGS
from .reading import CleanRow, TableRead, read_sheets, read_table


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """One department of the 任务分解表: how many cadres it has, and how many students it is to help; `liaison` is its 联络员."""

    sheet: str | None
    row: int
    unit: str
    cadres: int
    students: int
    liaison: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PairingRow:
    """One pairing of the 登记表. `helpers` in their order; a household is one `household_head` at one `address`."""

    sheet: str | None
    row: int
    unit: str
    helpers: tuple[str, ...] = field(repr=False)
    post: str | None
    phone: str | None = field(repr=False)
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    school: str | None
    grade: str | None
    household_head: str | None = field(repr=False)
    address: str | None = field(repr=False)
    cause: str | None = field(repr=False)
    needs: tuple[str, ...]
    established_on: date

    @property
    def person_key(self) -> str:
        """The student's 18-character identity number."""
        return identity.to_18(self.id_number)


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One line of the 工作记录表. Who it is about is said by `id_number` or by `pairing` (结对编号); never both None.

    `way` is one of 电话 入户 走访 网络 座谈; `money_fen` and `goods_fen` (物资折价) are 0 where nothing is written;
    `recorded_on` is the 记录日期, None where the file has none.
    """

    sheet: str | None
    row: int
    held_on: date
    helpers: tuple[str, ...] = field(repr=False)
    name: str = field(repr=False)
    id_number: str | None = field(repr=False)
    pairing: str | None
    way: str
    content: str = field(repr=False)
    money_fen: int
    goods: str | None = field(repr=False)
    goods_fen: int
    problem_solved: str | None = field(repr=False)
    recorder: str | None = field(repr=False)
    recorded_on: date | None

    @property
    def person_key(self) -> str | None:
        """The student's 18-character identity number, None where only the pairing is named."""
        return identity.to_18(self.id_number) if self.id_number else None


class AllocationFile(NamedTuple):
    """A 任务分解表: its rows, and the table with refused rows."""

    rows: list[AllocationRow]
    table: TableRead


class PairingFile(NamedTuple):
    """A 登记表: its rows, and the table with refused rows."""

    rows: list[PairingRow]
    table: TableRead


class ContactFile(NamedTuple):
    """A 工作记录表: its rows, and the table with refused rows."""

    rows: list[ContactRow]
    table: TableRead


def read_allocation(path: Path | str) -> AllocationFile:
    """Reads a 任务分解表. Refuses whole as `read_table`."""
    table = read_table(path, ALLOCATION)
    return AllocationFile([_allocation(row) for row in table.rows], table)


def read_pairings(path: Path | str) -> PairingFile:
    """Reads a 登记表. Refuses whole as `read_table`."""
    table = read_table(path, PAIRINGS)
    return PairingFile([_pairing(row) for row in table.rows], table)


def read_contacts(path: Path | str) -> ContactFile:
    """Reads a 工作记录表. Refuses whole as `read_table`."""
    return contacts_in(open_file(path))


def contacts_in(content: SheetFile) -> ContactFile:
    """As `read_contacts`, for a file that is already open."""
    table = read_sheets(content, CONTACTS)
    return ContactFile([_contact(row) for row in table.rows], table)


def _allocation(row: CleanRow) -> AllocationRow:
    cadres, students = row.number("党员干部人数") or 0, row.number("分配学生数") or 0
    said = row.text("联络员"), row.text("联系电话")
    return AllocationRow(row.sheet, row.row, row.needed("帮扶单位"), cadres, students, *said)


def _pairing(row: CleanRow) -> PairingRow:
    return PairingRow(
        sheet=row.sheet,
        row=row.row,
        unit=row.needed("帮扶单位"),
        helpers=row.items("帮扶人"),
        post=row.text("职务"),
        phone=row.text("联系电话"),
        name=row.needed("学生姓名"),
        id_number=row.needed("身份证号"),
        school=row.text("学校"),
        grade=row.text("年级"),
        household_head=row.text("户主"),
        address=row.text("家庭住址"),
        cause=row.text("致贫原因"),
        needs=row.items("帮扶需求"),
        established_on=row.needed_day("结对日期"),
    )


def _contact(row: CleanRow) -> ContactRow:
    return ContactRow(
        sheet=row.sheet,
        row=row.row,
        held_on=row.needed_day("日期"),
        helpers=row.items("帮扶人"),
        name=row.needed("学生姓名"),
        id_number=row.text("身份证号"),
        pairing=row.text("结对编号"),
        way=row.needed("方式"),
        content=row.needed("内容"),
        money_fen=row.number("资金") or 0,
        goods=row.text("物资"),
        goods_fen=row.number("物资折价") or 0,
        problem_solved=row.text("解决问题"),
        recorder=row.text("记录人"),
        recorded_on=row.day("记录日期"),
    )
