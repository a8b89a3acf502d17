"""A 签领表 is what people sign for their money on: one line each, in the batch's order, with room for a hand and a date."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter

HEADS = ("序号", "姓名", "金额(元)", "签领人", "与学生关系", "签领日期")
_WIDTHS = (6, 14, 12, 18, 14, 14)
_MADE = datetime(2000, 1, 1, tzinfo=UTC)  # the same list at the same time is the same bytes


def write_sign_list(lines: Sequence[tuple[int, str, int]], *, title: str, about: str) -> bytes:
    """The workbook: (line, name, whole fen) each; the last row adds up."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE, "title": title})
    sheet = book.add_worksheet("签领表")
    head = book.add_format({"bold": True, "border": 1, "align": "center"})
    cell, money = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "#,##0.00"})
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, about)
    for column, (text, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, text, head)
    for row, (number, name, fen) in enumerate(lines, start=3):
        sheet.write_number(row, 0, number, cell)
        sheet.write_string(row, 1, name, cell)
        sheet.write_number(row, 2, fen / 100, money)
        for column in (3, 4, 5):
            sheet.write_blank(row, column, None, cell)
    last = 3 + len(lines)
    sheet.write_string(last, 0, "合计", head)
    sheet.write_string(last, 1, f"{len(lines)}人", cell)
    sheet.write_number(last, 2, sum(fen for _, _, fen in lines) / 100, money)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    book.close()
    return out.getvalue()
