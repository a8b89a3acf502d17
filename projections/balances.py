"""Where each fen is: received = available + reserved + paid + returned upward, for every fund, on every day."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.money.movement import PLACES, Five, amounts

from .bitemporal import Points, Timeline
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

FUND = Timeline("fund", key=[text("fund")], value=[text("ref"), text("title"), text("unit"), whole("year"), text("schemes")])
BUDGET = Timeline("fund_budget", key=[text("fund")], value=[whole("amount_fen"), text("ref")])
MOVES = Points(
    "fund_move",
    columns=[
        text("fund"), text("step"), *map(whole, PLACES), text("batch"), text("source"), text("payment"), whole("amount_fen"), text("ref"),
    ],
    indexes=[["fund"]],
)  # fmt: skip


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
    """One movement of a fund, `step` being taken_over, arrived, reserved, paid, released, restored, held_for_payee or returned; `leaf`
    its place in the log.
    source: whence it arrived; batch, payment: what it was set aside or paid for, and what came back."""

    fund: str
    on: str
    step: str
    amount_fen: int
    batch: str | None
    ref: str
    source: str | None
    payment: str | None
    leaf: int
    adds: Five


class Balances(Projection):
    name = "balances"
    schema_version = 3
    kept = (FUND, BUDGET, MOVES)

    @on("fund.opened")
    def _opened(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        writer.holds(FUND, event, (_fund(event),), (event.ref, said["title"], said["unit"], said["year"], " ".join(said["schemes"])))

    @on("fund.budget_set")
    def _budget(self, event: LogEvent, writer: Writer) -> None:
        writer.holds(BUDGET, event, (_fund(event),), (event.state["amount_fen"], event.ref))

    @on(
        "fund.taken_over", "fund.arrived", "fund.reserved", "fund.paid", "fund.released", "fund.restored", "fund.returned",
        "fund.held_for_payee",
    )  # fmt: skip
    def _moved(self, event: LogEvent, writer: Writer) -> None:
        step = event.topic.partition(".")[2]
        get = event.state.get
        amount, adds = amounts(step, event.state)
        row = (_fund(event), step, *adds, get("batch"), get("source"), get("payment"), amount, event.ref)
        writer.happened(MOVES, event, row)


def _fund(event: LogEvent) -> str:
    return event.stream.partition("/")[2]


def balances(view: View) -> list[BalanceRow]:
    """Every fund opened by the day, in the order of their ids."""
    budgets = {row.fund: row.amount_fen for row in view.rows(select(view.held(BUDGET)))}
    total = view.total(MOVES, by=["fund"], of=PLACES)
    sums: dict[str, dict[str, int]] = {}
    for row in view.rows(select(total)):  # an as-of read may give a fund two rows
        places = sums.setdefault(row.fund, dict.fromkeys(PLACES, 0))
        for name in PLACES:
            places[name] += getattr(row, name)
    held = view.held(FUND)
    return [
        BalanceRow(
            fund=row.fund,
            title=row.title,
            unit=row.unit,
            year=row.year,
            budget_fen=budgets.get(row.fund, 0),
            **sums.get(row.fund, dict.fromkeys(PLACES, 0)),
        )
        for row in view.rows(select(held).order_by(held.c.fund))
    ]


def moves(view: View, fund: str | None = None) -> list[MoveRow]:
    """What moved in a fund, or in all of them, up to and including the day, in the order of days."""
    points = view.points(MOVES, None if fund is None else lambda c: c.fund == fund)
    return [
        MoveRow(
            row.fund, row.effective_on, row.step, row.amount_fen, row.batch, row.ref, row.source, row.payment, row.fact_leaf,
            (row.received_fen, row.available_fen, row.reserved_fen, row.paid_fen, row.returned_fen),
        )
        for row in view.rows(select(points).order_by(points.c.effective_on, points.c.fact_leaf))
    ]  # fmt: skip
