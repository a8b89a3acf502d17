"""What was paid, by the calendar year of payment and by the school year it was for: both sums are the same money, to the fen.

A term or a school year says by itself which school year it belongs to. What is for a calendar year, or given once, belongs to the school
year in which it was paid; that one ends with the cut-off, 31 August where nothing else is said. Opening balances say no period: what the
books before us had paid stands in a column of its own.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.refusal import Refused
from mingzhang.domain.values.periods import period

from .aid_steps import BATCH_STEP
from .balances import moves
from .projection import View

BEFORE = "before"
"""The column of what was paid before the ledger's own books."""
CUT_OFF = (8, 31)


class PaidCell(NamedTuple):
    """What was paid (less what came back) in a calendar year for a school year (`2019-2020`, or `BEFORE`), in fen; `movements` counts
    both."""

    year: int
    school_year: str
    movements: int
    paid_fen: int
    came_back_fen: int
    net_fen: int


class Years(NamedTuple):
    """The table, its sums in both directions, and the balance it has to equal: `paid_fen` of the funds asked about."""

    cells: tuple[PaidCell, ...]
    by_year: dict[int, int]
    by_school_year: dict[str, int]
    paid_fen: int
    cut_off: tuple[int, int]


class Bridge(NamedTuple):
    """From a calendar year's figure to a school year's: `year_fen` - `other_school_years_fen` + `other_years_fen` = `school_year_fen`."""

    year: int
    school_year: str
    year_fen: int
    other_school_years_fen: int
    other_years_fen: int
    school_year_fen: int


def years(view: View, fund: str | None = None, cut_off: tuple[int, int] = CUT_OFF) -> Years:
    """What was paid up to the day, in the two ways of counting years."""
    periods = _periods(view)
    sums: dict[tuple[int, str], list[int]] = {}
    paid_fen = 0
    for move in moves(view, fund):
        net = move.adds[3]
        if not net:
            continue
        paid_fen += net
        if move.step == "taken_over":
            column = BEFORE
        else:
            text = periods.get(move.batch or "", "once") if move.payment is None else move.payment.split("/")[3]
            column = school_year(text, move.on, cut_off)
        counted = sums.setdefault((int(move.on[:4]), column), [0, 0, 0])
        counted[0] += 1
        counted[1] += max(net, 0)
        counted[2] += max(-net, 0)
    cells = tuple(PaidCell(*key, number, paid, back, paid - back) for key, (number, paid, back) in sorted(sums.items()))
    by_year: dict[int, int] = {}
    by_school_year: dict[str, int] = {}
    for cell in cells:
        by_year[cell.year] = by_year.get(cell.year, 0) + cell.net_fen
        by_school_year[cell.school_year] = by_school_year.get(cell.school_year, 0) + cell.net_fen
    return Years(cells, by_year, dict(sorted(by_school_year.items())), paid_fen, cut_off)


def bridge(found: Years, year: int, wanted: str) -> Bridge:
    """How the two figures of one table differ, and by what."""
    other_school_years = sum(cell.net_fen for cell in found.cells if cell.year == year and cell.school_year != wanted)
    other_years = sum(cell.net_fen for cell in found.cells if cell.year != year and cell.school_year == wanted)
    return Bridge(
        year, wanted, found.by_year.get(year, 0), other_school_years, other_years, found.by_school_year.get(wanted, 0)
    )


def school_year(text: str, paid_on: str, cut_off: tuple[int, int]) -> str:
    """The school year that a payment for a period, made on a day, belongs to."""
    try:
        meant = period(text)
    except Refused:  # a period of an older program's writing goes by the day, like one that names no school year
        meant = period("once")
    if meant.kind == "school-year":
        return meant.text
    if meant.kind == "term":
        start = meant.first.year if meant.first.month >= 9 else meant.first.year - 1
    else:
        day = date.fromisoformat(paid_on)
        start = day.year if (day.month, day.day) > cut_off else day.year - 1
    return f"{start}-{start + 1}"


def _periods(view: View) -> dict[str, str]:
    """By batch, the period it pays for."""
    points = view.points(BATCH_STEP, lambda c: c.step == "prepared")
    return {row.batch: row.period for row in view.rows(select(points.c.batch, points.c.period))}
