"""A table fits the screen without losing a digit: long words wrap, numbers stand whole at the right.

Laid out by hand and not with rich: a roster has ten thousand rows, and is as often read by a pipe as by a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..width import columns, pad, widest_word, wrap
from .words import cell_text

GAP = "  "
_NARROWEST = 4
# Characters that would move the cursor or colour the screen do not come from us: a workbook may hold anything.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Column(NamedTuple):
    """`title` as shown, `key` into each row, `align` left or right; a key ending in `_fen` is money and
    right-aligned anyway."""

    title: str
    key: str
    align: str = "left"


def layout(
    heads: Sequence[Column], rows: Sequence[Mapping[str, object] | Sequence[object]], width: int, *, bold: bool = False
) -> list[str]:
    """The lines of the table, at most `width` columns wide wherever the columns can give way."""
    cells = [[_cell(row, column, index) for index, column in enumerate(heads)] for row in rows]
    aligns = ["right" if column.key.endswith("_fen") else column.align for column in heads]
    widths = _fit(heads, cells, aligns, width)
    lines = _row_lines([column.title for column in heads], widths, aligns)
    if bold:
        lines = [f"\x1b[1m{line}\x1b[0m" for line in lines]
    lines.append(GAP.join("─" * width for width in widths))
    for row in cells:
        lines.extend(_row_lines(row, widths, aligns))
    return lines


def _cell(row: Mapping[str, object] | Sequence[object], column: Column, index: int) -> str:
    value = row.get(column.key) if isinstance(row, Mapping) else row[index]
    return _CONTROL.sub(" ", cell_text(value, column.key))


def _fit(heads: Sequence[Column], cells: list[list[str]], aligns: Sequence[str], width: int) -> list[int]:
    """Column widths. Where the table is too wide, the widest columns of text give way first, down to their
    longest word, then to four columns; a right-aligned column holds numbers and never gives way."""
    natural = [
        max([columns(column.title), *(max(map(columns, row[index].split("\n"))) for row in cells)], default=0)
        for index, column in enumerate(heads)
    ]
    room = width - columns(GAP) * (len(heads) - 1)
    for floor_of in (widest_word, lambda _text: 0):
        if sum(natural) <= room:
            break
        floors = [
            natural[index]
            if aligns[index] == "right"
            else min(natural[index], max([_NARROWEST, *(floor_of(row[index]) for row in cells), columns(column.title)]))
            for index, column in enumerate(heads)
        ]
        while sum(natural) > room:
            slack = [have - floor for have, floor in zip(natural, floors, strict=True)]
            if not any(gives > 0 for gives in slack):
                break
            widest = max((index for index, gives in enumerate(slack) if gives > 0), key=lambda index: natural[index])
            natural[widest] -= 1
    return natural


def _row_lines(row: Sequence[str], widths: Sequence[int], aligns: Sequence[str]) -> list[str]:
    if all(columns(cell) <= width and "\n" not in cell for cell, width in zip(row, widths, strict=True)):
        return [GAP.join(map(pad, row, widths, aligns)).rstrip()]
    wrapped = [wrap(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, wrapped))
    return [
        GAP.join(
            pad(part[line] if line < len(part) else "", width, align) for part, width, align in zip(wrapped, widths, aligns, strict=True)
        ).rstrip()
        for line in range(height)
    ]
