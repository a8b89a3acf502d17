"""The header row is found by its column names, never by a fixed row number, and may span two rows with merged cells.

WORKBOOKS.md: names are matched after removing spaces, line breaks, full-width forms and bracketed units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.text import symbols

from .cells import Cell, Sheet
from .kinds import Kind
from .layouts import Layout

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕")
_DECORATION = re.compile(r"[*:、·]")
_NUMBERING = frozenset({"序号", "编号", "序", "NO", "NO.", "No", "No.", "no", "序次"})
_ROWS_SEARCHED = 100
_KINDS_HELD_ONCE = frozenset({Kind.IDENTITY, Kind.ACCOUNT, Kind.YUAN})


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header of a sheet is and what it says.

    `first`, `last`: its rows, counted from 0. `places`: column name of the layout → index of the cell. `others`: the
    columns that are not used, as (index, name) in their order; `names`: every cell's cleaned name.
    """

    first: int
    last: int
    places: Mapping[str, int]
    others: tuple[tuple[int, str], ...]
    names: tuple[str, ...]


def column_name(cell: Cell) -> str:
    """A column name without spaces, line breaks, full-width forms, bracketed units and decoration; '' for none."""
    if not isinstance(cell, str):
        return ""
    return _DECORATION.sub("", _BRACKETED.sub("", symbols(cell)))


def find_header(sheet: Sheet, layout: Layout, file: str, assume: Mapping[str, str]) -> Header | None:
    """The header of a sheet for a layout; None where no row looks like one.

    A row looks like one if it names three columns of the layout, or all that are required. Columns in `assume` need not
    be there. Refuses `column_missing` and `column_repeated` with `file`, `sheet` and `columns`.
    """
    known = _known_names(layout)
    required = {column.name for column in layout.columns if column.required and column.name not in assume}
    best: tuple[tuple[int, int], int, int, tuple[str, ...]] | None = None
    above: tuple[str, ...] = ()
    for row, cells in enumerate(sheet.rows[:_ROWS_SEARCHED]):
        names = tuple(column_name(cell) for cell in cells)
        for first, candidate in ((row, names), (row - 1, _joined(sheet, row, above, names))):
            hits = {known[name] for name in candidate if name in known}
            if len(hits) >= 3 or (required and required <= hits):
                # More known columns win, then more named ones (a merged upper cell), then the earlier row.
                score = len(hits), sum(1 for name in candidate if name)
                if best is None or score > best[0]:
                    best = score, first, row, candidate
        above = names
    if best is None:
        return None
    _, first, last, names = best
    places = _places(layout, names, sheet, file)
    missing = [column for column in required if column not in places]
    if layout.any_of and not any(name in places for name in layout.any_of):
        missing.append(layout.any_of[0])
    if missing:
        order = [column.name for column in layout.columns]
        raise Refused("column_missing", file=file, sheet=sheet.name, columns=sorted(missing, key=order.index))
    used = set(places.values())
    others = tuple(
        (index, name)
        for index, name in enumerate(names)
        if name and index not in used and name not in _NUMBERING
    )
    return Header(first, last, places, others, names)


def _joined(sheet: Sheet, row: int, above: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of a two-row header: the lower cell, or the merged upper one where the lower is empty."""
    if not above or sum(1 for name in above if name) < 2:
        return ()
    merged = [area for area in sheet.merges if area[0][0] == row - 1]
    down = {
        column
        for (_, left), (bottom, right) in merged
        if bottom == row
        for column in range(left, right + 1)
    }
    joined = []
    for column, name in enumerate(names):
        upper = above[column] if column < len(above) and (not merged or column in down) else ""
        joined.append(name or upper)
    return tuple(joined)


def needed_columns(layout: Layout) -> list[str]:
    """What a header must name for this layout."""
    return [column.name for column in layout.columns if column.required] + list(layout.any_of[:1])


def _known_names(layout: Layout) -> dict[str, str]:
    known = {}
    for column in layout.columns:
        for name in (*column.stand_ins, *column.synonyms, column.name):
            known[column_name(name)] = column.name
    # A name of its own goes before a synonym of another column (学校 in 登记表, 户主 in lists).
    return known | {column_name(column.name): column.name for column in layout.columns}


def _places(layout: Layout, names: tuple[str, ...], sheet: Sheet, file: str) -> dict[str, int]:
    places = {}
    own = {column_name(column.name) for column in layout.columns}
    for column in layout.columns:
        exact = [index for index, name in enumerate(names) if name == column_name(column.name)]
        synonyms = {column_name(name) for name in column.synonyms} - own
        similar = [index for index, name in enumerate(names) if name in synonyms]
        stand_ins = {column_name(name) for name in column.stand_ins} - own
        weak = [index for index, name in enumerate(names) if name in stand_ins]
        strong = exact + similar
        if len(strong) > 1 and (column.required or column.kind in _KINDS_HELD_ONCE):
            raise Refused("column_repeated", file=file, sheet=sheet.name, columns=[column.name])
        if strong or weak:
            places[column.name] = (strong or weak)[0]
    return places
