"""Four eyes and more: whoever surveyed or applied does not decide, nobody takes two steps, nobody decides on their family."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection
from mingzhang.domain.aid.reviewing import PassReview, RejectReview
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.command import Command
from mingzhang.domain.money.preparing import CheckBatch, ReleaseBatch
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.student.commands import MergeIdentities
from mingzhang.domain.survey.entry import CorrectEntry
from tests.college import (
    GRANT,
    S1,
    S2,
    SPRING,
    applied,
    appointed,
    approved,
    case,
    checked,
    entry,
    funded,
    opened,
    prepare,
    prepared,
    registered,
    reviewed,
    surveyed,
)
from tests.given import Known, by, given, sealed

ALL_ROUND = "factotum"
SURVEY, APPLY = entry(), SubmitApplication(scheme=GRANT, student=S1, period=SPRING)
REVIEW, APPROVE = PassReview(application=case()), ApproveAward(application=case())
REASON = sealed(S1, reason="synthetic")
REJECT, REFUSE = RejectReview(application=case(), reason=REASON), RefuseAward(application=case(), reason=REASON)


def everything() -> Iterable[Known]:
    """Somebody who holds every role, so that only the different-people rules stand in the way."""
    for role in ("surveyor", "applicant-clerk", "reviewer", "approver", "preparer", "checker", "releaser", "inspector"):
        yield appointed(ALL_ROUND, role)


@pytest.mark.parametrize(
    ("did", "earlier", "then"),
    [
        ("survey", (SURVEY,), REVIEW),
        ("application", (APPLY,), REVIEW),
        ("survey", (SURVEY,), REJECT),
        ("survey", (SURVEY,), APPROVE),
        ("application", (APPLY,), APPROVE),
        ("review", (REVIEW,), APPROVE),
        ("survey", (SURVEY,), REFUSE),
        ("application", (APPLY,), REFUSE),
        ("review", (REVIEW,), REFUSE),
    ],
)
def test_nobody_decides_two_steps_of_one_case(did: str, earlier: tuple[Command, ...], then: Command) -> None:
    usual = {"RecordEntry": "surveyor-1", "SubmitApplication": "applicant-clerk-1", "PassReview": "reviewer-1"}
    steps = (SURVEY, APPLY) if then in (REVIEW, REJECT) else (SURVEY, APPLY, REVIEW)
    way = [by(ALL_ROUND if step in earlier else usual[step.name], step) for step in steps]
    known = given(opened(), everything(), registered(), way)
    known.when(then, actor=ALL_ROUND).refused("same_person_decided_twice", did=did, staff=ALL_ROUND)


def test_whoever_surveyed_may_apply() -> None:
    given(opened(), everything(), registered(), by(ALL_ROUND, SURVEY)).when(APPLY, actor=ALL_ROUND).accepted()


@pytest.mark.parametrize("command", [REVIEW, REJECT, APPROVE, REFUSE])
def test_nobody_decides_on_their_own_family(command: Command) -> None:
    actor = "reviewer-1" if command in (REVIEW, REJECT) else "approver-1"
    way = applied() if actor == "reviewer-1" else reviewed()
    known = given(opened(), way, by(actor, DeclareInterest(staff=actor, student=S1)))
    known.when(command, actor=actor).refused("decided_on_own_family", student=S1)


@pytest.mark.parametrize("declared", [S1, S2])
def test_a_merged_file_is_still_family(declared: str) -> None:
    merge = MergeIdentities(student=S2, other=S1, reason=REASON)
    interest = DeclareInterest(staff="approver-1", student=declared)
    known = given(opened(), registered(S2), reviewed(), by("clerk-1", merge), by("approver-1", interest))
    known.when(APPROVE, actor="approver-1").refused("decided_on_own_family")


def test_nobody_decides_an_objection_about_their_own_family() -> None:
    raised = RaiseObjection(objection="o1", application=case(), statement=REASON)
    interest = DeclareInterest(staff="approver-1", student=S1)
    known = given(opened(), applied(), by("inspector-1", raised), by("approver-1", interest))
    known.when(DismissObjection(objection="o1", finding=REASON), actor="approver-1").refused("decided_on_own_family")


def test_whoever_took_an_objection_down_does_not_decide_it() -> None:
    raised = RaiseObjection(objection="o1", application=case(), statement=REASON)
    known = given(opened(), everything(), applied(), by(ALL_ROUND, raised))
    known.when(DismissObjection(objection="o1", finding=REASON), actor=ALL_ROUND).refused("same_person_decided_twice", did="objection")


def batch_ready() -> Iterable[Known]:
    yield from opened()
    yield from everything()
    yield from approved()
    yield from funded()


def test_whoever_prepared_a_batch_does_not_check_it() -> None:
    known = given(batch_ready(), by(ALL_ROUND, prepare(S1)))
    known.when(CheckBatch(batch="b1"), actor=ALL_ROUND).refused("same_person_decided_twice", did="prepare", step="check")


def test_whoever_prepared_a_batch_does_not_release_it() -> None:
    known = given(batch_ready(), by(ALL_ROUND, prepare(S1)), checked())
    known.when(ReleaseBatch(batch="b1"), actor=ALL_ROUND).refused("same_person_decided_twice", did="prepare", step="release")


def test_whoever_checked_a_batch_does_not_release_it() -> None:
    known = given(batch_ready(), prepared(S1), by(ALL_ROUND, CheckBatch(batch="b1")))
    known.when(ReleaseBatch(batch="b1"), actor=ALL_ROUND).refused("same_person_decided_twice", did="check", step="release")


@pytest.mark.parametrize("actor", ["checker-1", "releaser-1"])
def test_nobody_passes_a_batch_that_pays_their_own_family(actor: str) -> None:
    interest = by(actor, DeclareInterest(staff=actor, student=S1))
    known = given(batch_ready(), prepared(S1), interest, checked() if actor == "releaser-1" else ())
    command: Command = CheckBatch(batch="b1") if actor == "checker-1" else ReleaseBatch(batch="b1")
    known.when(command, actor=actor).refused("decided_on_own_family")


def test_an_entry_corrected_by_somebody_makes_them_a_surveyor_of_it() -> None:
    right = CorrectEntry(round=SPRING, student=S1, after=(("level", "困难"),), account_given=True, person=sealed(S1))
    known = given(opened(), everything(), surveyed(), by(ALL_ROUND, right), by("applicant-clerk-1", APPLY))
    known.when(REVIEW, actor=ALL_ROUND).refused("same_person_decided_twice", did="survey")
