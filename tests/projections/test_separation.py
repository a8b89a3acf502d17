"""Whoever had a hand in a case before, or is family, and judged it all the same is found by what is known now, whatever was known then."""

from __future__ import annotations

from typing import Any

import pytest

from mingzhang.domain.aid.facts import ApplicationReturned, AwardRefused, ExceptionGranted, FormRecorded
from mingzhang.domain.aid.objection import AppealDecided, ObjectionDismissed, ObjectionRaised, ObjectionUpheld
from mingzhang.domain.loan.loan import LoanApplied, LoanApproved, LoanDisbursed
from mingzhang.domain.money.batch import BatchChecked, BatchReleased
from mingzhang.domain.staff import InterestDeclared, StaffKeyEnrolled
from mingzhang.domain.student.facts import IdentityMergedInto, IdentitySplit
from mingzhang.projections.finding import Finding
from mingzhang.projections.findings import findings
from tests.college import GRANT, S1, S2, SPRING
from tests.given import sealed
from tests.projections.recorded import (
    Event,
    Recorded,
    approved,
    day,
    entry,
    instructed,
    paid,
    prepared,
    reviewed,
    submitted,
)

CASE = f"application/{GRANT}/{S1}/{SPRING}"
END = day(6, 30)
REASON = sealed("t-1", text="synthetic")


def of(actor: str, event: Event) -> Event:
    return event[0], event[1].model_copy(update={"actor": actor})


def said(actor: str, on: Any, *because: str) -> dict[str, Any]:
    return {"actor": actor, "effective_on": on, "because": because}


def found(log: Recorded, rule: str, known_at: int | None = None) -> list[Finding]:
    with log.view(END, known_at) as view:
        return findings(view, log.journal, (rule,))


def twice(log: Recorded, known_at: int | None = None) -> list[Finding]:
    return found(log, "same_person_decided_twice", known_at)


def family(log: Recorded, known_at: int | None = None) -> list[Finding]:
    return found(log, "decided_on_own_family", known_at)


def clean(student: str = S1) -> list[Event]:
    """A case of one student in which everybody did one thing."""
    return [
        of("surveyor", entry(student)), of("applicant", submitted(student)), of("reviewer", reviewed(student)),
        of("approver", approved(student)),
    ]  # fmt: skip


def money(student: str = S1) -> list[Event]:
    return [of("preparer", instructed(student)), of("cashier", paid(student))]


def merged(given_up: str = S2, survivor: str = S1) -> Event:
    return f"student/{given_up}", IdentityMergedInto(**said("clerk", day(6, 1)), survivor=survivor)


def declared(staff: str, student: str = S1) -> Event:
    return f"staff/{staff}", InterestDeclared(**said(staff, day(6, 1)), student=student)


def keyed(staff: str, public_key: str) -> Event:
    return f"staff/{staff}", StaffKeyEnrolled(**said("administrator", day(1, 1)), public_key=public_key, key="k-1", issued_by="office")


def test_a_case_of_different_people_is_no_finding(log: Recorded) -> None:
    log.record(*clean(), *money())
    assert twice(log) == family(log) == []


@pytest.mark.parametrize(
    ("events", "did", "step"),
    [
        pytest.param([of("x", entry(S1)), of("a", submitted(S1)), of("x", reviewed(S1))], "survey", "review", id="surveyed, reviewed"),
        pytest.param([of("s", entry(S1)), of("x", submitted(S1)), of("x", approved(S1))], "submitted", "approval", id="applied, approved"),
        pytest.param([of("a", submitted(S1)), of("x", reviewed(S1)), of("x", reviewed(S1))], "review", "review", id="reviewed, reviewed"),
        pytest.param([of("a", submitted(S1)), of("x", reviewed(S1)), of("x", approved(S1))], "review", "approval", id="reviewed, approved"),
        pytest.param(
            [of("a", submitted(S1)), (CASE, ExceptionGranted(**said("x", day(3, 19)), reason=REASON)), of("x", approved(S1))],
            "exception", "approval", id="excepted, approved",
        ),
        pytest.param(
            [of("a", submitted(S1)), of("x", reviewed(S1)), (CASE, AwardRefused(**said("x", day(3, 19)), reason=REASON))],
            "review", "refused", id="reviewed, refused",
        ),
        pytest.param(
            [of("a", submitted(S1)), of("x", approved(S1)),
             ("objection/o1", ObjectionDismissed(**said("x", day(4, 1)), application=CASE, finding=REASON))],
            "approval", "decided", id="approved, objection decided",
        ),
        pytest.param(
            [of("a", submitted(S1)), ("objection/o1", ObjectionRaised(**said("x", day(4, 1)), application=CASE, statement=REASON)),
             ("objection/o1", ObjectionDismissed(**said("x", day(4, 1)), application=CASE, finding=REASON))],
            "taken", "decided", id="objection taken down, decided",
        ),
        pytest.param(
            [of("a", submitted(S1)), (CASE, AwardRefused(**said("x", day(3, 19)), reason=REASON)),
             ("objection/o1", AppealDecided(**said("x", day(4, 1)), application=CASE, granted=True, finding=REASON))],
            "refused", "appeal", id="refused, appeal decided",
        ),
    ],
)  # fmt: skip
def test_one_person_twice_in_a_case_is_found(log: Recorded, events: list[Event], did: str, step: str) -> None:
    refs = log.record(*events)
    [one] = twice(log)
    assert (one.subject, one.facts["staff"], one.facts["did"], one.facts["step"]) == (S1, "x", did, step)
    assert set(one.events) <= set(refs) and len(one.events) == 2
    assert (one.severity, one.known_at_payment) == ("high", None)


def test_what_was_reviewed_before_the_case_was_sent_back_counts_no_more(log: Recorded) -> None:
    back = (CASE, ApplicationReturned(**said("y", day(3, 18)), reason=REASON))
    log.record(of("a", submitted(S1)), of("x", reviewed(S1)), back, of("a", submitted(S1)), of("x", reviewed(S1)), of("z", approved(S1)))
    assert twice(log) == []


def test_what_an_upheld_objection_brings_about_is_one_decision(log: Recorded) -> None:
    upheld = ("objection/o1", ObjectionUpheld(**said("x", day(4, 1)), application=CASE, finding=REASON))
    log.record(of("a", submitted(S1)), upheld, (CASE, AwardRefused(**said("x", day(4, 1), "objection/o1@1"), reason=REASON)))
    assert twice(log) == []


def test_a_survey_is_no_hand_in_a_case_that_rests_on_a_form(log: Recorded) -> None:
    form = FormRecorded(**said("a", day(3, 16)), scheme=GRANT, student=S1, period=SPRING, unit="shifan", person=REASON)
    log.record(of("x", entry(S1)), (CASE, form), of("a", submitted(S1)), of("x", reviewed(S1)))
    assert twice(log) == []


def test_two_files_that_turn_out_to_be_one_person_show_it_afterwards(log: Recorded) -> None:
    """Surveyed under one file, reviewed under the other by the same person, and paid before anybody knew."""
    log.record(of("x", entry(S2)), of("a", submitted(S1)), of("x", reviewed(S1)), of("z", approved(S1)), *money())
    before = log.size
    log.record(merged())
    [one] = twice(log)
    assert one.events == (f"entry/{SPRING}/{S2}@1", f"{CASE}@2", f"student/{S2}@1")
    assert (one.known_at_payment, one.severity, one.amount_fen) == (False, "medium", 150_000)
    assert one.payment == f"payment/{GRANT}/{S1}/{SPRING}/1"
    assert twice(log, before) == []


def test_a_merge_undone_takes_its_finding_with_it(log: Recorded) -> None:
    log.record(of("x", entry(S2)), of("a", submitted(S1)), of("x", reviewed(S1)), merged())
    assert len(twice(log)) == 1
    split = IdentitySplit(**said("clerk", day(6, 2)), other=S2, corrects=f"student/{S2}@1", reason=REASON)
    log.record((f"student/{S1}", split), (f"student/{S2}", split))
    assert twice(log) == []


def test_each_file_reviewed_once_by_the_same_person_is_no_finding_when_they_are_merged(log: Recorded) -> None:
    log.record(of("a", submitted(S1)), of("x", reviewed(S1)), of("a", submitted(S2)), of("x", reviewed(S2)), merged())
    assert twice(log) == []


def test_two_staff_ids_with_one_signing_key_are_one_person(log: Recorded) -> None:
    log.record(keyed("x", "AAAA"), of("x", entry(S1)), of("a", submitted(S1)), of("y", reviewed(S1)))
    assert twice(log) == []
    [ref] = log.record(keyed("y", "AAAA"))
    [one] = twice(log)
    assert one.events == (f"entry/{SPRING}/{S1}@1", f"{CASE}@2", ref)


@pytest.mark.parametrize(
    ("checker", "releaser", "pairs"),
    [
        ("c", "r", []),
        ("p", "r", [("prepare", "check")]),
        ("c", "p", [("prepare", "release")]),
        ("c", "c", [("check", "release")]),
    ],
)
def test_a_batch_passes_through_three_hands(log: Recorded, checker: str, releaser: str, pairs: list[tuple[str, str]]) -> None:
    log.record(
        of("p", prepared("b1", S1)), of("p", instructed(S1)),
        ("batch/b1", BatchChecked(**said(checker, day(4, 9)), payments=1, amount_fen=150_000)),
        ("batch/b1", BatchReleased(**said(releaser, day(4, 10)), payments=1, amount_fen=150_000)),
        of("cashier", paid(S1)),
    )  # fmt: skip
    assert [(one.facts["did"], one.facts["step"]) for one in twice(log)] == pairs
    assert {(one.subject, one.amount_fen, one.known_at_payment, one.severity) for one in twice(log)} <= {("b1", 150_000, True, "high")}


def test_a_loan_is_approved_and_paid_out_by_others_than_before(log: Recorded) -> None:
    stream = f"loan/{S1}/2020"
    applied = LoanApplied.model_construct(**said("x", day(3, 1)))
    approval = LoanApproved(**said("x", day(3, 2)), amount_fen=600_000, plan_version="1", clause="c")
    out = LoanDisbursed.model_construct(**said("x", day(3, 3)))
    log.record((stream, applied), (stream, approval), (stream, out))
    assert [(one.facts["did"], one.facts["step"]) for one in twice(log)] == [
        ("loan_applied", "loan_approved"), ("loan_approved", "loan_disbursed"),
    ]  # fmt: skip


def test_an_interest_declared_after_the_payment_could_not_be_known_then(log: Recorded) -> None:
    log.record(*clean(), *money())
    before = log.size
    [ref] = log.record(declared("approver"))
    [one] = family(log)
    assert (one.events, one.known_at_payment, one.severity) == ((ref, f"{CASE}@3"), False, "medium")
    assert (one.facts["steps"], one.facts["declared_on"], one.amount_fen) == (["approval"], "2020-06-01", 150_000)
    assert family(log, before) == []


def test_an_interest_declared_before_the_decision_is_the_graver_finding(log: Recorded) -> None:
    log.record(declared("reviewer"))
    log.record(*clean(), *money())
    [one] = family(log)
    assert (one.known_at_payment, one.severity, one.facts["steps"]) == (True, "high", ["review"])


def test_whoever_surveyed_their_own_family_has_judged_nothing(log: Recorded) -> None:
    log.record(*clean(), *money(), declared("surveyor"))
    assert family(log) == []


def test_an_interest_in_a_file_that_was_merged_reaches_the_other(log: Recorded) -> None:
    log.record(*clean(), declared("approver", S2))
    assert family(log) == []
    log.record(merged())
    [one] = family(log)
    assert one.events[-1] == f"student/{S2}@1"
    assert one.known_at_payment is None


def test_whoever_passed_a_batch_that_pays_their_family_judged_it(log: Recorded) -> None:
    log.record(*clean(), of("p", prepared("b1", S1)), of("p", instructed(S1)))
    log.record(("batch/b1", BatchChecked(**said("c", day(4, 9)), payments=1, amount_fen=150_000)), of("cashier", paid(S1)), declared("c"))
    [one] = family(log)
    assert (one.subject, one.facts["steps"], one.amount_fen) == (S1, ["check"], 150_000)
