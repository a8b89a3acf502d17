"""A month as it was closed, as it is known now, and what came between: closed figures never change, and can be worked out again.

A closing stands in the log at a leaf; what it says is what was known at the log size of that number, neither more nor less. So
`disagreements` asks the tables for that size and compares, to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.money.month import month_span
from mingzhang.domain.money.movement import PLACES, Line, Movement, month_lines

from .asof import AsOf
from .balances import MoveRow, moves
from .bitemporal import Points
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

MONTH_CLOSED = Points(
    "month_closed",
    columns=[text("fund"), text("month"), text("lines"), whole("vouchers"), whole("last_voucher"), text("ref")],
    indexes=[["fund"]],
)


class ClosedMonth(NamedTuple):
    """A closing. `size`: the log size it speaks of (events 1 to size); closed_on ISO; lines as `Line`."""

    fund: str
    month: str
    closed_on: str
    size: int
    lines: tuple[Line, ...]
    vouchers: int
    last_voucher: int
    ref: str


class MonthRow(NamedTuple):
    """A fund's month: as closed (None where it is open), as known now, and the movements recorded after the closing that are dated in the
    month or before it."""

    fund: str
    month: str
    closed: ClosedMonth | None
    now: tuple[Line, ...]
    after_close: tuple[MoveRow, ...]


class Disagreement(NamedTuple):
    """A figure of a closing that the log at its size does not bear out, in fen, or in numbers of movements."""

    fund: str
    month: str
    line: str
    figure: str
    closed: int
    recomputed: int


class Months(Projection):
    name = "months"
    kept = (MONTH_CLOSED,)

    @on("month.closed")
    def _closed(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        lines = orjson.dumps(said["lines"]).decode()
        row = (event.stream.partition("/")[2], said["month"], lines, said["vouchers"], said["last_voucher"], event.ref)
        writer.happened(MONTH_CLOSED, event, row)


def closed_months(view: View, fund: str | None = None) -> list[ClosedMonth]:
    """Every closing by the day, by fund and month."""
    points = view.points(MONTH_CLOSED, None if fund is None else lambda c: c.fund == fund)
    return [
        ClosedMonth(
            row.fund, row.month, row.effective_on, row.fact_leaf, tuple(Line(**line) for line in orjson.loads(row.lines)), row.vouchers,
            row.last_voucher, row.ref,
        )
        for row in view.rows(select(points).order_by(points.c.fund, points.c.month))
    ]  # fmt: skip


def month_rows(view: View, month: str, fund: str | None = None) -> list[MonthRow]:
    """The month of each fund in which something had moved by its end, as known at the view's point."""
    first, last = month_span(month)
    closed = {one.fund: one for one in closed_months(view, fund) if one.month == month}
    by_fund: dict[str, list[MoveRow]] = {}
    for move in moves(view, fund):
        if move.on <= last.isoformat():
            by_fund.setdefault(move.fund, []).append(move)
    found = []
    for name in sorted({*by_fund, *closed}):
        of_fund = by_fund.get(name, [])
        closing = closed.get(name)
        late = tuple(move for move in of_fund if closing is not None and move.leaf >= closing.size)
        found.append(MonthRow(name, month, closing, _lines(of_fund, first, last), late))
    return found


class Standing(NamedTuple):
    """A fund's month: its closing, or None while it is open; `after_close`: how many movements dated in it were recorded after that."""

    fund: str
    month: str
    closed: ClosedMonth | None
    after_close: int


def standings(view: View, fund: str) -> list[Standing]:
    """The closed months of a fund, then those with movements that come after the last closed one, in order."""
    closed = closed_months(view, fund)
    found = moves(view, fund)
    through = max((one.month for one in closed), default="")
    return [
        *(
            Standing(fund, one.month, one, sum(move.on[:7] == one.month and move.leaf >= one.size for move in found))
            for one in closed
        ),
        *(Standing(fund, month, None, 0) for month in sorted({move.on[:7] for move in found if move.on[:7] > through})),
    ]


def disagreements(view: View, closing: ClosedMonth) -> list[Disagreement]:
    """What the log at the closing's size says otherwise than the closing: nothing, in a ledger that is what it was."""
    first, last = month_span(closing.month)
    then = View(view.connection, AsOf(last, closing.size), view.size)
    again = {line.line: line for line in _lines(moves(then, closing.fund), first, last)}
    told = {line.line: line for line in closing.lines}
    empty = Line(line="")
    return [
        Disagreement(closing.fund, closing.month, name, figure, getattr(stated, figure), getattr(counted, figure))
        for name in dict.fromkeys((*told, *again))
        for stated, counted in [(told.get(name, empty), again.get(name, empty))]
        for figure in ("movements", *PLACES)
        if getattr(stated, figure) != getattr(counted, figure)
    ]


def _lines(movements: Sequence[MoveRow], first: date, last: date) -> tuple[Line, ...]:
    counted = (Movement(one.ref, date.fromisoformat(one.on), one.step, one.amount_fen, one.adds) for one in movements)
    return month_lines(counted, first, last)
