"""An attempt may also be stopped, rejected, or paid in part, and a deduction may be undone; the chain never pays more than the award."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.money.attempts import PaymentPaidInPart, PaymentRejected, PaymentStopped
from mingzhang.domain.money.banking import (
    ExportBatch,
    LineOutcome,
    RaiseClawback,
    ReceiveClawback,
    ReturnedLine,
    ReversePayment,
    TakeReturns,
)
from mingzhang.domain.money.batch import Batch, BatchLineStopped, BatchPrepared, BatchRejected
from mingzhang.domain.money.fund import Fund, FundsPaid, FundsReleased
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.part_paying import PayInPart
from mingzhang.domain.money.payment import Payment, PaymentInstructed, PaymentReissued
from mingzhang.domain.money.preparing import CancelBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.rejecting import RejectBatch, RejectPayment
from mingzhang.domain.money.stopping import StopPayment
from mingzhang.domain.money.withdrawing import WithdrawClawback
from tests.college import (
    FIRST_TIER,
    GRANT,
    S1,
    S2,
    S3,
    SPRING,
    answer,
    appointed,
    approved,
    exported,
    funded,
    line,
    opened,
    paid,
    payment,
    prepare,
    prepared,
    released,
    sent,
    sha,
)
from tests.given import By, Given, Outcome, by, given, sealed

DAY = date(2020, 4, 16)
LATER = date(2020, 5, 6)
PAY_ON = date(2020, 5, 15)
REASON = sealed(S1, reason="synthetic")
TEXT = sealed("t-0000000001", text="synthetic")
SLIP = sha("slip")
SECOND = appointed("approver-2", "approver")
EXPORT = ExportBatch(batch="b1", profile="pipe", file="b1.txt", sha256=sha("b1"))


def stop(student: str = S1) -> StopPayment:
    return StopPayment(payment=payment(student), reason=REASON)


def part(amount_fen: int = 120_000, student: str = S1, **more: Any) -> PayInPart:
    return PayInPart(payment=payment(student), amount_fen=amount_fen, **({"evidence": (SLIP,)} | more))


def reject(student: str = S1) -> RejectPayment:
    return RejectPayment(payment=payment(student), code="E07", reason=REASON)


REJECT_ALL = RejectBatch(batch="b1", code="E31", reason=TEXT, reasons=((S1, REASON),))


def reissue(*students: str, batch: str = "b2", fund: str = "f1", **more: Any) -> ReissuePayments:
    names = tuple(payment(student) for student in students or (S1,))
    return ReissuePayments(batch=batch, fund=fund, pay_on=PAY_ON, payments=names, **more)


def again(*students: str, batch: str = "b2", fund: str = "f1") -> list[Any]:
    """A further attempt that has gone to the bank."""
    return [by("preparer-1", reissue(*students, batch=batch, fund=fund), LATER), *exported(batch)]


def answered(batch: str, fen: int, state: str = "paid") -> By:
    return by("cashier-1", answer(line(1, state, fen, on=PAY_ON), batch=batch, file=f"{batch}-{state}"), PAY_ON)


def ready(*students: str) -> Given:
    """Released, and not yet at the bank."""
    return given(opened(), *(approved(student) for student in students), funded(), prepared(*students), released())


def came_back(batch: str, fen: int) -> TakeReturns:
    return TakeReturns(batch=batch, file="r", sha256=sha("r" + batch), returned=(ReturnedLine(1, fen, PAY_ON),))


def chain(known: Given | Outcome) -> Payment:
    return known.store.state(Payment, *payment().split("/")[1:])


def fund(known: Given | Outcome, name: str = "f1") -> tuple[int, int, int]:
    state = known.store.state(Fund, name)
    return state.available_fen, state.reserved_fen, state.paid_fen


def test_a_stopped_line_leaves_its_batch_and_frees_its_money() -> None:
    stamp: dict[str, Any] = {"actor": "releaser-1", "effective_on": DAY}
    outcome = ready(S1, S2).when(stop(), actor="releaser-1", at=DAY)
    outcome.then(
        ("batch/b1", BatchLineStopped(**stamp, because=("batch/b1@3",), line=1, amount_fen=FIRST_TIER, left=1, left_fen=FIRST_TIER)),
        (
            payment(),
            PaymentStopped(**stamp, because=("batch/b1@4", f"{payment()}@1"), batch="b1", amount_fen=FIRST_TIER, reason=REASON),
        ),
        ("fund/f1", FundsReleased(**stamp, because=("batch/b1@4",), batch="b1", amount_fen=FIRST_TIER)),
    )
    batch = outcome.state(Batch, "b1")
    assert (batch.numbers, batch.payments, batch.amount_fen) == ([2], [payment(S2)], FIRST_TIER)
    assert fund(outcome) == (800_000, FIRST_TIER, 0)


def test_a_stopped_payment_goes_into_another_first_batch() -> None:
    known = ready(S1, S2).add(by("releaser-1", stop(), DAY))
    again = known.when(prepare(S1, S2, batch="b2"), actor="preparer-1", at=DAY)
    assert (again.only(PaymentInstructed).attempt, [one.code for one in again.only(BatchPrepared).excluded]) == (2, ["payment_instructed"])


def test_a_stopped_further_attempt_is_reissued() -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(line(1, "failed"), line(2, "failed")), DAY))
    known.add(by("preparer-1", reissue(S1, S2), LATER), released("b2"), by("releaser-1", stop(), LATER))
    assert known.when(reissue(batch="b3"), actor="preparer-1", at=LATER).only(PaymentReissued).attempt == 3


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        ([], "payment_already_sent"),
        ([by("cashier-1", answer(line(1, "pending"), line(2)), DAY)], "payment_already_sent"),
        ([by("cashier-1", answer(line(1), line(2)), DAY)], "payment_not_under_way"),
    ],
)
def test_what_has_left_the_house_is_not_stopped(happened: list[By], code: str) -> None:
    given(sent(S1, S2), happened).when(stop(), actor="releaser-1").refused(code)


def test_only_a_released_batch_is_thinned_out_and_never_to_nothing() -> None:
    awards = [approved(S1), approved(S2)]
    given(opened(), *awards, funded(), prepared(S1, S2)).when(stop(), actor="releaser-1").refused("payment_not_released")
    ready(S1).when(stop(), actor="releaser-1").refused("batch_of_one_payment")
    ready(S1, S2).add(by("releaser-1", stop(), DAY)).when(stop(S2), actor="checker-1").refused("batch_of_one_payment")


def test_a_stopped_line_is_unknown_to_the_bank_and_missed_by_nobody() -> None:
    known = ready(S1, S2).add(by("releaser-1", stop(), DAY), by("cashier-1", EXPORT, DAY))
    known.when(answer(line(1, on=DAY), line(2, on=DAY)), actor="cashier-1").refused("bank_file_line_unknown", line=1)
    assert known.when(answer(line(2, on=DAY)), actor="cashier-1", at=DAY).topics() == ["batch.reconciled", "payment.paid", "fund.paid"]


def test_a_thinned_out_batch_that_is_cancelled_frees_what_was_left_of_it() -> None:
    known = ready(S1, S2).add(by("releaser-1", stop(), DAY), by("releaser-1", CancelBatch(batch="b1", reason=TEXT), DAY))
    assert fund(known) == (1_000_000, 0, 0)
    assert chain(known).stand == "stopped"


def test_a_rejected_line_frees_its_money_and_names_the_banks_reason() -> None:
    stamp: dict[str, Any] = {"actor": "cashier-1", "effective_on": DAY}
    outcome = given(sent(S1, S2)).when(reject(), actor="cashier-1", at=DAY)
    because = ("batch/b1@4", f"{payment()}@1")
    fact = PaymentRejected(**stamp, because=because, batch="b1", amount_fen=FIRST_TIER, code="E07", reason=REASON)
    freed = FundsReleased(**stamp, because=(f"{payment()}@2",), batch="b1", amount_fen=FIRST_TIER)
    outcome.then((payment(), fact), ("fund/f1", freed))


def test_a_rejected_file_frees_whatever_the_bank_had_not_settled() -> None:
    known = given(sent(S1, S2, S3), by("cashier-1", answer(line(2), line(3, "pending"), partial=True), DAY))
    outcome = known.when(REJECT_ALL, actor="cashier-1", at=DAY)
    assert outcome.topics() == ["batch.rejected", "payment.rejected", "payment.rejected", "fund.released"]
    assert (outcome.only(BatchRejected).payments, outcome.only(BatchRejected).amount_fen) == (2, 2 * FIRST_TIER)
    assert fund(outcome) == (800_000, 0, FIRST_TIER)


@pytest.mark.parametrize(("says", "code"), [("paid", "bank_file_contradicts"), ("pending", "bank_file_contradicts"), ("failed", None)])
def test_an_answer_after_a_rejection_may_only_say_the_same(says: str, code: str | None) -> None:
    outcome = given(sent(S1), by("cashier-1", reject(), DAY)).when(answer(line(1, says)), actor="cashier-1", at=DAY)
    if code:
        outcome.refused(code)
    else:
        assert outcome.topics() == ["batch.reconciled"]


@pytest.mark.parametrize(
    ("known", "command", "code"),
    [
        (lambda: ready(S1, S2), reject(), "batch_not_ready"),
        (lambda: given(paid(S1)), reject(), "payment_not_under_way"),
        (lambda: given(paid(S1)), REJECT_ALL, "batch_settled"),
        (lambda: given(sent(S1)), RejectPayment(payment=payment(), code="E", reason=REASON, on=date(2020, 4, 9)), "dated_before_basis"),
        (lambda: given(paid(S1)), part(), "payment_not_under_way"),
        (lambda: given(sent(S1)), part(0), "part_not_a_part"),
        (lambda: given(sent(S1)), part(FIRST_TIER), "part_not_a_part"),
        (lambda: given(sent(S1)), part(evidence=()), "part_without_evidence"),
        (lambda: given(sent(S1)), part(on=date(2020, 4, 9)), "dated_before_basis"),
    ],
)
def test_nothing_is_rejected_or_paid_in_part_that_is_not_at_the_bank(known: Any, command: Command, code: str) -> None:
    known().when(command, actor="cashier-1", at=DAY).refused(code)


def test_of_a_partial_payment_the_rest_is_free_again() -> None:
    stamp: dict[str, Any] = {"actor": "cashier-1", "effective_on": DAY, "evidence": (SLIP,)}
    outcome = given(sent(S1)).when(part(bank_ref="T1"), actor="cashier-1", at=DAY)
    because = ("batch/b1@4", f"{payment()}@1")
    moved: dict[str, Any] = {**stamp, "because": (f"{payment()}@2",), "batch": "b1"}
    outcome.then(
        (
            payment(),
            PaymentPaidInPart(**stamp, because=because, batch="b1", amount_fen=120_000, asked_fen=FIRST_TIER, bank_ref="T1"),
        ),
        ("fund/f1", FundsPaid(**moved, amount_fen=120_000)),
        ("fund/f1", FundsReleased(**moved, amount_fen=80_000)),
    )
    assert fund(outcome) == (880_000, 0, 120_000)


def parted() -> Given:
    return given(sent(S1), by("cashier-1", part(), DAY))


def test_the_rest_and_no_more_is_paid_by_a_further_attempt() -> None:
    known = parted().add(again(S1))
    assert chain(known).amount_fen == 80_000
    known.add(answered("b2", 80_000))
    assert (chain(known).stand, chain(known).paid_fen) == ("paid", FIRST_TIER)
    known.when(reissue(batch="b3"), actor="preparer-1", at=PAY_ON).refused("payment_not_reissuable")


def test_what_was_paid_in_part_goes_into_no_first_batch() -> None:
    known = parted().add(by("preparer-1", reissue(), LATER), by("preparer-1", CancelBatch(batch="b2", reason=TEXT), LATER))
    known.when(prepare(S1, batch="b3"), actor="preparer-1", at=LATER).refused("nothing_to_pay", reasons=["payment_part_paid"])
    assert known.when(reissue(batch="b3"), actor="preparer-1", at=LATER).only(PaymentReissued).amount_fen == 80_000


def test_the_first_part_may_come_back_while_the_rest_is_under_way() -> None:
    known = parted().add(again(S1), by("cashier-1", came_back("b1", 120_000), PAY_ON))
    assert (chain(known).stand, chain(known).paid_fen) == ("instructed", 0)
    known.add(answered("b2", 80_000))
    assert known.when(reissue(batch="b3"), actor="preparer-1", at=PAY_ON).only(PaymentReissued).amount_fen == 120_000


def test_what_comes_back_of_a_part_is_what_that_batch_paid() -> None:
    known = parted().add(again(S1), answered("b2", 80_000))
    known.when(came_back("b1", FIRST_TIER), actor="cashier-1", at=PAY_ON).refused("bank_file_amount_differs", asked_fen=120_000)
    outcome = known.when(came_back("b2", 80_000), actor="cashier-1", at=PAY_ON)
    assert (chain(outcome).stand, chain(outcome).paid_fen) == ("returned", 120_000)


def from_two_funds() -> Given:
    """120,000 fen out of the first fund, 80,000 out of the second."""
    return given(sent(S1), funded("f2", 100_000), by("cashier-1", part(), DAY), again(S1, fund="f2"), answered("b2", 80_000))


def test_money_taken_back_goes_to_the_funds_that_paid_it_the_newest_first() -> None:
    known = from_two_funds().add(by("approver-1", RaiseClawback(payment=payment(), amount_fen=100_000, reason=REASON), PAY_ON))
    outcome = known.when(ReceiveClawback(payment=payment(), amount_fen=100_000), actor="cashier-1", at=PAY_ON)
    assert (fund(outcome), fund(outcome, "f2")) == ((900_000, 0, 100_000), (100_000, 0, 0))
    whole = from_two_funds().when(ReversePayment(payment=payment(), reason=REASON), actor="cashier-1", at=PAY_ON)
    assert (fund(whole), fund(whole, "f2")) == ((1_000_000, 0, 0), (100_000, 0, 0))


def deducted(fen: int = 50_000) -> list[By]:
    asked = by("approver-1", RaiseClawback(payment=payment(), amount_fen=fen, reason=REASON), LATER)
    return [asked, by("cashier-1", ReceiveClawback(payment=payment(), amount_fen=fen), LATER)]


def give_back(fen: int) -> ReverseClawback:
    return ReverseClawback(payment=payment(), amount_fen=fen, reason=REASON)


def test_a_wrong_deduction_is_owed_again_and_paid_by_a_further_attempt() -> None:
    known = given(paid(S1), SECOND, deducted(), by("approver-2", give_back(20_000), LATER))
    assert (chain(known).paid_fen, chain(known).clawed_back_fen, chain(known).reissuable) == (150_000, 30_000, True)
    known.add(again(S1), answered("b2", 20_000))
    assert (chain(known).paid_fen, fund(known)) == (170_000, (830_000, 0, 170_000))


@pytest.mark.parametrize(
    ("happened", "command", "code"),
    [
        ([], give_back(1), "clawback_not_received"),
        (deducted(), give_back(0), "amount_not_positive"),
        (deducted(), give_back(50_001), "clawback_not_received"),
        ([*deducted(), by("approver-2", give_back(50_000), LATER)], give_back(1), "clawback_not_received"),
    ],
)
def test_no_more_is_given_back_than_was_taken(happened: list[By], command: Command, code: str) -> None:
    given(paid(S1), SECOND, happened).when(command, actor="approver-2", at=LATER).refused(code)


def test_a_deduction_that_stands_is_not_paid_out_again() -> None:
    given(paid(S1), deducted()).when(reissue(), actor="preparer-1", at=LATER).refused("payment_not_reissuable")


def test_the_evidence_of_a_corrected_account_is_named_by_that_fact_alone() -> None:
    box = sealed(S1, account="", account_name="")
    known = given(sent(S1), by("cashier-1", reject(), DAY))
    outcome = known.when(reissue(accounts=((S1, box),), evidence=(SLIP,)), actor="preparer-1", at=LATER)
    named = {one.fact.topic for one in outcome.recorded if one.fact.evidence}
    assert named == {"student.details_corrected"}


def whole_life() -> Given:
    """Everything that may befall an attempt: for tests that look at every kind of fact."""
    wrong = by("releaser-1", replace(stop(S3), account_wrong=True), DAY)
    known = ready(S1, S2, S3).add(wrong, by("cashier-1", EXPORT, DAY), by("cashier-1", part(), DAY))
    known.add(by("cashier-1", RejectBatch(batch="b1", code="E31", reason=TEXT, reasons=()), DAY))
    known.add(again(S1), by("cashier-1", answer(line_of(80_000), batch="b2"), PAY_ON), deducted())
    known.add(SECOND, by("approver-2", give_back(50_000), PAY_ON))
    known.add(by("approver-1", RaiseClawback(payment=payment(), amount_fen=1, reason=REASON), PAY_ON))
    known.add(by("approver-2", WithdrawClawback(payment=payment(), amount_fen=1, reason=REASON), PAY_ON))
    known.add(by("cashier-1", came_back("b2", 80_000), PAY_ON))
    return known.add(by("preparer-1", reissue(S1, S2, batch="b3"), PAY_ON))


def line_of(fen: int) -> LineOutcome:
    return line(1, fen=fen, on=PAY_ON)


def test_the_whole_life_of_a_chain_stays_within_the_award() -> None:
    known = whole_life()
    state = chain(known)
    assert (state.paid_fen, state.amount_fen, state.committed_fen) == (70_000, 130_000, FIRST_TIER)
    assert known.store.state(Payment, GRANT, S2, SPRING, "1").attempt == 2
