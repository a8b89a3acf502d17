"""The plan's steps go in their order, by the role and level it names, by different people; who comes too early is told when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward
from mingzhang.domain.aid.facts import AwardApproved, ExceptionGranted
from mingzhang.domain.aid.procedure import next_step
from mingzhang.domain.aid.reviewing import GrantException, PassReview, RejectReview, ReturnApplication
from tests.college import S1, appointed
from tests.county import HANDED_IN, case, compared, form, handed_in, hung, match, notice_passed, scheme, state
from tests.given import Given, by, sealed

REASON = sealed(S1, reason="")
REVIEW, APPROVE = PassReview(application=case()), ApproveAward(application=case())
EXCEPT = GrantException(application=case("crossed"), reason=REASON)
AFTER_NOTICE = date(2020, 9, 9)
"""Hung up on 1 September: 2, 3, 4, 7 and 8 count."""


def waiting() -> Given:
    """Handed in and compared: the village's review comes next."""
    return handed_in().add(compared(match()))


def after_village() -> Given:
    return waiting().add(by("village-reviewer", REVIEW, HANDED_IN))


def after_notice() -> Given:
    return after_village().add(notice_passed("村公示", AFTER_NOTICE))


def after_township() -> Given:
    return after_notice().add(by("town-second", REVIEW, AFTER_NOTICE))


def stepping(known: Given, code: str = "grant") -> str:
    return next_step(state(known, code), scheme(code))[1].name


def test_each_step_leads_to_the_next_in_the_plans_order() -> None:
    found = [stepping(known()) for known in (waiting, after_village, after_notice, after_township)]
    assert found == ["村审核", "村公示", "乡镇审核", "县审批"]


@pytest.mark.parametrize(
    ("known", "code", "step"),
    [(waiting, "review_missing", "村审核"), (after_village, "notice_missing", "村公示"), (after_notice, "review_missing", "乡镇审核")],
)
def test_an_award_out_of_order_is_refused_with_the_step_that_is_missing(known: Callable[[], Given], code: str, step: str) -> None:
    known().when(APPROVE, actor="approver-1", at=AFTER_NOTICE).refused(code, step=step)


def test_who_comes_before_the_notice_is_over_is_told_the_first_day_on_which_it_can_be() -> None:
    known = after_village()
    known.when(REVIEW, actor="town-second", at=HANDED_IN).refused("notice_missing", earliest="2020-09-09")
    known.add(hung("村公示", date(2020, 9, 11)))
    known.when(REVIEW, actor="town-second", at=HANDED_IN).refused("notice_missing", earliest="2020-09-12")


def test_an_award_rests_on_every_step_that_was_taken() -> None:
    fact = after_township().when(APPROVE, actor="approver-1", at=AFTER_NOTICE).only(AwardApproved)
    assert {f"{case()}@{number}" for number in (1, 2, 4, 5, 6, 7)} <= set(fact.because)
    assert (fact.amount_fen, fact.tier) == (300_000, "t")


def test_a_step_belongs_to_its_role() -> None:
    waiting().when(REVIEW, actor="town-second", at=HANDED_IN).refused("step_needs_other_role", step="村审核", role="reviewer")


def test_a_step_of_the_township_is_not_for_the_village() -> None:
    after_notice().when(REVIEW, actor="village-second", at=AFTER_NOTICE).refused("step_needs_other_level", level="township", unit="village")


def test_somebody_higher_up_may_take_the_villages_step() -> None:
    waiting().when(REVIEW, actor="reviewer-1", at=HANDED_IN).accepted()


def test_a_village_does_not_review_for_another() -> None:
    known = handed_in(unit="other-village").add(compared(match()))
    known.when(REVIEW, actor="village-reviewer", at=HANDED_IN).refused("unit_not_covered")


def test_a_review_by_several_is_passed_when_enough_different_people_passed_it() -> None:
    vote, approve = PassReview(application=case("voted")), ApproveAward(application=case("voted"), amount_fen=300_000)
    known = handed_in("voted").add(by("reviewer-1", vote, HANDED_IN))
    assert stepping(known, "voted") == "评审组"
    known.when(approve, actor="approver-1", at=HANDED_IN).refused("review_missing", step="评审组")
    known.when(vote, actor="reviewer-1", at=HANDED_IN).refused("same_person_decided_twice", did="review")
    known.add(by("reviewer-2", vote, HANDED_IN))
    assert stepping(known, "voted") == "县审批"
    known.when(vote, actor="village-reviewer", at=HANDED_IN).refused("reviews_complete", next="县审批")


def test_whoever_took_the_form_in_decides_no_step_of_it() -> None:
    known = waiting().add(appointed("applicant-clerk-1", "reviewer", "bureau"))
    known.when(REVIEW, actor="applicant-clerk-1", at=HANDED_IN).refused("same_person_decided_twice", did="application")


def test_nothing_goes_on_before_the_lists_were_compared() -> None:
    approve = ApproveAward(application=case("crossed"))
    handed_in("crossed").when(approve, actor="approver-1", at=HANDED_IN).refused("comparison_missing", step="自动比对")


def test_whom_the_comparison_found_goes_on_by_itself() -> None:
    known = handed_in("crossed").add(compared(match(), code="crossed"))
    known.when(ApproveAward(application=case("crossed")), actor="approver-1", at=HANDED_IN).accepted()


def test_whom_no_list_names_stays_at_the_comparison_until_an_exception_is_granted() -> None:
    approve = ApproveAward(application=case("crossed"))
    known = handed_in("crossed").add(compared(code="crossed"))
    assert stepping(known, "crossed") == "自动比对"
    known.when(approve, actor="approver-1", at=HANDED_IN).refused("not_on_list")
    granted = known.when(EXCEPT, actor="approver-1", at=HANDED_IN)
    assert granted.only(ExceptionGranted).because[0] == f"{case('crossed')}@2"
    assert stepping(known, "crossed") == "县审批"


def test_whoever_granted_an_exception_does_not_approve_the_award() -> None:
    known = handed_in("crossed").add(compared(code="crossed"), by("approver-1", EXCEPT, HANDED_IN))
    known.add(appointed("approver-2", "approver", "bureau"))
    approve = ApproveAward(application=case("crossed"))
    known.when(approve, actor="approver-1", at=HANDED_IN).refused("same_person_decided_twice", did="exception")
    known.when(approve, actor="approver-2", at=HANDED_IN).accepted()


def test_an_exception_needs_a_comparison_that_found_nothing_and_a_plan_that_foresees_it() -> None:
    handed_in("crossed").when(EXCEPT, actor="approver-1", at=HANDED_IN).refused("comparison_missing")
    known = handed_in("crossed").add(compared(match(), code="crossed"))
    known.when(EXCEPT, actor="approver-1", at=HANDED_IN).refused("exception_not_needed")
    other = GrantException(application=case(), reason=REASON)
    waiting().when(other, actor="approver-1", at=HANDED_IN).refused("exception_not_foreseen")


def test_who_is_not_eligible_is_refused_at_whatever_step_the_case_stands() -> None:
    refuse = RefuseAward(application=case(), reason=REASON)
    for known in (waiting, after_village, after_notice):
        known().when(refuse, actor="approver-1", at=AFTER_NOTICE).accepted()


def test_a_returned_case_is_handed_in_anew_and_begins_again_at_its_first_step() -> None:
    known = after_notice().add(by("reviewer-1", ReturnApplication(application=case(), reason=REASON), AFTER_NOTICE))
    known.when(REVIEW, actor="town-second", at=AFTER_NOTICE).refused("application_not_open", stand="returned")
    known.add(by("applicant-clerk-1", form(), AFTER_NOTICE))
    assert (stepping(known), state(known).reviews, state(known).notices) == ("村审核", (), ())


def test_a_rejected_case_is_over() -> None:
    known = waiting().add(by("village-reviewer", RejectReview(application=case(), reason=REASON), HANDED_IN))
    known.when(REVIEW, actor="reviewer-1", at=HANDED_IN).refused("application_not_open", stand="rejected")
