"""A month is closed when it is over, the months before it are closed, and every movement up to its end has its voucher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..streams import Event, Streams
from .fund import Fund, existing_fund
from .month import MonthClosed, Months, month_span
from .movement import month_lines, movements_of
from .voucher import Vouchers, unbooked_movements


@dataclass(frozen=True, kw_only=True)
class CloseMonth(Command):
    name: ClassVar[str] = "CloseMonth"
    roles: ClassVar[frozenset[str]] = frozenset({"treasurer"})
    fund: str
    month: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Fund, self.fund).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = existing_fund(streams, self.fund)
        first, last = month_span(self.month)
        months = streams.read(Months, fund.id)
        if months.holds(first):
            raise Refused("month_closed", fund=fund.id, month=self.month, says=months.ref)
        if (self.on or context.today) <= last:
            raise Refused("month_not_over", month=self.month, last=last.isoformat())
        movements = movements_of(streams, fund.id)
        for one in movements:
            if one.day < first and not months.holds(one.day):
                raise Refused("month_earlier_open", fund=fund.id, month=self.month, earlier=f"{one.day:%Y-%m}")
        unbooked = unbooked_movements(streams, fund.id, last, context.today)
        if unbooked:
            raise Refused("movements_unbooked", fund=fund.id, month=self.month, unbooked=len(unbooked), first=unbooked[0].ref)
        self.refuse_out_of_time(context, (months.closed_on, months.ref))
        vouchers = streams.read(Vouchers, fund.id, str(first.year))
        numbers = [
            recorded.originator_version
            for recorded in streams.facts(vouchers.stream)
            if first <= recorded.fact.effective_on <= last
        ]
        newest = f"{vouchers.stream}@{max(numbers)}" if numbers else ""
        fact = MonthClosed(
            **self.stamp(context, fund.ref, newest, months.ref if months.exists else ""),
            month=self.month,
            lines=month_lines(movements, first, last),
            vouchers=len(numbers),
            last_voucher=max(numbers, default=0),
        )
        return [(months.stream, fact)]
