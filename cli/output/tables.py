"""A table fits the screen without losing a digit: texts wrap, numbers stand whole at the right, and no reference is broken.

Whoever works with the screen copies references from it into the next command. So where there is no room, the columns of long references
give theirs up and stand in a line of their own above the rest of the row; and where that is not enough, each row becomes a list.

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
_READABLE = 16  # columns of text that is rather kept beside others than a reference is
_LONG = 18  # columns of a word that may stand in a line of its own
_BELOW = "  "  # what stands below such a line
# Characters that would move the cursor or colour the screen do not come from us: a workbook may hold anything.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class Column(NamedTuple):
    """`title` as shown, `key` into each row, `align` left or right; a key ending in `_fen` is money and
    right-aligned anyway.

    `adds`: whether its sum stands below the column in a file; by default money adds up and nothing else does.
    """

    title: str
    key: str
    align: str = "left"
    adds: bool | None = None


def layout(
    heads: Sequence[Column], rows: Sequence[Mapping[str, object] | Sequence[object]], width: int, *, bold: bool = False
) -> list[str]:
    """The lines of the table, at most `width` columns wide wherever the columns can give way without breaking numbers, days and
    references."""
    cells = [[_cell(row, column, index) for index, column in enumerate(heads)] for row in rows]
    aligns = ["right" if column.key.endswith("_fen") else column.align for column in heads]
    above: list[int] = []
    rest = [*range(len(heads))]
    widths = _fit(heads, cells, aligns, width, _READABLE)
    while widths is None:
        widest = _longest_word(cells, aligns, rest) if len(rest) > 2 else None
        if widest is not None:
            above.append(widest)
            rest.remove(widest)
        kept = [[row[index] for index in rest] for row in cells]
        least = _READABLE if widest is not None else _NARROWEST
        room = width - columns(_BELOW) if above else width
        widths = _fit([heads[index] for index in rest], kept, [aligns[index] for index in rest], room, least)
        if widths is None and widest is None:
            return _below_one_another(heads, cells, width, bold=bold)
    place = _Place(sorted(above), rest, widths, [aligns[index] for index in rest], width)
    lines = place.told([column.title for column in heads])
    if bold:
        lines = [f"\x1b[1m{line}\x1b[0m" for line in lines]
    lines.append(place.indent + GAP.join("─" * taken for taken in widths))
    for row in cells:
        lines.extend(place.told(row))
    return lines


class _Place(NamedTuple):
    """Where the cells of a row stand: the columns `above` in lines of their own, the `rest` beside one another."""

    above: Sequence[int]
    rest: Sequence[int]
    widths: Sequence[int]
    aligns: Sequence[str]
    width: int

    @property
    def indent(self) -> str:
        return _BELOW if self.above else ""

    def told(self, row: Sequence[str]) -> list[str]:
        alone = [line for index in self.above if row[index] for line in wrap(row[index], self.width)]
        return alone + [self.indent + line for line in _row_lines([row[index] for index in self.rest], self.widths, self.aligns)]


def value_of(row: Mapping[str, object] | Sequence[object], column: Column, index: int) -> object:
    """What a row says in a column; None where it says nothing."""
    return row.get(column.key) if isinstance(row, Mapping) else row[index]


def _cell(row: Mapping[str, object] | Sequence[object], column: Column, index: int) -> str:
    return CONTROL.sub(" ", cell_text(value_of(row, column, index), column.key))


def _fit(heads: Sequence[Column], cells: list[list[str]], aligns: Sequence[str], width: int, least: int) -> list[int] | None:
    """Column widths, or None where the table is too wide whatever is done. The widest columns of text give way first: down to their longest
    word or title, and not below `least`, then titles break, of numbers too; a right-aligned cell holds a number and never gives way."""
    natural = [
        max([columns(column.title), *(max(map(columns, row[index].split("\n"))) for row in cells)], default=0)
        for index, column in enumerate(heads)
    ]
    room = width - columns(GAP) * (len(heads) - 1)
    for title_of in (columns, widest_word):
        if sum(natural) <= room:
            break
        floors = [
            min(natural[index], max(_floor([row[index] for row in cells], aligns[index], least), title_of(column.title)))
            for index, column in enumerate(heads)
        ]
        while sum(natural) > room:
            slack = [have - floor for have, floor in zip(natural, floors, strict=True)]
            if not any(gives > 0 for gives in slack):
                break
            widest = max((index for index, gives in enumerate(slack) if gives > 0), key=lambda index: natural[index])
            natural[widest] -= 1
    return natural if sum(natural) <= room or len(heads) == 1 else None


def _floor(cells: list[str], align: str, least: int) -> int:
    """What a column keeps: its numbers and its words whole."""
    return max([0, *map(columns, cells)]) if align == "right" else max([least, *map(widest_word, cells)])


def _longest_word(cells: list[list[str]], aligns: Sequence[str], among: Sequence[int]) -> int | None:
    """The column of text whose words are the longest, if they are long enough to stand in a line of their own."""
    found = {index: max((widest_word(row[index]) for row in cells), default=0) for index in among if aligns[index] != "right"}
    widest = max(found, key=lambda index: found[index], default=None)
    return widest if widest is not None and found[widest] >= _LONG else None


def _below_one_another(heads: Sequence[Column], cells: list[list[str]], width: int, *, bold: bool) -> list[str]:
    """Each row as lines of title and cell, empty cells left out, with a blank line between rows."""
    margin = min(max(columns(column.title) for column in heads), width // 3)
    lines: list[str] = []
    for row in cells:
        if lines:
            lines.append("")
        for column, cell in zip(heads, row, strict=True):
            if not cell:
                continue
            room = max(_NARROWEST, width - margin - columns(GAP))
            titled = wrap(column.title, margin)
            beside = wrap(cell, room) if widest_word(cell) <= room else []
            for line in range(max(len(beside), len(titled))):
                title = pad(titled[line] if line < len(titled) else "", margin)
                title = f"\x1b[1m{title}\x1b[0m" if bold else title
                lines.append((title + GAP + (beside[line] if line < len(beside) else "")).rstrip())
            if not beside:
                lines.extend(wrap(cell, width))
    return lines


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
