"""What comes back by the bank settles first what was asked back of it: it is neither asked for a second time nor paid again by itself."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.differing import differing
from mingzhang.domain.money.fund import Fund, FundsHeldForPayee, FundsRestored
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import Payment, PaymentReissued, PaymentReturned
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.settling import DecideDifference
from tests.college import FIRST_TIER, GRANT, S1, SPRING, answer, appointed, case, exported, line, paid, payment, sha
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
    back = ReverseClawback(payment=payment(), amount_fen=60_000, reason=REASON)
    known.add(appointed("approver-2", "approver"), by("approver-2", back, LAST))
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


# Handed back in cash, and then brought back whole by the bank


def fund(known: Given) -> tuple[int, int, int, int]:
    state = known.store.state(Fund, "f1")
    return state.received_fen, state.available_fen, state.reserved_fen, state.paid_fen


def handed_in(asked_fen: int = 50_000, cash_fen: int = 50_000) -> Given:
    return asked(asked_fen).add(by("cashier-1", received(cash_fen), DAY))


def returned(batch: str = "b1", fen: int = FIRST_TIER, on: date = LATER) -> TakeReturns:
    return TakeReturns(batch=batch, file="r" + batch, sha256=sha("r" + batch), returned=(ReturnedLine(1, fen, on),))


def paid_again(known: Given, fen: int, batch: str = "b2") -> None:
    command = ReissuePayments(batch=batch, fund="f1", pay_on=LAST, payments=(payment(),))
    said = answer(line(1, fen=fen, on=LAST), batch=batch, file=batch)
    known.add(by("preparer-1", command, LAST), exported(batch), by("cashier-1", said, LAST))


@pytest.mark.parametrize("on", [LATER, date(2020, 4, 18)])
def test_what_the_bank_brings_back_whole_and_the_payee_had_handed_back_in_part_is_owed_to_them(on: date) -> None:
    outcome = handed_in().when(returned(on=on), actor="cashier-1", at=LATER)
    back = outcome.only(PaymentReturned)
    assert back.amount_fen == FIRST_TIER
    assert (outcome.only(FundsRestored).amount_fen, outcome.only(FundsHeldForPayee).amount_fen) == (150_000, 50_000)
    assert {one.fact.effective_on for one in outcome.recorded if one.fact.topic.startswith("fund.")} == {on}


def test_the_fund_has_the_whole_return_and_the_cash_and_pays_the_payee_what_is_theirs() -> None:
    known = handed_in()
    received_fen, available_fen, _, paid_fen = fund(known)
    known.add(by("cashier-1", returned(), LATER))
    assert fund(known) == (received_fen + 50_000, available_fen + FIRST_TIER, 0, paid_fen - 150_000)
    assert (stand(known).paid_fen, stand(known).wanted_fen, stand(known).committed_fen) == (-50_000, 150_000, -50_000)
    paid_again(known, FIRST_TIER)  # 150,000 that they are to keep, and the 50,000 they had handed in
    assert (stand(known).paid_fen, stand(known).reissuable) == (150_000, False)
    assert fund(known) == (received_fen + 50_000, available_fen, 0, FIRST_TIER)


def test_it_comes_to_the_same_whether_the_cash_or_the_return_settles_what_was_asked_back() -> None:
    known = handed_in(100_000, 40_000).add(by("cashier-1", returned(), LATER))
    assert (stand(known).asked, stand(known).wanted_fen - stand(known).paid_fen) == ((), 140_000)
    settled = asked(100_000).add(by("cashier-1", returned(), LATER))
    assert stand(settled).wanted_fen - stand(settled).paid_fen == 100_000


def test_what_is_paid_again_comes_back_whole_as_well() -> None:
    known = handed_in().add(by("cashier-1", returned(), LATER))
    known.when(returned(), actor="cashier-1", at=LATER).refused("bank_file_already_reconciled")
    twice = TakeReturns(batch="b1", file="r2", sha256=sha("r2"), returned=(ReturnedLine(1, 50_000, LATER),))
    known.when(twice, actor="cashier-1", at=LATER).refused("payment_not_paid")
    paid_again(known, FIRST_TIER)
    known.when(returned("b2", 150_000, LAST), actor="cashier-1", at=LAST).refused("bank_file_amount_differs", asked_fen=FIRST_TIER)
    known.add(by("cashier-1", returned("b2", on=LAST), LAST))
    assert stand(known).wanted_fen - stand(known).paid_fen == FIRST_TIER
    paid_again(known, FIRST_TIER, "b3")
    assert (stand(known).paid_fen, stand(known).paid_in) == (150_000, (("b1", -50_000), ("b3", FIRST_TIER)))


def test_a_payment_handed_back_whole_in_cash_may_still_come_back_whole() -> None:
    known = handed_in(FIRST_TIER, FIRST_TIER).add(by("cashier-1", returned(), LATER))
    assert (stand(known).paid_fen, stand(known).wanted_fen) == (-FIRST_TIER, 0)
    paid_again(known, FIRST_TIER)
    assert (stand(known).paid_fen, stand(known).reissuable) == (0, False)


def test_the_bank_takes_a_wrong_payment_back_whole_whatever_was_handed_in() -> None:
    known = handed_in().add(by("cashier-1", REVERSED, LATER))
    assert (stand(known).stand, stand(known).paid_fen, stand(known).paid_in) == ("reversed", -50_000, (("b1", -50_000),))
    paid_again(known, FIRST_TIER)
    assert stand(known).paid_fen == 150_000


def test_of_money_owed_to_the_payee_nothing_is_asked_back_or_received() -> None:
    known = handed_in().add(by("cashier-1", returned(), LATER))
    more = RaiseClawback(payment=payment(), amount_fen=1, reason=REASON)
    known.when(more, actor="approver-1", at=LAST).refused("payment_not_paid")
    known.when(received(), actor="cashier-1", at=LAST).refused("payment_not_paid")
    known.when(REVERSED, actor="cashier-1", at=LAST).refused("payment_not_paid")


def test_an_award_decided_lower_pays_the_payee_their_own_money_and_leaves_no_difference() -> None:
    lower = ReassessAward(application=case(), tier="三档", reason=REASON)
    known = given(paid(S1), appointed("approver-2", "approver"), by("approver-1", lower, DAY))
    found = differing(known.store.streams(), GRANT, S1, SPRING, DAY)
    assert found is not None
    decision = DecideDifference(
        scheme=GRANT, student=S1, period=SPRING, remedy="claw-back", difference_fen=-100_000, reasons=found.reasons, reason=REASON
    )
    known.add(by("approver-2", decision, DAY), by("cashier-1", received(100_000), DAY), by("cashier-1", returned(), LATER))
    left = differing(known.store.streams(), GRANT, S1, SPRING, LATER)
    assert left is not None and left.difference_fen == 0
    paid_again(known, FIRST_TIER)
    assert stand(known).paid_fen == 100_000
    left = differing(known.store.streams(), GRANT, S1, SPRING, LAST)
    assert left is not None and (left.difference_fen, left.paid_fen) == (0, 100_000)


def test_cash_that_came_before_the_bank_brought_the_whole_back_is_recorded_after_it_and_comes_to_the_same() -> None:
    known = asked(60_000).add(by("cashier-1", returned(), LATER))
    before = fund(known)
    known.when(received(50_000), actor="cashier-1", at=LAST).refused("payment_not_paid")  # nobody asked for it any more
    known.when(received(50_000, LATER), actor="cashier-1", at=LAST).refused("payment_not_paid")
    known.when(received(60_001, DAY), actor="cashier-1", at=LAST).refused("clawback_not_asked", open_fen=60_000)
    known.when(received(50_000, date(2020, 4, 19)), actor="cashier-1", at=LAST).refused("dated_before_basis", says=f"{payment()}@3")
    outcome = known.when(received(50_000, DAY), actor="cashier-1", at=LAST)
    assert outcome.topics() == ["payment.clawback_received", "fund.held_for_payee"]
    assert fund(known) == (before[0] + 50_000, before[1] + 50_000, before[2], before[3])
    other = asked(60_000).add(by("cashier-1", received(50_000), DAY), by("cashier-1", returned(), LATER))
    same = ("paid_fen", "wanted_fen", "paid_in", "paid_out", "clawback_fen", "clawed_back_fen", "asked")
    assert {name: getattr(stand(known), name) for name in same} == {name: getattr(stand(other), name) for name in same}
    assert fund(known) == fund(other)
    known.when(received(10_001, DAY), actor="cashier-1", at=LAST).refused("clawback_not_asked", open_fen=10_000)
    paid_again(known, 190_000)
    assert (stand(known).paid_fen, stand(known).reissuable) == (140_000, False)
