"""Whose money each fen is: a fund's money is spent in the order in which it arrived, so that every source has a balance of its own.

First in, first out by the day of arrival (on one day: in the order of recording). What a batch sets aside is taken from the oldest money
still available; what the bank pays of it goes out oldest first, and what the batch gives free again goes back newest first. A payment that
comes back goes to the money that was paid out last. Nothing of this is recorded: it is worked out anew for each day and log size, and
received = available + reserved + paid + returned holds for each arrival, hence for each source and for the fund.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple

from sqlalchemy import select

from mingzhang.domain.money.movement import PLACES

from .balances import FUND, MoveRow, moves
from .projection import View

By = Literal["source", "year", "source-year"]
PAYEES = "payees"
"""The source of what payees had handed in and the bank then brought back as well: money of their own, until a further attempt pays it."""
_COMES_IN = ("taken_over", "arrived", "held_for_payee")


@dataclass(slots=True, eq=False)
class Lot:
    """One arrival (or opening balance), and where its money is. `source` is empty where the opening balance names none, or `PAYEES`;
    `daily`: by day, what was available or reserved at its end."""

    fund: str
    source: str
    ref: str
    arrived_on: str
    taken_over: bool
    received_fen: int
    available_fen: int
    reserved_fen: int = 0
    paid_fen: int = 0
    returned_fen: int = 0
    daily: list[tuple[str, int]] = field(default_factory=list)

    @property
    def held_fen(self) -> int:
        return self.available_fen + self.reserved_fen

    def held_on(self, day: str) -> int:
        """What was still here at the end of a day."""
        held = 0
        for moved_on, fen in self.daily:
            if moved_on > day:
                break
            held = fen
        return held


Share = tuple[Lot, int]


class PaidFrom(NamedTuple):
    """What the bank paid of a batch on a day, and the arrivals it came out of, oldest first."""

    fund: str
    batch: str
    on: str
    ref: str
    shares: tuple[Share, ...]


class Spending:
    """A fund's arrivals, after all of its movements. `payments`: what was paid, with whence."""

    def __init__(self, movements: Iterable[MoveRow]) -> None:
        self.lots: list[Lot] = []
        self.payments: list[PaidFrom] = []
        self._reserved: dict[str, list[Share]] = {}
        self._paid: list[Share] = []
        for day, of_day in groupby(movements, key=lambda move: move.on):
            # What comes in on a day is there for whatever goes out on it: a day is as fine as the rule "never below zero" is.
            waiting: list[MoveRow] = []
            for move in sorted(of_day, key=lambda move: move.step not in _COMES_IN):
                waiting = self._taken([*waiting, move])
            for move in waiting:
                self._take(move)
            for lot in self.lots:
                if not lot.daily or lot.daily[-1][1] != lot.held_fen:
                    lot.daily.append((day, lot.held_fen))

    def _taken(self, moves: Sequence[MoveRow]) -> list[MoveRow]:
        """Takes the movements for which there is money, and gives back those that wait for some that comes later on the same day, with
        whatever follows them in their batch."""
        waiting: list[MoveRow] = []
        for move in moves:
            short = move.step in ("reserved", "returned") and move.amount_fen > sum(lot.available_fen for lot in self.lots)
            short = short or (move.step == "restored" and move.amount_fen > sum(lot.paid_fen for lot in self.lots))
            if short or any(move.batch is not None and move.batch == earlier.batch for earlier in waiting):
                waiting.append(move)
            else:
                self._take(move)
        return waiting

    def _take(self, move: MoveRow) -> None:
        fen, batch = move.amount_fen, move.batch or ""
        match move.step:
            case "taken_over" | "arrived" | "held_for_payee":
                received, available, _reserved, paid, returned = move.adds
                old = move.step == "taken_over"
                source = PAYEES if move.step == "held_for_payee" else move.source or ""
                lot = Lot(move.fund, source, move.ref, move.on, old, received, available, 0, paid, returned)
                self.lots.append(lot)
                if paid:
                    self._paid.append((lot, paid))
            case "reserved":
                for lot, part in self._available(fen):
                    lot.available_fen -= part
                    lot.reserved_fen += part
                    self._reserved.setdefault(batch, []).append((lot, part))
            case "paid":
                shares = self._from_reserved(batch, fen, newest=False)
                for lot, part in shares:
                    lot.reserved_fen -= part
                    lot.paid_fen += part
                self._paid.extend(shares)
                self.payments.append(PaidFrom(move.fund, batch, move.on, move.ref, tuple(shares)))
            case "released":
                for lot, part in self._from_reserved(batch, fen, newest=True):
                    lot.reserved_fen -= part
                    lot.available_fen += part
            case "restored":
                for lot, part in _drawn(self._paid, fen, newest=True):
                    lot.paid_fen -= part
                    lot.available_fen += part
            case "returned":
                for lot, part in self._available(fen):
                    lot.available_fen -= part
                    lot.returned_fen += part

    def _available(self, fen: int) -> list[Share]:
        """The oldest money there is. What is set aside and given free again on one day may be more than there is; what is missing counts as
        the newest money's until then."""
        shares: list[Share] = []
        for lot in self.lots:
            part = min(lot.available_fen, fen)
            if part > 0:
                shares.append((lot, part))
                fen -= part
        if fen and self.lots:
            shares.append((self.lots[-1], fen))
        return shares

    def _from_reserved(self, batch: str, fen: int, *, newest: bool) -> list[Share]:
        return _drawn(self._reserved.setdefault(batch, []), fen, newest=newest)


def _drawn(shares: list[Share], fen: int, *, newest: bool) -> list[Share]:
    """Takes so much out of the shares, from one end of them."""
    end = -1 if newest else 0
    drawn: list[Share] = []
    while fen and shares:
        lot, part = shares.pop(end)
        if part > fen:
            shares.insert(len(shares) if newest else 0, (lot, part - fen))
            part = fen
        drawn.append((lot, part))
        fen -= part
    return drawn


class SourceRow(NamedTuple):
    """What became of a source's money in a fund, of a budget year's, or of both; in fen. What is not kept apart is empty (year: 0)."""

    fund: str
    source: str
    year: int
    received_fen: int
    available_fen: int
    reserved_fen: int
    paid_fen: int
    returned_fen: int


def spendings(view: View) -> dict[str, Spending]:
    """By fund, how its money was spent up to the day."""
    return {fund: Spending(of_fund) for fund, of_fund in _by_fund(moves(view)).items()}


def balances_by(view: View, by: By) -> list[SourceRow]:
    """The balances kept apart by source (each fund by itself), by budget year (all funds together), or by source and budget year."""
    held = view.held(FUND)
    years = {row.fund: row.year for row in view.rows(select(held))}
    sums: dict[tuple[str, str, int], list[int]] = {}
    for fund, spending in spendings(view).items():
        year = years.get(fund, 0)
        for lot in spending.lots:
            key = {"source": (fund, lot.source, 0), "year": ("", "", year), "source-year": ("", lot.source, year)}[by]
            places = sums.setdefault(key, [0] * 5)
            for at, name in enumerate(PLACES):
                places[at] += getattr(lot, name)
    return [SourceRow(*key, *places) for key, places in sorted(sums.items())]


def _by_fund(movements: Sequence[MoveRow]) -> dict[str, list[MoveRow]]:
    found: dict[str, list[MoveRow]] = {}
    for move in movements:
        found.setdefault(move.fund, []).append(move)
    return dict(sorted(found.items()))
