"""Which movement stands in which voucher: the list by number, without gaps, and what has none yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.money.movement import BOOKED

from .balances import MoveRow, moves
from .bitemporal import Points
from .projection import LogEvent, Projection, View, Writer, on
from .tables import text, whole

VOUCHER = Points(
    "voucher",
    columns=[
        text("fund"), whole("year"), whole("number"), text("step"), text("reverses"), whole("amount_fen"), text("paper"),
        text("movements"), text("ref"),
    ],
    indexes=[["fund", "year"]],
)  # fmt: skip


class VoucherRow(NamedTuple):
    """A voucher; `on` ISO; amount_fen negative where it reverses another. reversed_by: the voucher that took it back, as known."""

    fund: str
    year: int
    number: int
    on: str
    step: str
    amount_fen: int
    movements: tuple[str, ...]
    paper: str | None
    reverses: str | None
    reversed_by: str | None
    ref: str


class Vouchers(Projection):
    name = "vouchers"
    kept = (VOUCHER,)

    @on("voucher.posted")
    def _posted(self, event: LogEvent, writer: Writer) -> None:
        _, fund, year = event.stream.split("/")
        said = event.state
        row = (
            fund, int(year), said["number"], said["step"], None, said["amount_fen"], said.get("paper"),
            " ".join(said["movements"]), event.ref,
        )  # fmt: skip
        writer.happened(VOUCHER, event, row)

    @on("voucher.reversed")
    def _reversed(self, event: LogEvent, writer: Writer) -> None:
        _, fund, year = event.stream.split("/")
        said = event.state
        row = (
            fund, int(year), said["number"], "reversed", said["reverses"], said["amount_fen"], said.get("paper"),
            " ".join(said["movements"]), event.ref,
        )  # fmt: skip
        writer.happened(VOUCHER, event, row)


def vouchers(view: View, fund: str | None = None, year: int | None = None) -> list[VoucherRow]:
    """The vouchers dated by the day, in the order of funds, years and numbers."""
    points = view.points(VOUCHER, None if fund is None else lambda c: c.fund == fund)
    rows = view.rows(select(points).order_by(points.c.fund, points.c.year, points.c.number))
    reversals = {row.reverses: row.ref for row in rows if row.reverses}
    return [
        VoucherRow(
            row.fund, row.year, row.number, row.effective_on, row.step, row.amount_fen, tuple(row.movements.split()), row.paper,
            row.reverses, reversals.get(row.ref), row.ref,
        )
        for row in rows
        if year is None or row.year == year
    ]  # fmt: skip


def booked_in(found: list[VoucherRow]) -> Mapping[str, VoucherRow]:
    """By movement, the voucher that books it and stands."""
    return {movement: one for one in found if one.reverses is None and one.reversed_by is None for movement in one.movements}


def unbooked(view: View, fund: str | None = None) -> list[MoveRow]:
    """What moved up to the day and stands in no voucher dated by it, in the order of days."""
    booked = booked_in(vouchers(view, fund))
    return [move for move in moves(view, fund) if move.step in BOOKED and move.ref not in booked]
