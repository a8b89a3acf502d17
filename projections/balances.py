"""Where each fen is: received = available + reserved + paid + returned upward, for every fund, on every day."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from .bitemporal import Points, Timeline
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

FUND = Timeline("fund", key=[text("fund")], value=[text("ref"), text("title"), text("unit"), whole("year")])
BUDGET = Timeline("fund_budget", key=[text("fund")], value=[whole("amount_fen"), text("ref")])
_PLACES = ("received_fen", "available_fen", "reserved_fen", "paid_fen", "returned_fen")
MOVES = Points(
    "fund_move", columns=[text("fund"), text("step"), *map(whole, _PLACES), text("batch"), text("ref")], indexes=[["fund"]]
)

# What a fact of each kind adds to (received, available, reserved, paid, returned): each keeps the equation.
_ADDS = {
    "arrived": (1, 1, 0, 0, 0),
    "reserved": (0, -1, 1, 0, 0),
    "paid": (0, 0, -1, 1, 0),
    "released": (0, 1, -1, 0, 0),
    "restored": (0, 1, 0, -1, 0),
    "returned": (0, -1, 0, 0, 1),
}


class BalanceRow(NamedTuple):
    """A fund on a day; all amounts in fen. `year` is the budget year."""

    fund: str
    title: str
    unit: str
    year: int
    received_fen: int
    available_fen: int
    reserved_fen: int
    paid_fen: int
    returned_fen: int
    budget_fen: int


class MoveRow(NamedTuple):
    """One movement of a fund, `step` being arrived, reserved, paid, released, restored or returned."""

    fund: str
    on: str
    step: str
    amount_fen: int
    batch: str | None
    ref: str


class Balances(Projection):
    name = "balances"
    kept = (FUND, BUDGET, MOVES)

    @on("fund.opened")
    def _opened(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(FUND, event, (_fund(event),), (event.ref, said["title"], said["unit"], said["year"]))

    @on("fund.budget_set")
    def _budget(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(BUDGET, event, (_fund(event),), (event.state["amount_fen"], event.ref))

    @on("fund.arrived", "fund.reserved", "fund.paid", "fund.released", "fund.restored", "fund.returned")
    def _moved(self, event: LogEvent, writer: Writer) -> None:
        step = event.topic.partition(".")[2]
        amount = event.state["amount_fen"]
        adds = (amount * sign for sign in _ADDS[step])
        writer.happened(MOVES, event, (_fund(event), step, *adds, event.state.get("batch"), event.ref))


def _fund(event: LogEvent) -> str:
    return event.stream.partition("/")[2]


def balances(view: View) -> list[BalanceRow]:
    """Every fund opened by the day, in the order of their ids."""
    budgets = {row.fund: row.amount_fen for row in view.rows(select(view.held(BUDGET)))}
    total = view.total(MOVES, by=["fund"], of=_PLACES)
    sums: dict[str, dict[str, int]] = {}
    for row in view.rows(select(total)):  # an as-of read may give a fund two rows
        places = sums.setdefault(row.fund, dict.fromkeys(_PLACES, 0))
        for name in _PLACES:
            places[name] += getattr(row, name)
    held = view.held(FUND)
    return [
        BalanceRow(
            fund=row.fund,
            title=row.title,
            unit=row.unit,
            year=row.year,
            budget_fen=budgets.get(row.fund, 0),
            **sums.get(row.fund, dict.fromkeys(_PLACES, 0)),
        )
        for row in view.rows(select(held).order_by(held.c.fund))
    ]


def moves(view: View, fund: str) -> list[MoveRow]:
    """What moved in a fund up to and including the day, in the order of days."""
    points = view.points(MOVES, lambda c: c.fund == fund)
    return [
        MoveRow(row.fund, row.effective_on, row.step, max(abs(getattr(row, name)) for name in _PLACES), row.batch, row.ref)
        for row in view.rows(select(points).order_by(points.c.effective_on, points.c.fact_leaf))
    ]
