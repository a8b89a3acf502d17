"""What a plan's duties ask for, period by period, and how they are discharged, excused and owed again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import ValidationError

from mingzhang.domain.duty.duty import DischargeDuty, DutyDischarged, DutyExcused, DutyRecord, DutyReopened, ExcuseDuty, ReopenDuty
from mingzhang.domain.duty.owed import Owed, Version, owed, owed_under, span_of, spans
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.dates import PlanDate, PlanDateSet, SetPlanDate
from mingzhang.domain.plan.duties import Duty
from mingzhang.domain.plan.vocabulary import Plan, read_plan
from mingzhang.domain.refusal import Refused
from tests.college import PLAN, house, sha, unit
from tests.given import Given, by, given, sealed

SINCE = date(2020, 1, 1)
TEXT = sealed("t-1", text="synthetic")
ACTOR, DAY = "clerk-1", date(2020, 7, 20)
STAMP: dict[str, Any] = {"actor": ACTOR, "effective_on": DAY}
CARDS: dict[str, Any] = {"plan": PLAN, "code": "info-cards", "unit": "college", "period": "2020"}
STREAM = f"duty/{PLAN}/info-cards/college/2020"


def duty(**when: Any) -> Duty:
    return Duty.model_validate({"code": "d", "name": "synthetic", "owner": "college", "clause": "c"} | when)


def asked(one: Duty, until: date = date(2020, 12, 31), since: date = SINCE, told: Any = None, happened: Any = None) -> list[Any]:
    """(period, deadline) of each."""
    return [(found.span.text, found.due_on) for found in owed(one, since, until, told or {}, happened or {})]


@pytest.mark.parametrize(
    ("when", "first"),
    [
        ({"due": {"month": 3, "day": 20}}, ("2020", date(2020, 3, 20))),
        ({"due": {"month": 3, "day": 20}, "season": "spring"}, ("2020-spring", date(2020, 3, 20))),
        ({"due": {"month": 1, "day": 15}, "season": "autumn"}, ("2019-autumn", date(2020, 1, 15))),
        ({"due": date(2020, 5, 28)}, ("once", date(2020, 5, 28))),
        ({"between": [{"month": 7, "day": 1}, {"month": 7, "day": 31}]}, ("2020", date(2020, 7, 31))),
        ({"cadence": "monthly"}, ("2020-01", date(2020, 1, 31))),
        ({"cadence": "monthly", "within_days": 5}, ("2020-01", date(2020, 2, 5))),
        ({"cadence": "monthly", "day": 31}, ("2020-01", date(2020, 1, 31))),
        ({"cadence": "quarterly", "day": 25}, ("2020-Q1", date(2020, 3, 25))),
        ({"cadence": "quarterly", "within_days": 10}, ("2020-Q1", date(2020, 4, 10))),
        ({"cadence": "half-yearly", "within_days": 15}, ("2020-H1", date(2020, 7, 15))),
        ({"cadence": "yearly"}, ("2020", date(2020, 12, 31))),
        ({"cadence": "term"}, ("2020-spring", date(2020, 8, 31))),
        ({"due": "external"}, ("2020", None)),
        ({"due": "external", "cadence": "quarterly"}, ("2020-Q1", None)),
        ({"after_date": "exams", "cadence": "term"}, ("2020-spring", None)),
    ],
)
def test_each_way_of_saying_when_names_a_period_and_a_day(when: dict[str, Any], first: tuple[str, date | None]) -> None:
    assert asked(duty(**when))[0] == first


def test_a_day_in_a_short_month_is_its_last() -> None:
    assert asked(duty(cadence="monthly", day=30))[1] == ("2020-02", date(2020, 2, 29))


@pytest.mark.parametrize(("at", "day"), [("start", date(2020, 9, 1)), ("middle", date(2020, 10, 31)), ("end", date(2020, 12, 31))])
def test_a_teaching_term_has_a_start_a_middle_and_an_end(at: str, day: date) -> None:
    told = {("term-start", "2020-autumn"): date(2020, 9, 1), ("term-end", "2020-autumn"): date(2020, 12, 31)}
    assert ("2020-autumn", day) in asked(duty(cadence="term", at=at), told=told)


def test_a_day_that_nobody_has_told_is_asked_for_by_name() -> None:
    (found, *_rest) = owed(duty(cadence="term", at="middle"), SINCE, date(2020, 12, 31), {}, {})
    assert (found.due_on, found.asks) == (None, ("term-start", "term-end"))


def test_within_two_weeks_of_term_start_counts_from_the_day_told() -> None:
    one = duty(after_date="term-start", cadence="term", within_days=14)
    assert ("2020-autumn", date(2020, 9, 15)) in asked(one, told={("term-start", "2020-autumn"): date(2020, 9, 1)})


def test_each_arrival_of_money_sets_a_deadline_going() -> None:
    arrivals = [(date(2020, 9, 8), "fund/f1@2"), (date(2020, 9, 11), "fund/f1@3")]
    found = asked(duty(after="fund.arrived", within_days=10), happened={"fund.arrived": arrivals})
    assert found == [("2020-09-08", date(2020, 9, 18)), ("2020-09-11", date(2020, 9, 21))]


def test_the_first_month_that_counts_is_the_first_whole_one() -> None:
    assert asked(duty(cadence="monthly"), since=date(2020, 4, 2), until=date(2020, 6, 30)) == [
        ("2020-05", date(2020, 5, 31)),
        ("2020-06", date(2020, 6, 30)),
    ]


def test_a_deadline_before_the_plan_took_effect_was_never_owed() -> None:
    one = duty(due={"month": 3, "day": 20})
    assert asked(one, since=date(2020, 3, 21)) == []
    assert asked(one, since=date(2020, 3, 20)) == [("2020", date(2020, 3, 20))]


def test_a_range_over_new_year_begins_in_the_year_before() -> None:
    (found, *_rest) = owed(duty(between=[{"month": 11, "day": 1}, {"month": 1, "day": 15}]), SINCE, date(2021, 1, 31), {}, {})
    assert (found.from_on, found.due_on) == (date(2019, 11, 1), date(2020, 1, 15))


@for_all(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.sampled_from(["monthly", "quarterly", "half-yearly"]))
def test_periods_of_a_cadence_follow_each_other_without_gap_or_overlap(since: date, days: int, cadence: str) -> None:
    until = since + timedelta(days=days)
    found = owed(duty(cadence=cadence), since, until, {}, {})
    for before, after in pairwise(found):
        assert after.span.first == before.span.last + timedelta(days=1)
    assert all(one.span.first >= since and one.due_on is not None and one.due_on <= until for one in found)
    assert all(span_of(one.span.text) == one.span for one in found)


@pytest.mark.parametrize(
    "when",
    [
        {},
        {"due": {"month": 3, "day": 20}, "cadence": "monthly"},
        {"due": {"month": 3, "day": 20}, "between": [{"month": 7, "day": 1}, {"month": 7, "day": 31}]},
        {"cadence": "monthly", "at": "start"},
        {"cadence": "monthly", "season": "spring"},
        {"cadence": "yearly", "day": 5},
        {"cadence": "monthly", "day": 5, "within_days": 3},
        {"due": {"month": 3, "day": 20}, "within_days": 3},
        {"due": {"month": 3, "day": 20}, "discharged_by": "round.reported"},
        {"cadence": "monthly", "discharged_by": "inspection.closed", "scheme": "grant"},
        {"cadence": "weekly"},
        {"cadence": "monthly", "discharged_by": "saying.so"},
    ],
)
def test_what_says_when_twice_or_not_at_all_is_refused(when: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        duty(**when)


def test_every_bundled_duty_asks_for_something() -> None:
    for code in bundled_codes():
        plan = read_plan(bundled_text(code))
        two_years = plan.effective_from.replace(year=plan.effective_from.year + 2)
        happened = {"fund.arrived": [(plan.effective_from, "fund/f1@1")]}
        for one in plan.duties:
            assert owed(one, plan.effective_from, two_years, {}, happened), f"{code}: {one.code}"


# versions of a plan


def plan_with(*duties: Duty) -> Plan:
    return read_plan(bundled_text(PLAN)).model_copy(update={"duties": duties})


def by_day(month: int, day: int) -> Duty:
    return duty(due={"month": month, "day": day})


def under(*versions: tuple[date, Plan], ended: date | None = None) -> list[Any]:
    laid = [
        Version(since, versions[number + 1][0] if number + 1 < len(versions) else ended, f"plan/{PLAN}@{number + 1}", plan)
        for number, (since, plan) in enumerate(versions)
    ]
    found = owed_under(laid, date(2020, 12, 31), {}, {})
    return [(one.due_on, version.ref.rpartition("@")[2]) for one, version in found]


@pytest.mark.parametrize(
    ("amended_on", "new", "expected"),
    [
        (date(2020, 2, 1), by_day(3, 25), [(date(2020, 3, 25), "2")]),
        (date(2020, 3, 22), by_day(3, 25), [(date(2020, 3, 25), "2")]),
        (date(2020, 3, 22), by_day(3, 10), [(date(2020, 3, 20), "1")]),
        (date(2020, 4, 1), by_day(3, 25), [(date(2020, 3, 20), "1")]),
        (date(2020, 2, 1), None, []),
        (date(2020, 4, 1), None, [(date(2020, 3, 20), "1")]),
    ],
)
def test_an_amendment_never_makes_anybody_late_on_a_day_that_had_passed(amended_on: date, new: Duty | None, expected: list[Any]) -> None:
    assert under((SINCE, plan_with(by_day(3, 20))), (amended_on, plan_with(*([new] if new else [])))) == expected


def test_an_amendment_in_mid_month_loses_no_month() -> None:
    monthly = plan_with(duty(cadence="monthly"))
    assert [day for day, _ in under((SINCE, monthly), (date(2020, 6, 15), monthly))] == [
        span.last for span in spans("monthly", 2020, 2020)
    ]


def test_a_repealed_plan_asks_for_nothing_more() -> None:
    assert under((SINCE, plan_with(by_day(3, 20), duty(code="e", cadence="half-yearly"))), ended=date(2020, 5, 1)) == [
        (date(2020, 3, 20), "1")
    ]


# what is recorded of a duty


def college() -> Given:
    return given(house())


def test_a_duty_is_discharged_with_its_report() -> None:
    fact = DutyDischarged(**STAMP, because=(f"plan/{PLAN}@1", "unit/college@1"), **CARDS, sha256=sha("report"))
    outcome = college().when(DischargeDuty(**CARDS, sha256=sha("report")), actor=ACTOR, at=DAY)
    outcome.then((STREAM, fact))
    assert outcome.state(DutyRecord, PLAN, "info-cards", "college", "2020").settled == "discharged"


def test_a_duty_is_discharged_once() -> None:
    known = college().add(by(ACTOR, DischargeDuty(**CARDS), DAY))
    known.when(DischargeDuty(**CARDS), actor=ACTOR, at=DAY).refused("duty_settled", settled=f"{STREAM}@1")
    known.when(ExcuseDuty(**CARDS, reason=TEXT), actor="approver-1", at=DAY).refused("duty_settled")


def test_what_a_fact_discharges_is_not_discharged_by_saying_so() -> None:
    words: dict[str, Any] = {"plan": PLAN, "code": "spring-school-report", "unit": "student-office", "period": "2020-spring"}
    known = college().add(unit("student-office", "college", "office"))
    known.when(DischargeDuty(**words), actor=ACTOR, at=DAY).refused("duty_discharged_by_fact", fact="round.reported")
    fact = DutyExcused(
        actor="approver-1", effective_on=DAY, because=(f"plan/{PLAN}@1", "unit/student-office@1"), **words, reason=TEXT
    )
    stream = f"duty/{PLAN}/spring-school-report/student-office/2020-spring"
    known.when(ExcuseDuty(**words, reason=TEXT), actor="approver-1", at=DAY).then((stream, fact))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "no-such"}, "duty_unknown"),
        ({"unit": "shifan"}, "duty_not_of_unit"),
        ({"unit": "no-such"}, "unit_not_covered"),
        ({"period": "2020-spring"}, "period_not_owed"),
        ({"period": "2020-03"}, "period_not_owed"),
        ({"period": "2019"}, "period_before_plan"),
        ({"period": "whenever"}, "period_malformed"),
        ({"on": date(2020, 7, 21)}, "effective_in_future"),
        ({"on": date(2019, 12, 31)}, "plan_not_yet_effective"),
    ],
)
def test_a_duty_that_is_not_owed_cannot_be_discharged(changed: dict[str, Any], code: str) -> None:
    college().when(DischargeDuty(**(CARDS | changed)), actor=ACTOR, at=DAY).refused(code)


def test_a_mistaken_discharge_is_taken_back_and_the_duty_owed_again() -> None:
    known = college().add(by(ACTOR, DischargeDuty(**CARDS), DAY))
    fact = DutyReopened(
        actor="approver-1", effective_on=DAY, because=(f"{STREAM}@1",), **CARDS, corrects=f"{STREAM}@1", reason=TEXT
    )
    known.when(ReopenDuty(**CARDS, reason=TEXT), actor="approver-1", at=DAY).then((STREAM, fact))
    known.when(ReopenDuty(**CARDS, reason=TEXT), actor="approver-1", at=DAY).refused("duty_not_settled")
    known.when(DischargeDuty(**CARDS), actor=ACTOR, at=DAY).accepted()


# days that somebody else sets


def told(**changed: Any) -> SetPlanDate:
    fields: dict[str, Any] = {
        "plan": PLAN, "date_name": "spring-payment", "period": "2020-spring", "day": date(2020, 4, 30), "source": TEXT,
    }  # fmt: skip
    return SetPlanDate(**(fields | changed))


def test_a_deadline_set_by_the_higher_office_is_recorded_with_its_source() -> None:
    on = date(2020, 4, 2)
    fact = PlanDateSet(
        actor="treasurer-1",
        effective_on=on,
        because=(f"plan/{PLAN}@1",),
        plan=PLAN,
        name="spring-payment",
        period="2020-spring",
        day=date(2020, 4, 30),
        source=TEXT,
    )
    outcome = college().when(told(), actor="treasurer-1", at=on)
    outcome.then((f"plandate/{PLAN}/spring-payment/2020-spring", fact))
    assert outcome.state(PlanDate, PLAN, "spring-payment", "2020-spring").day == date(2020, 4, 30)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"date_name": "term-start"}, "plan_date_not_asked"),
        ({"period": "2020"}, "plan_date_period"),
        ({"period": "spring"}, "period_malformed"),
        ({"day": date(2030, 4, 30)}, "plan_date_far"),
        ({"day": date(2019, 2, 28)}, "plan_date_far"),
        ({"on": date(2021, 1, 1)}, "effective_in_future"),
    ],
)
def test_a_day_the_plan_does_not_ask_for_is_refused(changed: dict[str, Any], code: str) -> None:
    college().when(told(**changed), actor="treasurer-1", at=DAY).refused(code)


def test_another_day_takes_the_place_of_the_first_and_the_same_is_refused() -> None:
    known = college().add(by("treasurer-1", told(), date(2020, 4, 2)))
    known.when(told(), actor="treasurer-1", at=DAY).refused("plan_date_known", day="2020-04-30")
    moved = known.when(told(day=date(2020, 5, 15)), actor="treasurer-1", at=DAY).only(PlanDateSet)
    assert moved.because == (f"plan/{PLAN}@1", f"plandate/{PLAN}/spring-payment/2020-spring@1")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020-Q4", date(2020, 10, 1), date(2020, 12, 31)),
        ("2020-H2", date(2020, 7, 1), date(2020, 12, 31)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_a_periods_name_says_its_days(text: str, first: date, last: date) -> None:
    assert span_of(text) == (text, first, last)


@pytest.mark.parametrize("text", ["2020-13", "2020-Q5", "2020-H0", "20-Q1", ""])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="period_malformed"):
        span_of(text)


def test_what_is_owed_says_from_when_it_can_be_done() -> None:
    (one,) = owed(duty(between=[{"month": 7, "day": 1}, {"month": 7, "day": 31}]), SINCE, date(2020, 12, 31), {}, {})
    assert one == Owed(one.duty, span_of("2020"), date(2020, 7, 31), from_on=date(2020, 7, 1))
