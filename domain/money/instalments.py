"""What one instalment of an award comes to: the parts add up to the award to the fen, and a later one evens out an earlier one.

In how many payments an award is paid says the plan version that decided its amount (`instalments`). What the award comes to can be decided
anew between two payments; then the next one brings the whole to what it should be by then, never to more than the award.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..aid.application import Application
from ..plan.adoption import AdoptedPlan, scheme_to_pay
from ..refusal import Refused
from ..streams import Streams
from ..values.parts import parts_of
from .batch import Obstacle
from .chain import MOST_INSTALMENTS, free_fen, payments_of, still_to_pay_fen
from .difference import freed_top_ups
from .payment import Payment


@dataclass(frozen=True)
class ToPay:
    """A payment that can be prepared, what it is for in fen, and the decision that freed it, with its day (empty: the award itself)."""

    payment: Payment
    amount_fen: int
    freed_by: str = ""
    freed_on: date | None = None


def instalments_of(streams: Streams, case: Application, day: date) -> int:
    """In how many payments the award is paid; where its own version is not on record, as the one that pays on `day` says."""
    plan_code, _, code = case.scheme.partition(".")
    for version in reversed(streams.read(AdoptedPlan, plan_code).versions):
        if version.plan.version == case.plan_version:
            return version.plan.scheme(code).instalments
    return scheme_to_pay(streams, case.scheme, day)[0].instalments


def fetch_payments(streams: Streams, scheme: str, students: Iterable[str], period: str) -> None:
    """Loads the payments of awards that may have several at one go."""
    numbers = ("t1", *range(1, MOST_INSTALMENTS + 1))
    streams.fetch(f"payment/{scheme}/{student}/{period}/{number}" for student in students for number in numbers)


def is_whole(case: Application, count: int) -> bool:
    """Whether the award is paid at one go, as it was first decided: then nothing need be evened out."""
    return count == 1 and case.amount_ref == case.approved_ref


def instalment_fen(streams: Streams, case: Application, count: int, number: int) -> int:
    """What the `number`-th of `count` instalments (from 1) is to be on its first attempt, in fen; 0 where nothing is left for it.

    Together with what earlier ones paid, or are still owed, it comes to the sum of their parts. What was taken back of an earlier one (its
    payee had left) is not paid with a later one.
    """
    if is_whole(case, count):
        return case.amount_fen
    parts = parts_of(case.amount_fen, count)
    before, own_fen = 0, 0
    for payment in payments_of(streams, case.scheme, case.student, case.period):
        if payment.instalment == str(number):
            own_fen = payment.committed_fen
        elif payment.instalment.isdigit() and int(payment.instalment) < number and not payment.free:
            part = parts[int(payment.instalment) - 1] if int(payment.instalment) <= count else 0
            before += max(payment.wanted_fen, part) if payment.clawed_back_fen > 0 else payment.wanted_fen
    return max(0, min(sum(parts[:number]) - before, free_fen(streams, case) + own_fen))


def instalment_to_pay(streams: Streams, case: Application, number: int, day: date) -> ToPay | Obstacle:
    """The `number`-th instalment, or why it cannot be prepared: it is none of them, under way or paid, the one before is still to come, or
    nothing is left for it."""
    payment = streams.read(Payment, case.scheme, case.student, case.period, str(number))
    count = instalments_of(streams, case, day)
    if number > count:
        return Obstacle("instalment_unknown", case.amount_ref)
    if not payment.free:
        code = "payment_part_paid" if payment.paid_fen > 0 and payment.reissuable else f"payment_{payment.stand}"
        # Brought back by the bank, whatever became of a further attempt; or they were paid only what was their own.
        code = "payment_returned" if payment.paid_fen < 0 or (code == "payment_paid" and payment.reissuable) else code
        return Obstacle("already_paid" if code == "payment_paid" else code, payment.ref)
    if number > 1 and streams.read(Payment, case.scheme, case.student, case.period, str(number - 1)).free:
        return Obstacle("earlier_instalment_missing", case.amount_ref)
    amount_fen = instalment_fen(streams, case, count, number)
    return ToPay(payment, amount_fen) if amount_fen > 0 else Obstacle("nothing_left_of_award", case.amount_ref)


def top_ups_to_pay(streams: Streams, case: Application) -> list[ToPay] | Obstacle:
    """The top-ups that were decided for the award and are in no batch, or why there are none; never more than the award leaves."""
    found: list[ToPay] = []
    left_fen = free_fen(streams, case)
    for stream, freed in freed_top_ups(streams, case).items():
        payment = streams.at(Payment, stream)
        if not payment.free:
            continue
        if freed.fen > left_fen:
            return Obstacle("top_up_exceeds_award", freed.ref)
        left_fen -= freed.fen
        found.append(ToPay(payment, freed.fen, freed.ref, freed.on))
    return found or Obstacle("no_top_up_decided", case.amount_ref)


def refuse_unequal(streams: Streams, case: Application, payment: Payment, day: date) -> None:
    """A payment of which no bank has heard must be for what its instalment now comes to, a further attempt for what is still owed of it,
    and a top-up for no more than the award leaves."""
    if payment.answers:
        fits = payment.amount_fen == still_to_pay_fen(streams, case, payment)
    elif payment.instalment.isdigit():
        fits = payment.amount_fen == instalment_fen(streams, case, instalments_of(streams, case, day), int(payment.instalment))
    else:
        fits = payment.amount_fen <= free_fen(streams, case) + payment.committed_fen
    if not fits:
        raise Refused("payment_obstructed", payment=payment.stream, obstacle="amount_differs_from_award", says=case.ref)
