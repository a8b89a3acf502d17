"""What comes back by the bank settles first what was asked back of it: it is neither asked for a second time nor paid again by itself."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.differing import differing
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import Payment, PaymentReissued
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.settling import DecideDifference
from tests.college import FIRST_TIER, GRANT, S1, SPRING, appointed, case, paid, payment, sha
from tests.given import Given, by, given, sealed

DAY, LATER, LAST = date(2020, 4, 20), date(2020, 4, 24), date(2020, 4, 28)
REASON = sealed(S1, reason="synthetic")
RETURNED = TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, FIRST_TIER, LATER),))
REVERSED = ReversePayment(payment=payment(), reason=REASON)
AGAIN = ReissuePayments(batch="b2", fund="f1", pay_on=LAST, payments=(payment(),))


def asked(amount_fen: int) -> Given:
    return given(paid(S1), by("approver-1", RaiseClawback(payment=payment(), amount_fen=amount_fen, reason=REASON), DAY))


def received(amount_fen: int = 1, on: date | None = None) -> ReceiveClawback:
    return ReceiveClawback(payment=payment(), amount_fen=amount_fen, on=on)


def stand(known: Given) -> Payment:
    return known.store.state(Payment, *payment().split("/")[1:])


@pytest.mark.parametrize("back", [RETURNED, REVERSED])
def test_what_was_asked_back_and_came_back_by_the_bank_is_not_asked_for_again(back: Command) -> None:
    known = asked(60_000).add(by("cashier-1", back, LATER))
    fact = known.when(AGAIN, actor="preparer-1", at=LAST).only(PaymentReissued)
    assert (fact.amount_fen, stand(known).asked) == (FIRST_TIER - 60_000, ())
    known.when(received(), actor="cashier-1", at=LAST).refused("payment_not_paid")


@pytest.mark.parametrize("back", [RETURNED, REVERSED])
def test_a_payment_asked_back_whole_is_not_paid_again_when_the_bank_sends_it_back(back: Command) -> None:
    known = asked(FIRST_TIER).add(by("cashier-1", back, LATER))
    known.when(AGAIN, actor="preparer-1", at=LAST).refused("payment_not_reissuable")


def test_what_the_bank_sent_back_was_wrongly_asked_back_and_is_owed_again() -> None:
    known = asked(60_000).add(by("cashier-1", RETURNED, LATER))
    known.add(by("approver-1", ReverseClawback(payment=payment(), amount_fen=60_000, reason=REASON), LAST))
    assert known.when(AGAIN, actor="preparer-1", at=LAST).only(PaymentReissued).amount_fen == FIRST_TIER


def test_an_award_decided_lower_and_returned_by_the_bank_leaves_no_difference() -> None:
    lower = ReassessAward(application=case(), tier="三档", reason=REASON)
    known = given(paid(S1), appointed("approver-2", "approver"), by("approver-1", lower, DAY))
    found = differing(known.store.streams(), GRANT, S1, SPRING, DAY)
    assert found is not None and found.difference_fen == -100_000
    decision = DecideDifference(
        scheme=GRANT, student=S1, period=SPRING, remedy="claw-back", difference_fen=-100_000, reasons=found.reasons, reason=REASON
    )
    known.add(by("approver-2", decision, DAY), by("cashier-1", RETURNED, LATER))
    left = differing(known.store.streams(), GRANT, S1, SPRING, LATER)
    assert left is not None and (left.difference_fen, left.asked_back_fen) == (0, 0)
    assert known.when(AGAIN, actor="preparer-1", at=LAST).only(PaymentReissued).amount_fen == 100_000


def test_money_comes_on_demand_only_once_so_much_was_asked_for() -> None:
    more = by("approver-1", RaiseClawback(payment=payment(), amount_fen=20_000, reason=REASON), LATER)
    known = asked(60_000).add(more)
    known.when(received(60_001, DAY), actor="cashier-1", at=LAST).refused("dated_before_basis", says=f"{payment()}@4")
    known.when(received(60_000, date(2020, 4, 19)), actor="cashier-1", at=LAST).refused("dated_before_basis", says=f"{payment()}@3")
    known.add(by("cashier-1", received(60_000, DAY), LAST))
    known.when(received(20_000, DAY), actor="cashier-1", at=LAST).refused("dated_before_basis", says=f"{payment()}@4")
    known.when(received(20_000, LATER), actor="cashier-1", at=LAST).accepted()
