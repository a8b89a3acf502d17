"""What changed while a case was on its way counts: a plan amended, a list withdrawn, a form handed in anew, a person erased."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.aid.appeal import DecideAppeal, RaiseAppeal
from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward, RevokeAward
from mingzhang.domain.aid.notice import CompleteNotice
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection, UpholdObjection
from mingzhang.domain.aid.reviewing import GrantException, PassReview, ReturnApplication
from mingzhang.domain.crosscheck.comparing import CompareCase
from mingzhang.domain.crosscheck.crosscheck import ResolveDifference
from mingzhang.domain.crosscheck.facts import DifferenceResolved, Finding, ListCompared, ListReceived, ListWithdrawn
from mingzhang.domain.facts import Fact
from mingzhang.domain.plan.adoption import AmendPlan, PlanAmended, RepealPlan
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.student.facts import PersonErased
from tests.college import GRANT, PLAN, S1, SPRING, adopted, applied, appointed, approved, case, opened, reviewed, sha, unit
from tests.county import HANDED_IN, county, form, handed_in, match, registered
from tests.county import PLAN as COUNTY
from tests.county import TEXT as COUNTY_PLAN
from tests.county import case as county_case
from tests.county import compared as says
from tests.county import state as county_state
from tests.given import Given, Known, by, given, sealed
from tests.notices import DONE, POSTED, hanging, post, public_house

REASON = sealed("t-1", text="")
CROSSED = county_case("crossed")
LATER = date(2020, 9, 10)
ERASED: tuple[str, Fact] = (f"student/{S1}", PersonErased(actor="founder", effective_on=date(2020, 3, 17), reason="requested"))


# --- the plan


def with_first_step(since: date) -> tuple[str, Fact]:
    """The county's plan with one more review in front of those of the committee's scheme."""
    new = '    { kind = "review", name = "村评议", role = "reviewer" },\n'
    text = COUNTY_PLAN.replace('    { kind = "review", name = "评审组"', new + '    { kind = "review", name = "评审组"')
    fact = PlanAmended(actor="founder", effective_on=since, code=COUNTY, plan_version="2", text=text, sha256=sha(text), reason=REASON)
    return f"plan/{COUNTY}", fact


def test_a_review_counts_for_the_step_it_was_passed_at_also_where_an_amendment_put_another_before_it() -> None:
    vote = PassReview(application=county_case("voted"))
    known = handed_in("voted").add(by("reviewer-1", vote, HANDED_IN), by("reviewer-2", vote, HANDED_IN))
    known.add(with_first_step(date(2020, 9, 5)))
    approve = ApproveAward(application=county_case("voted"), amount_fen=200_000)
    known.when(approve, actor="approver-1", at=LATER).refused("review_missing", step="村评议")
    known.add(by("village-reviewer", vote, LATER))
    known.when(approve, actor="approver-1", at=LATER).accepted()


def test_a_repealed_plan_is_not_brought_back_by_an_amendment() -> None:
    known = given(opened(), by("administrator-1", RepealPlan(plan=PLAN, reason=REASON), date(2020, 4, 1)))
    text = str(adopted()[1].text).replace('version = "2020.1"', 'version = "2020.2"')  # type: ignore[attr-defined]
    known.when(AmendPlan(text=text, reason=REASON), actor="administrator-1", at=date(2020, 5, 1)).refused("plan_repealed")


# --- a form handed in anew


def sent_back(known: Given) -> Given:
    return known.add(by("reviewer-1", ReturnApplication(application=CROSSED, reason=REASON), date(2020, 9, 3)))


def test_a_form_handed_in_anew_is_compared_anew() -> None:
    known = sent_back(handed_in("crossed").add(says(match(), code="crossed")))
    known.add(by("applicant-clerk-1", form("crossed"), date(2020, 9, 4)))
    known.when(ApproveAward(application=CROSSED), actor="approver-1", at=LATER).refused("comparison_missing")


def test_an_exception_holds_for_the_form_it_was_granted_for() -> None:
    known = handed_in("crossed").add(says(code="crossed"))
    known = sent_back(known.add(by("approver-1", GrantException(application=CROSSED, reason=REASON), HANDED_IN)))
    known.add(by("applicant-clerk-1", form("crossed"), date(2020, 9, 4)), says(code="crossed"))
    assert (county_state(known, "crossed").exception_ref, county_state(known, "crossed").granted_by) == ("", "")
    known.when(ApproveAward(application=CROSSED), actor="approver-1", at=LATER).refused("not_on_list")


def test_nothing_is_handed_in_anew_before_it_was_sent_back() -> None:
    known = sent_back(handed_in("crossed"))
    early = form("crossed", on=date(2020, 9, 2))
    known.when(early, actor="applicant-clerk-1", at=LATER).refused("dated_before_basis", since="2020-09-03")


def test_a_form_is_not_handed_in_on_a_day_to_come() -> None:
    known = given(county(), registered())
    known.when(form(handed_in_on=date(2020, 9, 2)), actor="applicant-clerk-1", at=HANDED_IN).refused("effective_in_future")


# --- what the lists say


def list_received() -> tuple[str, Fact]:
    fact = ListReceived(
        actor="founder", effective_on=HANDED_IN, kind="建档立卡", unit="bureau", as_of=HANDED_IN, files=1, rows=1, accepted=1, refused=0
    )
    return "crosscheck/l1", fact


def test_an_award_does_not_rest_on_a_list_that_was_withdrawn() -> None:
    known = handed_in("crossed").add(list_received(), says(match(), code="crossed"))
    known.add(("crosscheck/l1", ListWithdrawn(actor="founder", effective_on=HANDED_IN, corrects="crosscheck/l1@1", reason=REASON)))
    known.when(ApproveAward(application=CROSSED), actor="approver-1", at=LATER).refused("not_on_list")


def test_an_award_does_not_rest_on_a_row_found_to_be_somebody_else() -> None:
    known = handed_in("crossed").add(list_received(), says(match(name_differs=True), code="crossed"))
    assert known.when(ApproveAward(application=CROSSED), actor="approver-1", at=LATER).accepted()
    known = handed_in("crossed").add(list_received(), says(match(name_differs=True), code="crossed"), parted())
    known.when(ApproveAward(application=CROSSED), actor="approver-1", at=LATER).refused("not_on_list")


def parted() -> tuple[str, Fact]:
    fact = DifferenceResolved(
        actor="founder", effective_on=HANDED_IN, student=S1, comparison="c1", says=f"listing/l1/{S1}@1", ours=f"{CROSSED}@1",
        right="different-people", reason=REASON,
    )  # fmt: skip
    return "crosscheck/l1", fact


def comparison(*matches: object) -> tuple[str, Fact]:
    finding = Finding(student=S1, basis=f"{CROSSED}@1", matches=matches)  # type: ignore[arg-type]
    fact = ListCompared(
        actor="founder", effective_on=HANDED_IN, against=f"scheme/{COUNTY}.crossed/2020", lists=("l1",), kinds=("建档立卡",), students=1,
        matched=1, unmatched=0, differing=0, findings=(finding,),
    )  # fmt: skip
    return "crosscheck/c1", fact


def test_nothing_is_written_into_a_case_but_what_the_comparison_found() -> None:
    known = handed_in("crossed").add(list_received(), comparison())
    write = CompareCase(application=CROSSED, comparison="c1", lists=("l1",), matches=(match(),))
    known.when(write, actor="clerk-1", at=LATER).refused("comparison_differs")


def test_a_difference_about_ones_own_family_is_resolved_by_somebody_else() -> None:
    known = handed_in("crossed").add(list_received(), comparison(match(name_differs=True)))
    known.add(by("clerk-1", DeclareInterest(staff="clerk-1", student=S1), HANDED_IN))
    resolve = ResolveDifference(comparison="c1", crosscheck="l1", student=S1, right="ours", reason=REASON)
    known.when(resolve, actor="clerk-1", at=LATER).refused("decided_on_own_family")


# --- days


def test_no_step_is_dated_before_the_comparison_it_rests_on() -> None:
    known = handed_in("crossed")
    stream, fact = says(match(), code="crossed")
    known.add((stream, fact.model_copy(update={"effective_on": date(2020, 9, 8)})))
    early = ApproveAward(application=CROSSED, on=date(2020, 9, 7))
    known.when(early, actor="approver-1", at=LATER).refused("dated_before_basis", since="2020-09-08")


def test_no_award_is_dated_before_the_exception_it_rests_on() -> None:
    known = handed_in("crossed").add(says(code="crossed"), appointed("approver-2", "approver", "bureau"))
    known.add(by("approver-1", GrantException(application=CROSSED, reason=REASON), date(2020, 9, 8)))
    early = ApproveAward(application=CROSSED, on=date(2020, 9, 7))
    known.when(early, actor="approver-2", at=LATER).refused("dated_before_basis", since="2020-09-08")


def objected(since: date, until: date) -> list[Known]:
    objection = RaiseObjection(objection="o1", application=case(), statement=REASON)
    return [by("clerk-1", objection, since), by("inspector-1", DismissObjection(objection="o1", finding=REASON), until)]


def test_no_award_is_dated_into_the_days_on_which_an_objection_held_it() -> None:
    known = given(opened(), reviewed(), objected(date(2020, 3, 19), date(2020, 3, 24)))
    early = ApproveAward(application=case(), on=date(2020, 3, 20))
    known.when(early, actor="approver-1", at=date(2020, 3, 25)).refused("dated_before_basis", since="2020-03-24")


def test_a_case_does_not_pass_its_notice_before_it_was_freed() -> None:
    known = hanging(S1).add(by("clerk-1", RaiseObjection(objection="o1", application=case(), statement=REASON), POSTED))
    known.add(by("clerk-1", CompleteNotice(notice="n1"), DONE))
    known.add(by("inspector-1", DismissObjection(objection="o1", finding=REASON), date(2020, 4, 20)))
    again = CompleteNotice(notice="n1", on=date(2020, 4, 12))
    known.when(again, actor="clerk-1", at=date(2020, 4, 21)).refused("dated_before_basis", since="2020-04-20")


# --- people


def test_no_step_is_taken_about_somebody_erased() -> None:
    given(opened(), applied(), ERASED).when(PassReview(application=case()), actor="reviewer-1").refused("person_erased", student=S1)


def test_no_notice_shows_somebody_erased() -> None:
    known = given(public_house(), reviewed(), ERASED)
    known.when(post(), actor="clerk-1", at=POSTED).refused("person_erased", student=S1)


def test_an_office_takes_a_step_at_the_level_of_its_house_and_no_higher() -> None:
    text = COUNTY_PLAN.replace('name = "评审组", role = "reviewer"', 'name = "评审组", role = "reviewer", level = "bureau"')
    fact = PlanAmended(
        actor="founder", effective_on=date(2020, 1, 2), code=COUNTY, plan_version="2", text=text, sha256=sha(text), reason=REASON
    )
    known = given(county(), (f"plan/{COUNTY}", fact), unit("town-office", "town", "office"), unit("bureau-office", "bureau", "office"))
    known.add(registered(), by("applicant-clerk-1", form("voted", unit="town-office"), HANDED_IN))
    known.add(appointed("low", "reviewer", "town-office"))
    vote = PassReview(application=county_case("voted"))
    known.when(vote, actor="low", at=HANDED_IN).refused("step_needs_other_level")
    known.when(vote, actor="reviewer-1", at=HANDED_IN).accepted()


@pytest.mark.parametrize(("staff", "did"), [("reviewer-1", "review"), ("applicant-clerk-1", "application"), ("surveyor-1", "survey")])
def test_whoever_had_a_hand_in_the_case_does_not_decide_an_objection_to_it(staff: str, did: str) -> None:
    objection = RaiseObjection(objection="o1", application=case(), statement=REASON)
    known = given(opened(), approved(), appointed(staff, "approver"), by("clerk-1", objection, date(2020, 3, 21)))
    decide = UpholdObjection(objection="o1", finding=REASON)
    known.when(decide, actor=staff).refused("same_person_decided_twice", did=did)


# --- appeals


def test_a_decision_is_appealed_against_once_under_whatever_number() -> None:
    known = given(opened(), reviewed(), by("approver-1", RefuseAward(application=case(), reason=REASON)))
    first = RaiseAppeal(objection="a1", application=case(), statement=REASON)
    known.add(by("clerk-1", first, date(2020, 4, 1)))
    known.add(by("inspector-1", DecideAppeal(objection="a1", granted=False, finding=REASON), date(2020, 4, 2)))
    again = RaiseAppeal(objection="a2", application=case(), statement=REASON)
    known.when(again, actor="clerk-1", at=date(2020, 4, 3)).refused("appeal_exists", objection="a1")


def test_a_granted_appeal_undoes_its_own_decision_and_no_other() -> None:
    """The award was revoked for another reason before the objection was upheld: that stays."""
    objection = RaiseObjection(objection="o1", application=case(), statement=REASON)
    known = given(opened(), approved(), appointed("inspector-2", "inspector"), by("clerk-1", objection, date(2020, 4, 1)))
    known.add(by("approver-1", RevokeAward(application=case(), reason=REASON), date(2020, 4, 2)))
    known.add(by("inspector-1", UpholdObjection(objection="o1", finding=REASON), date(2020, 4, 3)))
    known.add(by("clerk-1", RaiseAppeal(objection="o1", application=case(), statement=REASON), date(2020, 4, 4)))
    decide = DecideAppeal(objection="o1", granted=True, finding=REASON)
    outcome = known.when(decide, actor="inspector-2", at=date(2020, 4, 5))
    assert outcome.topics() == ["objection.appeal_decided", "case.freed"]


def test_an_award_that_stands_again_is_as_suspended_as_it_was() -> None:
    from mingzhang.domain.aid.application import Application
    from mingzhang.domain.aid.awarding import SuspendAward

    known = given(opened(), approved(), by("approver-1", SuspendAward(application=case(), reason=REASON), date(2020, 4, 1)))
    known.add(by("approver-1", RevokeAward(application=case(), reason=REASON), date(2020, 4, 2)))
    known.add(by("clerk-1", RaiseAppeal(objection="a1", application=case(), statement=REASON), date(2020, 4, 3)))
    known.add(by("inspector-1", DecideAppeal(objection="a1", granted=True, finding=REASON), date(2020, 4, 4)))
    assert known.store.state(Application, GRANT, S1, SPRING).stand == "suspended"
