"""A survey round goes its way in order: departments submit, the school consolidates, reports, amends, closes."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.survey.round import (
    CloseRound,
    ConsolidateRound,
    OpenRound,
    ReportRound,
    Round,
    RoundAmended,
    RoundClosed,
    RoundConsolidated,
    RoundOpened,
    RoundReported,
    SubmitUnitSurvey,
    Totals,
    UnitSurveySubmitted,
)
from tests.college import PLAN, SPRING, entry, house, opened, surveyed
from tests.given import by, given, sealed

DAY = date(2020, 3, 25)
ROUND = f"round/{SPRING}"
COUNTED = Totals(entries=2, by_category={"建档立卡": 2}, new=0, counted_at=40)
SUBMIT = SubmitUnitSurvey(round=SPRING, unit="shifan", totals=COUNTED)
CONSOLIDATE = ConsolidateRound(round=SPRING, totals=COUNTED)
REPORT = ReportRound(round=SPRING, to="bureau", totals=COUNTED)
REASON = sealed("t-0000000001", text="head count")
AMEND = ReportRound(round=SPRING, to="bureau", totals=COUNTED, reason=REASON)
CLOSE = CloseRound(round=SPRING)
DEPARTMENTS = ("shifan", "zongzhi", "gongjian", "nongmu", "jixie")


def test_a_round_opens_under_the_plan_of_that_day() -> None:
    fact = RoundOpened(
        actor="clerk-1",
        effective_on=DAY,
        because=(f"plan/{PLAN}@1", "unit/college@1"),
        plan=PLAN,
        period=SPRING,
        unit="college",
        stage="中职",
    )
    given(house()).when(OpenRound(round=SPRING, plan=PLAN, unit="college"), actor="clerk-1").then((ROUND, fact))


@pytest.mark.parametrize(
    ("name", "code"),
    [(SPRING, "round_exists"), ("2020", "round_not_in_plan"), ("2020-summer", "period_malformed"), ("spring-2020", "period_malformed")],
)
def test_a_round_bears_the_name_of_a_period_of_its_plan(name: str, code: str) -> None:
    given(opened()).when(OpenRound(round=name, plan=PLAN, unit="college"), actor="clerk-1").refused(code)


@pytest.mark.parametrize(
    ("before", "command", "actor", "code"),
    [
        ((), CONSOLIDATE, "clerk-1", "no_unit_submitted"),
        ((), REPORT, "clerk-1", "round_not_consolidated"),
        ((), CLOSE, "clerk-1", "round_not_reported"),
        ((SUBMIT,), REPORT, "clerk-1", "round_not_consolidated"),
        ((SUBMIT,), CLOSE, "clerk-1", "round_not_reported"),
        ((SUBMIT, CONSOLIDATE), CLOSE, "clerk-1", "round_not_reported"),
        ((SUBMIT, CONSOLIDATE, REPORT), REPORT, "clerk-1", "reason_missing"),
        ((SUBMIT, CONSOLIDATE, REPORT, CLOSE), CLOSE, "clerk-1", "round_closed"),
        ((SUBMIT, CONSOLIDATE, REPORT, CLOSE), SUBMIT, "surveyor-1", "round_closed"),
        ((SUBMIT, CONSOLIDATE, REPORT, CLOSE), AMEND, "clerk-1", "round_closed"),
        ((SUBMIT, CONSOLIDATE, REPORT, CLOSE), entry(), "surveyor-1", "round_closed"),
    ],
)
def test_a_step_out_of_order_is_refused(before: tuple[Command, ...], command: Command, actor: str, code: str) -> None:
    way = [by("surveyor-1" if step is SUBMIT else "clerk-1", step) for step in before]
    given(opened(), way).when(command, actor=actor).refused(code, round=SPRING)


def test_a_department_vouches_for_its_totals() -> None:
    fact = UnitSurveySubmitted(actor="surveyor-1", effective_on=DAY, because=(f"{ROUND}@1", "unit/shifan@1"), unit="shifan", totals=COUNTED)
    given(opened(), surveyed()).when(SUBMIT, actor="surveyor-1").then((ROUND, fact))


def test_who_has_not_submitted_is_named_when_the_school_consolidates() -> None:
    fact = RoundConsolidated(actor="clerk-1", effective_on=DAY, because=(f"{ROUND}@2",), totals=COUNTED, missing=DEPARTMENTS[1:])
    given(opened(), by("surveyor-1", SUBMIT)).when(CONSOLIDATE, actor="clerk-1").then((ROUND, fact))


def test_a_department_that_submits_again_counts_once() -> None:
    known = given(opened(), by("surveyor-1", SUBMIT), by("surveyor-1", SUBMIT))
    assert known.store.state(Round, SPRING).submitted == (("shifan", f"{ROUND}@3"),)


def test_the_first_report_goes_up_and_the_second_amends_it() -> None:
    known = given(opened(), by("surveyor-1", SUBMIT), by("clerk-1", CONSOLIDATE))
    reported = RoundReported(actor="clerk-1", effective_on=DAY, because=(f"{ROUND}@3", "unit/bureau@1"), to="bureau", totals=COUNTED)
    known.when(REPORT, actor="clerk-1").then((ROUND, reported))
    amended = RoundAmended(
        actor="clerk-1",
        effective_on=DAY,
        because=(f"{ROUND}@3", f"{ROUND}@4"),
        totals=COUNTED,
        corrects=f"{ROUND}@4",
        reason=REASON,
    )
    known.when(AMEND, actor="clerk-1").then((ROUND, amended))
    closed = RoundClosed(actor="clerk-1", effective_on=DAY, because=(f"{ROUND}@5",))
    known.when(CLOSE, actor="clerk-1").then((ROUND, closed))


def test_a_report_goes_to_a_unit_that_exists() -> None:
    known = given(opened(), by("surveyor-1", SUBMIT), by("clerk-1", CONSOLIDATE))
    known.when(ReportRound(round=SPRING, to="nowhere", totals=COUNTED), actor="clerk-1").refused("unit_unknown")


def test_a_round_nobody_opened_is_refused() -> None:
    given(house()).when(SUBMIT, actor="surveyor-1").refused("round_unknown")
