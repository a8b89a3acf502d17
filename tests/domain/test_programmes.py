"""Targets are set with the plan and hold for their days; figures are told once for a day and a report, and settle what is met."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.plan.adoption import AdoptPlan, AmendPlan
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.targets import parts_that_do_not_add_up
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.programme.commands import CorrectProgress, ReportProgress, SetTarget
from mingzhang.domain.programme.facts import ProgressCorrected, ProgressReported, ReportOwed, TargetDropped, TargetMet, TargetSet
from mingzhang.domain.programme.reporting import on_course, period_of, reports_owed_between
from mingzhang.domain.refusal import Refused
from tests.college import appointed, unit
from tests.given import Given, Known, by, given, sealed

PLAN = "test-actions"
NEW_YEAR, DAY = date(2018, 1, 1), date(2018, 7, 10)
WHY = sealed("t-1", text="synthetic")
HEAD = f"""
code = "{PLAN}"
title = "测试行动"
title_en = "Synthetic actions"
version = "VERSION"
effective_from = 2018-01-01
issuer = "bureau"
source = "a test"
top = "bureau"

[[units]]
id = "bureau"
name = "测试局"
kind = "bureau"

[[units]]
id = "section"
name = "测试科"
kind = "department"
parent = "bureau"

[[reports]]
kind = "monthly"
name = "月调度"
within_days = 5
clause = "all"

[clauses]
all = "每月报送"
"""
TRAINED = """
[[targets]]
code = "培训"
action = "教师"
measure = "人次"
value = 100
due = 2018-12-31
owner = "section"
adds_up = true
clause = "all"
"""
SHARE = """
[[targets]]
code = "比例"
action = "教师"
measure = "%"
value = "70.5"
due = 2018-06-30
owner = "section"
clause = "all"
"""


def text(*targets: str, version: str = "1") -> str:
    """The plan with these targets, which stand before the tables of the head's end."""
    return HEAD.replace("VERSION", version).replace("[clauses]", "".join(targets) + "\n[clauses]")


def target_set(code: str, on: date = NEW_YEAR, because: tuple[str, ...] = (f"plan/{PLAN}@1",), **changed: Any) -> tuple[str, TargetSet]:
    told: dict[str, Any] = {
        "plan": PLAN, "code": code, "name": code, "action": "教师", "owner": "section", "since": NEW_YEAR, "direction": "at_least",
        "reports": (ReportOwed(kind="monthly", within_days=5),),
    }  # fmt: skip
    told |= {
        "培训": {"measure": "人次", "value": "100", "due_on": date(2018, 12, 31), "adds_up": True},
        "比例": {"measure": "%", "value": "70.5", "due_on": date(2018, 6, 30), "adds_up": False},
    }[code]
    actor = changed.pop("actor", "administrator-1")
    return f"target/{PLAN}/{code}", TargetSet(actor=actor, effective_on=on, because=because, **(told | changed))


def staffed() -> list[Known]:
    return [
        unit("bureau", kind="bureau"),
        unit("section", "bureau"),
        appointed("administrator-1", "administrator", "bureau", date(2017, 12, 1)),
        appointed("clerk-1", "clerk", "bureau", date(2017, 12, 1)),
    ]


def office() -> Given:
    return given(staffed())


def office_known() -> list[Known]:
    """The office with its plan adopted."""
    return [*staffed(), by("administrator-1", AdoptPlan(text=text(TRAINED, SHARE)), NEW_YEAR)]


def adopted(*targets: str) -> Given:
    return office().add(by("administrator-1", AdoptPlan(text=text(*(targets or (TRAINED, SHARE)))), NEW_YEAR))


def figure(value: str, on: date = date(2018, 6, 30), code: str = "培训", **more: Any) -> ReportProgress:
    told: dict[str, Any] = {"report": "monthly", "unit": "section", "sent_on": more.pop("sent_on", on)} | more
    return ReportProgress(plan=PLAN, code=code, value=Decimal(value), on=on, **told)


def setting(**changed: Any) -> SetTarget:
    told: dict[str, Any] = {
        "plan": PLAN, "code": "培训", "action": "教师", "measure": "人次", "value": Decimal(100), "direction": "at_least",
        "due_on": date(2018, 12, 31), "owner": "section",
    }  # fmt: skip
    return SetTarget(**(told | changed))


def test_adopting_a_plan_sets_its_targets() -> None:
    outcome = office().when(AdoptPlan(text=text(TRAINED, SHARE)), actor="administrator-1", at=NEW_YEAR)
    assert [(r.originator_id, r.fact) for r in outcome.recorded if isinstance(r.fact, TargetSet)] == [
        target_set("培训"), target_set("比例"),
    ]  # fmt: skip


def test_an_amendment_sets_only_what_is_new_or_changed_and_drops_what_is_gone() -> None:
    july = date(2018, 7, 1)
    amended = text(TRAINED.replace("100", "120"), version="2")
    outcome = adopted().when(AmendPlan(text=amended, reason=WHY, on=july), actor="administrator-1", at=july)
    ref = f"plan/{PLAN}@2"
    dropped = TargetDropped(actor="administrator-1", effective_on=july, because=(ref,), plan=PLAN, code="比例")
    assert [(r.originator_id, r.fact) for r in outcome.recorded[1:]] == [
        target_set("培训", july, (ref,), value="120"),
        (f"target/{PLAN}/比例", dropped),
    ]


def test_an_amendment_leaves_what_somebody_set_since_then() -> None:
    known = adopted().add(by("clerk-1", setting(value=Decimal(150)), DAY))
    amended = text(TRAINED, SHARE.replace("70.5", "71"), version="2")
    outcome = known.when(AmendPlan(text=amended, reason=WHY, on=DAY), actor="administrator-1", at=DAY)
    assert [r.fact.code for r in outcome.recorded if isinstance(r.fact, TargetSet)] == ["比例"]


def test_a_target_set_alike_is_refused_and_another_value_is_a_new_version() -> None:
    adopted().when(setting(), actor="clerk-1", at=DAY).refused("target_set_already")
    because = (f"plan/{PLAN}@1", f"target/{PLAN}/培训@1")
    adopted().when(setting(value=Decimal(120)), actor="clerk-1", at=DAY).then(
        target_set("培训", DAY, because, value="120", actor="clerk-1")
    )


def test_a_new_target_holds_from_the_year_it_is_for_and_owes_the_plans_reports() -> None:
    fact = adopted().when(setting(code="讲座", measure="场"), actor="clerk-1", at=DAY).only(TargetSet)
    assert (fact.effective_on, fact.since, fact.adds_up, len(fact.reports)) == (NEW_YEAR, NEW_YEAR, True, 1)
    assert adopted().when(setting(code="覆盖", measure="%"), actor="clerk-1", at=DAY).only(TargetSet).adds_up is False


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (setting(plan="no-plan"), "plan_not_adopted"),
        (setting(owner="nowhere"), "unit_not_covered"),
        (setting(code="甲/乙"), "id_unusable"),
        (setting(code="新", since=date(2019, 1, 1)), "target_due_before_begun"),
        (setting(value=Decimal(-1)), "figure_below_zero"),
        (setting(value=Decimal(120), on=date(2018, 7, 11)), "effective_in_future"),
        (setting(value=Decimal(120), on=date(2017, 12, 31)), "plan_not_yet_effective"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(command: Command, code: str) -> None:
    adopted().when(command, actor="clerk-1", at=DAY).refused(code)


def test_a_figure_is_dated_by_the_day_it_is_as_of() -> None:
    fact = ProgressReported(
        actor="clerk-1", effective_on=date(2018, 6, 30), because=(f"target/{PLAN}/培训@1",), plan=PLAN, code="培训", report="monthly",
        value="48.5", unit="section", sent_on=date(2018, 7, 4), evidence_kind="scan",
    )  # fmt: skip
    command = figure("48.50", sent_on=date(2018, 7, 4), evidence_kind="scan")
    adopted().when(command, actor="clerk-1", at=DAY).then((f"target/{PLAN}/培训", fact))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (figure("1", code="没有"), "target_unknown"),
        (figure("1", date(2018, 7, 31)), "progress_in_future"),
        (figure("1", sent_on=date(2018, 7, 11)), "progress_in_future"),
        (figure("1", sent_on=date(2018, 6, 29)), "progress_sent_too_early"),
        (figure("1", date(2017, 12, 31)), "dated_before_basis"),
        (figure("-1"), "figure_below_zero"),
        (figure("1", unit="nowhere"), "unit_not_covered"),
        (figure("50"), "progress_reported_already"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(command: Command, code: str) -> None:
    adopted().add(by("clerk-1", figure("40"), DAY)).when(command, actor="clerk-1", at=DAY).refused(code)


def test_another_report_of_the_same_day_is_another_figure() -> None:
    known = adopted().add(by("clerk-1", figure("40"), DAY))
    assert known.when(figure("40", report="quarterly"), actor="clerk-1", at=DAY).topics() == ["progress.reported"]


def test_a_figure_of_a_target_given_up_is_refused_from_that_day_on() -> None:
    july = date(2018, 7, 1)
    known = adopted().add(by("administrator-1", AmendPlan(text=text(TRAINED, version="2"), reason=WHY, on=july), july))
    known.when(figure("60", july, "比例"), actor="clerk-1", at=DAY).refused("target_dropped", dropped_on="2018-07-01")
    known.when(figure("60", code="比例"), actor="clerk-1", at=DAY).accepted()


def test_what_adds_up_is_met_as_soon_as_it_is_reached_and_once() -> None:
    known = adopted().add(by("clerk-1", figure("99", date(2018, 5, 31)), DAY))
    ref = f"target/{PLAN}/培训@3"
    met = TargetMet(
        actor="clerk-1", effective_on=date(2018, 6, 30), because=(ref, f"target/{PLAN}/培训@1"), plan=PLAN, code="培训", value="100",
        figure=ref,
    )  # fmt: skip
    outcome = known.when(figure("100"), actor="clerk-1", at=DAY)
    assert outcome.only(TargetMet) == met
    assert known.when(figure("101", DAY), actor="clerk-1", at=DAY).topics() == ["progress.reported"]


@pytest.mark.parametrize(
    ("on", "value", "met"),
    [(date(2018, 5, 31), "90", False), (date(2018, 6, 30), "70.5", True), (date(2018, 6, 30), "70.49", False), (DAY, "71", True)],
)
def test_a_share_is_met_on_the_day_due_and_not_before(on: date, value: str, met: bool) -> None:
    topics = adopted().when(figure(value, on, "比例"), actor="clerk-1", at=DAY).topics()
    assert ("target.met" in topics) is met


def correction(value: str, **more: Any) -> CorrectProgress:
    return CorrectProgress(plan=PLAN, code="培训", report="monthly", value=Decimal(value), on=date(2018, 6, 30), reason=WHY, **more)


def test_a_correction_names_what_it_corrects_and_keeps_the_rest() -> None:
    known = adopted().add(by("clerk-1", figure("100"), DAY))
    wrong = f"target/{PLAN}/培训@2"
    fact = ProgressCorrected(
        actor="clerk-1", effective_on=date(2018, 6, 30), because=(wrong, f"target/{PLAN}/培训@1"), plan=PLAN, code="培训",
        report="monthly", value="90", unit="section", sent_on=date(2018, 6, 30), corrects=wrong, reason=WHY,
    )  # fmt: skip
    known.when(correction("90"), actor="clerk-1", at=DAY).then((f"target/{PLAN}/培训", fact))
    # The figure that had met the target is gone, so a later one can meet it again.
    assert known.when(figure("100", DAY), actor="clerk-1", at=DAY).topics() == ["progress.reported", "target.met"]


def test_a_correction_of_nothing_or_into_nothing_new_is_refused() -> None:
    adopted().when(correction("90"), actor="clerk-1", at=DAY).refused("progress_unknown")
    adopted().add(by("clerk-1", figure("90"), DAY)).when(correction("90"), actor="clerk-1", at=DAY).refused("progress_unchanged")


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("monthly", date(2020, 2, 10), date(2020, 2, 1), date(2020, 2, 29)),
        ("monthly", date(2018, 12, 31), date(2018, 12, 1), date(2018, 12, 31)),
        ("quarterly", date(2018, 5, 1), date(2018, 4, 1), date(2018, 6, 30)),
        ("half-yearly", date(2018, 7, 1), date(2018, 7, 1), date(2018, 12, 31)),
    ],
)
def test_periods_are_calendar_months_quarters_and_half_years(kind: Any, day: date, first: date, last: date) -> None:
    assert period_of(kind, day) == (first, last)


def test_a_report_is_owed_for_every_period_that_ends_while_the_target_is_pursued() -> None:
    rules = (ReportOwed(kind="monthly", within_days=5), ReportOwed(kind="quarterly", within_days=10))
    owed = [(one.kind, one.last, one.due_on) for one in reports_owed_between(rules, date(2018, 2, 15), date(2018, 4, 29))]
    assert owed == [
        ("monthly", date(2018, 2, 28), date(2018, 3, 5)),
        ("monthly", date(2018, 3, 31), date(2018, 4, 5)),
        ("quarterly", date(2018, 3, 31), date(2018, 4, 10)),
    ]


JUNE, DECEMBER = date(2018, 6, 30), date(2018, 12, 31)


@pytest.mark.parametrize(
    ("figures", "asked", "target", "direction", "adds_up", "expected"),
    [
        ([], JUNE, "100", "at_least", True, None),
        ([(JUNE, "50")], JUNE, "100", "at_least", True, True),  # 181 of 365 days gone: 49.6 would do
        ([(JUNE, "49")], JUNE, "100", "at_least", True, False),
        ([(JUNE, "100")], JUNE, "100", "at_least", True, True),
        ([(JUNE, "99")], DECEMBER, "100", "at_least", True, False),  # the day due has come
        ([(date(2018, 1, 31), "60")], JUNE, "70", "at_least", False, False),  # one figure of a share says no pace
        ([(date(2018, 1, 31), "60"), (JUNE, "65")], JUNE, "70", "at_least", False, True),
        ([(date(2018, 1, 31), "60"), (JUNE, "61")], JUNE, "70", "at_least", False, False),
        ([(date(2018, 1, 31), "0.7"), (JUNE, "0.62")], JUNE, "0.6", "at_most", False, True),
        ([(date(2018, 1, 31), "0.2"), (JUNE, "0.5")], JUNE, "0.6", "at_most", False, False),  # below it so far, and rising
    ],
)
def test_a_target_is_on_course_if_going_on_like_this_meets_it(
    figures: list[tuple[date, str]], asked: date, target: str, direction: Any, adds_up: bool, expected: bool | None
) -> None:
    told = [(day, Decimal(value)) for day, value in figures]
    found = on_course(told, asked, target=Decimal(target), direction=direction, adds_up=adds_up, since=NEW_YEAR, due_on=DECEMBER)
    assert found is expected


@pytest.mark.parametrize("code", ["taian-actions", "city-education"])
def test_the_parts_of_the_bundled_plans_make_their_wholes(code: str) -> None:
    assert parts_that_do_not_add_up(read_plan(bundled_text(code))) == []


def test_parts_that_do_not_make_their_whole_are_named_with_their_sum() -> None:
    whole = TRAINED.replace("clause", 'parts = [["甲", "乙"], ["甲", "比例", "无"]]\nclause')
    parts = [TRAINED.replace("培训", code).replace("100", value) for code, value in (("甲", "60"), ("乙", "50"))]
    found = parts_that_do_not_add_up(read_plan(text(whole, *parts, SHARE)))
    assert [(one.target, one.total, one.unknown) for one in found] == [
        ("培训", Decimal(110), ()), ("培训", Decimal(60), ("比例", "无")),
    ]  # fmt: skip


@pytest.mark.parametrize("value", ["6.71", "true", '"viel"', "-1"])
def test_a_target_that_is_not_exact_is_refused(value: str) -> None:
    with pytest.raises(Refused, match="plan_malformed"):
        read_plan(text(TRAINED.replace("value = 100", f"value = {value}")))


def test_a_figure_put_right_leaves_the_target_met_by_the_next_one_that_meets_it() -> None:
    known = adopted(TRAINED).add(by("clerk-1", figure("100", date(2018, 9, 30)), date(2018, 10, 8)))
    known.add(by("clerk-1", figure("130", date(2018, 10, 31)), date(2018, 11, 8)))
    wrong = CorrectProgress(plan=PLAN, code="培训", report="monthly", value=Decimal(90), reason=WHY, on=date(2018, 9, 30))
    met = known.when(wrong, actor="clerk-1", at=date(2018, 11, 9)).only(TargetMet)
    assert (met.figure, met.value, met.effective_on) == (f"target/{PLAN}/培训@4", "130", date(2018, 10, 31))
