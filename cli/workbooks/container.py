"""An .xlsx is weighed before it is opened: a small file may unfold into gigabytes, and one far cell into billions.

The reading library builds a full rectangle per sheet, so its size is worked out here first. The same pass finds
formulas and error cells, which the library hands back as plain or empty values.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

from mingzhang.domain.refusal import Refused

LARGEST_PART = 128 * 2**20  # bytes unpacked; 20,000 rows of 20 columns take 18 MB
LARGEST_TOTAL = 256 * 2**20
LARGEST_RATIO = 400  # of a part above 16 MB; repetitive sheets reach about 60
LARGEST_AREA = 6_000_000  # cells in the rectangle of one sheet

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']\s*([A-Za-z]+)([0-9]+)\s*["'][^>]*?(/?)>""")
_HINTS = (b"<f", b":f", b't="e"', b"t='e'")  # one plain search each is ten times faster than a pattern
_MARKED = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>\s*(<(?:\w+:)?f[\s/>])?")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]+)([0-9]+)\s*["']""")
_STATED = re.compile(rb"""\b(count|uniqueCount)\s*=\s*["']\s*\+?([0-9]+)""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class Marks:
    """Positions (row, column from 0) in one sheet that need care: formulas, and error values such as #N/A."""

    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()


NO_MARKS = Marks()
_NOT_A_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    ValueError,
    struct.error,
)


def column_number(letters: bytes | str) -> int:
    """The column's number counted from 0: A → 0, AA → 26."""
    number = 0
    for letter in letters.upper() if isinstance(letters, bytes) else letters.upper().encode():
        number = number * 26 + letter - 64
    return number - 1


def inspect(content: bytes, given: str) -> dict[str, Marks]:
    """Marks by sheet name. Refuses `workbook_too_large`, `workbook_unreadable` and `workbook_protected`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _weigh(packed, given)
            marks_of_part = {}
            for entry in packed.infolist():
                if not entry.filename.lower().endswith((".xml", ".rels")):
                    continue
                # Reading to the end also proves the stated size and checksum, on which the library relies.
                part = packed.read(entry)
                if b"<!ENTITY" in part or b"<!DOCTYPE" in part:
                    raise Refused("workbook_unreadable", file=given, reason="document_type")
                _believe(part)
                if entry.filename.lower().startswith("xl/worksheets/"):
                    _measure(part, given)
                    if any(hint in part for hint in _HINTS):
                        marks_of_part[entry.filename] = _marks(part)
            return _by_sheet_name(packed, marks_of_part) if marks_of_part else {}
    except _NOT_A_WORKBOOK:
        raise Refused("workbook_unreadable", file=given, reason="damaged") from None
    except RuntimeError:  # zipfile's word for an encrypted part
        raise Refused("workbook_protected", file=given) from None


def _weigh(packed: zipfile.ZipFile, given: str) -> None:
    entries = packed.infolist()
    if len({entry.filename for entry in entries}) != len(entries):
        raise Refused("workbook_unreadable", file=given, reason="damaged")
    if len(entries) > 10_000 or sum(entry.file_size for entry in entries) > LARGEST_TOTAL:
        raise Refused("workbook_too_large", file=given, limit_bytes=LARGEST_TOTAL)
    for entry in entries:
        dense = entry.file_size > 2**24 and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1)
        if entry.file_size > LARGEST_PART or dense:
            raise Refused("workbook_too_large", file=given, limit_bytes=LARGEST_PART)


def _believe(part: bytes) -> None:
    """The library sets memory aside for as many items as a part states, and ends the program if there is not enough."""
    for found in _STATED.finditer(part):
        if int(found[2]) > (len(part) if found[1] == b"uniqueCount" else 4 * LARGEST_AREA):
            raise ValueError


def _measure(part: bytes, given: str) -> None:
    last_row, columns = 0, set()
    for found in _CELL.finditer(part):
        if not found[3]:  # a self-closing cell has a format and no value: it widens nothing
            columns.add(found[1])
            last_row = max(last_row, int(found[2]))
    width = max((column_number(letters) for letters in columns), default=-1) + 1
    if last_row * width > LARGEST_AREA:
        raise Refused("workbook_too_large", file=given, limit_cells=LARGEST_AREA)


def _marks(part: bytes) -> Marks:
    formulas, errors = set(), set()
    for found in _MARKED.finditer(part):
        is_error = _ERROR.search(found[1]) is not None
        reference = _REFERENCE.search(found[1]) if found[2] or is_error else None
        if reference is not None:
            position = int(reference[2]) - 1, column_number(reference[1])
            if found[2]:
                formulas.add(position)
            if is_error:
                errors.add(position)
    return Marks(frozenset(formulas), frozenset(errors))


def _by_sheet_name(packed: zipfile.ZipFile, marks_of_part: dict[str, Marks]) -> dict[str, Marks]:
    relations = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    part_of_id = {
        str(relation.get("Id")): posixpath.normpath(posixpath.join("/xl", str(relation.get("Target")))).lstrip("/")
        for relation in relations
    }
    marks = {}
    for element in ElementTree.fromstring(packed.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            relation_id = element.get(_RELATION) or element.get(_STRICT_RELATION) or ""
            marks[str(element.get("name"))] = marks_of_part.get(part_of_id.get(relation_id, ""), NO_MARKS)
    return marks
