"""A table as a workbook that an office can file: frozen header, widths that fit Han characters, text that stays text.

The same sheets give the same bytes: no author, no time of writing. Nothing is written to disk here, not even for a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from mingzhang.domain.refusal import Refused

from ..width import columns as width_of
from .sheets import Cell, Sheet, begins_formula, is_money

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped,unused-ignore]

_MOST_ROWS = 1_048_576
_LONGEST_CELL = 32_767
_NARROWEST, _WIDEST = 6, 70  # columns of a digit's width
_LINE, _HIGHEST = 15, 409  # points
_SETTINGS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}
_HEADER: dict[str, object] = {"bold": True, "num_format": "@", "bg_color": "#E7EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
_FORMATS: dict[str, dict[str, object]] = {
    "title": {"bold": True, "num_format": "@"},
    "header": _HEADER,
    "header right": {**_HEADER, "align": "right", "indent": 1},
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "guarded": {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True},
    "money": {"num_format": "#,##0.00", "align": "right", "indent": 1, "valign": "top"},
    "number": {"num_format": "0", "align": "right", "indent": 1, "valign": "top"},
    "fraction": {"num_format": "General", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"},
    "plain": {"num_format": "@"},
}
_TOTAL = {"bold": True, "top": 1}


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The .xlsx file. Refused `output_too_large` for more rows, or a longer text, than a worksheet holds."""
    import xlsxwriter  # type: ignore[import-untyped,unused-ignore]  # dear to import, and few commands write files

    written = BytesIO()
    with xlsxwriter.Workbook(written, _SETTINGS) as workbook:
        workbook.set_properties({"created": datetime(2000, 1, 1)})
        formats = {name: workbook.add_format(settings) for name, settings in _FORMATS.items()}
        formats |= {f"total {name}": workbook.add_format({**settings, **_TOTAL}) for name, settings in _FORMATS.items()}
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet.name), sheet, formats)
    return written.getvalue()


def _write(out: Worksheet, sheet: Sheet, formats: dict[str, Any]) -> None:
    above = [*sheet.above] or ([""] if sheet.mark else [])
    if sheet.mark:
        above[0] = f"{sheet.mark.strip()} {above[0]}".strip()
    header = len(above)
    if header + len(sheet.rows) + len(sheet.foot) + 3 > _MOST_ROWS:
        raise Refused("output_too_large", rows=len(sheet.rows))
    widths = [_width(sheet, index) for index in range(len(sheet.columns))]
    for index, column in enumerate(sheet.columns):
        out.set_column(index, index, widths[index], formats["money" if is_money(column) else "text"])
    for line, sentence in enumerate(above):
        _put(out, line, 0, sentence, "title", formats)
    for index, column in enumerate(sheet.columns):
        right = is_money(column) or column.align == "right"
        _put(out, header, index, column.title, "header right" if right else "header", formats)
    out.freeze_panes(header + 1, 0)
    line = header
    for row in sheet.rows:
        line += 1
        high = max((_lines(cell, width) for cell, width in zip(row, widths, strict=True)), default=1)
        if high > 1:  # not every program grows a row for what is in it
            out.set_row(line, min(_HIGHEST, high * _LINE))
        for index, cell in enumerate(row):
            _put_cell(out, line, index, cell, "", formats)
    if sheet.rows:
        out.autofilter(header, 0, line, len(sheet.columns) - 1)
    if sheet.totals is not None:
        line += 1
        for index, cell in enumerate(sheet.totals):
            _put_cell(out, line, index, cell, "total ", formats)
    line += 1
    for sentence in sheet.foot:
        line += 1
        _put(out, line, 0, sentence, "plain", formats)
    if sheet.picture is not None:
        out.insert_image(line + 2, 0, "picture.png", {"image_data": BytesIO(sheet.picture), "object_position": 1})
    out.set_landscape()
    out.set_paper(9)  # A4
    out.fit_to_pages(1, 0)
    out.repeat_rows(header)
    out.set_footer("&L" + sheet.mark.strip().replace("&", "&&") + "&R&P / &N")


def _put_cell(out: Worksheet, line: int, index: int, cell: Cell, style: str, formats: dict[str, Any]) -> None:
    if cell is None:
        if style:
            out.write_blank(line, index, None, formats[style + "text"])
    elif isinstance(cell, Decimal):
        out.write_number(line, index, float(cell), formats[style + "money"])
    elif isinstance(cell, int):
        out.write_number(line, index, cell, formats[style + "number"])
    elif isinstance(cell, float):
        out.write_number(line, index, cell, formats[style + "fraction"])
    elif isinstance(cell, date):
        out.write_datetime(line, index, datetime(cell.year, cell.month, cell.day), formats[style + "day"])
    else:
        _put(out, line, index, cell, style + ("guarded" if begins_formula(cell) else "text"), formats)


def _put(out: Worksheet, line: int, index: int, text: str, style: str, formats: dict[str, Any]) -> None:
    if len(text.encode("utf-16-le")) // 2 > _LONGEST_CELL:
        raise Refused("output_too_large", rows=line)
    out.write_string(line, index, text, formats[style])


def _width(sheet: Sheet, index: int) -> int:
    """The widest line in the column; a Han character takes two."""
    shown = [sheet.columns[index].title]
    for row in (*sheet.rows, *([sheet.totals] if sheet.totals is not None else [])):
        cell = row[index]
        if cell is not None:
            shown.append(f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell))
    widest = max((width_of(part) for text in shown for part in text.split("\n")), default=0)
    return max(_NARROWEST, min(_WIDEST, widest + 3))


def _lines(cell: Cell, width: int) -> int:
    """How many lines a cell takes in a column of this width."""
    return sum(max(1, -(-width_of(part) // (width - 1))) for part in cell.split("\n")) if isinstance(cell, str) else 1
