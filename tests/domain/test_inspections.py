"""An inspection raises findings; each is answered by the unit and confirmed by somebody else before the inspection can close."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.inspection.inspection import (
    AnswerFinding,
    CloseInspection,
    FindingRaised,
    FindingRectified,
    InspectionClosed,
    InspectionOpened,
    OpenInspection,
    RaiseFinding,
    RectifyFinding,
)
from tests.college import PLAN, appointed, house, sha
from tests.given import Given, by, given, sealed

DAY = date(2020, 11, 10)
TEXT = sealed("t-1", text="synthetic")
INSPECTOR = "inspector-1"
STAMP: dict[str, Any] = {"actor": INSPECTOR, "effective_on": DAY}
OPEN = OpenInspection(inspection="i1", kind="self-check", unit="college", by="college", plan=PLAN)
RAISE = RaiseFinding(inspection="i1", severity="high", text=TEXT, clause="payment", rectify_by=date(2020, 12, 1))
ANSWER = AnswerFinding(inspection="i1", number=1, text=TEXT)
RECTIFY = RectifyFinding(inspection="i1", number=1)
CLOSE = CloseInspection(inspection="i1", sha256=sha("report"))


def opened() -> Given:
    return given(house(), by(INSPECTOR, OPEN, DAY))


def test_an_inspection_names_whom_and_under_which_plan() -> None:
    fact = InspectionOpened(
        **STAMP, because=("unit/college@1", f"plan/{PLAN}@1"), kind="self-check", unit="college", by="college", plan=PLAN
    )
    given(house()).when(OPEN, actor=INSPECTOR, at=DAY).then(("inspection/i1", fact))
    opened().when(OPEN, actor=INSPECTOR, at=DAY).refused("inspection_exists")


def test_findings_are_numbered_in_the_order_they_are_raised() -> None:
    known = opened().add(by(INSPECTOR, RAISE, DAY))
    fact = FindingRaised(
        **STAMP, because=("inspection/i1@1",), number=2, severity="high", text=TEXT, clause="payment", rectify_by=date(2020, 12, 1)
    )
    known.when(RAISE, actor=INSPECTOR, at=DAY).then(("inspection/i1", fact))


def test_a_finding_is_answered_confirmed_and_the_inspection_closed_on_it() -> None:
    known = opened().add(by(INSPECTOR, RAISE, DAY), by("clerk-1", ANSWER, DAY))
    rectified = FindingRectified(**STAMP, because=("inspection/i1@3",), number=1)
    known.when(RECTIFY, actor=INSPECTOR, at=DAY).then(("inspection/i1", rectified))
    closed = InspectionClosed(
        **STAMP, because=("inspection/i1@1", "inspection/i1@4"), kind="self-check", unit="college", findings=1, sha256=sha("report")
    )
    known.when(CLOSE, actor=INSPECTOR, at=DAY).then(("inspection/i1", closed))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (RECTIFY, "finding_not_answered"),
        (RectifyFinding(inspection="i1", number=2), "finding_unknown"),
        (CLOSE, "findings_open"),
        (CloseInspection(inspection="i2"), "inspection_unknown"),
        (OpenInspection(inspection="i/2", kind="visit", unit="college", by="college"), "id_unusable"),
        (RaiseFinding(inspection="i1", severity="low", text=TEXT, subject="synthetic free text"), "finding_subject_unknown"),
        (RaiseFinding(inspection="i1", severity="low", text=TEXT, clause="no-such-clause"), "finding_clause_unknown"),
        (RaiseFinding(inspection="i1", severity="low", text=TEXT, rectify_by=date(2020, 11, 9)), "rectify_by_passed"),
        (RaiseFinding(inspection="i1", severity="low", text=TEXT, on=date(2020, 11, 9)), "dated_before_basis"),
    ],
)
def test_what_is_out_of_order_is_refused(command: Any, code: str) -> None:
    opened().add(by(INSPECTOR, RAISE, DAY)).when(command, actor=INSPECTOR, at=DAY).refused(code)


def test_whoever_answered_does_not_confirm() -> None:
    both = appointed("clerk-1", "inspector")
    known = opened().add(both, by(INSPECTOR, RAISE, DAY), by("clerk-1", ANSWER, DAY))
    known.when(RECTIFY, actor="clerk-1", at=DAY).refused("same_person_rectified", staff="clerk-1")


def test_a_finding_put_right_is_not_answered_again_and_a_closed_inspection_takes_no_more() -> None:
    known = opened().add(by(INSPECTOR, RAISE, DAY), by("clerk-1", ANSWER, DAY), by(INSPECTOR, RECTIFY, DAY))
    known.when(ANSWER, actor="clerk-1", at=DAY).refused("finding_rectified")
    known.add(by(INSPECTOR, CLOSE, DAY)).when(RAISE, actor=INSPECTOR, at=DAY).refused("inspection_closed")


def test_an_inspection_is_not_closed_before_what_it_found_was_put_right() -> None:
    known = opened().add(by(INSPECTOR, RAISE, DAY), by("clerk-1", ANSWER, date(2020, 11, 20)), by(INSPECTOR, RECTIFY, date(2020, 11, 25)))
    early = CloseInspection(inspection="i1", on=date(2020, 11, 24))
    known.when(early, actor=INSPECTOR, at=date(2020, 12, 1)).refused("dated_before_basis", since="2020-11-25")
