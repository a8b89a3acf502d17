"""What a payee had handed in before the bank brought the payment back is their own: it goes to them whatever has become of the award."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.awarding import ResumeAward, RevokeAward, SuspendAward
from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.attempts import PaymentReversed
from mingzhang.domain.money.banking import RaiseClawback, ReversePayment
from mingzhang.domain.money.difference import Remedy
from mingzhang.domain.money.differing import Differing, differing
from mingzhang.domain.money.fund import FundsHeldForPayee, FundsRestored
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import PaymentReissued
from mingzhang.domain.money.preparing import CheckBatch
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.student.commands import ChangeEnrolment
from tests.college import FIRST_TIER, GRANT, S1, SPRING, appointed, case, paid, payment
from tests.given import By, Given, by, given

from .test_asked_back import AGAIN, DAY, LAST, LATER, REASON, asked, fund, handed_in, paid_again, received, returned, stand

LEFT = by("clerk-1", ChangeEnrolment(student=S1, status="退学", on=date(2020, 4, 1)), LATER)
DIED = by("clerk-1", ChangeEnrolment(student=S1, status="死亡", on=date(2020, 4, 1)), LATER)
REVOKED = by("approver-1", RevokeAward(application=case(), reason=REASON), LATER)
SUSPENDED = by("approver-1", SuspendAward(application=case(), reason=REASON), LATER)


def difference(known: Given, day: date = LAST) -> Differing:
    found = differing(known.store.streams(), GRANT, S1, SPRING, day)
    assert found is not None
    return found


def decided(remedy: Remedy, known: Given, on: date) -> Command:
    found = difference(known, on)
    return DecideDifference(
        scheme=GRANT, student=S1, period=SPRING, remedy=remedy, difference_fen=found.difference_fen, reasons=found.reasons, reason=REASON
    )


@pytest.mark.parametrize("gone", [LEFT, DIED, REVOKED, SUSPENDED])
@pytest.mark.parametrize("cash", [50_000, FIRST_TIER])
def test_it_is_paid_out_although_the_award_may_not_be_and_nothing_more(gone: By, cash: int) -> None:
    known = handed_in(cash, cash).add(gone, by("cashier-1", returned(), LATER))
    before = stand(known).wanted_fen
    paid_again(known, cash)
    assert [one.amount_fen for _stream, one in known.store.log if isinstance(one, PaymentReissued)] == [cash]
    assert (stand(known).paid_fen, stand(known).wanted_fen) == (0, before)
    again = type(AGAIN)(batch="b3", fund="f1", pay_on=LAST, payments=(payment(),))
    outcome = known.when(again, actor="preparer-1", at=LAST)
    outcome.refused("payment_obstructed" if before else "payment_not_reissuable")


def test_it_is_no_difference_and_tops_nothing_up() -> None:
    known = given(paid(S1), appointed("approver-2", "approver"), LEFT)
    known.add(by("approver-2", decided("claw-back", known, LATER), LATER), by("cashier-1", received(50_000), LATER))
    known.add(by("cashier-1", returned(), LATER))
    assert (difference(known).difference_fen, difference(known).paid_fen) == (0, -50_000)
    paid_again(known, 50_000)
    assert (difference(known).difference_fen, difference(known).paid_fen) == (0, 0)


def test_what_the_award_still_owes_is_paid_after_it_once_nothing_stands_in_the_way() -> None:
    known = handed_in().add(SUSPENDED, by("cashier-1", returned(), LATER))
    paid_again(known, 50_000)
    known.add(by("approver-1", ResumeAward(application=case()), LAST))
    paid_again(known, 150_000, "b3")
    assert (stand(known).paid_fen, stand(known).reissuable) == (150_000, False)


def test_a_batch_prepared_for_more_than_their_own_is_stopped_by_what_stands_in_the_way() -> None:
    known = handed_in().add(by("cashier-1", returned(), LATER), by("preparer-1", AGAIN, LATER), LEFT)
    known.when(CheckBatch(batch="b2"), actor="checker-1", at=LAST).refused("payment_obstructed")


def test_an_award_decided_lower_leaves_them_all_of_their_own() -> None:
    lower = ReassessAward(application=case(), tier="三档", reason=REASON)
    known = handed_in(FIRST_TIER, FIRST_TIER).add(by("approver-1", lower, DAY), by("cashier-1", returned(), LATER), LEFT)
    assert known.when(AGAIN, actor="preparer-1", at=LAST).only(PaymentReissued).amount_fen == FIRST_TIER


def test_the_bank_may_take_back_whole_what_was_handed_in_whole() -> None:
    known = handed_in(FIRST_TIER, FIRST_TIER)
    outcome = known.when(ReversePayment(payment=payment(), reason=REASON), actor="cashier-1", at=LATER)
    assert (outcome.only(PaymentReversed).amount_fen, outcome.only(FundsHeldForPayee).amount_fen) == (FIRST_TIER, FIRST_TIER)
    assert not [one for one in outcome.recorded if isinstance(one.fact, FundsRestored)]


def test_cash_that_came_after_the_return_is_not_taken_for_earlier_because_a_further_attempt_failed_later() -> None:
    known = asked(60_000).add(by("cashier-1", returned(), LATER))
    known.add(*_paid_again_and_back(known, 140_000))
    known.when(received(10_000, date(2020, 4, 26)), actor="cashier-1", at=date(2020, 5, 2)).refused("payment_not_paid")
    known.when(received(10_000, DAY), actor="cashier-1", at=date(2020, 5, 2)).accepted()


def _paid_again_and_back(known: Given, fen: int) -> list[By]:
    paid_again(known, fen)
    return [by("cashier-1", returned("b2", fen, LAST), LAST)]


def test_cash_that_came_before_the_return_is_recorded_even_after_the_further_attempt_was_paid() -> None:
    known = asked(60_000).add(by("cashier-1", returned(), LATER))
    paid_again(known, 140_000)
    before = fund(known)
    known.add(by("cashier-1", received(50_000, DAY), LAST))
    assert fund(known) == (before[0] + 50_000, before[1] + 50_000, before[2], before[3])
    assert (stand(known).paid_fen, stand(known).wanted_fen) == (90_000, 140_000)
    assert known.store.log[-1][1].topic == "fund.held_for_payee"


def test_two_approvers_each_reverse_what_the_other_asked_for() -> None:
    other = RaiseClawback(payment=payment(), amount_fen=50_000, reason=REASON)
    known = asked(30_000).add(appointed("approver-2", "approver"), by("approver-2", other, DAY), by("cashier-1", received(80_000), DAY))
    known.add(by("approver-1", ReverseClawback(payment=payment(), amount_fen=50_000, reason=REASON), LATER))
    rest = ReverseClawback(payment=payment(), amount_fen=30_000, reason=REASON)
    known.when(rest, actor="approver-1", at=LAST).refused("same_person_decided_twice")
    known.when(rest, actor="approver-2", at=LAST).accepted()
