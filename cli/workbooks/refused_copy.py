"""The rows an import refused go back to the office in a copy of its table, with a column 问题 saying what to do.

WORKBOOKS.md: "the refused ones are written to a copy of the workbook with a column 问题". The corrected copy can be
imported.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped,unused-ignore]
from xlsxwriter.format import Format  # type: ignore[import-untyped,unused-ignore]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped,unused-ignore]

from mingzhang.domain.values.bad_value import BadValue

from ..output.files import write_files
from .cells import Cell
from .header import column_name
from .kinds import written
from .reading import RowProblem, TableRead

PROBLEM_COLUMN = "问题"


def write_refused_copy(path: Path, read: TableRead, sentence: Callable[[RowProblem], str]) -> int:
    """Writes the header rows and the refused rows of `read` to a new .xlsx that its owner alone reads; returns how many rows were refused.

    Refused `file_exists` where another file has that name: an office may have begun to mend it. `sentence` says what is wrong in a row and
    what to do. Every text is written as text, so that an identity number keeps its digits and a cell that begins with = + - or @ is never
    run as a formula.
    """
    written_out = BytesIO()
    settings = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(written_out, settings) as workbook:
        # No author, no time of writing: the same refusals give the same bytes.
        workbook.set_properties({"created": datetime(2000, 1, 1)})
        text = workbook.add_format({"num_format": "@"})
        marked = workbook.add_format({"bold": True, "font_color": "#B00000"})
        for sheet in read.content.sheets:
            problems = [problem for problem in read.refused if problem.sheet == sheet.name]
            if problems:
                _write_sheet(workbook.add_worksheet(sheet.name), sheet.rows, read, problems, sentence, text, marked)
        if not workbook.worksheets():
            workbook.add_worksheet()
    write_files({path: written_out.getvalue()})
    return len(read.refused)


def _write_sheet(
    out: Worksheet,
    rows: list[list[Cell]],
    read: TableRead,
    problems: list[RowProblem],
    sentence: Callable[[RowProblem], str],
    text: Format,
    marked: Format,
) -> None:
    header = read.headers[problems[0].sheet]
    width = max(len(rows[number]) for number in [*range(header.last + 1), *(problem.row - 1 for problem in problems)])
    place = width
    for column, cell in enumerate(rows[header.last]):
        if column_name(cell) == PROBLEM_COLUMN:  # a copy of a copy keeps one such column
            place = column
    out.set_column(0, max(width - 1, 0), 14, text)
    out.set_column(place, place, 60)
    line = 0
    for line in range(header.last + 1):
        _write_row(out, line, rows[line], place, text)
    out.write_string(header.last, place, PROBLEM_COLUMN, marked)
    for problem in problems:
        line += 1
        _write_row(out, line, rows[problem.row - 1], place, text)
        out.write_string(line, place, f"{problem.row}: {sentence(problem)}", marked)
    out.freeze_panes(header.last + 1, 0)
    out.set_landscape()
    out.fit_to_pages(1, 0)  # printed, a row stays on one page


def _write_row(out: Worksheet, line: int, cells: list[Cell], place: int, text: Format) -> None:
    for column, cell in enumerate(cells):
        if column == place or cell is None or cell == "":
            continue
        if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 1e11:
            out.write_number(line, column, cell)
        elif isinstance(cell, date | datetime):
            out.write_datetime(line, column, cell)
        else:
            out.write_string(line, column, _shown(cell), text)


def _shown(cell: Cell) -> str:
    """A cell as text. A number that lost digits is written as the spreadsheet holds it: they are to be typed again."""
    if isinstance(cell, time | timedelta):
        return str(cell)
    try:
        return written(cell)
    except BadValue:
        return f"{cell:.15g}"
