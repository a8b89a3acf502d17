"""A 指标 workbook is one target a row, a 进度 workbook one figure a row, its sheet saying in which report it came.

WORKBOOKS.md, "指标与进度".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, cast

from mingzhang.domain.plan.targets import Direction, ReportKind

from .layouts_programme import PROGRESS, TARGETS
from .reading import CleanRow, TableRead, read_table

# A sheet is named after its report, alone or with more around it (2018年月调度).
SHEETS: dict[str, ReportKind] = {"月调度": "monthly", "季汇总": "quarterly", "半年通报": "half-yearly"}


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target. `action` as written, with the plan in front of it (S2 学前教育)."""

    sheet: str | None
    row: int
    action: str
    code: str
    measure: str
    value: Decimal
    direction: Direction
    due_on: date
    owner: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure. `report` None where the sheet's name does not say which report it is."""

    sheet: str | None
    row: int
    report: ReportKind | None
    code: str
    on: date
    value: Decimal
    unit: str
    evidence: str | None = field(repr=False)
    sent_on: date


class TargetFile(NamedTuple):
    """A 指标 workbook: its rows, and the table with refused rows."""

    rows: list[TargetRow]
    table: TableRead


class FigureFile(NamedTuple):
    """A 进度 workbook: its rows, and the table with refused rows."""

    rows: list[FigureRow]
    table: TableRead


def read_targets(path: Path | str) -> TargetFile:
    """Reads a 指标 workbook. Refuses whole as `read_table`."""
    table = read_table(path, TARGETS)
    return TargetFile([_target(row) for row in table.rows], table)


def read_figures(path: Path | str) -> FigureFile:
    """Reads a 进度 workbook. Refuses whole as `read_table`."""
    table = read_table(path, PROGRESS)
    return FigureFile([_figure(row) for row in table.rows], table)


def _target(row: CleanRow) -> TargetRow:
    return TargetRow(
        sheet=row.sheet,
        row=row.row,
        action=row.needed("行动"),
        code=row.needed("指标"),
        measure=row.needed("单位"),
        value=_exact(row, "目标值"),
        direction=cast(Direction, row.needed("方向")),
        due_on=row.needed_day("完成期限"),
        owner=row.needed("责任单位"),
    )


def _figure(row: CleanRow) -> FigureRow:
    return FigureRow(
        sheet=row.sheet,
        row=row.row,
        report=next((kind for name, kind in SHEETS.items() if name in (row.sheet or "")), None),
        code=row.needed("指标"),
        on=row.needed_day("日期"),
        value=_exact(row, "完成值"),
        unit=row.needed("填报单位"),
        evidence=row.text("佐证"),
        sent_on=row.needed_day("报送日期"),
    )


def _exact(row: CleanRow, column: str) -> Decimal:
    value = row.values[column]
    if not isinstance(value, Decimal):
        raise TypeError(f"column {column} holds no figures")
    return value
