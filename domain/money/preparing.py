"""Preparing, checking, releasing and cancelling a batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..aid.application import Application
from ..command import Command, Context, refuse_before
from ..plan.adoption import scheme_to_pay
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student, last_file, same_person, standing_refs
from ..unit import lies_within
from ..values.ids import refuse_unusable
from .attempts import PaymentCancelled
from .batch import (
    Batch,
    BatchCancelled,
    BatchChecked,
    BatchPrepared,
    BatchReleased,
    Excluded,
    Obstacle,
    account_fact,
    batch_in,
    existing_batch,
    obstacle,
    refuse_family_in,
    refuse_second_hand,
)
from .doubts import Doubt, Doubts, doubted_since, stopped_for
from .fund import FundsReleased, FundsReserved, existing_fund, pays_for
from .instalments import ToPay, fetch_payments, instalment_to_pay, refuse_unequal, top_ups_to_pay
from .own_money import gives_only_own
from .payment import Payment, PaymentInstructed


def batch_units(streams: Streams, batch: str) -> tuple[str, ...]:
    state = streams.read(Batch, batch)
    unit = state.unit or (existing_fund(streams, state.fund).unit if state.fund else "")
    return (unit,) if unit else ()


def channel_of(streams: Streams, batch: Batch, day: date) -> str:
    """How the batch's scheme is paid, `card` or `signed`, by the plan version of the day it is paid on."""
    scheme, _version = scheme_to_pay(streams, batch.scheme, batch.pay_on or day)
    return scheme.channel


@dataclass(frozen=True, kw_only=True)
class PrepareBatch(Command):
    """Instructs a payment for every award among `students` that nothing stands in the way of; the others are named with the reason.

    instalment: which part of the awards, from 1; 0 for the top-ups that were decided for them (`difference`); doubts: about accounts that
    may be paid to.
    """

    name: ClassVar[str] = "PrepareBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"preparer"})
    batch: str
    scheme: str
    period: str
    fund: str
    pay_on: date
    students: tuple[str, ...]
    unit: str | None = None
    instalment: int = 1
    doubts: tuple[Doubt, ...] = ()

    def needs(self) -> list[str]:
        names = []
        for student in self.students:
            names += [
                f"application/{self.scheme}/{student}/{self.period}",
                f"student/{student}",
                f"entry/{self.period}/{student}",
                f"payment/{self.scheme}/{student}/{self.period}/{self.instalment or 't1'}",
            ]
        return names

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit or existing_fund(streams, self.fund).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("batch", self.batch)
        state = streams.read(Batch, self.batch)
        if state.exists:
            raise Refused("batch_exists", batch=self.batch)
        fund = existing_fund(streams, self.fund)
        if self.scheme not in fund.schemes:
            raise Refused("fund_not_for_scheme", fund=self.fund, scheme=self.scheme, schemes=list(fund.schemes))
        self.refuse_out_of_time(context)
        scheme, version = scheme_to_pay(streams, self.scheme, self.on or context.today)
        pay_on = max(self.pay_on, self.on or context.today)
        if scheme.kind != "grant":
            raise Refused("scheme_pays_nothing", scheme=self.scheme, kind=scheme.kind)
        ref = streams.next_ref(state.stream)
        lines: list[str] = []
        excluded: list[Excluded] = []
        events: list[Event] = []
        total = 0
        named: set[str] = set()  # every reference of everybody who has a line
        doubts = Doubts(self.doubts, scheme.channel)
        if self.instalment != 1:
            fetch_payments(streams, self.scheme, self.students, self.period)
        for student in dict.fromkeys(self.students):
            case = streams.read(Application, self.scheme, student, self.period)
            found = obstacle(streams, case, pay_on)
            account = None
            to_pay: list[ToPay] = []
            if found is None:
                account = account_fact(streams, case, current_student(streams, student, also_restricted=True), scheme.channel)
                next_ = self._next(streams, case, pay_on)
                found, to_pay = (next_, []) if isinstance(next_, Obstacle) else (None, next_)
            if found is not None:
                excluded.append(Excluded(student=student, code=found.code, says=found.says))
            elif student in named:
                excluded.append(Excluded(student=student, code="paid_under_merged_identity", says=ref))
            elif not (lies_within(streams, case.unit, self.unit) if self.unit is not None else pays_for(streams, fund, case.unit)):
                excluded.append(Excluded(student=student, code="unit_not_covered", says=case.approved_ref))
            elif account is None:
                excluded.append(Excluded(student=student, code="account_missing", says=case.basis))
            elif (held := doubts.obstacle(streams, last_file(streams, student), account, context.actor)) is not None:
                excluded.append(Excluded(student=student, code=held.code, says=held.says))
            else:
                person = current_student(streams, student, also_restricted=True)
                cleared = doubts.cleared_by(streams, person, account, context.actor)
                named.update(same_person(streams, person))
                for one in to_pay:
                    payment = one.payment
                    since = (case.amount_on, case.amount_ref), (payment.freed_on, payment.freed_ref), (one.freed_on, one.freed_by)
                    refuse_before(self.on or context.today, *since)
                    lines.append(f"{student}/{payment.instalment}")
                    total += one.amount_fen
                    award = (case.approved_ref, case.amount_ref, one.freed_by)
                    instructed = PaymentInstructed(
                        **self.stamp(context, ref, *award, account, *cleared, payment.last_ref, *standing_refs(streams, person, pay_on)),
                        batch=self.batch,
                        line=len(lines),
                        attempt=payment.attempt + 1,
                        amount_fen=one.amount_fen,
                        unit=case.unit,
                        award=case.approved_ref,
                        account_from=account,
                    )
                    events.append((payment.stream, instructed))
        if not lines:
            codes = sorted({one.code for one in excluded})
            raise Refused("nothing_to_pay", scheme=self.scheme, period=self.period, excluded=len(excluded), reasons=codes)
        prepared = BatchPrepared(
            **self.stamp(context, version.ref, fund.arrived_ref or fund.opened_ref),
            scheme=self.scheme,
            period=self.period,
            unit=self.unit,
            fund=self.fund,
            pay_on=self.pay_on,
            lines=tuple(lines),
            amount_fen=total,
            excluded=tuple(excluded),
        )
        return [(state.stream, prepared), *events]

    def _next(self, streams: Streams, case: Application, pay_on: date) -> list[ToPay] | Obstacle:
        if self.instalment == 0:
            return top_ups_to_pay(streams, case)
        found = instalment_to_pay(streams, case, self.instalment, pay_on)
        return found if isinstance(found, Obstacle) else [found]


@dataclass(frozen=True, kw_only=True)
class CheckBatch(Command):
    """复核: a second person counts the batch again, payment by payment, against the awards."""

    name: ClassVar[str] = "CheckBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"checker"})
    batch: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = batch_in(streams, self.batch, "prepared")
        self.refuse_out_of_time(context, *batch.bases)
        refuse_second_hand(batch, context.actor, releasing=False)
        refuse_family_in(streams, batch, context)
        total = _recount(streams, batch, self.on or context.today)
        fact = BatchChecked(**self.stamp(context, batch.prepared_ref), payments=len(batch.lines), amount_fen=total)
        return [(batch.stream, fact)]


def _recount(streams: Streams, batch: Batch, day: date) -> int:
    """Every line again: its award still stands for that amount, and nothing has come in its way. Refuses at the first that fails.

    A batch that lay about until after its pay date is judged by `day`, since it cannot be paid before it.
    """
    streams.fetch(batch.payments)
    streams.fetch(f"application/{batch.scheme}/{line.split('/')[0]}/{batch.period}" for line in batch.lines)
    streams.fetch(f"student/{line.split('/')[0]}" for line in batch.lines)
    total = 0
    pay_on = batch.pay_on
    if pay_on is None:
        raise Refused("batch_not_ready", batch=batch.id, stand=batch.stand, wanted=["prepared"])
    to_accounts = channel_of(streams, batch, day) != "signed"
    for stream in batch.payments:
        payment = streams.at(Payment, stream)
        case = streams.read(Application, payment.scheme, payment.student, payment.period)
        if payment.batch != batch.id or payment.stand != "instructed":
            raise Refused("payment_obstructed", payment=stream, obstacle="not_in_batch", says=payment.ref)
        if gives_only_own(payment):  # whatever has become of the award
            current_student(streams, payment.student, also_restricted=True)
            found = None
        else:
            refuse_unequal(streams, case, payment, max(pay_on, day))
            found = obstacle(streams, case, max(pay_on, day))
        person = last_file(streams, payment.student)
        found = found or doubted_since(streams, person, payment.account_from, batch.preparer)
        if found is None and to_accounts:
            found = stopped_for(streams, person, payment.account_from, batch.preparer)
        if found is not None:
            raise Refused("payment_obstructed", payment=stream, obstacle=found.code, says=found.says)
        total += payment.amount_fen
    if total != batch.amount_fen:
        raise Refused("batch_total_differs", batch=batch.id, stated_fen=batch.amount_fen, counted_fen=total)
    return total


@dataclass(frozen=True, kw_only=True)
class ReleaseBatch(Command):
    """A third person releases; the money is set aside in the same transaction."""

    name: ClassVar[str] = "ReleaseBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"releaser"})
    batch: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        """That of the batch, and that of the fund whose money is set aside."""
        fund = streams.read(Batch, self.batch).fund
        return (*batch_units(streams, self.batch), *((existing_fund(streams, fund).unit,) if fund else ()))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = batch_in(streams, self.batch, "checked")
        self.refuse_out_of_time(context, *batch.bases)
        refuse_second_hand(batch, context.actor, releasing=True)
        refuse_family_in(streams, batch, context)
        total = _recount(streams, batch, self.on or context.today)
        fund = existing_fund(streams, batch.fund)
        fund.refuse_overdrawn(self.on or context.today, total)
        ref = streams.next_ref(batch.stream)
        released = BatchReleased(
            **self.stamp(context, batch.prepared_ref, batch.checked_ref, fund.arrived_ref),
            payments=len(batch.lines),
            amount_fen=total,
        )
        reserved = FundsReserved(**self.stamp(context, ref), batch=batch.id, amount_fen=total)
        return [(batch.stream, released), (fund.stream, reserved)]


@dataclass(frozen=True, kw_only=True)
class CancelBatch(Command):
    """Before the bank has seen it, a batch can be given up: its payments are free for another, its money for other use."""

    name: ClassVar[str] = "CancelBatch"
    roles: ClassVar[frozenset[str]] = frozenset({"preparer", "checker", "releaser"})
    batch: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        batch = existing_batch(streams, self.batch)
        if batch.stand not in ("prepared", "checked", "released"):
            raise Refused("batch_not_ready", batch=batch.id, stand=batch.stand, wanted=["prepared", "checked", "released"])
        self.refuse_out_of_time(context, *batch.bases)
        ref = streams.next_ref(batch.stream)
        events: list[Event] = [(batch.stream, BatchCancelled(**self.stamp(context, batch.ref), reason=self.reason))]
        streams.fetch(batch.payments)
        for stream in batch.payments:
            payment = streams.at(Payment, stream)
            cancelled = PaymentCancelled(
                **self.stamp(context, ref, payment.instructed_ref), batch=batch.id, amount_fen=payment.amount_fen
            )
            events.append((stream, cancelled))
        if batch.stand == "released":
            fund = existing_fund(streams, batch.fund)
            freed = FundsReleased(**self.stamp(context, ref), batch=batch.id, amount_fen=batch.amount_fen)
            events.append((fund.stream, freed))
        return events
