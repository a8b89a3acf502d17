"""One application for a scheme, student and period, through the plan's steps in their order, until an objection holds it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward, RevokeAward
from mingzhang.domain.aid.facts import ApplicationSubmitted, AwardApproved, AwardRevoked, CaseFreed, CaseHeld, ReviewPassed, ReviewRejected
from mingzhang.domain.aid.objection import (
    DismissObjection,
    Objection,
    ObjectionDismissed,
    ObjectionRaised,
    ObjectionUpheld,
    RaiseObjection,
    UpholdObjection,
)
from mingzhang.domain.aid.reviewing import PassReview, RejectReview, ReturnApplication
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.command import Command
from mingzhang.domain.student.commands import ChangeEnrolment, MergeIdentities
from mingzhang.domain.survey.entry import CorrectEntry, WithdrawEntry
from tests.college import GRANT, PLAN, S1, S2, SPRING, applied, appointed, approved, case, entry, opened, registered, reviewed, surveyed
from tests.given import by, given, sealed

DAY = date(2020, 3, 25)
REASON = sealed(S1, reason="synthetic")
APPLY = SubmitApplication(scheme=GRANT, student=S1, period=SPRING)
REVIEW, APPROVE = PassReview(application=case()), ApproveAward(application=case())
REJECT = RejectReview(application=case(), reason=REASON)
RETURN = ReturnApplication(application=case(), reason=REASON)
MERGE = MergeIdentities(student=S1, other=S2, reason=REASON)
OBJECT = RaiseObjection(objection="o1", application=case(), statement=REASON)


def stamp(actor: str, *because: str) -> dict[str, Any]:
    return {"actor": actor, "effective_on": DAY, "because": because}


def test_an_application_rests_on_the_newest_fact_of_the_entry() -> None:
    fact = ApplicationSubmitted(
        **stamp("applicant-clerk-1", f"entry/{SPRING}/{S1}@1", f"student/{S1}@1", f"plan/{PLAN}@1"),
        scheme=GRANT,
        student=S1,
        period=SPRING,
        unit="shifan",
        basis=f"entry/{SPRING}/{S1}@1",
    )
    given(opened(), surveyed()).when(APPLY, actor="applicant-clerk-1").then((case(), fact))


@pytest.mark.parametrize("way", [applied, reviewed, approved])
def test_a_second_application_meets_the_first(way: object) -> None:
    given(opened(), way()).when(APPLY, actor="applicant-clerk-1").refused("application_exists", application=case())  # type: ignore[operator]


@pytest.mark.parametrize("period", ["2020", "2019-2020", "once"])
def test_another_kind_of_period_does_not_evade_the_first_application(period: str) -> None:
    command = SubmitApplication(scheme=GRANT, student=S1, period=period)
    given(opened(), applied()).when(command, actor="applicant-clerk-1").refused("period_kind_differs", wanted="term")


@pytest.mark.parametrize(("first", "second"), [(S1, S2), (S2, S1)])
def test_a_merged_file_meets_the_application_of_the_other(first: str, second: str) -> None:
    known = given(opened(), applied(first), surveyed(second), by("clerk-1", MERGE))
    command = SubmitApplication(scheme=GRANT, student=second, period=SPRING)
    known.when(command, actor="applicant-clerk-1").refused("application_exists", application=case(first))


@pytest.mark.parametrize(("first", "second"), [(S1, S2), (S2, S1)])
def test_of_two_applications_of_one_person_one_becomes_an_award(first: str, second: str) -> None:
    known = given(opened(), reviewed(first), reviewed(second), by("clerk-1", MERGE))
    known.add(by("approver-1", ApproveAward(application=case(first))))
    known.when(ApproveAward(application=case(second)), actor="approver-1").refused("application_exists", application=case(first))


def test_nobody_whom_the_round_does_not_name_can_apply() -> None:
    given(opened(), registered()).when(APPLY, actor="applicant-clerk-1").refused("not_surveyed")


def test_a_withdrawn_entry_is_no_basis() -> None:
    known = given(opened(), surveyed(), by("clerk-1", WithdrawEntry(round=SPRING, student=S1, reason=REASON)))
    known.when(APPLY, actor="applicant-clerk-1").refused("entry_withdrawn")


def test_a_case_whose_entry_was_withdrawn_can_be_rejected_but_not_passed() -> None:
    known = given(opened(), applied(), by("clerk-1", WithdrawEntry(round=SPRING, student=S1, reason=REASON)))
    known.when(REVIEW, actor="reviewer-1").refused("entry_withdrawn")
    known.when(REJECT, actor="reviewer-1").accepted()


def test_a_review_names_its_step_and_its_place() -> None:
    fact = ReviewPassed(
        **stamp("reviewer-1", f"{case()}@1", f"entry/{SPRING}/{S1}@1", f"plan/{PLAN}@1"),
        step="学生处审核",
        number=0,
        acting_role="reviewer",
        acting_unit="college",
    )
    given(opened(), applied()).when(REVIEW, actor="reviewer-1").then((case(), fact))


def test_no_award_without_its_review() -> None:
    given(opened(), applied()).when(APPROVE, actor="approver-1").refused("review_missing", step="学生处审核", role="reviewer")


@pytest.mark.parametrize("command", [REVIEW, REJECT])
def test_a_review_too_many_is_refused(command: Command) -> None:
    known = given(opened(), reviewed(), appointed("reviewer-2", "reviewer"))
    known.when(command, actor="reviewer-2").refused("reviews_complete", next="领导小组审批")


@pytest.mark.parametrize("command", [REVIEW, REJECT])
def test_another_reviewers_step_is_not_ones_own(command: Command) -> None:
    known = given(opened(), applied())
    known.when(command, actor="second-reviewer-1").refused("step_needs_other_role", role="reviewer")


def test_a_rejected_case_is_closed() -> None:
    known = given(opened(), applied())
    assert known.when(REJECT, actor="reviewer-1").only(ReviewRejected).step == "学生处审核"
    known.when(REVIEW, actor="reviewer-1").refused("application_not_open", stand="rejected")


def test_a_returned_application_is_submitted_anew_and_reviewed_anew() -> None:
    known = given(opened(), reviewed(), by("approver-1", RETURN))
    state = known.when(APPLY, actor="applicant-clerk-1").accepted().state(Application, GRANT, S1, SPRING)
    assert (state.stand, state.reviews) == ("submitted", ())
    known.when(APPROVE, actor="approver-1").refused("review_missing")


def test_a_returned_application_is_not_decided_meanwhile() -> None:
    given(opened(), reviewed(), by("approver-1", RETURN)).when(APPROVE, actor="approver-1").refused(
        "application_not_open", stand="returned"
    )


def test_a_refused_award_stays_refused() -> None:
    known = given(opened(), reviewed(), by("approver-1", RefuseAward(application=case(), reason=REASON)))
    known.when(APPROVE, actor="approver-1").refused("application_not_open", stand="refused")


def test_only_an_award_can_be_revoked() -> None:
    revoke = RevokeAward(application=case(), reason=REASON)
    known = given(opened(), reviewed())
    known.when(revoke, actor="approver-1").refused("award_not_approved", stand="submitted")
    known.add(by("approver-1", APPROVE))
    assert known.when(revoke, actor="approver-1").only(AwardRevoked).because == (f"{case()}@3",)


def test_the_award_follows_the_entry_as_it_is_when_decided() -> None:
    right = CorrectEntry(round=SPRING, student=S1, after=(("categories", ("低保",)),), account_given=True, person=sealed(S1))
    known = given(opened(), reviewed(), by("clerk-1", right))
    outcome = known.when(APPROVE, actor="approver-1")
    assert outcome.state(Application, GRANT, S1, SPRING).amount_fen == 150_000


def test_a_grant_is_judged_on_the_day_it_is_paid_not_on_the_day_it_is_approved() -> None:
    leave = by("clerk-1", ChangeEnrolment(student=S1, status="休学", on=date(2020, 3, 20)))
    approved = given(opened(), reviewed(), leave).when(APPROVE, actor="approver-1").only(AwardApproved)
    assert f"student/{S1}@3" in approved.because


@pytest.mark.parametrize("reference", ["grant/x", f"application/{GRANT}/{S1}/", f"{GRANT}/{S1}/{SPRING}/1"])
def test_a_reference_that_names_no_application_is_refused(reference: str) -> None:
    given(opened(), applied()).when(PassReview(application=reference), actor="reviewer-1").refused("reference_malformed")


def test_an_unknown_application_is_refused() -> None:
    given(opened()).when(REVIEW, actor="reviewer-1").refused("application_unknown")


def test_an_objection_holds_the_case_in_the_same_transaction() -> None:
    raised = ObjectionRaised(**stamp("inspector-1", f"{case()}@2"), application=case(), statement=REASON)
    held = CaseHeld(**stamp("inspector-1", "objection/o1@1"), objection="o1")
    given(opened(), reviewed()).when(OBJECT, actor="inspector-1").then(("objection/o1", raised), (case(), held))


@pytest.mark.parametrize("command", [REVIEW, REJECT, APPROVE, RefuseAward(application=case(), reason=REASON), RETURN])
def test_a_held_case_is_not_decided(command: Command) -> None:
    actor = "reviewer-1" if command in (REVIEW, REJECT) else "approver-1"
    known = given(opened(), reviewed(), by("inspector-1", OBJECT))
    known.when(command, actor=actor).refused("case_held", objections=["o1"])


def test_an_objection_about_one_case_does_not_hold_another() -> None:
    known = given(opened(), reviewed(S1), reviewed(S2), by("inspector-1", OBJECT))
    known.when(ApproveAward(application=case(S2)), actor="approver-1").accepted()


def test_a_dismissed_objection_frees_the_case() -> None:
    dismissed = ObjectionDismissed(**stamp("approver-1", "objection/o1@1"), application=case(), finding=REASON)
    freed = CaseFreed(**stamp("approver-1", "objection/o1@2"), objection="o1")
    known = given(opened(), reviewed(), by("inspector-1", OBJECT), appointed("approver-2", "approver"))
    known.when(DismissObjection(objection="o1", finding=REASON), actor="approver-1").then(("objection/o1", dismissed), (case(), freed))
    known.when(APPROVE, actor="approver-2").accepted()


def test_two_objections_hold_until_both_are_decided() -> None:
    second = RaiseObjection(objection="o2", application=case(), statement=REASON)
    known = given(opened(), reviewed(), by("inspector-1", OBJECT), by("inspector-1", second))
    known.add(by("approver-1", DismissObjection(objection="o1", finding=REASON)))
    known.when(APPROVE, actor="approver-1").refused("case_held", objections=["o2"])


def test_an_objection_that_was_right_revokes_the_award_with_it() -> None:
    known = given(opened(), approved(), by("clerk-1", OBJECT))
    outcome = known.when(UpholdObjection(objection="o1", finding=REASON), actor="inspector-1", at=DAY)
    upheld = ObjectionUpheld(**stamp("inspector-1", "objection/o1@1"), application=case(), finding=REASON)
    revoked = AwardRevoked(**stamp("inspector-1", "objection/o1@2", f"{case()}@3"), reason=REASON)
    outcome.then(("objection/o1", upheld), (case(), revoked))
    assert outcome.state(Application, GRANT, S1, SPRING).held_by == ("o1",)


@pytest.mark.parametrize("command", [DismissObjection(objection="o1", finding=REASON), UpholdObjection(objection="o1", finding=REASON)])
def test_an_objection_is_decided_once(command: Command) -> None:
    known = given(opened(), reviewed(), by("inspector-1", OBJECT), by("approver-1", DismissObjection(objection="o1", finding=REASON)))
    known.when(command, actor="approver-1").refused("objection_not_open")
    assert not known.store.state(Objection, "o1").open


def test_an_objection_is_raised_once_under_one_number() -> None:
    given(opened(), reviewed(), by("inspector-1", OBJECT)).when(OBJECT, actor="inspector-1").refused("objection_exists")


def test_an_objection_to_a_closed_case_is_refused() -> None:
    given(opened(), applied(), by("reviewer-1", REJECT)).when(OBJECT, actor="inspector-1").refused("application_not_open")


def test_an_objection_is_decided_by_somebody_whose_unit_covers_the_case() -> None:
    known = given(opened(), reviewed(), by("inspector-1", OBJECT), appointed("approver-2", "approver", "zongzhi"))
    known.when(DismissObjection(objection="o1", finding=REASON), actor="approver-2").refused("unit_not_covered")


def test_a_returned_application_stays_held() -> None:
    known = given(opened(), reviewed(), by("approver-1", RETURN), by("inspector-1", OBJECT), by("applicant-clerk-1", APPLY))
    known.when(REVIEW, actor="reviewer-1").refused("case_held")


def test_an_entry_in_another_unit_is_another_units_business() -> None:
    known = given(opened(), registered(), by("surveyor-1", entry(unit="zongzhi")), appointed("applicant-2", "applicant-clerk", "shifan"))
    known.when(APPLY, actor="applicant-2").refused("unit_not_covered", units=["zongzhi"])


def test_whoever_holds_two_reviewing_roles_acts_in_the_one_the_step_asks_for() -> None:
    both = appointed("both-1", "second-reviewer"), appointed("both-1", "reviewer")
    passed = given(opened(), both, applied()).when(PassReview(application=case()), actor="both-1").only(ReviewPassed)
    assert passed.acting_role == "reviewer"
