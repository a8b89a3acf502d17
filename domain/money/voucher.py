"""凭证号: every movement an accountant books has one voucher, numbered without gaps for each fund and year; a wrong one is reversed.

The number is the place of the fact in the stream `voucher/<fund>/<year>`, so that no number can be left out, given twice or taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context, refuse_before
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from .fund import Fund, existing_fund
from .month import Months, month_span
from .movement import BOOKED, STEPS, Movement, movements_of


class VoucherPosted(Fact):
    """Books `movements` (`stream@version` of a fund's facts), all of one step, together `amount_fen`. `paper`: the number that another
    accounting program gave it."""

    topic = "voucher.posted"
    number: int
    step: str
    movements: tuple[str, ...]
    amount_fen: int
    paper: str | None = None


class VoucherReversed(Fact):
    """红字冲销: voucher `reverses` (`voucher/<fund>/<year>@<number>`) was wrong; its movements are to be booked anew. `amount_fen` is
    negative."""

    topic = "voucher.reversed"
    number: int
    reverses: str
    movements: tuple[str, ...]
    amount_fen: int
    reason: Sealed
    paper: str | None = None


@dataclass(frozen=True)
class Vouchers(State):
    """One fund's vouchers of one year. `posted` in the order of their numbers, None in the place of a reversing one; `reversed_refs` may
    name vouchers of earlier years."""

    prefix: ClassVar[str] = "voucher"
    posted: tuple[VoucherPosted | None, ...] = ()
    reversed_refs: tuple[tuple[str, str], ...] = ()

    def evolve(self, fact: Fact, ref: str) -> Vouchers:
        match fact:
            case VoucherPosted():
                return replace(self, posted=(*self.posted, fact))
            case VoucherReversed():
                return replace(self, posted=(*self.posted, None), reversed_refs=(*self.reversed_refs, (fact.reverses, ref)))
        return self


def booked_movements(streams: Streams, fund: str, since: int, until: int) -> dict[str, str]:
    """By movement, the voucher that books it and was not reversed; of the years from `since` to `until`."""
    years = [streams.read(Vouchers, fund, str(year)) for year in range(since, until + 1)]
    gone = {ref for state in years for ref, _by in state.reversed_refs}
    booked = {}
    for state in years:
        for number, fact in enumerate(state.posted, start=1):
            ref = f"{state.stream}@{number}"
            if fact is not None and ref not in gone:
                booked.update(dict.fromkeys(fact.movements, ref))
    return booked


def unbooked_movements(streams: Streams, fund: str, last: date, today: date) -> list[Movement]:
    """What moved up to a day and has no voucher, in the order of days."""
    bookable = [one for one in movements_of(streams, fund) if one.step in BOOKED and one.day <= last]
    if not bookable:
        return []
    booked = booked_movements(streams, fund, bookable[0].day.year, max(today.year, last.year))
    return [one for one in bookable if one.ref not in booked]


@dataclass(frozen=True, kw_only=True)
class _OnVouchers(Command):
    roles: ClassVar[frozenset[str]] = frozenset({"treasurer"})
    fund: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Fund, self.fund).unit
        return (unit,) if unit else ()

    def _refuse_closed(self, streams: Streams, day: date) -> None:
        months = streams.read(Months, self.fund)
        if months.holds(day):
            raise Refused("month_closed", fund=self.fund, month=f"{day:%Y-%m}", says=months.ref)

    def _posted(
        self, streams: Streams, context: Context, day: date, number: int, booked: Sequence[Movement], paper: str | None
    ) -> Event:
        fact = VoucherPosted(
            **self.stamp(context, *(one.ref for one in booked)) | {"effective_on": day},
            number=number,
            step=booked[0].step,
            movements=tuple(one.ref for one in booked),
            amount_fen=sum(one.amount_fen for one in booked),
            paper=paper,
        )
        return f"voucher/{self.fund}/{day.year}", fact


@dataclass(frozen=True, kw_only=True)
class BookMonth(_OnVouchers):
    """One voucher for each day and step of the month that has none yet, in the order of days. What belongs to a month that is closed is
    booked on the first day of this one."""

    name: ClassVar[str] = "BookMonth"
    month: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = existing_fund(streams, self.fund)
        first, last = month_span(self.month)
        if first > context.today:
            raise Refused("effective_in_future", on=first.isoformat(), today=context.today.isoformat())
        self._refuse_closed(streams, first)
        months = streams.read(Months, fund.id)
        groups: dict[tuple[date, date, int], list[Movement]] = {}
        for one in unbooked_movements(streams, fund.id, last, context.today):
            if one.day >= first or months.holds(one.day):
                groups.setdefault((max(one.day, first), one.day, STEPS.index(one.step)), []).append(one)
        taken = streams.read(Vouchers, fund.id, str(first.year)).version
        return [
            self._posted(streams, context, day, number, groups[day, moved_on, step], None)
            for number, (day, moved_on, step) in enumerate(sorted(groups), start=taken + 1)
        ]


@dataclass(frozen=True, kw_only=True)
class PostVoucher(_OnVouchers):
    """One voucher for the movements named. Where `on` says nothing else it is dated the last one's day, or, where that month is closed, the
    first day that is open."""

    name: ClassVar[str] = "PostVoucher"
    movements: tuple[str, ...]
    paper: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = existing_fund(streams, self.fund)
        known = {one.ref: one for one in movements_of(streams, fund.id)}
        booking = []
        for ref in dict.fromkeys(self.movements):
            if ref not in known:
                raise Refused("movement_unknown", fund=fund.id, movement=ref)
            booking.append(known[ref])
        if not booking:
            raise Refused("movement_unknown", fund=fund.id, movement="")
        for one in booking:
            if one.step not in BOOKED:
                raise Refused("movement_needs_no_voucher", movement=one.ref, step=one.step)
            if one.step != booking[0].step:
                raise Refused("voucher_mixes_steps", movement=one.ref, step=one.step, first=booking[0].step)
        booked = booked_movements(streams, fund.id, min(one.day for one in booking).year, context.today.year)
        for one in booking:
            if one.ref in booked:
                raise Refused("movement_booked_already", movement=one.ref, voucher=booked[one.ref])
        self.refuse_out_of_time(context)
        months = streams.read(Months, fund.id)
        newest = max(one.day for one in booking)
        day = self.on or (months.first_open if months.first_open is not None and months.holds(newest) else newest)
        refuse_before(day, *((one.day, one.ref) for one in booking))
        self._refuse_closed(streams, day)
        number = streams.read(Vouchers, fund.id, str(day.year)).version + 1
        return [self._posted(streams, context, day, number, booking, self.paper)]


@dataclass(frozen=True, kw_only=True)
class ReverseVoucher(_OnVouchers):
    """红字冲销: a further voucher, in the year of the day it is written on; the first stays as it is."""

    name: ClassVar[str] = "ReverseVoucher"
    year: int
    number: int
    reason: Sealed
    paper: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = existing_fund(streams, self.fund)
        state = streams.read(Vouchers, fund.id, str(self.year))
        ref = f"{state.stream}@{self.number}"
        if not 1 <= self.number <= state.version:
            raise Refused("voucher_unknown", voucher=ref, last=state.version)
        wrong = state.posted[self.number - 1]
        if wrong is None:
            raise Refused("voucher_is_a_reversal", voucher=ref)
        day = self.on or context.today
        for found, by in _reversals(streams, fund.id, self.year, context.today.year):
            if found == ref:
                raise Refused("voucher_reversed_already", voucher=ref, says=by)
        self.refuse_out_of_time(context, (wrong.effective_on, ref))
        self._refuse_closed(streams, day)
        own = streams.read(Vouchers, fund.id, str(day.year))
        fact = VoucherReversed(
            **self.stamp(context, ref),
            number=own.version + 1,
            reverses=ref,
            movements=wrong.movements,
            amount_fen=-wrong.amount_fen,
            reason=self.reason,
            paper=self.paper,
        )
        return [(own.stream, fact)]


def _reversals(streams: Streams, fund: str, since: int, until: int) -> Iterable[tuple[str, str]]:
    for year in range(since, until + 1):
        yield from streams.read(Vouchers, fund, str(year)).reversed_refs
