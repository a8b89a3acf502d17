"""A fund is asked for, arrives, is reserved, paid, and returned: received = available + reserved + paid + returned upward, to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..streams import Event, State, Streams, replace
from ..unit import Unit, existing_unit, lies_within
from ..values.ids import refuse_unusable


class FundOpened(Fact):
    """`schemes` are those that may be paid from it, written `<plan>.<scheme>`; `year` is the budget year (calendar)."""

    topic = "fund.opened"
    title: str
    unit: str
    year: int
    schemes: tuple[str, ...]


class BudgetSet(Fact):
    """预算: what the fund may reckon with, in fen. A later one takes its place."""

    topic = "fund.budget_set"
    amount_fen: int


class FundTakenOver(Fact):
    """期初余额: how the money of one source stood in the books before us at the end of `effective_on`; the evidence is their page."""

    topic = "fund.taken_over"
    received_fen: int
    available_fen: int
    paid_fen: int
    returned_fen: int
    source: str | None = None


class FundsRequested(Fact):
    """申报: asked of `of` for a scheme and period."""

    topic = "fund.requested"
    amount_fen: int
    of: str
    scheme: str | None = None
    period: str | None = None


class FundsArrived(Fact):
    """拨付到账, on `effective_on`. `voucher` is the number on the bank's slip."""

    topic = "fund.arrived"
    amount_fen: int
    source: str
    voucher: str | None = None


class FundsReserved(Fact):
    """A released batch has this much set aside: available → reserved."""

    topic = "fund.reserved"
    batch: str
    amount_fen: int


class FundsPaid(Fact):
    """The bank paid this much of a batch: reserved → paid."""

    topic = "fund.paid"
    batch: str
    amount_fen: int


class FundsReleased(Fact):
    """The bank did not pay this much of a batch, or the batch was cancelled: reserved → available."""

    topic = "fund.released"
    batch: str
    amount_fen: int


class FundsRestored(Fact):
    """Money that had been paid came back (退票, 冲正, 追缴): paid → available."""

    topic = "fund.restored"
    payment: str
    amount_fen: int


class FundsHeldForPayee(Fact):
    """The bank brought back what the payee had handed in already: so much money of their own lies in the fund, received and available,
    until a further attempt pays it out."""

    topic = "fund.held_for_payee"
    payment: str
    amount_fen: int


class FundsReturned(Fact):
    """Returned upward: available → returned."""

    topic = "fund.returned"
    amount_fen: int
    to: str


@dataclass(frozen=True)
class Fund(State):
    """`available_by_day`: what was added to the available money on each day (negative: taken), in the order of days. `moved_ref`: the first
    movement that is no opening balance."""

    prefix: ClassVar[str] = "fund"
    unit: str = ""
    schemes: tuple[str, ...] = ()
    budget_fen: int = 0
    received_fen: int = 0
    available_fen: int = 0
    available_by_day: tuple[tuple[date, int], ...] = ()
    paid_fen: int = 0
    returned_fen: int = 0
    reserved: tuple[tuple[str, int], ...] = ()
    arrived_ref: str = ""
    requested_ref: str = ""
    opened_ref: str = ""
    moved_ref: str = ""
    taken_over_on: date | None = None
    taken_over_ref: str = ""
    taken_over_sources: tuple[str | None, ...] = ()

    @property
    def reserved_fen(self) -> int:
        return sum(fen for _, fen in self.reserved)

    def evolve(self, fact: Fact, ref: str) -> Fund:
        match fact:
            case FundOpened():
                return replace(self, unit=fact.unit, schemes=fact.schemes, opened_ref=ref)
            case BudgetSet():
                return replace(self, budget_fen=fact.amount_fen)
            case FundsRequested():
                return replace(self, requested_ref=ref)
            case FundTakenOver():
                free = self._freed(fact.effective_on, fact.available_fen)
                return replace(
                    free,
                    received_fen=self.received_fen + fact.received_fen,
                    paid_fen=self.paid_fen + fact.paid_fen,
                    returned_fen=self.returned_fen + fact.returned_fen,
                    taken_over_on=fact.effective_on,
                    taken_over_ref=ref,
                    taken_over_sources=(*self.taken_over_sources, fact.source),
                    arrived_ref=ref,
                )
            case FundsArrived():
                free = self._freed(fact.effective_on, fact.amount_fen)
                received = self.received_fen + fact.amount_fen
                return replace(free, received_fen=received, arrived_ref=ref, moved_ref=self.moved_ref or ref)
            case FundsReserved():
                free = self._freed(fact.effective_on, -fact.amount_fen)
                return replace(free, reserved=self._reserve(fact.batch, fact.amount_fen), moved_ref=self.moved_ref or ref)
            case FundsPaid():
                return replace(self, paid_fen=self.paid_fen + fact.amount_fen, reserved=self._reserve(fact.batch, -fact.amount_fen))
            case FundsReleased():
                free = self._freed(fact.effective_on, fact.amount_fen)
                return replace(free, reserved=self._reserve(fact.batch, -fact.amount_fen))
            case FundsRestored():
                return replace(self._freed(fact.effective_on, fact.amount_fen), paid_fen=self.paid_fen - fact.amount_fen)
            case FundsHeldForPayee():
                return replace(self._freed(fact.effective_on, fact.amount_fen), received_fen=self.received_fen + fact.amount_fen)
            case FundsReturned():
                back = replace(self._freed(fact.effective_on, -fact.amount_fen), returned_fen=self.returned_fen + fact.amount_fen)
                return replace(back, moved_ref=self.moved_ref or ref)
        return self

    def _freed(self, day: date, fen: int) -> Fund:
        by_day = dict(self.available_by_day)
        by_day[day] = by_day.get(day, 0) + fen
        return replace(self, available_fen=self.available_fen + fen, available_by_day=tuple(sorted(by_day.items())))

    def refuse_overdrawn(self, day: date, wanted_fen: int) -> None:
        """What is taken on a day must be there on it and on every later day, whatever was recorded first: `fund_short`."""
        by_then = [0]
        for moved_on, fen in self.available_by_day:
            if moved_on > day:
                by_then.append(by_then[-1])
            by_then[-1] += fen
        left_fen = min(by_then)
        if left_fen < wanted_fen:
            raise Refused("fund_short", fund=self.id, available_fen=left_fen, wanted_fen=wanted_fen)

    def refuse_in_opening(self, day: date) -> None:
        """Refuses (`day_in_opening_balance`) money that came or was returned by the end of the day of the opening balance: it is in it."""
        if self.taken_over_on is not None and day <= self.taken_over_on:
            last = self.taken_over_on.isoformat()
            raise Refused("day_in_opening_balance", fund=self.id, on=day.isoformat(), last=last, says=self.taken_over_ref)

    def _reserve(self, batch: str, fen: int) -> tuple[tuple[str, int], ...]:
        held = dict(self.reserved)
        held[batch] = held.get(batch, 0) + fen
        return tuple((name, amount) for name, amount in held.items() if amount)


def existing_fund(streams: Streams, fund: str) -> Fund:
    """The fund, or `fund_unknown`."""
    found = streams.read(Fund, fund)
    if not found.exists:
        raise Refused("fund_unknown", fund=fund)
    return found


def pays_for(streams: Streams, fund: Fund, unit: str) -> bool:
    """Whether students of this unit may be paid from the fund: those of its unit; of an office, those of its house."""
    holder = streams.read(Unit, fund.unit)
    house = holder.parent if holder.kind in ("office", "group") and holder.parent is not None else fund.unit
    return lies_within(streams, unit, house)


@dataclass(frozen=True, kw_only=True)
class OpenFund(Command):
    name: ClassVar[str] = "OpenFund"
    roles: ClassVar[frozenset[str]] = frozenset({"treasurer"})
    fund: str
    title: str
    unit: str
    year: int
    schemes: tuple[str, ...]

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("fund", self.fund)
        state = streams.read(Fund, self.fund)
        if state.exists:
            raise Refused("fund_exists", fund=self.fund)
        self.refuse_out_of_time(context)
        unit = existing_unit(streams, self.unit)
        fact = FundOpened(
            **self.stamp(context, unit.ref), title=self.title, unit=self.unit, year=self.year, schemes=self.schemes
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class _OnFund(Command):
    fund: str
    amount_fen: int
    roles: ClassVar[frozenset[str]] = frozenset({"treasurer"})

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Fund, self.fund).unit
        return (unit,) if unit else ()

    def _fund(self, streams: Streams) -> Fund:
        if self.amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=self.amount_fen)
        return existing_fund(streams, self.fund)


@dataclass(frozen=True, kw_only=True)
class SetBudget(_OnFund):
    name: ClassVar[str] = "SetBudget"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = self._fund(streams)
        self.refuse_out_of_time(context)
        return [(fund.stream, BudgetSet(**self.stamp(context, fund.opened_ref), amount_fen=self.amount_fen))]


@dataclass(frozen=True, kw_only=True)
class RequestFunds(_OnFund):
    name: ClassVar[str] = "RequestFunds"
    of: str
    scheme: str | None = None
    period: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = self._fund(streams)
        self.refuse_out_of_time(context)
        fact = FundsRequested(
            **self.stamp(context, fund.opened_ref), amount_fen=self.amount_fen, of=self.of, scheme=self.scheme, period=self.period
        )
        return [(fund.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RecordArrival(_OnFund):
    name: ClassVar[str] = "RecordArrival"
    source: str
    voucher: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = self._fund(streams)
        self.refuse_out_of_time(context)
        fund.refuse_in_opening(self.on or context.today)
        because = self.stamp(context, fund.requested_ref or fund.opened_ref)
        return [(fund.stream, FundsArrived(**because, amount_fen=self.amount_fen, source=self.source, voucher=self.voucher))]


@dataclass(frozen=True, kw_only=True)
class ReturnFunds(_OnFund):
    name: ClassVar[str] = "ReturnFunds"
    to: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        fund = self._fund(streams)
        self.refuse_out_of_time(context)
        fund.refuse_in_opening(self.on or context.today)
        fund.refuse_overdrawn(self.on or context.today, self.amount_fen)
        return [(fund.stream, FundsReturned(**self.stamp(context, fund.arrived_ref), amount_fen=self.amount_fen, to=self.to))]
