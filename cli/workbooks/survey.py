"""A 摸底排查表 becomes survey rows: one person each, as the department reported them.

WORKBOOKS.md, "摸底排查表 (survey entries)". Whether somebody was surveyed before in the round (`already_surveyed`), the
ledger decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mingzhang.domain.values import identity

from .layouts import SURVEY
from .reading import CleanRow, TableRead, read_table


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One row that may be recorded. None (or an empty tuple) stands for an empty cell or a missing column.

    `id_number` as written, 15 or 18 characters, upper-case X; `income_fen` per head and year; `stage` one of 学前
    小学 初中 普高 中职 专科 本科; `categories` canonical, in the order of `domain.values.categories.CATEGORIES`;
    `category_kinds` as written (城市低保); `level` one of 特别困难 困难 一般困难; `warnings` codes.
    """

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
    household_place: str | None = field(repr=False)
    household_size: int | None
    income_fen: int | None
    categories: tuple[str, ...]
    category_kinds: tuple[str, ...]
    level: str | None
    lifted: bool | None
    new: bool | None
    guardian: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    account: str | None = field(repr=False)
    account_name: str | None = field(repr=False)
    remark: str | None = field(repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def person_key(self) -> str:
        """The 18-character identity number: two rows with the same key are about one person."""
        return identity.to_18(self.id_number)


class SurveyFile(NamedTuple):
    """`rows`: what may be recorded; `table`: refused rows, warnings, ignored columns, file and hash."""

    rows: list[SurveyRow]
    table: TableRead


def read_survey(path: Path | str, *, unit: str | None = None) -> SurveyFile:
    """Reads a survey, supplement or correction file. `unit` is the 院系 of rows that name none (`--unit`).

    Refuses whole as `read_table`.
    """
    table = read_table(path, SURVEY, assume={"院系": unit} if unit else None)
    return SurveyFile([survey_row(row) for row in table.rows], table)


def survey_row(row: CleanRow) -> SurveyRow:
    """The survey row of a clean row of the layout `SURVEY`."""
    return SurveyRow(
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
        household_place=row.text("户籍地"),
        household_size=row.number("家庭人口"),
        income_fen=row.number("人均年收入"),
        categories=row.categories("困难类别").categories,
        category_kinds=row.categories("困难类别").kinds,
        level=row.text("困难等级"),
        lifted=row.yes("是否脱贫"),
        new=row.yes("是否新增"),
        guardian=row.text("监护人"),
        phone=row.text("联系电话"),
        account=row.text("银行卡号"),
        account_name=row.text("户名"),
        remark=row.text("备注"),
        warnings=row.warnings,
    )
