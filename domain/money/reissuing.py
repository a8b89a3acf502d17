"""A further attempt at what failed, came back, or was paid in part is a batch like any other; the chain never pays more than the award."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from ..aid.application import Application
from ..command import Command, Context, refuse_before
from ..plan.adoption import scheme_to_pay
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.facts import DetailsCorrected
from ..student.student import current_student, same_person, standing_refs
from ..values.ids import refuse_unusable
from .batch import Batch, BatchPrepared, Obstacle, account_fact, obstacle
from .chain import still_to_pay_fen
from .doubts import Doubt, Doubts
from .fund import existing_fund, pays_for
from .own_money import own_money_fen
from .payment import PaymentReissued, existing_payment, payment_stream


@dataclass(frozen=True, kw_only=True)
class ReissuePayments(Command):
    """A further attempt at what is still owed of payments, each to a corrected account where one is given.

    Where something stands in the way of the award, only at what is the payee's own.

    `accounts`: student → sealed {account, account_name}; a payment without one is tried again with the account as it now stands. The
    evidence is that of the corrected accounts, and named by those facts alone. in_own_name: the students whose corrected account is in
    their own name; doubts: about accounts that may be paid to.
    """

    name: ClassVar[str] = "ReissuePayments"
    roles: ClassVar[frozenset[str]] = frozenset({"preparer"})
    batch: str
    fund: str
    pay_on: date
    payments: tuple[str, ...]
    accounts: tuple[tuple[str, Sealed], ...] = ()
    in_own_name: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (existing_fund(streams, self.fund).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("batch", self.batch)
        plain = replace(self, evidence=())
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
        doubts = Doubts(self.doubts, scheme.channel)
        ref = streams.next_ref(state.stream)
        events: list[Event] = []
        lines: list[str] = []
        total = 0
        named: dict[str, str] = {}  # every reference of everybody who has a line, and the one under which they have it
        taken: dict[str, int] = {}  # what lines of this batch take of an award, which may have several
        for name in dict.fromkeys(payment_stream(written) for written in self.payments):
            payment = existing_payment(streams, name)
            if not payment.reissuable:
                raise Refused("payment_not_reissuable", payment=payment.stream, stand=payment.stand)
            if (payment.scheme, payment.period) != (first.scheme, first.period):
                raise Refused("batch_mixes_schemes", payment=payment.stream, first=first.stream)
            case = streams.read(Application, payment.scheme, payment.student, payment.period)
            found = obstacle(streams, case, pay_on)
            own_fen = own_money_fen(payment) if found is not None else 0
            if own_fen:
                current_student(streams, payment.student, also_restricted=True)
                found = None
            if found is None and named.get(payment.student, payment.student) != payment.student:
                found = Obstacle("paid_under_merged_identity", ref)
            if found is None and not pays_for(streams, fund, case.unit):
                found = Obstacle("unit_not_covered", fund.opened_ref)
            if found is not None:
                raise Refused("payment_obstructed", payment=payment.stream, obstacle=found.code, says=found.says)
            refuse_before(self.on or context.today, (payment.freed_on, payment.freed_ref), (case.amount_on, case.amount_ref))
            amount_fen = still_to_pay_fen(streams, case, payment, besides_fen=taken.get(case.stream, 0))
            amount_fen = min(own_fen or amount_fen, amount_fen)
            if amount_fen <= 0:
                raise Refused("paid_more_than_award", payment=payment.stream, paid_fen=payment.paid_fen, award_fen=case.amount_fen)
            student = current_student(streams, payment.student, also_restricted=True)
            account = account_fact(streams, case, student, scheme.channel)
            sealed = accounts.get(payment.student)
            if sealed is not None:
                refuse_own_family(streams, context.actor, student.id)
                account = streams.next_ref(student.stream)
                corrected = DetailsCorrected(
                    **self.stamp(context, payment.freed_ref),
                    corrects=payment.account_from,
                    fields=("account", "account_name"),
                    account_in_own_name=payment.student in self.in_own_name,
                    person=sealed,
                )
                events.append((student.stream, corrected))
            if account is None:
                raise Refused("account_missing", payment=payment.stream)
            held = doubts.obstacle(streams, student, account, context.actor) if sealed is None else doubts.of_new_account(payment.student)
            if held is not None:
                raise Refused("payment_obstructed", payment=payment.stream, obstacle=held.code, says=held.says)
            cleared = () if sealed is not None else doubts.cleared_by(streams, student, account, context.actor)
            named.update(dict.fromkeys(same_person(streams, student), payment.student))
            taken[case.stream] = taken.get(case.stream, 0) + amount_fen
            lines.append(f"{payment.student}/{payment.instalment}")
            total += amount_fen
            standing = standing_refs(streams, student, pay_on)
            reissued = PaymentReissued(
                **plain.stamp(context, ref, payment.freed_ref, case.approved_ref, account, *cleared, *standing),
                batch=self.batch,
                line=len(lines),
                attempt=payment.attempt + 1,
                amount_fen=amount_fen,
                unit=payment.unit,
                award=case.approved_ref,
                account_from=account,
                corrects=payment.freed_ref,
            )
            events.append((payment.stream, reissued))
        prepared = BatchPrepared(
            **plain.stamp(context, fund.arrived_ref or fund.opened_ref),
            scheme=first.scheme,
            period=first.period,
            fund=self.fund,
            pay_on=self.pay_on,
            lines=tuple(lines),
            amount_fen=total,
        )
        return [(state.stream, prepared), *events]
