"""Two files that are one person are one person everywhere: what was recorded under either reference counts, and nothing is had twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingzhang.domain.dropout.commands import CloseDropout, FindDropout, ReopenDropout, VisitDropout
from mingzhang.domain.loan.loan import ApproveLoan, DisburseLoan, EndInterestSubsidy, Loan
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.pairing.tutoring import CheckTutoring, NotifyParents
from mingzhang.domain.student.care import ApplySafetyNetLayer, FileInfoCard, IssueInfoCard
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities, RegisterListedStudent
from mingzhang.domain.student.facts import PersonErased
from tests.college import S1, S2, SPRING, answer, line, opened, payment, registered, sent
from tests.domain.test_loans import MONDAY, SCHEME, YEAR, asked, lent
from tests.domain.test_loans import county as loan_county
from tests.domain.test_tutoring import ACTOR, LISTED, PLAN, TERM, arrange, course, failed, helped
from tests.domain.test_tutoring import DAY as TERM_DAY
from tests.given import Given, Known, by, given, sealed

DAY = date(2020, 4, 20)
TEXT = sealed(S1, text="synthetic")
MERGE = MergeIdentities(student=S2, other=S1, reason=TEXT)
"""The first student's file is answered for by the second's from now on."""


def merged(day: date = DAY) -> Known:
    return by("clerk-1", MERGE, day)


def erased(student: str = S1) -> Known:
    return f"student/{student}", PersonErased(actor="founder", effective_on=date(2020, 3, 17), reason="requested")


# --- loans


def two_loans_known() -> list[Known]:
    second = by("clerk-1", RegisterListedStudent(student=S2, unit="county", person=sealed(S2)), date(2020, 7, 1))
    other = by("applicant-clerk-1", replace(asked(), student=S2), MONDAY)
    return [*loan_county(), second, by("applicant-clerk-1", asked(), MONDAY), other]


def two_loans() -> Given:
    return given(two_loans_known())


def test_of_two_loans_of_one_person_one_is_approved() -> None:
    known = two_loans().add(by("approver-1", ApproveLoan(loan=f"{S1}/{YEAR}"), MONDAY), merged(MONDAY))
    known.when(ApproveLoan(loan=f"{S2}/{YEAR}"), actor="approver-1", at=MONDAY).refused("loan_exists", loan=f"loan/{S1}/{YEAR}")


def test_of_two_loans_approved_before_the_files_were_one_only_one_is_disbursed() -> None:
    known = two_loans().add(*(by("approver-1", ApproveLoan(loan=f"{one}/{YEAR}"), MONDAY) for one in (S1, S2)), merged(MONDAY))
    known.add(by("cashier-1", DisburseLoan(loan=f"{S1}/{YEAR}"), MONDAY))
    known.when(DisburseLoan(loan=f"{S2}/{YEAR}"), actor="cashier-1", at=MONDAY).refused("loan_exists", stand="disbursed")


def test_the_subsidy_ends_with_studies_that_ended_under_the_other_reference() -> None:
    known = lent().add(by("clerk-1", RegisterListedStudent(student=S2, unit="county", person=sealed(S2)), date(2020, 9, 1)))
    known.add(merged(date(2020, 9, 2)), by("clerk-1", ChangeEnrolment(student=S2, status="毕业"), date(2021, 7, 1)))
    known.when(EndInterestSubsidy(loan=f"{S1}/{YEAR}"), actor="clerk-1", at=date(2021, 7, 2)).accepted()


def test_no_loan_is_decided_about_somebody_erased() -> None:
    known = given(loan_county(), by("applicant-clerk-1", asked(), MONDAY), erased())
    known.when(ApproveLoan(loan=f"{S1}/{YEAR}"), actor="approver-1", at=MONDAY).refused("person_erased", student=S1)
    assert known.store.state(Loan, S1, YEAR).scheme == SCHEME


# --- payments


def test_one_person_is_issued_one_payment_anew_whatever_the_references() -> None:
    known = given(sent(S1, S2), by("cashier-1", answer(line(1, "failed"), line(2, "failed")), date(2020, 4, 16)), merged())
    again = ReissuePayments(batch="b2", fund="f1", pay_on=date(2020, 4, 28), payments=(payment(S1), payment(S2)))
    known.when(again, actor="preparer-1", at=DAY).refused("payment_obstructed", obstacle="paid_under_merged_identity")


# --- dropouts


def found(case: str = "CX001", student: str = S1) -> FindDropout:
    return FindDropout(case=case, student=student, unit="shifan", stage="初中", person=sealed(student), on=date(2020, 3, 5))


def out_of_school() -> Given:
    return given(opened(), registered(), registered(S2), by("clerk-1", found(), DAY))


def test_a_pupil_has_one_open_case() -> None:
    known = out_of_school()
    known.when(found("CX002"), actor="clerk-1", at=DAY).refused("dropout_case_running", case="CX001")
    known.add(by("clerk-1", CloseDropout(case="CX001", reason=TEXT), DAY))
    known.add(by("clerk-1", found("CX002"), DAY))
    known.when(ReopenDropout(case="CX001", reason=TEXT), actor="clerk-1", at=DAY).refused("dropout_case_running", case="CX002")


def test_a_pupil_has_one_open_case_under_whichever_reference() -> None:
    known = out_of_school().add(merged())
    known.when(found("CX002", S2), actor="clerk-1", at=DAY).refused("dropout_case_running", case="CX001")


def test_a_closed_case_is_opened_again_where_no_other_is_open() -> None:
    known = out_of_school().add(by("clerk-1", CloseDropout(case="CX001", reason=TEXT), DAY))
    known.when(ReopenDropout(case="CX001", reason=TEXT), actor="clerk-1", at=DAY).accepted()


def test_nothing_is_recorded_in_the_case_of_a_pupil_erased() -> None:
    known = out_of_school().add(erased())
    known.when(VisitDropout(case="CX001"), actor="clerk-1", at=DAY).refused("person_erased")


# --- care, tutoring


def test_a_card_filled_in_under_the_other_reference_is_the_persons_card() -> None:
    known = given(opened(), registered(), registered(S2))
    known.add(by("clerk-1", IssueInfoCard(student=S1, period=SPRING), DAY), merged())
    known.when(IssueInfoCard(student=S2, period=SPRING), actor="clerk-1", at=DAY).refused("info_card_exists")
    known.add(by("clerk-1", FileInfoCard(student=S2, period=SPRING), DAY))
    known.when(FileInfoCard(student=S1, period=SPRING), actor="clerk-1", at=DAY).refused("info_card_filed")


def test_a_layer_drawn_on_under_the_other_reference_was_drawn_on() -> None:
    first = ApplySafetyNetLayer(student=S1, period=SPRING, layer="state-aid", person=TEXT)
    known = given(opened(), registered(), registered(S2), by("clerk-1", first, DAY), merged())
    second = ApplySafetyNetLayer(student=S2, period=SPRING, layer="special-hardship", person=TEXT)
    known.when(second, actor="clerk-1", at=DAY).accepted()


def test_no_card_is_filed_before_it_was_filled_in() -> None:
    known = given(opened(), registered(), by("clerk-1", IssueInfoCard(student=S1, period=SPRING), DAY))
    early = FileInfoCard(student=S1, period=SPRING, on=date(2020, 4, 19))
    known.when(early, actor="clerk-1", at=DAY).refused("dated_before_basis", since=DAY.isoformat())


@pytest.mark.parametrize("student", [S1, S2])
def test_a_course_failed_under_one_reference_is_helped_with_under_either_and_once(student: str) -> None:
    known = failed().add(registered(S2), by("clerk-1", MERGE, LISTED))
    known.when(replace(course("40"), student=student), actor=ACTOR, at=TERM_DAY).refused("course_listed")
    known.add(by(ACTOR, replace(arrange(), student=student), TERM_DAY))
    known.when(replace(arrange("p2"), student=S2), actor=ACTOR, at=TERM_DAY).refused("course_has_tutor", pairing="p1")
    told = NotifyParents(student=student, period=TERM, note=TEXT)
    known.add(by(ACTOR, told, TERM_DAY))
    known.when(replace(told, student=S2), actor=ACTOR, at=TERM_DAY).refused("parents_told")


def test_a_tutor_arranged_before_the_files_were_one_is_the_persons_tutor() -> None:
    known = helped().add(registered(S2), by("clerk-1", MERGE, TERM_DAY))
    known.when(replace(arrange("p2"), student=S2), actor=ACTOR, at=TERM_DAY).refused("course_has_tutor", pairing="p1")


def test_a_check_lies_in_the_days_of_its_pairing_and_is_not_recorded_of_somebody_erased() -> None:
    check = CheckTutoring(pairing="p1", plan=PLAN, check="期中", findings=TEXT)
    helped().when(replace(check, on=date(2023, 8, 31)), actor=ACTOR, at=TERM_DAY).refused("dated_before_basis")
    helped().add(erased()).when(check, actor=ACTOR, at=TERM_DAY).refused("person_erased")
