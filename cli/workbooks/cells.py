"""A file becomes sheets of cells with the row numbers its spreadsheet shows, or is refused whole, saying why.

WORKBOOKS.md, "Formats": `.xlsx`, `.xls`, `.csv` (UTF-8 with or without BOM, GB18030; separator `,` or tab).
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import cast

import python_calamine

from mingzhang.domain.refusal import Refused

from . import biff, container

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Position = tuple[int, int]  # row and column, counted from 0

_WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm", ".xls"})
_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt"})
_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_FILE = 64 * 2**20  # bytes; a survey of 20,000 rows takes about 3 MB
_READ_ERRORS = (python_calamine.CalamineError, OSError, ValueError, KeyError, IndexError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows[0]` is row 1 and `rows[0][0]` column A, whatever is empty before the first value.

    `name`: None for text files. `merges`: first and last (row, column) of each merged range. `formulas`, `errors`: the
    cells that hold a formula, or an error such as #N/A. `visible`: whether the office sees the sheet.
    """

    name: str | None
    rows: list[list[Cell]]
    merges: tuple[tuple[Position, Position], ...] = ()
    formulas: frozenset[Position] = frozenset()
    errors: frozenset[Position] = frozenset()
    visible: bool = True


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A whole file: `path` as it was given, `sha256` of its bytes in hex, its sheets in order."""

    path: str
    sha256: str
    sheets: tuple[Sheet, ...]


def open_file(path: Path | str) -> SheetFile:
    """Reads a workbook or a separated text file, found out by its content.

    Refuses (all with `file`): `file_missing`, `file_type_unknown`, `file_empty`, `workbook_too_large`,
    `workbook_unreadable` (with `reason`), `workbook_protected`, `file_encoding_unknown`.
    """
    place, given = Path(path), str(path)
    content = read_bytes(place, given)
    ending = place.suffix.lower()
    if ending in _WORKBOOK_ENDINGS:
        sheets = _open_workbook(content, given)
    elif ending in _TEXT_ENDINGS:
        sheets = (Sheet(None, _read_separated(content, given)),)
    else:
        raise Refused("file_type_unknown", file=given, ending=ending)
    if not any(any(cell not in ("", None) for cell in row) for sheet in sheets for row in sheet.rows):
        raise Refused("file_empty", file=given)
    return SheetFile(given, hashlib.sha256(content).hexdigest(), sheets)


def read_bytes(place: Path, given: str) -> bytes:
    """The bytes of a file. Refuses `file_missing`, `workbook_too_large`, `workbook_unreadable`, `file_empty`."""
    try:
        if not place.is_file():
            raise Refused("file_missing", file=given)
        if place.stat().st_size > LARGEST_FILE:
            raise Refused("workbook_too_large", file=given, limit_bytes=LARGEST_FILE)
        content = place.read_bytes()
    except OSError:
        raise Refused("workbook_unreadable", file=given, reason="not_permitted") from None
    if not content:
        raise Refused("file_empty", file=given)
    return content


def decode(content: bytes, given: str, code: str = "file_encoding_unknown") -> tuple[str, str]:
    """The text and its encoding: a BOM, then strict UTF-8, then GB18030, in this order.

    GB18030 takes almost any bytes: control characters in the result show that it was something else. Refuses `code`.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(character in text for character in NOT_IN_TEXT):
            continue
        return text, "utf-8" if encoding == "utf-8-sig" and not content.startswith(b"\xef\xbb\xbf") else encoding
    raise Refused(code, file=given)


NOT_IN_TEXT = [chr(code) for code in range(32) if chr(code) not in "\t\n\r\f\v\x1a"] + ["\ufffd"]


def _open_workbook(content: bytes, given: str) -> tuple[Sheet, ...]:
    if content.startswith(_ZIP):
        marks = container.inspect(content, given)
    elif content.startswith(_COMPOUND):
        marks = biff.inspect(content, given)
    else:
        raise Refused("workbook_unreadable", file=given, reason="not_a_workbook")
    in_order = list(marks.values())
    sheets: list[Sheet] = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            for about in workbook.sheets_metadata:
                if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                found = workbook.get_sheet_by_name(about.name)
                # Sheet names of workbooks older than Excel 97 are in a code page: then the order tells.
                mark = marks.get(about.name)
                if mark is None:
                    mark = in_order[len(sheets)] if len(sheets) < len(in_order) else container.NO_MARKS
                sheets.append(
                    Sheet(
                        about.name,
                        cast(list[list[Cell]], found.to_python(skip_empty_area=False)),
                        tuple(found.merged_cell_ranges or ()),
                        mark.formulas,
                        mark.errors,
                        about.visible == python_calamine.SheetVisibleEnum.Visible,
                    )
                )
    except python_calamine.PasswordError:
        raise Refused("workbook_protected", file=given) from None
    except _READ_ERRORS:
        raise Refused("workbook_unreadable", file=given, reason="damaged") from None
    except BaseException as problem:
        # A panic of the reading library is no Exception, and has no name that could be imported.
        if type(problem).__name__ != "PanicException":
            raise
        raise Refused("workbook_unreadable", file=given, reason="damaged") from None
    return tuple(sheets)


def _read_separated(content: bytes, given: str) -> list[list[Cell]]:
    text, _ = decode(content, given)
    opening = text[:4096]
    separator = "\t" if opening.count("\t") > opening.count(",") else ","
    try:
        # strict: an unclosed quotation mark must not swallow the rest of the file
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)]
    except csv.Error:
        raise Refused("workbook_unreadable", file=given, reason="quotation_marks") from None
