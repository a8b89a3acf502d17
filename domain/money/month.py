"""月结: a month's figures are put on record once; what is recorded of it afterwards stays visible beside them; nothing reopens it.

The figures are worked out from the fund's own facts, so whoever has the log can work them out again: they are what was known right before
the closing's own place in it. A fact that comes later is not turned away, for it is true; it is told as after the close.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from ..facts import Fact
from ..refusal import Refused
from ..streams import State, replace
from .movement import Line

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class MonthClosed(Fact):
    """`lines`: opening, each step, closing. `vouchers`: how many are dated in the month, reversing ones included; `last_voucher`: the
    highest of their numbers, 0 where there is none."""

    topic = "month.closed"
    month: str
    lines: tuple[Line, ...]
    vouchers: int
    last_voucher: int


@dataclass(frozen=True)
class Months(State):
    """`month/<fund>`: which months are closed. A month left out between two closed ones had nothing in it, and is closed with the later.
    closed_on: the day on which the last one was closed."""

    prefix: ClassVar[str] = "month"
    closed: tuple[tuple[str, str], ...] = ()
    closed_on: date | None = None

    @property
    def through(self) -> str:
        """The last month that is closed; empty where none is."""
        return self.closed[-1][0] if self.closed else ""

    @property
    def first_open(self) -> date | None:
        """The day after the last closed month; None where none is closed."""
        return month_span(self.through)[1] + timedelta(days=1) if self.closed else None

    def holds(self, day: date) -> bool:
        """Whether the day lies in a closed month, or before one."""
        return bool(self.closed) and f"{day:%Y-%m}" <= self.through

    def evolve(self, fact: Fact, ref: str) -> Months:
        match fact:
            case MonthClosed():
                return replace(self, closed=(*self.closed, (fact.month, ref)), closed_on=fact.effective_on)
        return self


def month_span(text: str) -> tuple[date, date]:
    """The first and the last day of `2020-04`; anything else is refused `month_malformed`."""
    found = _MONTH.fullmatch(text)
    if found is None:
        raise Refused("month_malformed", month=text)
    first = date(int(found[1]), int(found[2]), 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
