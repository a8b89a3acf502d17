"""A further attempt at payments that failed or came back is a batch like any other; the chain never pays more than the award."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..aid.application import Application
from ..command import Command, Context
from ..plan.adoption import scheme_to_pay
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.facts import DetailsCorrected
from ..student.student import current_student, same_person, standing_refs
from ..values.ids import refuse_unusable
from .batch import Batch, BatchPrepared, Obstacle, account_fact, obstacle
from .fund import existing_fund, pays_for
from .payment import PaymentReissued, existing_payment, payment_stream


@dataclass(frozen=True, kw_only=True)
class ReissuePayments(Command):
    """A further attempt at payments that failed or came back, each to a corrected account where one is given.

    `accounts`: student → sealed {account, account_name}; a payment without one is tried again with the account as it now stands.
    """

    name: ClassVar[str] = "ReissuePayments"
    roles: ClassVar[frozenset[str]] = frozenset({"preparer"})
    batch: str
    fund: str
    pay_on: date
    payments: tuple[str, ...]
    accounts: tuple[tuple[str, Sealed], ...] = ()

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (existing_fund(streams, self.fund).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("batch", self.batch)
        state = streams.read(Batch, self.batch)
        if state.exists:
            raise Refused("batch_exists", batch=self.batch)
        if not self.payments:
            raise Refused("nothing_to_pay", scheme="", period="", excluded=0)
        fund = existing_fund(streams, self.fund)
        first = existing_payment(streams, self.payments[0])
        if first.scheme not in fund.schemes:
            raise Refused("fund_not_for_scheme", fund=self.fund, scheme=first.scheme, schemes=list(fund.schemes))
        self.refuse_out_of_time(context)
        pay_on = max(self.pay_on, self.on or context.today)
        scheme, _version = scheme_to_pay(streams, first.scheme, self.on or context.today)
        accounts = dict(self.accounts)
        ref = streams.next_ref(state.stream)
        events: list[Event] = []
        lines: list[str] = []
        total = 0
        named: set[str] = set()  # every reference of everybody who has a line
        for name in dict.fromkeys(payment_stream(written) for written in self.payments):
            payment = existing_payment(streams, name)
            given_up = payment.stand == "cancelled" and payment.attempt > 1  # a reissue that was cancelled may be tried again
            if payment.stand not in ("failed", "returned", "reversed") and not given_up:
                raise Refused("payment_not_reissuable", payment=payment.stream, stand=payment.stand)
            if (payment.scheme, payment.period) != (first.scheme, first.period):
                raise Refused("batch_mixes_schemes", payment=payment.stream, first=first.stream)
            case = streams.read(Application, payment.scheme, payment.student, payment.period)
            found = obstacle(streams, case, pay_on)
            if found is None and payment.student in named:
                found = Obstacle("paid_under_merged_identity", ref)
            if found is None and not pays_for(streams, fund, case.unit):
                found = Obstacle("unit_not_covered", fund.opened_ref)
            if found is not None:
                raise Refused("payment_obstructed", payment=payment.stream, obstacle=found.code, says=found.says)
            if payment.paid_fen + case.amount_fen > case.amount_fen:
                raise Refused("paid_more_than_award", payment=payment.stream, paid_fen=payment.paid_fen, award_fen=case.amount_fen)
            student = current_student(streams, payment.student, also_restricted=True)
            account = account_fact(streams, case, student, scheme.channel)
            sealed = accounts.get(payment.student)
            if sealed is not None:
                refuse_own_family(streams, context.actor, student.id)
                account = streams.next_ref(student.stream)
                corrected = DetailsCorrected(
                    **self.stamp(context, payment.last_ref),
                    corrects=payment.account_from,
                    fields=("account", "account_name"),
                    person=sealed,
                )
                events.append((student.stream, corrected))
            if account is None:
                raise Refused("account_missing", payment=payment.stream)
            named.update(same_person(streams, student))
            lines.append(f"{payment.student}/{payment.stream.rsplit('/', 1)[1]}")
            total += case.amount_fen
            reissued = PaymentReissued(
                **self.stamp(context, ref, payment.last_ref, case.approved_ref, account, *standing_refs(streams, student, pay_on)),
                batch=self.batch,
                line=len(lines),
                attempt=payment.attempt + 1,
                amount_fen=case.amount_fen,
                unit=payment.unit,
                award=case.approved_ref,
                account_from=account,
                corrects=payment.last_ref,
            )
            events.append((payment.stream, reissued))
        prepared = BatchPrepared(
            **self.stamp(context, fund.arrived_ref or fund.opened_ref),
            scheme=first.scheme,
            period=first.period,
            fund=self.fund,
            pay_on=self.pay_on,
            lines=tuple(lines),
            amount_fen=total,
        )
        return [(state.stream, prepared), *events]
