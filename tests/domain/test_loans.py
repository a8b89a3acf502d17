"""生源地信用助学贷款: within limits and fees, with a co-borrower, decided by somebody else; the interest is paid until the studies end."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.loan.loan import (
    ApplyForLoan,
    ApproveLoan,
    DisburseLoan,
    EndInterestSubsidy,
    InterestSubsidyEnded,
    Loan,
    LoanApplied,
    LoanApproved,
    RefuseLoan,
)
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.student.commands import ChangeEnrolment, RegisterListedStudent
from mingzhang.domain.student.facts import Enrolment
from tests.college import FIRST_DAY, S1, appointed, sha, unit
from tests.given import By, Given, Known, by, given, sealed

CODE = "funan-2020"
SCHEME = f"{CODE}.student-loan"
YEAR = "2020-2021"
LOAN = f"loan/{S1}/{YEAR}"
MONDAY = date(2020, 8, 3)
HELPER = sealed("p-0000000001", name="synthetic")


def county() -> list[Known]:
    text = bundled_text(CODE)
    fact = PlanAdopted(actor="founder", effective_on=FIRST_DAY, code=CODE, plan_version="2020.1", text=text, sha256=sha(text))
    people = [appointed(f"{role}-1", role, "county") for role in ("applicant-clerk", "approver", "cashier", "clerk", "administrator")]
    known = by("clerk-1", RegisterListedStudent(student=S1, unit="county", person=sealed(S1, name="x")), date(2020, 7, 1))
    return [unit("county", kind="bureau"), (f"plan/{CODE}", fact), *people, known]


def asked(
    yuan: int = 6000, fees: int = 5000, board: int = 1200, co_borrower: str | None = "p-0000000001", on: date | None = None
) -> ApplyForLoan:
    return ApplyForLoan(
        on=on,
        scheme=SCHEME,
        student=S1,
        period=YEAR,
        unit="county",
        asked_fen=yuan * 100,
        fees_fen=fees * 100,
        board_fen=board * 100,
        co_borrower=co_borrower,
        person=HELPER if co_borrower else None,
    )


def lent() -> Given:
    return given(
        county(),
        by("applicant-clerk-1", asked(), MONDAY),
        by("approver-1", ApproveLoan(loan=LOAN), date(2020, 8, 10)),
        by("cashier-1", DisburseLoan(loan=LOAN, bank_ref="B1"), date(2020, 9, 20)),
    )


@pytest.mark.parametrize(
    ("yuan", "fees", "board", "refused"),
    [
        (1000, 5000, 1200, False),
        (999, 5000, 1200, True),
        (6200, 5000, 1200, False),
        (6201, 5000, 1200, True),
        (8000, 9000, 1200, False),
        (8001, 9000, 1200, True),
        (1000, 600, 0, True),
    ],
)
def test_a_loan_lies_within_the_limits_and_never_above_fees_and_board(yuan: int, fees: int, board: int, refused: bool) -> None:
    outcome = given(county()).when(asked(yuan, fees, board), actor="applicant-clerk-1", at=MONDAY)
    if refused:
        outcome.refused("loan_outside_limits")
    else:
        assert outcome.only(LoanApplied).asked_fen == yuan * 100


def test_a_loan_needs_a_co_borrower() -> None:
    given(county()).when(asked(co_borrower=None), actor="applicant-clerk-1", at=MONDAY).refused("co_borrower_missing")


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2020, 7, 31), "outside_window"),
        (date(2020, 8, 1), "not_a_workday"),
        (date(2020, 8, 3), None),
        (date(2020, 9, 15), None),
        (date(2020, 9, 16), "outside_window"),
    ],
)
def test_applications_are_taken_on_working_days_within_the_window(day: date, code: str | None) -> None:
    outcome = given(county()).when(asked(), actor="applicant-clerk-1", at=day)
    if code is None:
        assert outcome.topics() == ["loan.applied"]
    else:
        outcome.refused(code)


def test_one_student_has_one_loan_a_year() -> None:
    known = given(county(), by("applicant-clerk-1", asked(), MONDAY))
    known.when(asked(2000), actor="applicant-clerk-1", at=date(2020, 8, 4)).refused("loan_exists")


def test_who_took_the_application_does_not_approve_it() -> None:
    known = given(county(), appointed("applicant-clerk-1", "approver", "county"), by("applicant-clerk-1", asked(), MONDAY))
    known.when(ApproveLoan(loan=LOAN), actor="applicant-clerk-1", at=MONDAY).refused("same_person_decided_twice")


def test_less_than_was_asked_can_be_approved_and_more_cannot() -> None:
    known = given(county(), by("applicant-clerk-1", asked(), MONDAY))
    fresh = given(county(), by("applicant-clerk-1", asked(), MONDAY))
    less = fresh.when(ApproveLoan(loan=LOAN, amount_fen=400_000), actor="approver-1", at=MONDAY)
    assert less.only(LoanApproved).amount_fen == 400_000
    known.when(ApproveLoan(loan=LOAN, amount_fen=600_001), actor="approver-1", at=MONDAY).refused("loan_outside_limits")


def test_a_refused_loan_can_be_applied_for_anew() -> None:
    no: By = by("approver-1", RefuseLoan(loan=LOAN, reason=sealed(S1, reason="synthetic")), date(2020, 8, 4))
    known = given(county(), by("applicant-clerk-1", asked(), MONDAY), no)
    assert known.when(asked(3000), actor="applicant-clerk-1", at=date(2020, 8, 5)).topics() == ["loan.applied"]


def test_nothing_is_lent_before_it_is_approved() -> None:
    known = given(county(), by("applicant-clerk-1", asked(), MONDAY))
    known.when(DisburseLoan(loan=LOAN), actor="cashier-1", at=MONDAY).refused("loan_not_ready")


@pytest.mark.parametrize(("status", "over"), [("毕业", True), ("退学", True), ("死亡", True), ("休学", False), ("转学", False)])
def test_the_subsidy_ends_with_the_studies_on_the_day_they_ended(status: Enrolment, over: bool) -> None:
    gone = by("clerk-1", ChangeEnrolment(student=S1, status=status, on=date(2023, 6, 30)), date(2023, 7, 5))
    outcome = lent().add(gone).when(EndInterestSubsidy(loan=LOAN), actor="cashier-1", at=date(2023, 9, 1))
    if over:
        assert outcome.only(InterestSubsidyEnded).effective_on == date(2023, 6, 30)
    else:
        outcome.refused("still_studying")


def test_the_subsidy_of_somebody_who_studies_goes_on() -> None:
    lent().when(EndInterestSubsidy(loan=LOAN), actor="cashier-1", at=date(2021, 9, 1)).refused("still_studying")


def test_a_subsidy_ends_once() -> None:
    gone = by("clerk-1", ChangeEnrolment(student=S1, status="毕业", on=date(2023, 6, 30)), date(2023, 7, 5))
    ended = by("cashier-1", EndInterestSubsidy(loan=LOAN), date(2023, 9, 1))
    known = lent().add(gone, ended)
    known.when(EndInterestSubsidy(loan=LOAN), actor="cashier-1", at=date(2023, 9, 2)).refused("loan_not_ready")
    assert known.store.state(Loan, S1, YEAR).subsidy_ended_ref


@pytest.mark.parametrize(("stage", "code"), [("小学", "stage_not_covered"), ("本科", None), (None, None)])
def test_a_loan_is_for_the_stages_of_its_scheme_as_far_as_the_file_says(stage: str | None, code: str | None) -> None:
    known = RegisterListedStudent(student=S1, unit="county", stage=stage, person=sealed(S1, name="x"))
    office = [one for one in county() if not isinstance(one, By)]
    outcome = given(office, by("clerk-1", known, date(2020, 7, 1))).when(asked(), actor="applicant-clerk-1", at=MONDAY)
    if code is None:
        outcome.accepted()
    else:
        outcome.refused(code, stage=stage)


def test_whoever_approved_a_loan_does_not_note_that_it_was_lent() -> None:
    both = appointed("approver-1", "cashier", "county")
    known = given(county(), both, by("applicant-clerk-1", asked(), MONDAY), by("approver-1", ApproveLoan(loan=LOAN), date(2020, 8, 10)))
    known.when(DisburseLoan(loan=LOAN), actor="approver-1", at=date(2020, 9, 20)).refused("same_person_decided_twice", did="approval")
    known.when(DisburseLoan(loan=LOAN), actor="cashier-1", at=date(2020, 9, 20)).accepted()
