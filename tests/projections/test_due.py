"""Every deadline on one list: owed by whom, discharged by which fact, late by how many days, as it was known on any day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.duty.duty import DutyDischarged, DutyExcused, DutyReopened
from mingzhang.domain.facts import Fact
from mingzhang.domain.inspection.inspection import FindingRaised, FindingRectified, InspectionClosed, InspectionOpened
from mingzhang.domain.money.fund import FundOpened, FundsArrived
from mingzhang.domain.plan.adoption import PlanAmended, PlanRepealed
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.dates import PlanDateSet
from mingzhang.domain.survey.round import RoundAmended, RoundOpened, RoundReported, Totals, UnitSurveySubmitted
from mingzhang.projections.due import DueRow, due
from mingzhang.projections.inspections import inspections
from mingzhang.projections.periods import periods
from tests.college import GRANT, PLAN, S1, S2, SPRING, adopted, sha
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, approved, day, enrolled, entry, instructed, paid, revoked, submitted

TEXT = sealed("t-1", text="synthetic")
TOTALS = Totals(entries=1, by_category={}, new=0, counted_at=1)


def said(on: date) -> dict[str, Any]:
    return {"actor": "staff-1", "effective_on": on}


def in_round(fact: Fact) -> Event:
    return f"round/{SPRING}", fact


def opened() -> Event:
    return in_round(RoundOpened(**said(day(3, 1)), plan=PLAN, period=SPRING, unit="college"))


def submission(unit: str, on: date) -> Event:
    return in_round(UnitSurveySubmitted(**said(on), unit=unit, totals=TOTALS))


def told(on: date, deadline: date, name: str = "spring-payment") -> Event:
    fact = PlanDateSet(**said(on), plan=PLAN, name=name, period=SPRING, day=deadline, source=TEXT)
    return f"plandate/{PLAN}/{name}/{SPRING}", fact


def rows(log: Recorded, on: date, known_at: int | None = None, **asked: Any) -> list[DueRow]:
    with log.view(on, known_at) as view:
        return due(view, **asked)


def one(log: Recorded, code: str, on: date, owner: str | None = None, **asked: Any) -> DueRow:
    """The first deadline of that code, by day."""
    return next(row for row in rows(log, on, **asked) if row.duty == code and owner in (None, row.owner))


def stands(row: DueRow) -> tuple[str, str | None, int, str | None]:
    return row.state, row.done_on, row.days_late, row.done_by


def test_a_duty_of_a_kind_of_unit_is_each_units_own(log: Recorded) -> None:
    found = [row for row in rows(log, day(3, 1)) if row.duty == "spring-department-survey"]
    assert [(row.owner, row.due_on, row.state) for row in found] == [
        ("shifan", "2020-03-20", "open"),
        ("zongzhi", "2020-03-20", "open"),
    ]
    assert (found[0].clause, found[0].to, found[0].plan) == ("survey", ("student-office",), PLAN)
    assert "三月二十日" in found[0].clause_text


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (day(3, 18), ("open", None, 0, None)),
        (day(3, 20), ("open", None, 0, None)),
        (day(3, 21), ("late", None, 1, None)),
        (day(3, 25), ("done_late", "2020-03-24", 4, f"round/{SPRING}@3")),
    ],
)
def test_a_submission_discharges_the_departments_own_survey(log: Recorded, on: date, expected: tuple[Any, ...]) -> None:
    log.record(opened(), submission("shifan", day(3, 19)), submission("zongzhi", day(3, 24)))
    assert stands(one(log, "spring-department-survey", on, owner="zongzhi")) == expected
    if on >= day(3, 20):
        assert stands(one(log, "spring-department-survey", on, owner="shifan")) == ("done", "2020-03-19", 0, f"round/{SPRING}@2")


def test_what_is_recorded_later_never_changes_what_was_known_before(log: Recorded) -> None:
    log.record(opened())
    size = log.size
    log.record(submission("shifan", day(3, 19)))
    with log.view(day(3, 25), size) as then, log.view(day(3, 25)) as now:
        states = [next(row.state for row in due(view) if row.owner == "shifan") for view in (then, now)]
    assert states == ["late", "done"]


def test_report_and_head_count_discharge_their_own_duties(log: Recorded) -> None:
    log.record(opened(), in_round(RoundReported(**said(day(3, 30)), to="bureau", totals=TOTALS)))
    (amended,) = log.record(
        in_round(RoundAmended(**said(day(4, 2)), totals=TOTALS, corrects=f"round/{SPRING}@2", reason=TEXT))
    )
    assert stands(one(log, "spring-school-report", day(4, 30)))[:3] == ("done", "2020-03-30", 0)
    assert stands(one(log, "spring-head-count", day(4, 30))) == ("done_late", "2020-04-02", 2, amended)


def test_a_deadline_nobody_has_told_is_external_and_never_late(log: Recorded) -> None:
    row = one(log, "spring-payment", day(12, 31))
    assert (row.state, row.due_on, row.asks, row.days_late) == ("external", None, ("spring-payment",), 0)


def test_what_was_told_counts_from_the_day_it_was_told(log: Recorded) -> None:
    log.record(told(day(4, 2), day(4, 20)), told(day(4, 10), day(4, 30)))
    deadlines = [one(log, "spring-payment", on).due_on for on in (day(4, 1), day(4, 2), day(4, 10))]
    assert deadlines == [None, "2020-04-20", "2020-04-30"]


def test_payment_is_done_when_every_standing_award_is_paid(log: Recorded) -> None:
    log.record(told(day(4, 2), day(4, 20)), *(step(student) for student in (S1, S2) for step in (submitted, approved)))
    log.record(instructed(S1), instructed(S2), paid(S1))
    assert stands(one(log, "spring-payment", day(4, 21)))[0] == "late"
    (last,) = log.record(paid(S2, on=day(4, 22)))
    assert stands(one(log, "spring-payment", day(4, 30))) == ("done_late", "2020-04-22", 2, last)


def test_a_revoked_award_and_a_student_who_left_hold_no_payment_up(log: Recorded) -> None:
    students = [S1, S2, "s-0000000003"]
    log.record(told(day(4, 2), day(4, 20)), *(step(student) for student in students for step in (submitted, approved)))
    log.record(instructed(S1), paid(S1), revoked(S2, day(4, 16)), enrolled(students[2], "退学", day(4, 10)))
    assert one(log, "spring-payment", day(4, 30)).state == "done"


def discharged(on: date, **more: Any) -> Event:
    fact = DutyDischarged(**said(on), plan=PLAN, code="info-cards", unit="college", period="2020", **more)
    return f"duty/{PLAN}/info-cards/college/2020", fact


def test_a_recorded_discharge_an_excuse_and_a_reopening_count_in_their_order(log: Recorded) -> None:
    stream = f"duty/{PLAN}/info-cards/college/2020"
    about: dict[str, Any] = {"plan": PLAN, "code": "info-cards", "unit": "college", "period": "2020"}
    log.record(discharged(day(7, 20), sha256=sha("report")))
    before = log.size
    log.record((stream, DutyReopened(**said(day(8, 1)), **about, corrects=f"{stream}@1", reason=TEXT)))
    log.record((stream, DutyExcused(**said(day(8, 5)), **about, reason=TEXT)))
    found = [stands(one(log, "info-cards", on)) for on in (day(7, 25), day(8, 2), day(8, 5))]
    assert found == [("open", None, 0, None), ("late", None, 2, None), ("excused", None, 0, f"{stream}@3")]
    with log.view(day(7, 25), before) as view:  # what was taken back had been believed until then
        assert [stands(row) for row in due(view) if row.duty == "info-cards"] == [("done", "2020-07-20", 0, f"{stream}@1")]


def inspected(name: str, on: date) -> list[Event]:
    stream = f"inspection/{name}"
    return [
        (stream, InspectionOpened(**said(on), kind="visit", unit="college", by="synthetic office", plan=PLAN)),
        (stream, FindingRaised(**said(on), number=1, severity="low", text=TEXT, rectify_by=day(12, 1))),
    ]


def test_an_inspection_discharges_once_it_is_closed_and_its_findings_have_days_of_their_own(log: Recorded) -> None:
    log.record(*inspected("i1", day(11, 10)))
    code = "inspection/i1/1"
    assert (one(log, "inspections", day(12, 2)).state, one(log, code, day(12, 2)).days_late) == ("open", 1)
    log.record(("inspection/i1", FindingRectified(**said(day(12, 3)), number=1)))
    (closed,) = log.record(("inspection/i1", InspectionClosed(**said(day(12, 4)), kind="visit", unit="college", findings=1)))
    assert stands(one(log, "inspections", day(12, 31))) == ("done", "2020-12-04", 0, closed)
    assert stands(one(log, code, day(12, 31)))[:3] == ("done_late", "2020-12-03", 2)
    with log.view(day(12, 2)) as before, log.view(day(12, 31)) as after:
        assert [(row.closed_on, row.findings[0].state) for view in (before, after) for row in inspections(view)] == [
            (None, "raised"),
            ("2020-12-04", "rectified"),
        ]


def test_one_inspection_counts_for_one_year_only(log: Recorded) -> None:
    log.record(*inspected("i1", day(11, 10)))
    log.record(("inspection/i1", InspectionClosed(**said(day(2, 1, 2021)), kind="visit", unit="college", findings=1)))
    found = [(row.period, row.state) for row in rows(log, day(3, 1, 2021)) if row.duty == "inspections"]
    assert found == [("2020", "done_late"), ("2021", "open")]


PAID_SOON = """
[schemes.payment]
days_after_arrival = 10
by = { month = 4, day = 20 }
clause = "payment"
"""


def amended(text: str, on: date) -> Event:
    fact = PlanAmended(**said(on), code=PLAN, plan_version="2", text=text, sha256=sha(text), reason=TEXT)
    return f"plan/{PLAN}", fact


def with_deadlines() -> str:
    """The plan with days for the approval and the payment of the grant."""
    text = bundled_text(PLAN).replace('role = "approver"\n', 'role = "approver"\nby = { month = 4, day = 1 }\n', 1)
    before, scheme, after = text.partition('\n[[schemes]]\ncode = "tuition-waiver"')
    return before + PAID_SOON + scheme + after


def test_a_schemes_own_steps_and_payment_have_deadlines(log: Recorded) -> None:
    log.record(amended(with_deadlines(), day(1, 2)), submitted(S1))
    log.record(("fund/f1", FundOpened(**said(day(3, 1)), title="synthetic", unit="college", year=2020, schemes=(GRANT,))))
    log.record(("fund/f1", FundsArrived(**said(day(4, 2)), amount_fen=1_000_000, source="bureau")))
    log.record(approved(S1, on=day(4, 3)), instructed(S1))
    found = {row.duty: row for row in rows(log, day(4, 15)) if row.source == "scheme" and row.period == SPRING}
    assert {code: (row.due_on, row.state, row.days_late) for code, row in found.items()} == {
        "grant-step-2": ("2020-04-01", "done_late", 2),
        "grant-paid-after-2020-04-02": ("2020-04-12", "late", 3),
        "grant-paid-by": ("2020-04-20", "open", 0),
    }
    log.record(paid(S1, on=day(4, 11)))
    found = {row.duty: row for row in rows(log, day(4, 30)) if row.source == "scheme" and row.period == SPRING}
    assert {row.state for code, row in found.items() if "paid" in code} == {"done"}


def test_nobody_is_late_with_a_step_that_nobody_has_to_take(log: Recorded) -> None:
    log.record(amended(with_deadlines(), day(1, 2)))
    assert [row.state for row in rows(log, day(3, 1)) if row.duty == "grant-step-2" and row.period == SPRING] == ["open"]
    assert [row for row in rows(log, day(4, 2)) if row.duty == "grant-step-2" and row.period == SPRING] == []


def test_a_repealed_plan_owes_nothing_after_its_last_day(log: Recorded) -> None:
    log.record((f"plan/{PLAN}", PlanRepealed(**said(day(3, 25)), code=PLAN, reason=TEXT)))
    assert {row.duty for row in rows(log, day(12, 31))} == {"spring-department-survey"}


def test_a_list_can_be_narrowed_by_unit_plan_and_day(log: Recorded) -> None:
    assert {row.owner for row in rows(log, day(3, 1), unit="shifan")} == {"shifan"}
    assert rows(log, day(3, 1), plan="no-such-plan") == []
    assert [row.due_on for row in rows(log, day(3, 1), until=day(3, 30)) if row.due_on] == ["2020-03-20", "2020-03-20", "2020-03-30"]
    assert max(row.due_on or "" for row in rows(log, day(3, 1), until=day(3, 31, 2021))) == "2021-03-31"


def test_a_plan_adopted_anew_asks_again_from_that_day(log: Recorded) -> None:
    log.record((f"plan/{PLAN}", PlanRepealed(**said(day(3, 25)), code=PLAN, reason=TEXT)))
    log.record(adopted(since=day(7, 15)))
    assert [row.due_on for row in rows(log, day(12, 31)) if row.duty in ("spring-head-count", "info-cards")] == ["2020-07-31"]


def test_periods_count_what_happened_in_each(log: Recorded) -> None:
    log.record(entry(S1), submitted(S1), approved(S1), instructed(S1), paid(S1), discharged(day(7, 20)))
    with log.view(day(12, 31)) as view:
        quarters = {row.period: row for row in periods(view, "quarter")}
        assert [row.period for row in periods(view, "half-year", unit="shifan")] == ["2020-H1"]
        assert periods(view, "month", unit="zongzhi") == []
    assert {period: (row.surveyed, row.applied, row.approved_fen, row.paid_fen, row.duties) for period, row in quarters.items()} == {
        "2020-Q1": (1, 1, 150_000, 0, 0),
        "2020-Q2": (0, 0, 0, 150_000, 0),
        "2020-Q3": (0, 0, 0, 0, 1),
    }
