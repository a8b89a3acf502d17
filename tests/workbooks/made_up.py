"""Workbooks with invented people, for tests: whoever appears here exists nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped,unused-ignore]

from mingzhang.domain.values.identity import check_digit

HEADER = ["姓名", "身份证号", "院系", "困难类别", "人均年收入", "银行卡号"]


def number_of(person: int) -> str:
    """A valid identity number for the nth invented person."""
    first = f"999{person // 1000 % 1000:03d}20020101{person % 1000:03d}"
    return first + check_digit(first)


def row_of(person: int, **changed: object) -> list[Any]:
    """A valid survey row in the order of HEADER; `changed` replaces cells by column name."""
    cells = [f"测试{person}", number_of(person), "测试系", "低保", "1200.50", "6299000000000007"]
    row = dict(zip(HEADER, cells, strict=True))
    return list((row | changed).values())


def write_xlsx(
    path: Path, rows: Sequence[Sequence[object]], *, merges: Sequence[str] = (), sheets: Sequence[str] = ("Sheet1",)
) -> Path:
    """Writes rows to each of the sheets; a text that begins with `=` becomes a formula, None an empty cell."""
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name in sheets:
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(row, column, cell, workbook.add_format({"num_format": "yyyy-mm-dd"}))
                    elif isinstance(cell, str) and not cell.startswith("="):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
            for area in merges:
                sheet.merge_range(area, rows[int(area.split(":")[0].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1][0])
    return path


def write_csv(path: Path, rows: Sequence[Sequence[object]], *, encoding: str = "utf-8", separator: str = ",") -> Path:
    """Writes rows as separated text."""
    text = "".join(separator.join(str(cell) for cell in row) + "\r\n" for row in rows)
    path.write_bytes(text.encode(encoding))
    return path
