"""What was asked back by mistake is asked for no longer, and what came of it is owed again: others decide that than who asked for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.command import Command
from mingzhang.domain.money.asked_back import ClawbackWithdrawn
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReturnedLine, TakeReturns
from mingzhang.domain.money.differing import differing
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.money.withdrawing import WithdrawClawback
from tests.college import FIRST_TIER, GRANT, S1, SPRING, appointed, case, paid, payment, sha
from tests.given import By, Given, by, given, sealed

DAY, LATER = date(2020, 4, 20), date(2020, 4, 24)
REASON = sealed(S1, reason="synthetic")
TWO, THREE = appointed("approver-2", "approver"), appointed("approver-3", "approver")


def raised(fen: int, actor: str = "approver-1", on: date = DAY) -> By:
    return by(actor, RaiseClawback(payment=payment(), amount_fen=fen, reason=REASON), on)


def received(fen: int) -> By:
    return by("cashier-1", ReceiveClawback(payment=payment(), amount_fen=fen), LATER)


def withdraw(fen: int, demand: str = "", **more: Any) -> WithdrawClawback:
    return WithdrawClawback(payment=payment(), amount_fen=fen, demand=demand, reason=REASON, **more)


def give_back(fen: int, says: str = "") -> ReverseClawback:
    return ReverseClawback(payment=payment(), amount_fen=fen, reason=REASON, says=says)


def asked(*steps: By) -> Given:
    """The payment is fact 2 of its stream, the first demand fact 3."""
    return given(paid(S1), TWO, THREE, steps)


def stand(known: Given) -> Payment:
    return known.store.state(Payment, *payment().split("/")[1:])


def test_a_demand_raised_by_mistake_is_withdrawn_with_a_reason() -> None:
    outcome = asked(raised(50_000)).when(withdraw(50_000), actor="approver-2", at=LATER)
    fact = ClawbackWithdrawn(actor="approver-2", effective_on=LATER, because=(f"{payment()}@3",), amount_fen=50_000, reason=REASON)
    outcome.then((payment(), fact))
    state = outcome.state(Payment, *payment().split("/")[1:])
    assert (state.asked, state.clawbacks, state.clawback_fen, state.paid_fen) == ((), (), 0, FIRST_TIER)


def test_after_it_nothing_more_is_received_and_the_whole_can_be_asked_back_again() -> None:
    known = asked(raised(50_000), by("approver-2", withdraw(50_000), LATER))
    known.when(ReceiveClawback(payment=payment(), amount_fen=1), actor="cashier-1", at=LATER).refused("clawback_not_asked", open_fen=0)
    known.when(raised(FIRST_TIER).command, actor="approver-1", at=LATER).accepted()


@pytest.mark.parametrize(
    ("demand", "left"), [("", ((DAY, 3, 30_000), (LATER, 4, 10_000))), (f"{payment()}@3", ((DAY, 3, 20_000), (LATER, 4, 20_000)))]
)
def test_the_newest_demand_goes_first_or_the_one_that_is_named(demand: str, left: tuple[tuple[date, int, int], ...]) -> None:
    known = asked(raised(30_000), raised(20_000, on=LATER), by("approver-2", withdraw(10_000, demand), LATER))
    assert stand(known).asked == tuple((day, f"{payment()}@{version}", fen) for day, version, fen in left)
    assert [fen for _because, fen, _ref in stand(known).clawbacks] == [fen for _day, _version, fen in left]


@pytest.mark.parametrize(
    ("steps", "command", "code"),
    [
        ([], withdraw(1), "clawback_not_open"),
        ([raised(100)], withdraw(0), "amount_not_positive"),
        ([raised(100)], withdraw(101), "clawback_not_open"),
        ([raised(100), received(60)], withdraw(41), "clawback_not_open"),
        ([raised(100), raised(50, on=LATER)], withdraw(101, f"{payment()}@3"), "clawback_not_open"),
        ([raised(100)], withdraw(100, f"{payment()}@2"), "clawback_not_open"),
        ([raised(100), by("approver-2", withdraw(100), LATER)], withdraw(1), "clawback_not_open"),
        ([raised(100)], withdraw(100, on=date(2020, 4, 19)), "dated_before_basis"),
    ],
)
def test_no_more_is_withdrawn_than_is_asked_back_and_has_not_come(steps: list[By], command: Command, code: str) -> None:
    asked(*steps).when(command, actor="approver-2", at=LATER).refused(code)


def test_of_a_demand_that_came_in_part_the_rest_is_withdrawn() -> None:
    known = asked(raised(100), received(60), by("approver-2", withdraw(40), LATER))
    assert (stand(known).clawback_fen, stand(known).clawed_back_fen, stand(known).wanted_fen) == (60, 60, FIRST_TIER - 60)


def test_what_the_bank_brings_back_is_owed_whole_where_the_demand_was_withdrawn_before() -> None:
    back = TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, FIRST_TIER, LATER),))
    known = asked(raised(50_000), by("approver-2", withdraw(50_000), LATER), by("cashier-1", back, LATER))
    again = ReissuePayments(batch="b2", fund="f1", pay_on=LATER, payments=(payment(),))
    known.when(again, actor="preparer-1", at=LATER).accepted()
    assert stand(known).wanted_fen - stand(known).paid_fen == FIRST_TIER


def test_whoever_asked_for_it_does_not_withdraw_it_and_may_withdraw_what_another_asked_for() -> None:
    known = asked(raised(100), raised(50, "approver-2", LATER))
    known.when(withdraw(100, f"{payment()}@3"), actor="approver-1", at=LATER).refused("same_person_decided_twice", says=f"{payment()}@3")
    known.when(withdraw(51), actor="approver-1", at=LATER).refused("same_person_decided_twice", did="clawback")
    known.when(withdraw(50), actor="approver-1", at=LATER).accepted()


def test_whoever_asked_for_it_does_not_give_it_back_and_may_give_back_what_another_asked_for() -> None:
    known = asked(raised(100), raised(50, "approver-2", LATER), received(150))
    known.when(give_back(51), actor="approver-1", at=LATER).refused("same_person_decided_twice", says=f"{payment()}@3")
    known.when(give_back(50), actor="approver-1", at=LATER).accepted()
    known.when(give_back(100), actor="approver-3", at=LATER).accepted()


@pytest.mark.parametrize("command", [withdraw(40, says=f"{case()}@4"), give_back(60, says=f"{case()}@4")])
def test_whoever_recorded_the_fact_that_shows_the_mistake_does_not_decide_the_money(command: Command) -> None:
    lower = by("approver-2", ReassessAward(application=case(), tier="三档", reason=REASON), DAY)
    known = asked(lower, raised(100), received(60))
    known.when(command, actor="approver-2", at=LATER).refused("same_person_decided_twice", says=f"{case()}@4")
    known.when(command, actor="approver-3", at=LATER).accepted()


def test_a_difference_whose_demand_was_withdrawn_is_open_again() -> None:
    known = asked(by("approver-1", ReassessAward(application=case(), tier="三档", reason=REASON), DAY))
    found = differing(known.store.streams(), GRANT, S1, SPRING, DAY)
    assert found is not None and found.difference_fen == -100_000
    decision = DecideDifference(
        scheme=GRANT, student=S1, period=SPRING, remedy="claw-back", difference_fen=-100_000, reasons=found.reasons, reason=REASON
    )
    known.add(by("approver-2", decision, DAY), by("approver-3", withdraw(100_000), LATER))
    again = differing(known.store.streams(), GRANT, S1, SPRING, LATER)
    assert again is not None and (again.difference_fen, again.decided, again.asked_back_fen) == (-100_000, "", 0)
    known.add(by("approver-2", decision, LATER))
    settled = differing(known.store.streams(), GRANT, S1, SPRING, LATER)
    assert settled is not None and (settled.difference_fen, settled.remedy) == (0, "claw-back")


def test_a_difference_is_not_decided_as_of_a_day_before_what_was_done_about_the_payment() -> None:
    known = asked(by("approver-1", ReassessAward(application=case(), tier="三档", reason=REASON), DAY), raised(50_000))
    known.add(by("approver-3", withdraw(50_000), LATER))
    found = differing(known.store.streams(), GRANT, S1, SPRING, LATER)
    assert found is not None
    decision = DecideDifference(
        scheme=GRANT, student=S1, period=SPRING, remedy="claw-back", difference_fen=-100_000, reasons=found.reasons, reason=REASON, on=DAY
    )
    known.when(decision, actor="approver-2", at=LATER).refused("dated_before_basis", says=f"{payment()}@4")
