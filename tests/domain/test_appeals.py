"""What an objection and an appeal do to an award: who decides, what is asked back, and what a granted appeal gives back."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.appeal import DecideAppeal, RaiseAppeal
from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.awarding import RefuseAward, RevokeAward
from mingzhang.domain.aid.facts import AwardResumed, AwardRevoked
from mingzhang.domain.aid.objection import DismissObjection, Objection, RaiseObjection, UpholdObjection
from mingzhang.domain.money.asked_back import ClawbackDropped, ClawbackRaised
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.withdrawing import WithdrawClawback
from tests.college import (
    FIRST_TIER,
    GRANT,
    S1,
    SPRING,
    appointed,
    approved,
    case,
    exported,
    funded,
    opened,
    payment,
    prepared,
    reviewed,
    sent,
)
from tests.college import answer as bank_answer
from tests.college import line as bank_line
from tests.given import Given, by, given, sealed

REASON = sealed("t-1", text="")
OBJECT = RaiseObjection(objection="o1", application=case(), statement=REASON)


def state(known: Given) -> Application:
    return known.store.state(Application, GRANT, S1, SPRING)


def paid_and_objected() -> Given:
    known = given(sent(S1), by("cashier-1", bank_answer(bank_line(1)), date(2020, 4, 16)))
    return known.add(by("clerk-1", OBJECT, date(2020, 4, 20)))


UPHOLD = UpholdObjection(objection="o1", finding=REASON)


def test_whoever_approved_an_award_does_not_decide_an_objection_to_it() -> None:
    known = paid_and_objected()
    known.when(UPHOLD, actor="approver-1", at=date(2020, 4, 21)).refused("same_person_decided_twice", did="approval")
    known.when(UPHOLD, actor="inspector-1", at=date(2020, 4, 21)).accepted()


def test_an_upheld_objection_asks_back_what_was_paid() -> None:
    outcome = paid_and_objected().when(UPHOLD, actor="inspector-1", at=date(2020, 4, 21))
    assert outcome.topics() == ["objection.upheld", "award.revoked", "payment.clawback_raised"]
    asked = outcome.only(ClawbackRaised)
    assert asked.amount_fen == FIRST_TIER
    assert asked.because[1:] == ("objection/o1@2", f"{case()}@5")


def test_nothing_is_asked_back_that_was_not_paid() -> None:
    known = given(opened(), approved(), by("clerk-1", OBJECT))
    assert known.when(UPHOLD, actor="inspector-1").topics() == ["objection.upheld", "award.revoked"]


def test_a_payment_on_its_way_is_not_asked_back_before_it_is_paid() -> None:
    known = given(opened(), approved(), funded(), prepared(S1), exported(), by("clerk-1", OBJECT, date(2020, 4, 11)))
    assert ClawbackRaised.topic not in known.when(UPHOLD, actor="inspector-1", at=date(2020, 4, 12)).topics()


def appeal(objection: str = "o1") -> RaiseAppeal:
    return RaiseAppeal(objection=objection, application=case(), statement=REASON)


def judged(granted: bool, objection: str = "o1") -> DecideAppeal:
    return DecideAppeal(objection=objection, granted=granted, finding=REASON)


def upheld() -> Given:
    return paid_and_objected().add(
        appointed("inspector-2", "inspector"), by("inspector-1", UPHOLD, date(2020, 4, 21)), by("clerk-1", appeal(), date(2020, 4, 22))
    )


def test_a_granted_appeal_gives_the_award_back_and_drops_what_was_asked_back() -> None:
    known = upheld()
    outcome = known.when(judged(True), actor="inspector-2", at=date(2020, 4, 23))
    assert outcome.topics() == ["objection.appeal_decided", "case.freed", "award.resumed", "payment.clawback_dropped"]
    assert outcome.only(ClawbackDropped).amount_fen == FIRST_TIER
    found = outcome.state(Payment, *payment().split("/")[1:])
    assert (state(known).stand, state(known).held_by, found.clawback_fen) == ("approved", (), 0)


def test_a_granted_appeal_leaves_what_was_asked_back_for_another_reason() -> None:
    known = given(sent(S1), by("cashier-1", bank_answer(bank_line(1)), date(2020, 4, 16)))
    known.add(by("approver-1", RaiseClawback(payment=payment(), amount_fen=50_000, reason=REASON), date(2020, 4, 17)))
    known.add(by("clerk-1", OBJECT, date(2020, 4, 20)), appointed("inspector-2", "inspector"))
    known.add(by("inspector-1", UPHOLD, date(2020, 4, 21)), by("clerk-1", appeal(), date(2020, 4, 22)))
    outcome = known.when(judged(True), actor="inspector-2", at=date(2020, 4, 23))
    assert outcome.only(ClawbackDropped).amount_fen == FIRST_TIER - 50_000
    left = outcome.state(Payment, *payment().split("/")[1:])
    assert (left.clawback_fen, [one[1:] for one in left.asked]) == (50_000, [(f"{payment()}@3", 50_000)])
    withdrawn = WithdrawClawback(payment=payment(), amount_fen=50_000, reason=REASON)
    known.add(appointed("approver-2", "approver"))
    known.when(withdrawn, actor="approver-1", at=date(2020, 4, 23)).refused("same_person_decided_twice")  # it is their own that is left
    known.when(withdrawn, actor="approver-2", at=date(2020, 4, 23)).accepted()


def test_what_an_appeal_dropped_never_came_and_another_deduction_is_reversed_without_regard_to_it() -> None:
    known = given(sent(S1), by("cashier-1", bank_answer(bank_line(1)), date(2020, 4, 16)))
    known.add(by("approver-1", RaiseClawback(payment=payment(), amount_fen=50_000, reason=REASON), date(2020, 4, 17)))
    known.add(by("cashier-1", ReceiveClawback(payment=payment(), amount_fen=50_000), date(2020, 4, 18)))
    known.add(by("clerk-1", OBJECT, date(2020, 4, 20)), appointed("inspector-2", "inspector"), appointed("inspector-1", "approver"))
    known.add(by("inspector-1", UPHOLD, date(2020, 4, 21)), by("clerk-1", appeal(), date(2020, 4, 22)))
    known.add(by("inspector-2", judged(True), date(2020, 4, 23)))
    back = ReverseClawback(payment=payment(), amount_fen=50_000, reason=REASON)
    known.when(back, actor="inspector-1", at=date(2020, 4, 24)).accepted()  # who had asked back only what was dropped


def test_what_has_come_back_counts_towards_what_is_owed_for_other_reasons_first() -> None:
    known = given(sent(S1), by("cashier-1", bank_answer(bank_line(1)), date(2020, 4, 16)))
    known.add(by("approver-1", RaiseClawback(payment=payment(), amount_fen=50_000, reason=REASON), date(2020, 4, 17)))
    known.add(by("clerk-1", OBJECT, date(2020, 4, 20)), appointed("inspector-2", "inspector"))
    known.add(by("inspector-1", UPHOLD, date(2020, 4, 21)))
    known.add(by("cashier-1", ReceiveClawback(payment=payment(), amount_fen=FIRST_TIER), date(2020, 4, 21)))
    known.add(by("clerk-1", appeal(), date(2020, 4, 22)))
    assert known.when(judged(True), actor="inspector-2", at=date(2020, 4, 23)).topics()[-1] == "award.resumed"


def test_a_rejected_appeal_leaves_all_as_it_was() -> None:
    known = upheld()
    assert known.when(judged(False), actor="inspector-2", at=date(2020, 4, 23)).topics() == ["objection.appeal_decided"]
    assert (state(known).stand, state(known).held_by) == ("revoked", ("o1",))
    known.when(appeal(), actor="clerk-1", at=date(2020, 4, 24)).refused("appeal_exists")


@pytest.mark.parametrize("actor", ["inspector-1", "approver-1"])
def test_an_appeal_is_decided_by_somebody_who_had_no_hand_in_it(actor: str) -> None:
    upheld().when(judged(True), actor=actor, at=date(2020, 4, 23)).refused("same_person_decided_twice")


def test_an_appeal_against_a_dismissal_holds_the_case_again_and_may_revoke_after_all() -> None:
    known = given(opened(), approved(), by("clerk-1", OBJECT), by("inspector-1", DismissObjection(objection="o1", finding=REASON)))
    known.add(appointed("inspector-2", "inspector"), by("clerk-1", appeal(), date(2020, 4, 1)))
    assert state(known).held_by == ("o1",)
    outcome = known.when(judged(True), actor="inspector-2", at=date(2020, 4, 2))
    assert outcome.only(AwardRevoked).because == ("objection/o1@4", f"{case()}@3")


def test_a_refused_application_can_be_appealed_against_and_goes_back_to_be_completed() -> None:
    known = given(opened(), reviewed(), by("approver-1", RefuseAward(application=case(), reason=REASON)))
    known.add(by("clerk-1", appeal("a1"), date(2020, 4, 1)))
    known.when(judged(True, "a1"), actor="approver-1", at=date(2020, 4, 2)).refused("same_person_decided_twice", did="objection")
    outcome = known.when(judged(True, "a1"), actor="inspector-1", at=date(2020, 4, 2))
    assert outcome.topics() == ["objection.appeal_decided", "case.freed", "application.returned"]
    assert (state(known).stand, state(known).held_by) == ("returned", ())


def test_a_revoked_award_stands_again_by_a_granted_appeal() -> None:
    known = given(opened(), approved(), by("approver-1", RevokeAward(application=case(), reason=REASON)))
    known.add(by("clerk-1", appeal("a1"), date(2020, 4, 1)))
    assert known.when(judged(True, "a1"), actor="inspector-1", at=date(2020, 4, 2)).only(AwardResumed)


def test_there_is_nothing_to_appeal_against_in_an_open_case() -> None:
    given(opened(), reviewed()).when(appeal("a1"), actor="clerk-1").refused("nothing_to_appeal", stand="submitted")


def test_an_objection_must_be_decided_before_anybody_appeals() -> None:
    given(opened(), approved(), by("clerk-1", OBJECT)).when(appeal(), actor="clerk-1").refused("objection_not_decided")


def test_no_appeal_is_decided_that_nobody_has_raised() -> None:
    known = given(opened(), approved(), by("clerk-1", OBJECT))
    known.when(judged(True), actor="inspector-1").refused("appeal_not_open")
    assert known.store.state(Objection, "o1").open
