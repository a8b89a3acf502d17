"""A table as a text file: UTF-8 with a mark that spreadsheets know it by, every text quoted, none that could run as a formula or be taken
for a number that it is not."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from io import StringIO

from .sheets import Cell, Sheet, begins_formula

# A spreadsheet keeps 15 digits of a number and no zero before it: what is longer or begins so is no number but a card or an identity.
_DIGITS = re.compile(r"0[0-9]+|[0-9]{12,}")


def csv_bytes(sheet: Sheet) -> bytes:
    """The header stands in the first line, in a rehearsal's file in the second, below the mark; after the rows and the totals an empty
    line, and then the foot. Numbers are plain (`-1234.50`); a text that a spreadsheet would run or spoil has an apostrophe before it, which
    the importers of this program take off again."""
    text = StringIO(newline="")
    out = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    if sheet.mark:
        out.writerow(_line([sheet.mark.strip()]))
    out.writerow(_line(column.title for column in sheet.columns))
    out.writerows(_line(row) for row in sheet.rows)
    if sheet.totals is not None:
        out.writerow(_line(sheet.totals))
    below = (*sheet.above, *sheet.foot)
    if below:
        text.write("\r\n")
        out.writerows(_line([sentence]) for sentence in below)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _line(cells: Iterable[Cell]) -> list[str | int | float | Decimal]:
    return [_written(cell) for cell in cells]


def _written(cell: Cell) -> str | int | float | Decimal:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return cell.quantize(Decimal("0.01"))
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float):
        return cell
    return "'" + cell if begins_formula(cell) or _DIGITS.fullmatch(cell) else cell
