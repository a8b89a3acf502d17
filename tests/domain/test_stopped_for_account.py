"""A payment stopped because of its account goes there no more until another account is recorded, or somebody answers for this one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.money.batch import BatchPrepared, Excluded
from mingzhang.domain.money.doubts import Doubt
from mingzhang.domain.money.payment import PaymentInstructed, PaymentReissued
from mingzhang.domain.money.preparing import CancelBatch, CheckBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.money.stopping import StopPayment
from mingzhang.domain.student.accounts import ClearAccount, DoubtAccount
from mingzhang.domain.student.commands import CorrectDetails, MergeIdentities, SplitIdentities
from mingzhang.domain.student.facts import AccountSaidWrong
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.entry import CorrectEntry
from tests.college import (
    S1,
    S2,
    SPRING,
    answer,
    appointed,
    approved,
    exported,
    funded,
    line,
    opened,
    payment,
    prepare,
    prepared,
    released,
    sent,
)
from tests.given import Given, Known, by, given, sealed

WRONG = "account_said_wrong"
ENTRY = f"entry/{SPRING}/{S1}@1"
REASON = sealed(S1, reason="synthetic")
BOX = sealed(S1, account="", account_name="")
DAY, NEXT = date(2020, 4, 16), date(2020, 4, 20)
STOP = StopPayment(payment=payment(), reason=REASON, account_wrong=True)
CLEAR = ClearAccount(student=S1, account=ENTRY, code="account_said_wrong", reason=REASON)
DOUBT = DoubtAccount(student=S1, account=ENTRY, code="account_said_wrong", reason=REASON)
CANCEL = CancelBatch(batch="b1", reason=sealed("t-0000000001", text="synthetic"))
ANOTHER = CorrectDetails(student=S1, fields=("account",), person=BOX)


def stopped(*more: Known, why: StopPayment = STOP) -> Given:
    known = given(opened(), approved(S1), approved(S2), funded(), prepared(S1, S2), released())
    return known.add(by("releaser-1", why, DAY), *more)


def excluded(known: Given, **more: Any) -> tuple[Excluded, ...]:
    """Who is left out of a batch for both; the other's payment is under way."""
    outcome = known.when(replace(prepare(S1, batch="b9"), **more), actor="preparer-1", at=NEXT)
    if outcome.refusal is not None:
        reasons: Any = outcome.refusal.context["reasons"]
        return tuple(Excluded(student=S1, code=code) for code in reasons)
    return outcome.only(BatchPrepared).excluded


def test_the_account_is_said_to_be_wrong_in_the_students_own_stream() -> None:
    known = given(opened(), approved(S1), approved(S2), funded(), prepared(S1, S2), released())
    fact = known.when(STOP, actor="releaser-1", at=DAY).only(AccountSaidWrong)
    because = (f"{payment()}@2", ENTRY)
    assert fact == AccountSaidWrong(actor="releaser-1", effective_on=DAY, because=because, account=ENTRY, reason=REASON)


def test_a_payment_stopped_for_its_account_is_left_out_of_the_next_batch_and_another_stop_is_not() -> None:
    assert [one.code for one in excluded(stopped())] == [WRONG]
    assert excluded(stopped(why=replace(STOP, account_wrong=False))) == ()


def test_it_goes_to_another_account_that_was_recorded_since() -> None:
    known = stopped(by("clerk-1", ANOTHER, NEXT))
    assert known.when(prepare(S1, batch="b2"), actor="preparer-1", at=NEXT).only(PaymentInstructed).account_from != ENTRY


def test_it_goes_to_a_corrected_account_that_comes_with_the_next_attempt() -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(line(1, "failed"), line(2, "failed")), DAY))
    again = ReissuePayments(batch="b2", fund="f1", pay_on=NEXT, payments=(payment(S1), payment(S2)))
    known.add(by("preparer-1", again, DAY), released("b2"), by("releaser-1", STOP, DAY))
    once_more = ReissuePayments(batch="b3", fund="f1", pay_on=NEXT, payments=(payment(),))
    known.when(once_more, actor="preparer-1", at=NEXT).refused("payment_obstructed", obstacle=WRONG)
    corrected = replace(once_more, accounts=((S1, BOX),))
    assert known.when(corrected, actor="preparer-1", at=NEXT).only(PaymentReissued).account_from != ENTRY


def test_somebody_else_than_the_preparer_answers_for_it_and_the_payment_rests_on_that() -> None:
    fact = stopped(by("reviewer-1", CLEAR, NEXT)).when(prepare(S1, batch="b2"), actor="preparer-1", at=NEXT).only(PaymentInstructed)
    assert any(ref.startswith(f"student/{S1}@") for ref in fact.because)
    own = stopped(appointed("preparer-1", "checker"), by("preparer-1", CLEAR, NEXT))
    assert [one.code for one in excluded(own)] == [WRONG]


def test_nobody_answers_beforehand_for_an_account_that_nobody_said_to_be_wrong() -> None:
    given(opened(), approved(S1)).when(CLEAR, actor="reviewer-1", at=NEXT).refused("account_not_doubtful", doubt=WRONG)
    before = replace(CLEAR, on=date(2020, 4, 15))
    stopped().when(before, actor="reviewer-1", at=NEXT).refused("dated_before_basis")
    stopped(by("reviewer-1", CLEAR, NEXT)).when(CLEAR, actor="checker-1", at=NEXT).refused("account_cleared_already")


def test_stopped_once_more_whoever_had_answered_for_it_does_no_longer() -> None:
    again = by("preparer-1", prepare(S1, S2, batch="b2"), DAY)
    known = stopped(by("reviewer-1", CLEAR, DAY), by("releaser-1", CANCEL, DAY), again)
    outcome = known.add(released("b2")).when(STOP, actor="releaser-1", at=DAY)
    assert outcome.topics()[-2:] == ["account.said_wrong", "account.doubted"]
    assert [one.code for one in excluded(known)] == [WRONG]


def test_a_batch_prepared_before_its_account_was_said_to_be_wrong_is_not_checked() -> None:
    known = stopped(by("reviewer-1", CLEAR, DAY), by("preparer-1", prepare(S1, batch="b2"), DAY), by("checker-1", DOUBT, DAY))
    known.when(CheckBatch(batch="b2"), actor="checker-1", at=DAY).refused("payment_obstructed", obstacle=WRONG)
    known.add(by("reviewer-1", CLEAR, DAY))
    known.when(CheckBatch(batch="b2"), actor="checker-1", at=DAY).accepted()


@pytest.mark.parametrize("answered_for", [False, True])
def test_the_same_number_given_by_another_fact_is_doubtful_as_the_vault_says(answered_for: bool) -> None:
    again = CorrectEntry(round=SPRING, student=S1, after=(("level", "困难"),), account_given=True, person=REASON)
    newer = f"entry/{SPRING}/{S1}@2"
    known = stopped(by("surveyor-1", again, DAY))
    if answered_for:
        known.add(by("reviewer-1", replace(CLEAR, account=newer), NEXT))
    found = excluded(known, doubts=(Doubt(S1, newer, WRONG),))
    assert [one.code for one in found] == ([] if answered_for else [WRONG])


def test_what_is_at_the_bank_is_not_stopped_for_its_account_either() -> None:
    known = given(opened(), approved(S1), approved(S2), funded(), prepared(S1, S2), exported())
    known.when(STOP, actor="releaser-1", at=DAY).refused("payment_already_sent")


def test_a_merge_that_is_undone_leaves_the_account_wrong_of_whom_it_is() -> None:
    merge = MergeIdentities(student=S2, other=S1, reason=REASON)
    known = given(opened(), approved(S1), approved(S2), funded(), prepared(S1, S2), released(), by("clerk-1", merge, DAY))
    [(_file, says)] = known.store.state(Student, S2).merges
    split = SplitIdentities(student=S2, other=S1, corrects=says, reason=REASON)
    known.add(by("releaser-1", STOP, DAY), by("administrator-1", split, DAY))
    assert [one.code for one in excluded(known)] == [WRONG]
