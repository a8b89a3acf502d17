"""Opening balances (期初余额): what the books before us say of a fund is taken over with its evidence, and has to add up to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..streams import Event, Streams
from .fund import Fund, FundTakenOver, existing_fund


@dataclass(frozen=True, kw_only=True)
class TakeOverFund(Command):
    """The balance as it stood at the end of the day `on`. Money of several sources is taken over one source at a time, before anything
    else moves. What was on its way at the bank on that day counts as the old books have it: as paid, or as available."""

    name: ClassVar[str] = "TakeOverFund"
    roles: ClassVar[frozenset[str]] = frozenset({"treasurer"})
    fund: str
    received_fen: int
    available_fen: int
    paid_fen: int = 0
    returned_fen: int = 0
    source: str | None = None

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Fund, self.fund).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = existing_fund(streams, self.fund)
        if self.received_fen <= 0 or min(self.available_fen, self.paid_fen, self.returned_fen) < 0:
            raise Refused("amount_not_positive", amount_fen=min(self.received_fen, self.available_fen, self.paid_fen, self.returned_fen))
        counted_fen = self.available_fen + self.paid_fen + self.returned_fen
        if counted_fen != self.received_fen:
            difference_fen = self.received_fen - counted_fen
            raise Refused(
                "opening_does_not_balance", received_fen=self.received_fen, counted_fen=counted_fen, difference_fen=difference_fen
            )
        if not self.evidence:
            raise Refused("opening_needs_evidence", fund=fund.id)
        if fund.moved_ref:
            raise Refused("fund_moved_already", fund=fund.id, says=fund.moved_ref)
        if self.source in fund.taken_over_sources:
            raise Refused("opening_taken_over_already", fund=fund.id, says=fund.taken_over_ref)
        self.refuse_out_of_time(context)
        if fund.taken_over_on not in (None, self.on or context.today):
            raise Refused("opening_days_differ", fund=fund.id, on=fund.taken_over_on.isoformat(), says=fund.taken_over_ref)
        fact = FundTakenOver(
            **self.stamp(context, fund.opened_ref),
            received_fen=self.received_fen,
            available_fen=self.available_fen,
            paid_fen=self.paid_fen,
            returned_fen=self.returned_fen,
            source=self.source,
        )
        return [(fund.stream, fact)]
