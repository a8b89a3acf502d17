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
_FORMULA, _ERROR, _BOUND_SHEET, _END, _PASSWORD = 0x0006, 0x0205, 0x0085, 0x000A, 0x002F
_SHARED_TEXTS, _DIMENSIONS = 0x00FC, 0x0200
_STARTS = frozenset({0x0809, 0x0409, 0x0209, 0x0009})
_VALUES = frozenset({0x0006, 0x0203, 0x027E, 0x00FD, 0x0204, 0x0205, 0x00D6})
_MANY_VALUES = 0x00BD  # several numbers in one row


def inspect(content: bytes, given: str) -> dict[str, Marks]:
    """Marks by sheet name, in the order of the sheets.

    Refuses `workbook_too_large`, `workbook_unreadable` and `workbook_protected`. What the reading library would take on
    trust (stated counts, sizes and chains) is compared with the file's own length: it ends the whole program otherwise.
    """
    try:
        stream = _workbook_stream(content, given)
        if stream is None:
            raise Refused("workbook_unreadable", file=given, reason="not_a_workbook")
        return {name: _walk(stream, offset, given) for name, offset in _sheets(stream, given)}
    except (struct.error, IndexError, OverflowError, ValueError, MemoryError):
        raise Refused("workbook_unreadable", file=given, reason="damaged") from None


class _Compound:
    """A compound file: its table of sectors, its small table and its directory, each checked for sense."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        _sensible(shift in (9, 12) and small_shift == 6)
        self.sector = 1 << shift
        counts = struct.unpack_from("<I", content, 44) + struct.unpack_from("<I", content, 64)
        directory_start, _, self.small_limit, small_start = struct.unpack_from("<I4sII", content, 48)
        more_tables, table_count = struct.unpack_from("<II", content, 68)
        _sensible(max(*counts, table_count) <= len(content) // self.sector)
        tables = [*struct.unpack_from("<109I", content, 76)]
        for _ in range(table_count):
            more = struct.unpack_from(f"<{self.sector // 4}I", content, (more_tables + 1) * self.sector)
            tables += more[:-1]
            more_tables = more[-1]
        tables = [number for number in tables if number < _END_OF_CHAIN]
        _sensible(len(tables) <= len(content) // self.sector)
        self.follows: list[int] = []
        for number in tables:
            place = (number + 1) * self.sector
            self.follows += struct.unpack_from(f"<{self.sector // 4}I", content, place)
        self.directory = self.large(directory_start)
        small_table = self.large(small_start)
        self.small_follows = list(struct.unpack(f"<{len(small_table) // 4}I", small_table))
        self.small_content = b""

    def large(self, start: int) -> bytes:
        """The sectors of a chain."""
        return self._chain(start, self.follows, self.sector, self.content, self.sector)

    def stream(self, start: int, size: int) -> bytes:
        """A stream of the directory: a short one lies in small sectors inside the root's stream."""
        _sensible(size <= len(self.content))
        if size >= self.small_limit:
            return self.large(start)[:size]
        return self._chain(start, self.small_follows, 64, self.small_content, 0)[:size]

    @staticmethod
    def _chain(start: int, follows: list[int], size: int, source: bytes, first: int) -> bytes:
        parts: list[bytes] = []
        while start < _END_OF_CHAIN:
            parts.append(source[first + start * size : first + (start + 1) * size])
            start = follows[start]
            _sensible(len(parts) <= len(follows))  # else a loop
        return b"".join(parts)


def _sensible(holds: bool) -> None:
    if not holds:
        raise ValueError


def _workbook_stream(content: bytes, given: str) -> bytes | None:
    """The stream `Workbook` (or `Book`) of a compound file."""
    compound, found = _Compound(content), None
    for position in range(0, len(compound.directory) - 127, 128):
        entry = compound.directory[position : position + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        start, size = struct.unpack_from("<II", entry, 116)
        if name == "EncryptedPackage":
            raise Refused("workbook_protected", file=given)
        if entry[66] == 5:
            compound.small_content = compound.large(start)
        elif entry[66] == 2:
            stream = compound.stream(start, size)
            found = stream if name in ("Workbook", "Book") and found is None else found
    return found


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """(kind, start of the content, length) of each record up to the end of the substream that begins at `position`."""
    depth = 0
    _sensible(struct.unpack_from("<H", stream, position)[0] in _STARTS)
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield kind, position + 4, length
        depth += (kind in _STARTS) - (kind == _END)
        if depth <= 0:
            return
        position += 4 + length


def _sheets(stream: bytes, given: str) -> list[tuple[str, int]]:
    found = []
    for kind, start, length in _records(stream, 0):
        if kind == _PASSWORD:
            raise Refused("workbook_protected", file=given)
        if kind == _SHARED_TEXTS:
            _sensible(max(struct.unpack_from("<II", stream, start)) <= len(stream))
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
        if kind == _DIMENSIONS:
            first, end, left, right = struct.unpack_from("<IIHH" if length >= 14 else "<HHHH", stream, start)
            _sensible((first <= end <= 65_536 or not end) and (left <= right <= 256 or not right))
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
