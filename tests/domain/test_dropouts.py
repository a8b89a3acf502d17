"""A dropout case goes from found to closed in its order; what comes out of it is refused, and what an office recorded is taken in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.dropout.commands import (
    AssignTeam,
    CloseDropout,
    CountPupils,
    FindDropout,
    ReopenDropout,
    ReturnDropout,
    VisitDropout,
)
from mingzhang.domain.dropout.facts import (
    CaseClosed,
    CaseReopened,
    DropoutFound,
    PersuasionVisited,
    PupilFollowed,
    PupilsCounted,
    StudentReturned,
    TeamAssigned,
)
from mingzhang.domain.dropout.state import DropoutCase
from mingzhang.domain.plan.school_rules import DropoutRules, rate_percent
from tests.college import S1, S2, opened, registered
from tests.given import Given, by, given, sealed

LEFT, VISITED, BACK, CLOSED, TODAY = date(2020, 3, 5), date(2020, 3, 8), date(2020, 3, 12), date(2020, 3, 15), date(2020, 3, 25)
ACTOR = "helper-clerk-1"
TEXT = sealed(S1, text="synthetic")
FIND = FindDropout(case="CX001", student=S1, unit="shifan", stage="初中", person=TEXT, on=LEFT)
RETURN = ReturnDropout(case="CX001", on=BACK)
CLOSE = CloseDropout(case="CX001", on=CLOSED)
REOPEN = ReopenDropout(case="CX001", reason=TEXT, on=date(2020, 3, 20))


def found(*more: Command) -> Given:
    return given(opened(), registered(), *(by(ACTOR, command, TODAY) for command in (FIND, *more)))


def visit(on: date) -> VisitDropout:
    return VisitDropout(case="CX001", on=on)


def stamp(on: date, *because: str) -> dict[str, Any]:
    return {"actor": ACTOR, "effective_on": on, "because": because}


def test_a_case_is_opened_under_the_offices_number_from_the_day_the_pupil_left() -> None:
    fact = DropoutFound(**stamp(LEFT, f"student/{S1}@2"), student=S1, unit="shifan", stage="初中", person=TEXT)
    followed = PupilFollowed(**stamp(LEFT, "dropout/CX001@1"), case="CX001")
    given(opened(), registered()).when(FIND, actor=ACTOR).then(("dropout/CX001", fact), (f"dropouts/{S1}", followed))


def test_a_case_goes_from_the_team_to_its_closing() -> None:
    helper = sealed("p-0000000001")
    team = AssignTeam(case="CX001", teacher=helper, on=LEFT)
    found().when(team, visit(VISITED), RETURN, CLOSE, actor=ACTOR).then(
        ("dropout/CX001", TeamAssigned(**stamp(LEFT, "dropout/CX001@1"), teacher=helper)),
        ("dropout/CX001", PersuasionVisited(**stamp(VISITED, "dropout/CX001@1"))),
        ("dropout/CX001", StudentReturned(**stamp(BACK, "dropout/CX001@1"))),
        ("dropout/CX001", CaseClosed(**stamp(CLOSED, "dropout/CX001@4"), without_return=False)),
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (FIND, "dropout_case_exists"),
        (FindDropout(case="CX 1", student=S1, unit="shifan", stage="初中", person=TEXT), "id_unusable"),
        (FindDropout(case="CX002", student=S2, unit="shifan", stage="初中", person=TEXT), "student_unknown"),
        (FindDropout(case="CX002", student=S1, unit="nowhere", stage="初中", person=TEXT), "unit_not_covered"),
        (FindDropout(case="CX002", student=S1, unit="shifan", stage="初中", person=TEXT, on=date(2020, 3, 26)), "effective_in_future"),
        (ReturnDropout(case="CX009"), "dropout_case_unknown"),
        (ReturnDropout(case="CX001", on=date(2020, 3, 4)), "dropout_before_found"),
        (ReturnDropout(case="CX001", on=date(2020, 3, 26)), "effective_in_future"),
        (visit(date(2020, 3, 4)), "dropout_before_found"),
        (AssignTeam(case="CX001"), "dropout_team_empty"),
        (AssignTeam(case="CX001", teacher=TEXT, on=date(2020, 3, 4)), "dropout_before_found"),
        (CLOSE, "dropout_not_returned"),
        (REOPEN, "dropout_case_open"),
    ],
)
def test_what_comes_out_of_order_is_refused(command: Command, code: str) -> None:
    found().when(command, actor=ACTOR, at=TODAY).refused(code)


def test_a_case_without_a_return_is_closed_with_a_reason_or_as_an_office_recorded_it() -> None:
    reasoned = found().when(CloseDropout(case="CX001", on=CLOSED, reason=TEXT), actor=ACTOR).only(CaseClosed)
    recorded = found().when(CloseDropout(case="CX001", on=CLOSED, as_recorded=True), actor=ACTOR).only(CaseClosed)
    assert (reasoned.without_return, reasoned.reason) == (True, TEXT)
    assert (recorded.without_return, recorded.reason) == (True, None)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (CLOSE, "dropout_case_closed"),
        (RETURN, "dropout_returned"),
        (visit(date(2020, 3, 16)), "dropout_case_closed"),
        (AssignTeam(case="CX001", teacher=TEXT, on=BACK), "dropout_case_closed"),
        (ReopenDropout(case="CX001", reason=TEXT, on=date(2020, 3, 14)), "dated_before_basis"),
    ],
)
def test_after_the_closing_only_a_reopening_is_left(command: Command, code: str) -> None:
    found(RETURN, CLOSE).when(command, actor=ACTOR).refused(code)


@pytest.mark.parametrize("day", [VISITED, CLOSED])
def test_a_visit_of_before_the_closing_may_be_written_down_after_it(day: date) -> None:
    found(RETURN, CLOSE).when(visit(day), actor=ACTOR).accepted()


def test_a_day_has_one_visit() -> None:
    found(visit(VISITED)).when(visit(VISITED), actor=ACTOR).refused("dropout_visit_exists", on="2020-03-08")


def test_a_closing_before_the_return_is_refused() -> None:
    early = CloseDropout(case="CX001", on=date(2020, 3, 11))
    found(RETURN).when(early, actor=ACTOR).refused("dropout_closed_before_return", returned_on="2020-03-12")


def test_a_return_of_before_the_closing_may_be_learned_of_after_it() -> None:
    known = found(CloseDropout(case="CX001", on=CLOSED, as_recorded=True))
    known.when(ReturnDropout(case="CX001", on=date(2020, 3, 16)), actor=ACTOR).refused("dropout_case_closed")
    known.when(RETURN, actor=ACTOR).accepted()


def test_a_reopened_case_waits_for_another_return() -> None:
    outcome = found(RETURN, CLOSE).when(REOPEN, actor=ACTOR)
    outcome.then(("dropout/CX001", CaseReopened(**stamp(date(2020, 3, 20), "dropout/CX001@3"), reason=TEXT)))
    state = outcome.state(DropoutCase, "CX001")
    assert (state.open, state.returned_on, state.since) == (True, None, date(2020, 3, 20))
    reopened = found(RETURN, CLOSE, REOPEN)
    reopened.when(CLOSE, actor=ACTOR).refused("dropout_before_found")
    reopened.when(RETURN, actor=ACTOR).refused("dropout_before_found")
    reopened.when(ReturnDropout(case="CX001", on=date(2020, 3, 24)), actor=ACTOR).accepted()


def test_pupils_are_counted_at_the_start_of_the_year_and_the_same_number_once() -> None:
    count = CountPupils(unit="shifan", stage="初中", year=2020, pupils=950)
    fact = PupilsCounted(**stamp(date(2020, 1, 1), "unit/shifan@1"), unit="shifan", stage="初中", year=2020, pupils=950)
    known = given(opened())
    known.when(count, actor=ACTOR).then(("pupils/shifan/2020/初中", fact))
    known.add(by(ACTOR, count)).when(count, actor=ACTOR).nothing()
    known.when(CountPupils(unit="shifan", stage="初中", year=2020, pupils=0), actor=ACTOR).refused("pupils_not_above_zero")
    known.when(CountPupils(unit="shifan", stage="初中", year=2021, pupils=9), actor=ACTOR).refused("effective_in_future")


def test_pupils_counted_again_on_a_day_count_from_that_day() -> None:
    again = CountPupils(unit="shifan", stage="初中", year=2020, pupils=940, on=date(2020, 3, 2))
    assert given(opened()).when(again, actor=ACTOR).only(PupilsCounted).effective_on == date(2020, 3, 2)
    later = CountPupils(unit="shifan", stage="初中", year=2020, pupils=940, on=date(2021, 3, 2))
    given(opened()).when(later, actor=ACTOR).refused("effective_in_future")


@pytest.mark.parametrize(
    ("lost", "pupils", "rate", "above"),
    [
        (6, 1000, "0.6000", False),
        (600001, 100000000, "0.6000", True),
        (13, 1505, "0.8638", True),
        (4, 955, "0.4188", False),
        (0, 7, "0.0000", False),
    ],
)
def test_a_rate_is_compared_with_its_cap_without_rounding(lost: int, pupils: int, rate: str, above: bool) -> None:
    rules = DropoutRules.model_validate({"caps": {"小学": "0.6"}, "clause": "c"})
    assert (str(rate_percent(lost, pupils)), rules.above_cap("小学", lost, pupils)) == (rate, above)


def test_a_stage_without_a_cap_is_above_none() -> None:
    assert DropoutRules(clause="c").above_cap("初中", 5, 10) is None


@pytest.mark.parametrize("cap", [0.6, "-1", "101", "0,6", True])
def test_a_cap_is_written_exactly(cap: object) -> None:
    with pytest.raises(ValueError, match="percentage"):
        DropoutRules.model_validate({"caps": {"小学": cap}, "clause": "c"})
