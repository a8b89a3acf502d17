"""A form is a claim, on record whoever hands it in; the plan's conditions judge it one by one, and the first it fails is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.awarding import ApproveAward, ResumeAward, SuspendAward
from mingzhang.domain.aid.basis import basis_of
from mingzhang.domain.aid.eligibility import missing_documents, unmet, unmet_by_person
from mingzhang.domain.aid.facts import ApplicationSubmitted, AwardApproved, DocumentsChecked, ExceptionGranted, FormRecorded
from mingzhang.domain.aid.reviewing import GrantException, PassReview, ReturnApplication
from mingzhang.domain.aid.submitting import CheckDocuments, SubmitApplication
from mingzhang.domain.crosscheck.facts import DifferenceResolved, ListReceived
from mingzhang.domain.money.batch import account_fact, obstacle
from mingzhang.domain.plan.schemes import Conditions
from mingzhang.domain.student.commands import ChangeEnrolment
from mingzhang.domain.student.student import current_student
from tests.college import GRANT, S1, S2, SPRING, opened
from tests.college import surveyed as college_surveyed
from tests.county import HANDED_IN, PERIOD, case, compared, county, form, handed_in, match, registered, scheme, state
from tests.given import Given, Known, by, given, sealed

CLERK = "applicant-clerk-1"
REASON = sealed(S1, reason="")
REVIEW = PassReview(application=case())
LISTED = match()


def judged(known: Given, code: str = "grant") -> str | None:
    """The code of the first condition that is not met; None for an eligible case."""
    basis = basis_of(known.store.streams(), state(known, code))
    assert basis is not None
    found = unmet(scheme(code), basis, state(known, code))
    return None if found is None else found.code


def test_a_form_becomes_a_case_that_rests_on_it_and_says_what_was_handed_in() -> None:
    said = given(county(), registered()).when(form(documents=("申请表",)), actor=CLERK, at=HANDED_IN)
    assert said.topics() == ["application.form_recorded", "application.submitted", "application.documents_checked"]
    assert said.only(ApplicationSubmitted).basis == f"{case()}@1"
    assert said.only(DocumentsChecked).missing == ("学生证复印件/录取通知书复印件",)
    assert (said.only(FormRecorded).handed_in_on, said.only(FormRecorded).effective_on) == (date(2020, 8, 15), HANDED_IN)


def test_also_the_claim_of_somebody_not_eligible_is_on_record() -> None:
    known = handed_in(stage="专科", grade="2018级", categories=(), household_in=())
    assert (state(known).stand, judged(known)) == ("submitted", "category_not_covered")


def test_a_form_for_somebody_unknown_is_refused() -> None:
    given(county()).when(form(), actor=CLERK, at=HANDED_IN).refused("student_unknown")


def test_a_scheme_is_applied_for_in_one_way() -> None:
    by_survey = SubmitApplication(scheme="county.grant", student=S1, period=PERIOD)
    given(county(), registered()).when(by_survey, actor=CLERK, at=HANDED_IN).refused("basis_differs", basis="form")
    by_form = form(unit="shifan")
    fields = {name: getattr(by_form, name) for name in ("student", "unit", "person")} | {"scheme": GRANT, "period": SPRING}
    known = given(opened(), college_surveyed())
    known.when(type(by_form)(**fields), actor=CLERK, at=HANDED_IN).refused("basis_differs", basis="survey")


def test_a_second_form_meets_the_first() -> None:
    handed_in().when(form(), actor=CLERK, at=HANDED_IN).refused("application_exists", application=case())


def test_a_returned_form_is_handed_in_anew_and_the_case_rests_on_the_new_one() -> None:
    known = handed_in(documents=("申请表",)).add(by("reviewer-1", ReturnApplication(application=case(), reason=REASON), HANDED_IN))
    known.add(by(CLERK, form(), date(2020, 9, 2)))
    assert (state(known).stand, state(known).form_ref, state(known).documents_missing) == ("submitted", f"{case()}@5", ())


WRONG: list[tuple[str, dict[str, Any], tuple[Any, ...] | None]] = [
    ("category_not_covered", {"categories": ("低保",)}, (LISTED,)),
    ("stage_not_covered", {"stage": "专科"}, (LISTED,)),
    ("grade_not_covered", {"grade": "2019级"}, (LISTED,)),
    ("not_compared", {}, None),
    ("not_on_list", {}, ()),
    ("policy_ended", {}, (match(entitled=False),)),
    ("list_class_not_covered", {}, (match("农村低保", "三类"),)),
    ("list_row_refused", {}, (match(refused=True),)),
    ("household_elsewhere", {"household_in": ()}, (LISTED,)),
    ("outside_window", {"handed_in_on": date(2020, 9, 1)}, (LISTED,)),
    ("no_tier_fits", {"admitted_to": "专科"}, (LISTED,)),
]
"""In the order of precedence: the code, what is wrong in the form, what the comparison found (None: there was none)."""


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[code for code, _wrong, _found in WRONG])
def test_of_several_conditions_not_met_the_first_is_named(number: int) -> None:
    code, fields, found = WRONG[number]
    for _later, more, _found in WRONG[number:]:
        fields = more | fields
    known = handed_in(**fields)
    if found is not None:
        known.add(compared(*found))
    assert judged(known) == code


@pytest.mark.parametrize("handed", [date(2020, 8, 1), date(2020, 8, 31)])
@pytest.mark.parametrize("found", [LISTED, match("农村低保", "一类"), match(entitled=True), match(name_differs=True)])
def test_a_case_that_meets_every_condition_is_eligible(found: Any, handed: date) -> None:
    assert judged(handed_in(handed_in_on=handed).add(compared(found))) is None


def test_the_day_the_form_came_in_counts_where_it_bears_none() -> None:
    assert judged(handed_in(handed_in_on=None).add(compared(LISTED))) == "outside_window"


def test_one_list_that_counts_is_enough() -> None:
    assert judged(handed_in().add(compared(match("农村低保", "三类"), match(refused=True), LISTED))) is None


def test_the_newest_comparison_counts() -> None:
    assert judged(handed_in().add(compared(LISTED), compared())) == "not_on_list"


@pytest.mark.parametrize(
    ("had", "missing"),
    [
        (("申请表", "学生证复印件"), ()),
        (("申请表", "录取通知书复印件"), ()),
        (("学生证复印件",), ("申请表",)),
        ((), ("申请表", "学生证复印件/录取通知书复印件")),
    ],
)
def test_of_documents_that_stand_for_each_other_one_is_enough(had: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert missing_documents(scheme(), had) == missing


def test_documents_still_missing_block_the_review_and_those_handed_in_later_are_added() -> None:
    known = handed_in(documents=("申请表",)).add(compared(LISTED))
    known.when(REVIEW, actor="reviewer-1", at=HANDED_IN).refused("documents_missing")
    known.add(by(CLERK, CheckDocuments(application=case(), present=("录取通知书复印件",)), HANDED_IN))
    assert state(known).documents_present == ("申请表", "录取通知书复印件")
    known.when(CheckDocuments(application=case()), actor=CLERK, at=HANDED_IN).nothing()
    known.when(REVIEW, actor="reviewer-1", at=HANDED_IN).accepted()


def test_a_form_without_a_column_for_documents_has_none_until_somebody_looked() -> None:
    handed_in(documents=None).add(compared(LISTED)).when(REVIEW, actor="reviewer-1", at=HANDED_IN).refused("documents_missing")


def test_a_review_passes_nobody_who_is_not_eligible() -> None:
    handed_in(stage="专科").add(compared(LISTED)).when(REVIEW, actor="reviewer-1", at=HANDED_IN).refused("stage_not_covered")
    handed_in().when(REVIEW, actor="reviewer-1", at=HANDED_IN).refused("not_compared")


def test_an_amount_within_a_range_is_said_when_it_is_approved() -> None:
    vote = PassReview(application=case("voted"))
    known = handed_in("voted").add(by("reviewer-1", vote, HANDED_IN), by("reviewer-2", vote, HANDED_IN))
    for fen, code in ((None, "amount_needed"), (199_999, "amount_outside_range"), (450_001, "amount_outside_range")):
        known.when(ApproveAward(application=case("voted"), amount_fen=fen), actor="approver-1", at=HANDED_IN).refused(code)
    known.when(ApproveAward(application=case("voted"), amount_fen=450_000), actor="approver-1", at=HANDED_IN).accepted()


def awarded(student: str = S1) -> Given:
    """An award of the scheme whose only step beside the approval is a comparison."""
    known = handed_in("crossed", student).add(compared(LISTED, code="crossed", student=student))
    return known.add(by("approver-1", ApproveAward(application=case("crossed", student)), HANDED_IN))


def in_the_way(known: Given, day: date = date(2020, 9, 10)) -> str | None:
    found = obstacle(known.store.streams(), state(known, "crossed"), day)
    return found.code if found is not None else None


def test_a_student_whom_only_a_form_knows_is_paid_where_the_plan_asks_for_no_register() -> None:
    known = awarded()
    streams = known.store.streams()
    assert in_the_way(known) is None
    assert account_fact(streams, state(known, "crossed"), current_student(streams, S1)) == f"{case('crossed')}@1"


def resolved(right: str) -> list[Known]:
    """A list whose row about the student bears another name, and how that was resolved: crosscheck/l1@2."""
    stamp: dict[str, Any] = {"actor": "reviewer-1", "effective_on": HANDED_IN}
    received = ListReceived(
        **stamp, kind="建档立卡", unit="bureau", as_of=HANDED_IN, files=1, rows=1, accepted=1, refused=0
    )
    said = DifferenceResolved(
        **stamp, student=S1, comparison="c1", says=LISTED.says, ours=f"{case('crossed')}@1", right=right, reason=REASON  # type: ignore[arg-type]
    )
    return [("crosscheck/l1", received), ("crosscheck/l1", said)]


def test_an_award_rests_on_how_a_difference_in_its_match_was_resolved() -> None:
    known = handed_in("crossed").add(compared(match(name_differs=True), code="crossed"), resolved("ours"))
    award = known.when(ApproveAward(application=case("crossed")), actor="approver-1", at=HANDED_IN).only(AwardApproved)
    assert "crosscheck/l1@2" in award.because


def test_an_exception_rests_on_the_finding_that_the_row_is_somebody_elses() -> None:
    known = handed_in("crossed").add(compared(match(name_differs=True), code="crossed"), resolved("different-people"))
    granted = known.when(GrantException(application=case("crossed"), reason=REASON), actor="approver-1", at=HANDED_IN)
    assert "crosscheck/l1@2" in granted.only(ExceptionGranted).because


def test_somebody_known_to_have_left_is_not_paid_all_the_same() -> None:
    known = awarded().add(by("clerk-1", ChangeEnrolment(student=S1, status="退学"), date(2020, 9, 5)))
    assert in_the_way(known) == "paid_while_not_enrolled"


def test_a_suspended_award_is_not_paid_until_it_is_resumed() -> None:
    suspend = SuspendAward(application=case("crossed"), reason=REASON)
    resume = ResumeAward(application=case("crossed"))
    known = awarded()
    known.when(resume, actor="approver-1", at=HANDED_IN).refused("award_not_approved", stand="approved")
    known.add(by("approver-1", suspend, date(2020, 9, 5)))
    assert in_the_way(known) == "award_suspended"
    known.when(suspend, actor="approver-1", at=date(2020, 9, 5)).refused("award_not_approved", stand="suspended")
    before = ResumeAward(application=case("crossed"), on=date(2020, 9, 4))
    known.when(before, actor="approver-1", at=date(2020, 9, 6)).refused("dated_before_basis")
    known.add(by("approver-1", resume, date(2020, 9, 6)))
    assert in_the_way(known) is None


def test_two_students_of_one_form_sheet_are_two_cases() -> None:
    known = handed_in().add(registered(S2), by(CLERK, form(student=S2), HANDED_IN))
    assert state(known).exists and state(known, student=S2).exists


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ({"levels": ("特别困难",)}, "level_not_covered"),
        ({"admitted_to": ("专科",)}, "admission_not_covered"),
        ({"admitted_to": ("本科",)}, None),
    ],
)
def test_a_plan_may_ask_for_a_level_and_for_an_admission(conditions: dict[str, Any], code: str | None) -> None:
    known = handed_in()
    basis = basis_of(known.store.streams(), state(known))
    assert basis is not None
    found = unmet_by_person(scheme("grant").model_copy(update={"conditions": Conditions(**conditions)}), basis)
    assert (found.code if found is not None else None) == code
