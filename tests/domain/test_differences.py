"""A difference names the late facts that make it, is decided by somebody else, and rewrites nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.awarding import RevokeAward
from mingzhang.domain.aid.facts import AwardReassessed
from mingzhang.domain.aid.reassessing import ReassessAward
from mingzhang.domain.money.asked_back import ClawbackRaised
from mingzhang.domain.money.banking import ReceiveClawback
from mingzhang.domain.money.difference import DifferenceDecided, Reason, Remedy
from mingzhang.domain.money.differing import Differing, differing
from mingzhang.domain.money.preparing import PrepareBatch
from mingzhang.domain.money.settling import DecideDifference
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.student.commands import ChangeEnrolment, DetermineCategory, EndCategory
from tests.college import FIRST_TIER, GRANT, PLAN, S1, S2, SPRING, appointed, case, paid, payment, released
from tests.given import By, Given, by, given, sealed

DAY, LATER = date(2020, 5, 6), date(2020, 5, 20)
TEXT = sealed(S1, reason="synthetic")
PAY_ON = date(2020, 4, 15)
SECOND_TIER = 150_000
LEFT = by("clerk-1", ChangeEnrolment(student=S1, status="退学", on=date(2020, 4, 1)), DAY)
REVOKED = by("approver-1", RevokeAward(application=case(), reason=TEXT), DAY)
NOTHING = by("approver-1", ReassessAward(application=case(), amount_fen=0, reason=TEXT), DAY)
ABOUT = f"difference/{GRANT}/{S1}/{SPRING}"


def known(*late: By) -> Given:
    """S1 and S2 are paid; a second approver is there; then what came to be known late."""
    return given(paid(S1, S2), appointed("approver-2", "approver"), late)


def found(known: Given, student: str = S1, ended: tuple[str, ...] = ()) -> Differing:
    said = differing(known.store.streams(), GRANT, student, SPRING, LATER, ended)
    assert said is not None
    return said


def decision(known: Given, remedy: Remedy = "claw-back", student: str = S1) -> DecideDifference:
    """Of the difference as it now is."""
    seen = found(known, student)
    more: dict[str, Any] = {"difference_fen": seen.difference_fen, "reasons": seen.reasons}
    return DecideDifference(scheme=GRANT, student=student, period=SPRING, remedy=remedy, reason=TEXT, **more)


def top_ups(*students: str, batch: str = "b2") -> PrepareBatch:
    more: dict[str, Any] = {"fund": "f1", "pay_on": LATER, "students": students, "instalment": 0}
    return PrepareBatch(batch=batch, scheme=GRANT, period=SPRING, **more)


def whole_life() -> Given:
    """An award that comes down, is clawed back, and goes up again: for tests that look at every kind of fact."""
    story = known(NOTHING)
    story.add(by("approver-2", decision(story), DAY))
    story.add(by("cashier-1", ReceiveClawback(payment=payment(), amount_fen=FIRST_TIER), DAY))
    story.add(by("approver-1", ReassessAward(application=case(), tier="二档", reason=TEXT), LATER))
    story.add(by("approver-2", decision(story, "top-up"), LATER), by("preparer-1", top_ups(S1), LATER))
    return story


def test_asking_back_names_the_late_fact_and_the_payment() -> None:
    story = known(LEFT)
    left = f"student/{S1}@3"
    reason = Reason(code="paid_while_not_enrolled", says=left)
    stamp: dict[str, Any] = {"actor": "approver-2", "effective_on": LATER}
    story.when(decision(story), actor="approver-2", at=LATER).then(
        (
            ABOUT,
            DifferenceDecided(
                **stamp,
                because=(left, f"{payment()}@2"),
                scheme=GRANT,
                student=S1,
                period=SPRING,
                unit="shifan",
                remedy="claw-back",
                paid_fen=FIRST_TIER,
                asked_back_fen=0,
                due_fen=0,
                difference_fen=-FIRST_TIER,
                reasons=(reason,),
                reason=TEXT,
            ),
        ),
        (payment(), ClawbackRaised(**stamp, because=(f"{payment()}@2", f"{ABOUT}@1", left), amount_fen=FIRST_TIER, reason=TEXT)),
    )


def test_a_reassessment_says_both_amounts_and_by_which_version() -> None:
    story = known()
    command = ReassessAward(application=case(), tier="二档", reason=TEXT)
    fact = story.when(command, actor="approver-1", at=DAY).only(AwardReassessed)
    assert (fact.before_fen, fact.amount_fen, fact.before_tier, fact.tier) == (FIRST_TIER, SECOND_TIER, "建档立卡", "二档")
    assert (fact.plan_version, fact.clause) == ("2020.1", "school-tiers")
    assert {f"{case()}@3", f"plan/{PLAN}@1"} <= {*fact.because}


def test_an_award_of_nothing_stands_and_is_paid_no_more() -> None:
    state = known(NOTHING).store.state(Application, GRANT, S1, SPRING)
    assert (state.stand, state.amount_fen, state.approved_ref) == ("approved", 0, f"{case()}@3")


@pytest.mark.parametrize(
    ("late", "on", "says"),
    [
        (NOTHING, date(2020, 5, 5), f"{case()}@4"),
        (LEFT, date(2020, 4, 14), f"{payment()}@2"),  # had left before they were paid
    ],
)
def test_nothing_is_decided_before_the_late_fact_or_the_payment(late: By, on: date, says: str) -> None:
    story = known(late)
    story.when(replace(decision(story), on=on), actor="approver-2", at=LATER).refused("dated_before_basis", says=says)


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        ("surveyor-1", "role_missing"),
        ("approver-1", "same_person_decided_twice"),  # who had revoked it
    ],
)
def test_who_may_not_decide(actor: str, code: str) -> None:
    story = known(REVOKED)
    story.when(decision(story), actor=actor, at=LATER).refused(code)


def test_nobody_decides_about_their_own_family() -> None:
    story = known(LEFT, by("approver-2", DeclareInterest(staff="approver-2", student=S1), DAY))
    story.when(decision(story), actor="approver-2", at=LATER).refused("decided_on_own_family")


@pytest.mark.parametrize("actor", ["surveyor-1", "applicant-clerk-1", "reviewer-1"])
def test_whoever_had_a_hand_in_the_case_does_not_reassess_it(actor: str) -> None:
    story = known(appointed_to_approve(actor))
    story.when(ReassessAward(application=case(), amount_fen=0, reason=TEXT), actor=actor, at=LATER).refused("same_person_decided_twice")


def appointed_to_approve(actor: str) -> Any:
    return [appointed(actor, "approver")]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"difference_fen": -1}, "difference_changed"),
        ({"reasons": ()}, "difference_changed"),
        ({"remedy": "top-up"}, "remedy_differs"),
        ({"student": "s-0000000009"}, "no_difference"),
        ({"on": date(2020, 6, 1)}, "effective_in_future"),
    ],
)
def test_a_decision_about_something_else_is_refused(changed: dict[str, Any], code: str) -> None:
    story = known(LEFT)
    story.when(replace(decision(story), **changed), actor="approver-2", at=LATER).refused(code)


def test_what_was_looked_at_and_has_changed_since_is_refused() -> None:
    story = known(LEFT)
    seen = decision(story)
    story.add(NOTHING)
    story.when(seen, actor="approver-2", at=LATER).refused("difference_changed", seen_fen=-FIRST_TIER)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"tier": "建档立卡"}, "reassessment_changes_nothing"),
        ({}, "reassessment_changes_nothing"),
        ({"tier": "无"}, "tier_unknown"),
        ({"amount_fen": 5}, "amount_set_by_plan"),
        ({"amount_fen": 0, "version": "2019.1"}, "plan_version_unknown"),
        ({"amount_fen": 0, "on": date(2020, 3, 19)}, "dated_before_basis"),
    ],
)
def test_a_reassessment_that_makes_no_sense_is_refused(command: dict[str, Any], code: str) -> None:
    known().when(ReassessAward(application=case(), reason=TEXT, **command), actor="approver-1", at=DAY).refused(code)


def test_a_revoked_award_is_not_reassessed() -> None:
    known(REVOKED).when(ReassessAward(application=case(), amount_fen=0, reason=TEXT), actor="approver-1").refused("award_not_approved")


@pytest.mark.parametrize(
    ("days_from_first", "recorded_late", "again", "due_fen"),
    [
        (-1, True, False, 0),
        (0, True, False, 0),
        (1, True, False, FIRST_TIER),
        (-1, False, False, FIRST_TIER),
        (-1, True, True, FIRST_TIER),
    ],
)
def test_a_category_that_ended_before_the_period_gives_nothing(
    days_from_first: int, recorded_late: bool, again: bool, due_fen: int
) -> None:
    on = date(2020, 3, 1) + timedelta(days=days_from_first)
    steps = [by("clerk-1", EndCategory(student=S1, reason="lifted", on=on), DAY)]
    if again:
        steps.append(by("clerk-1", DetermineCategory(student=S1, categories=("低保",)), DAY))
    story = known(*steps)
    said = found(story, ended=(f"student/{S1}@3",) if recorded_late else ())
    assert (said.due_fen, said.difference_fen) == (due_fen, due_fen - FIRST_TIER)


def test_a_top_up_is_prepared_once_and_rests_on_the_decision() -> None:
    story = whole_life()
    facts = [one.fact for one in story.store.streams().stored(f"payment/{GRANT}/{S1}/{SPRING}/t1")]
    assert [(fact.topic, getattr(fact, "amount_fen", 0)) for fact in facts] == [("payment.instructed", SECOND_TIER)]
    assert f"{ABOUT}@2" in facts[0].because
    story.when(top_ups(S1, batch="b3"), actor="preparer-1", at=LATER).refused("nothing_to_pay", reasons=["no_top_up_decided"])
    assert story.add(released("b2")).store is story.store


def test_nobody_else_is_touched() -> None:
    assert found(known(LEFT), S2).difference_fen == 0
