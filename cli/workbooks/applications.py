"""A 申请花名册 becomes application rows: one person each, as a village, a school or a bureau handed them in.

WORKBOOKS.md, "申请花名册 (applications)". Who has applied before (`already_applied`) and where a village lies, the ledger knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.values import identity

from .layouts import APPLICATIONS
from .reading import CleanRow, TableRead, read_table

_RANK = re.compile(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)$")


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One row that may be recorded. None (or an empty tuple) stands for an empty cell or a missing column.

    `province`: 院校所在省 without 省, 市 or 自治区; amounts in whole fen, `asked_fen` as it was asked, right or wrong; `documents` None
    where the sheet has no column 材料, empty where nothing was handed in.
    """

    sheet: str | None
    row: int
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    sex: str | None
    school: str | None
    stage: str | None
    grade: str | None
    township: str | None
    village: str | None
    household_place: str | None = field(repr=False)
    household_head: str | None = field(repr=False)
    account: str | None = field(repr=False)
    handed_in_on: date | None
    categories: tuple[str, ...]
    college: str | None
    admitted_to: str | None
    province: str | None
    fees_fen: int | None
    board_fen: int | None
    asked_fen: int | None
    documents: tuple[str, ...] | None
    phone: str | None = field(repr=False)

    @property
    def person_key(self) -> str:
        """The 18-character identity number: two rows with the same key are about one person."""
        return identity.to_18(self.id_number)


class ApplicationFile(NamedTuple):
    """`rows`: what may be recorded; `table`: refused rows, warnings, ignored columns, file and hash."""

    rows: list[ApplicationRow]
    table: TableRead


def read_applications(path: Path | str) -> ApplicationFile:
    """Reads a 申请花名册. Refuses whole as `read_table`."""
    table = read_table(path, APPLICATIONS)
    return ApplicationFile([_row(row, table) for row in table.rows], table)


def _row(row: CleanRow, table: TableRead) -> ApplicationRow:
    asks_for_documents = "材料" in table.headers[row.sheet].places
    return ApplicationRow(
        sheet=row.sheet,
        row=row.row,
        name=row.needed("姓名"),
        id_number=row.needed("身份证号"),
        sex=row.text("性别"),
        school=row.text("学校"),
        stage=row.text("学段"),
        grade=row.text("年级"),
        township=row.text("乡镇"),
        village=row.text("村"),
        household_place=row.text("户籍地"),
        household_head=row.text("户主"),
        account=row.text("一卡通账号"),
        handed_in_on=row.day("申请日期"),
        categories=row.categories("困难类别").categories,
        college=row.text("录取院校"),
        admitted_to=row.text("录取批次"),
        province=_province(row.text("院校所在省")),
        fees_fen=row.number("学费"),
        board_fen=row.number("住宿费"),
        asked_fen=row.number("申请金额"),
        documents=row.items("材料") if asks_for_documents else None,
        phone=row.text("联系电话"),
    )


def _province(written: str | None) -> str | None:
    """安徽省 and 安徽 are one province."""
    return _RANK.sub("", written) or None if written else None
