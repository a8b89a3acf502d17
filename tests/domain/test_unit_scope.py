"""Whoever decides is responsible for every unit the decision touches: where a matter is, where it goes, and whose money it takes."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.reviewing import PassReview
from mingzhang.domain.money.batch import BatchPrepared
from mingzhang.domain.money.fund import OpenFund, RecordArrival
from mingzhang.domain.money.payment import PaymentInstructed
from mingzhang.domain.money.preparing import ReleaseBatch
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.plan.adoption import AmendPlan
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.student.commands import (
    ChangeEnrolment,
    DetermineCategory,
    EndCategory,
    MergeIdentities,
    RegisterStudent,
    SplitIdentities,
)
from mingzhang.domain.student.student import Student
from mingzhang.domain.survey.entry import CorrectEntry
from tests.college import (
    FIRST_TIER,
    GRANT,
    PAY_ON,
    PLAN,
    S1,
    S2,
    SPRING,
    answer,
    applied,
    appointed,
    approved,
    case,
    checked,
    entry,
    funded,
    line,
    opened,
    payment,
    prepare,
    registered,
    sent,
    surveyed,
    unit,
)
from tests.given import By, by, given, sealed

REASON = sealed(S1, reason="synthetic")


def moved(to: str) -> CorrectEntry:
    return CorrectEntry(round=SPRING, student=S1, after=(("unit", to),), person=sealed(S1), account_given=True)


def enrolled_in(student: str, unit: str) -> By:
    command = RegisterStudent(student=student, unit=unit, person=sealed(student), stage="中职", admitted_on=date(2019, 9, 1))
    return by("clerk-1", command, date(2020, 3, 2))


def test_an_entry_is_not_moved_to_a_unit_one_is_not_responsible_for() -> None:
    known = given(opened(), surveyed(), appointed("surveyor-2", "surveyor", "shifan"))
    known.when(moved("zongzhi"), actor="surveyor-2").refused("unit_not_covered", units=["zongzhi"])
    known.when(moved("zongzhi"), actor="surveyor-1").accepted()


def test_an_entry_is_not_moved_to_a_unit_that_does_not_exist() -> None:
    known = given(opened(), surveyed(), appointed("surveyor-1", "surveyor", "bureau"))
    known.when(moved("nowhere"), actor="surveyor-1").refused("unit_not_covered", units=["nowhere"])


def test_a_case_belongs_to_the_unit_its_entry_was_moved_to() -> None:
    reviewers = appointed("reviewer-2", "reviewer", "shifan"), appointed("reviewer-3", "reviewer", "zongzhi")
    known = given(opened(), applied(), reviewers, by("surveyor-1", moved("zongzhi")))
    known.when(PassReview(application=case()), actor="reviewer-2").refused("unit_not_covered", units=["zongzhi"])
    known.when(PassReview(application=case()), actor="reviewer-3").accepted()


def test_a_payment_is_of_the_unit_of_its_award() -> None:
    known = given(opened(), applied(), by("surveyor-1", moved("zongzhi")))
    for step in list(approved())[-2:]:
        known.add(step)
    outcome = known.add(funded()).when(prepare(S1), actor="preparer-1")
    assert outcome.only(PaymentInstructed).unit == "zongzhi"


@pytest.mark.parametrize("asked", [S1, S2])
def test_a_merged_file_is_the_business_of_the_unit_that_answers_for_it(asked: str) -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON))
    known = given(opened(), enrolled_in(S1, "zongzhi"), enrolled_in(S2, "shifan"), merge, appointed("clerk-2", "clerk", "shifan"))
    known.when(ChangeEnrolment(student=asked, status="休学"), actor="clerk-2").refused("unit_not_covered", units=["zongzhi"])


def test_a_merge_is_undone_by_somebody_responsible_for_both() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON))
    known = given(opened(), enrolled_in(S1, "zongzhi"), enrolled_in(S2, "shifan"), merge)
    known.add(appointed("administrator-2", "administrator", "shifan"))
    split = SplitIdentities(student=S1, other=S2, corrects=f"student/{S1}@3", reason=REASON)
    known.when(split, actor="administrator-2").refused("unit_not_covered")
    known.when(split, actor="administrator-1").accepted()


def test_no_department_enrols_another_departments_student() -> None:
    known = given(opened(), registered(), appointed("clerk-2", "clerk", "zongzhi"))
    command = RegisterStudent(student=S1, unit="zongzhi", person=sealed(S1), admitted_on=date(2020, 3, 1))
    known.when(command, actor="clerk-2").refused("unit_not_covered", units=["shifan"])


def test_a_plan_is_amended_by_whoever_is_responsible_for_its_issuer() -> None:
    text = bundled_text(PLAN).replace('version = "2020.1"', 'version = "2020.2"').replace('issuer = "college"', 'issuer = "shifan"')
    known = given(opened(), appointed("administrator-2", "administrator", "shifan"))
    known.when(AmendPlan(text=text, reason=REASON), actor="administrator-2").refused("unit_not_covered", units=["college"])


def test_a_batch_is_released_by_whoever_is_responsible_for_the_fund() -> None:
    command = prepare(S1)
    batch = type(command)(**{**command.__dict__, "unit": "shifan"})
    releasers = appointed("releaser-2", "releaser", "shifan")
    known = given(opened(), approved(), funded(), releasers, by("preparer-1", batch, date(2020, 4, 8)), checked())
    known.when(ReleaseBatch(batch="b1"), actor="releaser-2").refused("unit_not_covered", units=["college"])
    known.when(ReleaseBatch(batch="b1"), actor="releaser-1").accepted()


@pytest.mark.parametrize(("holder", "paid"), [("zongzhi", False), ("shifan", True), ("cash-desk", True), ("college", True)])
def test_a_fund_pays_the_students_of_its_unit_and_an_office_those_of_its_house(holder: str, paid: bool) -> None:
    fund = by("treasurer-1", OpenFund(fund="f2", title="synthetic", unit=holder, year=2020, schemes=(GRANT,)))
    known = given(opened(), unit("cash-desk", "college", "office"), approved(S1), fund)
    outcome = known.when(prepare(S1, fund="f2"), actor="preparer-1")
    if paid:
        assert outcome.only(BatchPrepared).amount_fen == FIRST_TIER
    else:
        outcome.refused("nothing_to_pay", excluded=1)


def test_a_further_attempt_is_not_paid_by_another_departments_fund() -> None:
    fund = OpenFund(fund="f2", title="synthetic", unit="zongzhi", year=2020, schemes=(GRANT,))
    arrival = RecordArrival(fund="f2", amount_fen=FIRST_TIER, source="bureau")
    failed = by("cashier-1", answer(line(1, "failed", code="E02")), date(2020, 4, 16))
    known = given(sent(S1), failed, by("treasurer-1", fund), by("treasurer-1", arrival))
    command = ReissuePayments(batch="b2", fund="f2", pay_on=PAY_ON, payments=(payment(),))
    known.when(command, actor="preparer-1").refused("payment_obstructed", obstacle="unit_not_covered")


def test_nobody_puts_the_account_of_their_own_family_right() -> None:
    failed = by("cashier-1", answer(line(1, "failed", code="E02")), date(2020, 4, 16))
    known = given(sent(S1), failed, by("preparer-1", DeclareInterest(staff="preparer-1", student=S1)))
    account = sealed(S1, account="", account_name="")
    command = ReissuePayments(batch="b2", fund="f1", pay_on=PAY_ON, payments=(payment(),), accounts=((S1, account),))
    known.when(command, actor="preparer-1").refused("decided_on_own_family")


def test_nobody_determines_the_category_of_their_own_family() -> None:
    known = given(opened(), registered(), by("clerk-1", DeclareInterest(staff="clerk-1", student=S1)))
    known.when(DetermineCategory(student=S1, categories=("低保",)), actor="clerk-1").refused("decided_on_own_family")


def test_somebody_the_round_names_after_all_stays_recognised() -> None:
    merge = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=REASON))
    known = given(opened(), registered(S1), registered(S2), by("surveyor-1", entry(S1)), merge)
    closing = EndCategory(student=S2, reason="not_in_round", source=f"round/{SPRING}@2")
    known.when(closing, actor="clerk-1").nothing()
    known.when(EndCategory(student=S2, reason="lifted"), actor="clerk-1").accepted()


def test_a_payment_to_merged_files_names_the_merge_and_the_enrolment() -> None:
    merge = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=REASON), date(2020, 3, 21))
    known = given(opened(), approved(S1), registered(S2), merge, funded())
    because = known.when(prepare(S1), actor="preparer-1").only(PaymentInstructed).because
    assert {f"student/{S2}@3", f"student/{S2}@2"} & {*because} == {f"student/{S2}@3", f"student/{S2}@2"}
    assert known.store.state(Student, S2).merges == ((S1, f"student/{S2}@3"),)
