"""An .xls is weighed and searched for formulas like an .xlsx, by walking its records without reading values.

The reading library hands back a formula's last result as if it had been typed, and takes memory for the full rectangle.
Formats: [MS-CFB] for the compound file, [MS-XLS] for the records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from mingzhang.domain.refusal import Refused

from .container import LARGEST_AREA, Marks

_END_OF_CHAIN = 0xFFFFFFFA  # this and all above are marks, not sectors
_FORMULA, _ERROR, _BOUND_SHEET, _START, _END, _PASSWORD = 0x0006, 0x0205, 0x0085, 0x0809, 0x000A, 0x002F
_VALUES = frozenset({0x0006, 0x0203, 0x027E, 0x00FD, 0x0204, 0x0205, 0x00D6})
_MANY_VALUES = 0x00BD  # several numbers in one row


def inspect(content: bytes, given: str) -> dict[str, Marks]:
    """Marks by sheet name. Refuses `workbook_too_large`, `workbook_unreadable` and `workbook_protected`."""
    try:
        stream = _workbook_stream(content, given)
        if stream is None:
            raise Refused("workbook_unreadable", file=given, reason="not_a_workbook")
        marks = {}
        for name, offset in _sheets(stream, given):
            marks[name] = _walk(stream, offset, given)
        return marks
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Refused("workbook_unreadable", file=given, reason="damaged") from None


def _workbook_stream(content: bytes, given: str) -> bytes | None:
    """The stream `Workbook` (or `Book`) of a compound file."""
    sector = 1 << struct.unpack_from("<H", content, 30)[0]
    small_sector = 1 << struct.unpack_from("<H", content, 32)[0]
    directory_start, _, small_limit, small_start = struct.unpack_from("<I4sII", content, 48)
    more_tables, table_count = struct.unpack_from("<II", content, 68)
    tables = [*struct.unpack_from("<109I", content, 76)]
    for _ in range(min(table_count, 4096)):
        more = struct.unpack_from(f"<{sector // 4}I", content, (more_tables + 1) * sector)
        tables += more[:-1]
        more_tables = more[-1]
    follows: list[int] = []
    for number in tables:
        if number < _END_OF_CHAIN:
            follows += struct.unpack_from(f"<{sector // 4}I", content, (number + 1) * sector)

    def chain(start: int, links: list[int], size: int, source: bytes, first: int) -> bytes:
        parts, steps = [], 0
        while start < _END_OF_CHAIN:
            parts.append(source[first + start * size : first + (start + 1) * size])
            start, steps = links[start], steps + 1
            if steps > len(links):  # a loop
                raise IndexError
        return b"".join(parts)

    directory = chain(directory_start, follows, sector, content, sector)
    root_start, found = 0, None
    for position in range(0, len(directory) - 127, 128):
        entry = directory[position : position + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        start, size = struct.unpack_from("<II", entry, 116)
        if entry[66] == 5:
            root_start = start
        elif name == "EncryptedPackage":
            raise Refused("workbook_protected", file=given)
        elif name in ("Workbook", "Book"):
            found = start, size
    if found is None:
        return None
    start, size = found
    if size >= small_limit:
        return chain(start, follows, sector, content, sector)[:size]
    small_table = chain(small_start, follows, sector, content, sector)
    small_follows = list(struct.unpack(f"<{len(small_table) // 4}I", small_table))
    root = chain(root_start, follows, sector, content, sector)
    return chain(start, small_follows, small_sector, root, 0)[:size]


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """(kind, start of the content, length) of each record up to the end of the substream that begins at `position`."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield kind, position + 4, length
        depth += (kind == _START) - (kind == _END)
        if depth <= 0:
            return
        position += 4 + length


def _sheets(stream: bytes, given: str) -> list[tuple[str, int]]:
    found = []
    for kind, start, length in _records(stream, 0):
        if kind == _PASSWORD:
            raise Refused("workbook_protected", file=given)
        if kind == _BOUND_SHEET and length > 8 and stream[start + 5] == 0:
            characters, wide = stream[start + 6], stream[start + 7] & 1
            raw = stream[start + 8 : start + 8 + characters * (2 if wide else 1)]
            name = raw.decode("utf-16-le" if wide else "latin-1")
            found.append((name, struct.unpack_from("<I", stream, start)[0]))
    return found


def _walk(stream: bytes, offset: int, given: str) -> Marks:
    formulas, errors = set(), set()
    last_row = last_column = -1
    for kind, start, length in _records(stream, offset):
        if kind in _VALUES and length >= 6:
            row, column = struct.unpack_from("<HH", stream, start)
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind == _FORMULA:
                formulas.add((row, column))
                # bytes 6 to 13 hold the last result: FFFF at the end says "no number", 2 at the start "an error"
                if length >= 14 and stream[start + 12 : start + 14] == b"\xff\xff" and stream[start + 6] == 2:
                    errors.add((row, column))
            elif kind == _ERROR and length >= 8 and stream[start + 7] == 1:
                errors.add((row, column))
        elif kind == _MANY_VALUES and length >= 6:
            last_row = max(last_row, struct.unpack_from("<H", stream, start)[0])
            last_column = max(last_column, struct.unpack_from("<H", stream, start + length - 2)[0])
    if (last_row + 1) * (last_column + 1) > LARGEST_AREA:
        raise Refused("workbook_too_large", file=given, limit_cells=LARGEST_AREA)
    return Marks(frozenset(formulas), frozenset(errors))
