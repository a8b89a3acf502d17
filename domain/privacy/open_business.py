"""Nobody is erased while business is open: money on its way or owed, a case an objection holds, a loan that runs, an office they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ..aid.application import Application
from ..aid.objection import Objection
from ..loan.loan import Loan
from ..money.batch import Batch
from ..money.difference import freed_top_ups
from ..money.instalments import instalments_of
from ..money.payment import Payment, PaymentInstructed, PaymentReissued
from ..plan.adoption import scheme_to_pay
from ..staff import Staff
from ..streams import Streams

_OWED = ("none", "failed", "rejected", "returned", "stopped", "cancelled")


def open_business(streams: Streams, names: Sequence[str], day: date) -> list[str]:
    """The streams that must come to their end first, sorted. `names`: all streams that concern the person."""
    wanted = [name for name in names if name.partition("/")[0] in ("application", "payment", "loan", "staff")]
    streams.fetch(wanted)
    found = {one for name in wanted for one in _open(streams, name, day)}
    return sorted(found)


def _open(streams: Streams, name: str, day: date) -> Iterator[str]:
    kind = name.partition("/")[0]
    if kind == "application":
        case = streams.at(Application, name)
        yield from (f"objection/{one}" for one in case.held_by if _undecided(streams.read(Objection, one)))
        if case.stand in ("approved", "suspended") and _owed(streams, case, day):
            yield name
    elif kind == "payment":
        payment = streams.at(Payment, name)
        if payment.stand in ("instructed", "pending") or payment.clawback_fen > payment.clawed_back_fen:
            yield name
        for one in streams.facts(name):
            if isinstance(one.fact, PaymentInstructed | PaymentReissued):
                yield from _unanswered(streams, one.fact.batch)
    elif kind == "staff":
        if any(one.holds(day) for one in streams.at(Staff, name).appointments):
            yield name
    else:
        loan = streams.at(Loan, name)
        if loan.stand == "approved" or (loan.stand == "disbursed" and not loan.subsidy_ended_ref and _subsidised(streams, loan, day)):
            yield name


def _owed(streams: Streams, case: Application, day: date) -> bool:
    """Whether an instalment of the award, or a top-up that was decided, is still to be paid. What comes to nothing owes nothing."""
    count = instalments_of(streams, case, day) if case.kind == "grant" else 1
    names = [f"payment/{case.scheme}/{case.student}/{case.period}/{number}" for number in range(1, count + 1)]
    states = [streams.at(Payment, name) for name in (*(names if case.amount_fen else ()), *freed_top_ups(streams, case))]
    return any(payment.stand in _OWED or payment.reissuable for payment in states)


def _undecided(objection: Objection) -> bool:
    return objection.open or objection.appeal_open


def _unanswered(streams: Streams, batch_id: str) -> Iterator[str]:
    """The batch, while the bank has yet to answer any line of it: its answer is compared with the accounts of all lines."""
    batch = streams.read(Batch, batch_id)
    if batch.stand == "cancelled":
        return
    streams.fetch(batch.payments)
    if any((one := streams.at(Payment, name)).batch == batch.id and one.stand in ("instructed", "pending") for name in batch.payments):
        yield batch.stream


def _subsidised(streams: Streams, loan: Loan, day: date) -> bool:
    rules = scheme_to_pay(streams, loan.scheme, day)[0].loan
    return rules is not None and rules.interest_subsidy != "none"
