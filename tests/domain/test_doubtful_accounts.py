"""No money goes to a doubtful account until somebody who does not prepare the payment has cleared it, and none after that is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.money.batch import BatchPrepared, Excluded
from mingzhang.domain.money.doubts import Doubt
from mingzhang.domain.money.payment import PaymentInstructed, PaymentReissued
from mingzhang.domain.money.preparing import CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.student.accounts import ClearAccount, DoubtAccount, RecordHousehold
from mingzhang.domain.student.commands import CorrectDetails, MergeIdentities
from mingzhang.domain.student.facts import AccountCleared, AccountDoubted, HouseholdRecorded
from mingzhang.domain.student.student import Student
from tests.college import S1, S2, S3, SPRING, answer, appointed, approved, exported, funded, line, opened, payment, prepare, prepared
from tests.given import Given, Known, by, given, sealed

NAME, SHARED, STAFF = "account_name_not_student", "account_shared_by_several_students", "account_belongs_to_staff"
ENTRY = f"entry/{SPRING}/{S1}@1"
REASON = sealed(S1, reason="synthetic")
DAY, NEXT = date(2020, 4, 6), date(2020, 4, 8)
CLEAR = ClearAccount(student=S1, account=ENTRY, code="account_name_not_student", reason=REASON)
DOUBTED = by("checker-1", DoubtAccount(student=S1, account=ENTRY, code="account_name_not_student", reason=REASON), NEXT)
DOUBT = Doubt(S1, ENTRY, NAME)
ACCOUNT = CorrectDetails(student=S1, fields=("account",), person=sealed(S1, account=""))


def cleared(*more: Known) -> Given:
    """The account in another name, which a reviewer has looked into; money is there for S1 and S2."""
    return given(opened(), approved(S1), approved(S2), funded(), by("reviewer-1", CLEAR, DAY), *more)


def paying(*students: str, doubts: tuple[Doubt, ...] = (DOUBT,), **more: Any) -> PrepareBatch:
    return replace(prepare(*students), doubts=doubts, **more)


def test_a_doubtful_account_is_left_out_with_the_fact_that_holds_it() -> None:
    known = given(opened(), approved(S1), approved(S2), funded())
    fact = known.when(paying(S1, S2), actor="preparer-1").only(BatchPrepared)
    assert (fact.lines, fact.excluded) == ((f"{S2}/1",), (Excluded(student=S1, code=NAME, says=ENTRY),))


def test_a_clearing_names_the_fact_that_holds_the_account_and_seals_the_reason() -> None:
    known = given(opened(), approved(S1))
    fact = AccountCleared(actor="reviewer-1", effective_on=DAY, because=(ENTRY,), account=ENTRY, code=CLEAR.code, reason=REASON)
    known.when(CLEAR, actor="reviewer-1", at=DAY).then((f"student/{S1}", fact))


def test_a_cleared_account_is_paid_to_and_the_payment_rests_on_the_clearing() -> None:
    fact = cleared().when(paying(S1), actor="preparer-1").only(PaymentInstructed)
    assert f"student/{S1}@3" in fact.because


@pytest.mark.parametrize(
    "doubt",
    [
        Doubt(S1, ENTRY, STAFF, ("p-1",)),
        Doubt(S1, ENTRY, SHARED, (S2,)),
    ],
)
def test_a_clearing_of_one_doubt_clears_no_other(doubt: Doubt) -> None:
    fact = cleared().when(paying(S1, S2, doubts=(DOUBT, doubt)), actor="preparer-1").only(BatchPrepared)
    assert [one.code for one in fact.excluded] == [doubt.code]


def test_whoever_comes_to_share_a_cleared_account_is_not_cleared_with_it() -> None:
    shared = replace(CLEAR, code="account_shared_by_several_students", others=(S2,))

    def left_out(*others: str) -> list[str]:
        known = given(opened(), approved(S1), approved(S2), funded(), by("reviewer-1", shared, DAY))
        doubts = (Doubt(S1, ENTRY, SHARED, others),)
        return [one.code for one in known.when(paying(S1, S2, doubts=doubts), actor="preparer-1").only(BatchPrepared).excluded]

    assert (left_out(S2), left_out(S2, S3)) == ([], [SHARED])


def test_a_newer_account_is_doubtful_anew() -> None:
    known = cleared(by("clerk-1", ACCOUNT, date(2020, 4, 7)))
    newer = Doubt(S1, f"student/{S1}@4", NAME)
    fact = known.when(paying(S1, S2, doubts=(DOUBT, newer)), actor="preparer-1").only(BatchPrepared)
    assert fact.excluded == (Excluded(student=S1, code=NAME, says=f"student/{S1}@4"),)


def test_the_preparers_own_clearing_does_not_count_for_them() -> None:
    both = appointed("preparer-1", "reviewer", "college")
    known = given(opened(), approved(S1), approved(S2), funded(), both, by("preparer-1", CLEAR, DAY))
    fact = known.when(paying(S1, S2), actor="preparer-1").only(BatchPrepared)
    assert [one.code for one in fact.excluded] == [NAME]


def test_a_clearing_counts_for_the_person_and_not_for_one_file_of_theirs() -> None:
    merge = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=REASON), date(2020, 4, 7))
    fact = cleared(merge).when(paying(S1), actor="preparer-1").only(PaymentInstructed)
    assert f"student/{S1}@3" in fact.because


@pytest.mark.parametrize("actor", ["checker-1", "reviewer-1"])
def test_a_checker_or_a_reviewer_clears(actor: str) -> None:
    given(opened(), approved(S1)).when(CLEAR, actor=actor, at=DAY).only(AccountCleared)


@pytest.mark.parametrize("actor", ["preparer-1", "releaser-1", "clerk-1", "cashier-1"])
def test_nobody_else_clears(actor: str) -> None:
    given(opened(), approved(S1)).when(CLEAR, actor=actor, at=DAY).refused("role_missing")


def test_nobody_clears_an_account_of_their_own_family() -> None:
    interest = by("reviewer-1", DeclareInterest(staff="reviewer-1", student=S1), date(2020, 4, 1))
    given(opened(), approved(S1), interest).when(CLEAR, actor="reviewer-1", at=DAY).refused("decided_on_own_family")


@pytest.mark.parametrize("account", [f"entry/{SPRING}/{S2}@1", f"entry/{SPRING}/{S1}@9", f"student/{S1}@1", "nothing"])
def test_only_a_fact_that_holds_an_account_of_the_student_is_cleared(account: str) -> None:
    known = given(opened(), approved(S1), approved(S2))
    known.when(replace(CLEAR, account=account), actor="reviewer-1", at=DAY).refused("account_fact_unknown", student=S1, event=account)


def test_a_doubt_that_no_rule_knows_is_refused() -> None:
    odd: Any = "account_too_long"
    given(opened(), approved(S1)).when(replace(CLEAR, code=odd), actor="reviewer-1", at=DAY).refused("doubt_unknown")


def test_an_account_is_not_cleared_twice() -> None:
    cleared().when(CLEAR, actor="checker-1", at=NEXT).refused("account_cleared_already", says=f"student/{S1}@3")


def test_an_account_cannot_be_cleared_before_it_was_given() -> None:
    given(opened(), approved(S1)).when(replace(CLEAR, on=date(2020, 3, 1)), actor="reviewer-1", at=DAY).refused("dated_before_basis")


def test_a_clearing_that_was_taken_back_holds_the_account_again() -> None:
    fact = cleared(DOUBTED).when(paying(S1, S2), actor="preparer-1").only(BatchPrepared)
    assert [one.code for one in fact.excluded] == [NAME]


def test_what_was_doubted_again_can_be_cleared_again() -> None:
    known = cleared(DOUBTED, by("reviewer-1", CLEAR, NEXT))
    assert f"student/{S1}@5" in known.when(paying(S1), actor="preparer-1").only(PaymentInstructed).because


def test_taking_a_clearing_back_names_it() -> None:
    fact = AccountDoubted(
        actor="checker-1",
        effective_on=NEXT,
        because=(f"student/{S1}@3",),
        account=ENTRY,
        code="account_name_not_student",
        corrects=f"student/{S1}@3",
        reason=REASON,
    )
    cleared().when(DOUBTED.command, actor="checker-1", at=NEXT).then((f"student/{S1}", fact))


def test_what_nobody_cleared_cannot_be_doubted_again() -> None:
    given(opened(), approved(S1)).when(DOUBTED.command, actor="checker-1", at=NEXT).refused("account_not_cleared", student=S1, doubt=NAME)


@pytest.mark.parametrize(
    ("before", "command", "actor"),
    [
        ((), CheckBatch(batch="b1"), "checker-2"),
        ((by("checker-2", CheckBatch(batch="b1"), NEXT),), ReleaseBatch(batch="b1"), "releaser-1"),
    ],
)
def test_a_clearing_taken_back_stops_a_batch_that_relied_on_it(before: tuple[Known, ...], command: Command, actor: str) -> None:
    known = cleared(appointed("checker-2", "checker", "college"), by("preparer-1", paying(S1), NEXT), *before, DOUBTED)
    known.when(command, actor=actor, at=NEXT).refused("payment_obstructed", obstacle=NAME, says=f"student/{S1}@4")


def test_the_preparer_does_not_clear_an_account_of_their_batch_again() -> None:
    both = appointed("preparer-1", "reviewer", "college")
    known = cleared(appointed("checker-2", "checker", "college"), both, by("preparer-1", paying(S1), NEXT), DOUBTED)
    check, doubted = CheckBatch(batch="b1"), {"obstacle": NAME, "says": f"student/{S1}@4"}
    known.add(by("preparer-1", CLEAR, NEXT)).when(check, actor="checker-2", at=NEXT).refused("payment_obstructed", **doubted)
    known.add(by("checker-1", DOUBTED.command, NEXT), by("reviewer-1", CLEAR, NEXT))
    known.when(check, actor="checker-2", at=NEXT).accepted()


def failed() -> Given:
    known = given(opened(), approved(S1), funded(), prepared(S1), exported())
    return known.add(by("cashier-1", answer(line(1, "failed", code="3039")), date(2020, 4, 15)))


def test_a_payment_is_not_tried_again_to_an_account_that_has_become_doubtful() -> None:
    again = ReissuePayments(batch="b2", fund="f1", pay_on=date(2020, 4, 20), payments=(payment(),), doubts=(DOUBT,))
    failed().when(again, actor="preparer-1", at=date(2020, 4, 17)).refused("payment_obstructed", obstacle=NAME, says=ENTRY)
    known = failed().add(by("reviewer-1", CLEAR, date(2020, 4, 16)))
    assert f"student/{S1}@3" in known.when(again, actor="preparer-1", at=date(2020, 4, 17)).only(PaymentReissued).because


def test_a_doubtful_account_does_not_come_in_with_the_payment_to_it() -> None:
    box = ((S1, sealed(S1, account="", account_name="")),)
    again = ReissuePayments(
        batch="b2", fund="f1", pay_on=date(2020, 4, 20), payments=(payment(),), accounts=box, doubts=(Doubt(S1, "", SHARED, (S2,)),)
    )
    failed().when(again, actor="preparer-1", at=date(2020, 4, 17)).refused("payment_obstructed", obstacle=SHARED)


def test_a_household_is_recorded_and_put_right() -> None:
    home = RecordHousehold(student=S1, household="h-1", person=sealed(S1, household_head=""))
    known = given(opened(), approved(S1), by("clerk-1", home, DAY))
    fact = known.when(replace(home, household="h-2"), actor="clerk-1", at=NEXT).only(HouseholdRecorded)
    assert (fact.household, fact.corrects) == ("h-2", f"student/{S1}@3")
    household = known.store.state(Student, S1).household
    assert household is not None and household.household == "h-2"
