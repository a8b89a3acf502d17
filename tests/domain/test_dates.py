"""Nothing is decided before what it rests on, nor before it has happened; and on no day does a fund give what it had not yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingzhang.domain.aid.awarding import ApproveAward, RevokeAward
from mingzhang.domain.aid.reviewing import PassReview
from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import ExportBatch, RaiseClawback, ReceiveClawback, ReturnedLine, ReversePayment, TakeReturns
from mingzhang.domain.money.batch import BatchPrepared
from mingzhang.domain.money.fund import FundsPaid, OpenFund, RecordArrival, RequestFunds, ReturnFunds, SetBudget
from mingzhang.domain.money.preparing import CancelBatch, CheckBatch, ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.pairing.pairing import EndPairing, EstablishPairing
from mingzhang.domain.staff import RelieveStaff, Staff
from mingzhang.domain.student.commands import ChangeEnrolment
from tests.college import (
    FIRST_TIER,
    GRANT,
    PAY_ON,
    S1,
    S2,
    answer,
    applied,
    appointed,
    approved,
    case,
    checked,
    exported,
    funded,
    house,
    line,
    opened,
    paid,
    payment,
    prepare,
    prepared,
    registered,
    released,
    reviewed,
    sent,
    sha,
)
from tests.given import by, given, sealed

REASON = sealed(S1, reason="synthetic")
LATE = date(2020, 6, 1)


@pytest.mark.parametrize(
    ("known", "command", "actor", "since", "says"),
    [
        (applied(), PassReview(application=case(), on=date(2020, 3, 15)), "reviewer-1", "2020-03-16", f"{case()}@1"),
        (reviewed(), ApproveAward(application=case(), on=date(2020, 3, 17)), "approver-1", "2020-03-18", f"{case()}@2"),
        (approved(), RevokeAward(application=case(), reason=REASON, on=date(2020, 3, 19)), "approver-1", "2020-03-20", f"{case()}@3"),
    ],
)
def test_no_case_is_decided_before_the_step_it_rests_on(known: object, command: Command, actor: str, since: str, says: str) -> None:
    given(opened(), known).when(command, actor=actor).refused("dated_before_basis", since=since, says=says)  # type: ignore[arg-type]


def test_no_award_is_approved_on_a_day_to_come() -> None:
    command = ApproveAward(application=case(), on=date(2020, 9, 1))
    given(opened(), reviewed()).when(command, actor="approver-1", at=date(2020, 3, 25)).refused("effective_in_future")


@pytest.mark.parametrize(
    ("known", "command", "actor"),
    [
        (prepared(S1), CheckBatch(batch="b1", on=date(2020, 4, 7)), "checker-1"),
        ([*prepared(S1), *checked()], ReleaseBatch(batch="b1", on=date(2020, 4, 8)), "releaser-1"),
        ([*prepared(S1), *checked()], CancelBatch(batch="b1", reason=REASON, on=date(2020, 4, 8)), "preparer-1"),
    ],
)
def test_no_step_of_a_batch_is_dated_before_the_one_it_follows(known: object, command: Command, actor: str) -> None:
    given(opened(), approved(), funded(), known).when(command, actor=actor).refused("dated_before_basis")  # type: ignore[arg-type]


@pytest.mark.parametrize("on", [date(2020, 4, 9), PAY_ON])
def test_the_bank_pays_nothing_before_the_file_has_left_the_house(on: date) -> None:
    outcome = given(sent(S1)).when(answer(line(1, on=on)), actor="cashier-1", at=PAY_ON)
    if on == PAY_ON:
        outcome.accepted()
    else:
        outcome.refused("dated_before_basis", since="2020-04-10", says="batch/b1@4", row=2)


def test_nothing_comes_back_before_it_was_paid() -> None:
    early = TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, FIRST_TIER, date(2020, 4, 14), row=5),))
    given(paid(S1)).when(early, actor="cashier-1").refused("dated_before_basis", since="2020-04-15", says=f"{payment()}@2", row=5)
    reverse = ReversePayment(payment=payment(), reason=REASON, on=date(2020, 4, 14))
    given(paid(S1)).when(reverse, actor="cashier-1").refused("dated_before_basis")


def test_an_answer_that_is_not_declared_partial_answers_every_line() -> None:
    given(sent(S1, S2)).when(answer(line(2)), actor="cashier-1").refused("bank_file_line_missing", lines=[1], missing=1)


def test_a_fund_pays_on_the_days_on_which_the_bank_did() -> None:
    command = answer(line(1, on=date(2020, 4, 14)), line(2, on=PAY_ON))
    moved = [
        (one.fact.effective_on, one.fact.amount_fen)
        for one in given(sent(S1, S2)).when(command, actor="cashier-1", at=LATE).recorded
        if isinstance(one.fact, FundsPaid)
    ]
    assert moved == [(date(2020, 4, 14), FIRST_TIER), (PAY_ON, FIRST_TIER)]


def test_money_is_not_there_before_it_arrived() -> None:
    release = ReleaseBatch(batch="b1", on=date(2020, 4, 10))
    arrival = by("treasurer-1", RecordArrival(fund="f1", amount_fen=FIRST_TIER, source="bureau", on=date(2020, 4, 20)), LATE)
    known = given(opened(), approved(), funded(amount_fen=0), prepared(S1), checked(), arrival)
    known.when(release, actor="releaser-1").refused("fund_short", available_fen=0, wanted_fen=FIRST_TIER)
    known.when(ReleaseBatch(batch="b1", on=date(2020, 4, 20)), actor="releaser-1").accepted()


def test_money_set_aside_later_is_not_returned_upward_before() -> None:
    known = given(opened(), approved(), funded(amount_fen=FIRST_TIER), prepared(S1), exported())
    back = ReturnFunds(fund="f1", amount_fen=1, to="bureau", on=date(2020, 4, 5))
    known.when(back, actor="treasurer-1").refused("fund_short", available_fen=0)


def test_money_that_has_not_arrived_is_no_arrival() -> None:
    early = RecordArrival(fund="f1", amount_fen=1, source="bureau", on=date(2020, 4, 2))
    given(opened(), funded()).when(early, actor="treasurer-1", at=date(2020, 4, 1)).refused("effective_in_future")


ASKED = by("approver-1", RaiseClawback(payment=payment(), amount_fen=1, reason=REASON), date(2020, 4, 17))


@pytest.mark.parametrize(
    ("known", "command", "actor"),
    [
        (sent(S1), ExportBatch(batch="b1", profile="pipe", file="b1", sha256=sha("b1"), again=True, on=LATE), "cashier-1"),
        (sent(S1), answer(line(1, on=LATE)), "cashier-1"),
        (paid(S1), TakeReturns(batch="b1", file="r", sha256=sha("r"), returned=(ReturnedLine(1, FIRST_TIER, LATE),)), "cashier-1"),
        (paid(S1), ReversePayment(payment=payment(), reason=REASON, on=LATE), "cashier-1"),
        (paid(S1), RaiseClawback(payment=payment(), amount_fen=1, reason=REASON, on=LATE), "approver-1"),
        ([*paid(S1), ASKED], ReceiveClawback(payment=payment(), amount_fen=1, on=LATE), "cashier-1"),
        (opened(), OpenFund(fund="f1", title="synthetic", unit="college", year=2020, schemes=(GRANT,), on=LATE), "treasurer-1"),
        ([*opened(), *funded()], SetBudget(fund="f1", amount_fen=1, on=LATE), "treasurer-1"),
        ([*opened(), *funded()], RequestFunds(fund="f1", amount_fen=1, of="bureau", on=LATE), "treasurer-1"),
    ],
)
def test_no_money_moves_on_a_day_to_come(known: object, command: Command, actor: str) -> None:
    given(known).when(command, actor=actor, at=date(2020, 4, 20)).refused("effective_in_future")  # type: ignore[arg-type]


def test_nothing_is_prepared_before_the_award_it_pays() -> None:
    early = replace(prepare(S1), on=date(2020, 3, 19))
    known = given(opened(), approved(S1), funded())
    known.when(early, actor="preparer-1").refused("dated_before_basis", since="2020-03-20", says=f"{case()}@3")
    known.when(replace(early, on=date(2020, 3, 20)), actor="preparer-1").accepted()


def test_nothing_is_tried_again_before_it_failed() -> None:
    known = given(sent(S1), by("cashier-1", answer(line(1, "failed", on=PAY_ON)), date(2020, 4, 16)))
    again = ReissuePayments(batch="b2", fund="f1", pay_on=LATE, payments=(payment(),), on=date(2020, 4, 14))
    known.when(again, actor="preparer-1", at=LATE).refused("dated_before_basis", since="2020-04-15", says=f"{payment()}@2")
    known.when(replace(again, on=PAY_ON), actor="preparer-1", at=LATE).accepted()


def test_no_batch_leaves_the_house_before_its_release() -> None:
    known = given(opened(), approved(S1), funded(), prepared(S1), released())
    early = ExportBatch(batch="b1", profile="pipe", file="b1", sha256=sha("b1"), on=date(2020, 4, 9))
    known.when(early, actor="cashier-1", at=LATE).refused("dated_before_basis", since="2020-04-10", says="batch/b1@3")


def test_a_batch_that_lay_about_is_judged_by_the_day_it_is_released() -> None:
    left = by("clerk-1", ChangeEnrolment(student=S1, status="退学", on=date(2020, 5, 1)), date(2020, 5, 2))
    known = given(opened(), approved(), funded(), prepared(S1), checked(), left)
    known.when(ReleaseBatch(batch="b1"), actor="releaser-1", at=LATE).refused("payment_obstructed", obstacle="paid_while_not_enrolled")


def test_a_batch_prepared_after_its_pay_date_pays_nobody_who_has_left() -> None:
    left = by("clerk-1", ChangeEnrolment(student=S1, status="退学", on=date(2020, 5, 1)), date(2020, 5, 2))
    known = given(opened(), approved(S1), approved(S2), funded(), left)
    excluded = known.when(prepare(S1, S2, pay_on=PAY_ON), actor="preparer-1", at=LATE).only(BatchPrepared).excluded
    assert [(one.student, one.code) for one in excluded] == [(S1, "paid_while_not_enrolled")]


def test_a_relief_still_to_come_can_be_brought_forward() -> None:
    later = by("administrator-1", RelieveStaff(staff="clerk-1", role="clerk", unit="college", on=date(2020, 12, 31)))
    now = RelieveStaff(staff="clerk-1", role="clerk", unit="college", on=date(2020, 9, 1))
    state = given(house(), later).when(now, actor="administrator-1").state(Staff, "clerk-1")
    assert [one.until for one in state.appointments] == [date(2020, 9, 1)]


def test_nobody_is_relieved_before_they_were_appointed() -> None:
    relief = RelieveStaff(staff="clerk-2", role="clerk", unit="college", on=date(2020, 3, 4))
    known = given(house(), appointed("clerk-2", "clerk", since=date(2020, 3, 5)))
    known.when(relief, actor="administrator-1").refused("dated_before_basis", says="staff/clerk-2@1")


def test_no_pairing_ends_before_it_began() -> None:
    pairing = EstablishPairing(pairing="p1", student=S1, unit="shifan", helpers=("t-1",), person=REASON, on=date(2020, 3, 20))
    end = EndPairing(pairing="p1", reason=REASON, on=date(2020, 3, 19))
    known = given(house(), registered(), by("helper-clerk-1", pairing))
    known.when(end, actor="helper-clerk-1").refused("dated_before_basis", since="2020-03-20", says="pairing/p1@1")
