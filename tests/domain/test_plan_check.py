"""A plan is held against itself: what no year can hold is refused with its line, what merely does not fit is told."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.plan.adoption import AdoptPlan
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.check import check_plan
from mingzhang.domain.plan.course import earliest_days
from mingzhang.domain.plan.vocabulary import line_of, read_plan
from tests.college import PLAN, adopted, appointed, house
from tests.given import given

S0 = bundled_text(PLAN)
S6 = bundled_text("funan-2020")
KNOWN_CONTRADICTIONS = {"funan-2020": {"plan_steps_do_not_fit"}}


@pytest.mark.parametrize("code", bundled_codes())
def test_a_plan_that_comes_along_contradicts_itself_only_where_its_source_does(code: str) -> None:
    assert {found.code for found in check_plan(read_plan(bundled_text(code)))} == KNOWN_CONTRADICTIONS.get(code, set())


def test_two_notices_of_five_working_days_do_not_fit_into_nine_days() -> None:
    found = next(one for one in check_plan(read_plan(S6)) if one.place.endswith("乡镇公示"))
    assert (found.code, found.context["earliest"], found.context["wanted_by"]) == ("plan_steps_do_not_fit", "2020-09-16", "2020-09-10")


def test_the_earliest_days_of_the_two_notices_are_worked_out() -> None:
    scheme = next(scheme for scheme in read_plan(S6).schemes if scheme.code == "county-grant")
    days = {one.step.name: (one.begins, one.done) for one in earliest_days(scheme, 2020)}
    assert days["村公示"] == (date(2020, 9, 1), date(2020, 9, 9))
    assert days["乡镇公示"] == (date(2020, 9, 9), date(2020, 9, 17))


def test_after_a_notice_whose_length_the_office_sets_no_day_is_claimed() -> None:
    scheme = read_plan(bundled_text("sunan-2022")).schemes[0]
    after = [one.done for one in earliest_days(scheme, 2022) if one.step.kind == "approve"]
    assert after == [None]


def test_a_plan_for_a_year_without_a_calendar_is_not_judged_by_working_days() -> None:
    far = S6.replace("effective_from = 2020-", "effective_from = 2044-")
    assert "plan_steps_do_not_fit" not in {found.code for found in check_plan(read_plan(far))}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("due = { month = 3, day = 31 }", "due = { month = 2, day = 30 }", "plan_day_impossible"),
        ("month = 7, day = 1 }, { month = 7", "month = 8, day = 1 }, { month = 7", "plan_window_backwards"),
        ('categories = ["特困", "孤儿", "低保"]', 'categories = ["建档立卡"]', "plan_tier_unreachable"),
        ('categories = ["特困", "孤儿", "低保"]\n', "", "plan_tier_unreachable"),
        ('paid_in = 2\npayer', 'paid_in = 2\nconditions = { stages = ["中职"] }\npayer', None),
    ],
)
def test_what_no_year_can_hold_is_refused_at_adoption_with_its_line(old: str, new: str, code: str | None) -> None:
    assert old in S0
    text = S0.replace(old, new, 1)
    outcome = given(appointed("administrator-1", "administrator", "bureau")).when(AdoptPlan(text=text), actor="administrator-1")
    if code is None:
        assert outcome.recorded
        return
    refusal = outcome.refused(code).refusal
    assert refusal is not None and text.splitlines()[int(str(refusal.context["line"])) - 1].startswith("[[")


@pytest.mark.parametrize(
    ("tiers", "unreachable"),
    [
        ([{"stages": '["本科"]'}, {"stages": '["专科"]'}], []),
        ([{"stages": '["本科", "专科"]'}, {"stages": '["专科"]'}], ["b"]),
        ([{"provinces": '["安徽"]'}, {"other_provinces": '["安徽"]'}], []),
        ([{"admitted_to": '["本科"]'}, {}], []),
        ([{}, {"admitted_to": '["本科"]'}], ["b"]),
        ([{"stages": '["高中"]'.replace("高中", "普高")}, {"stages": '["本科"]'}], ["a"]),
    ],
)
def test_a_tier_is_reached_only_by_whom_the_ones_before_it_leave_over(tiers: list[dict[str, str]], unreachable: list[str]) -> None:
    written = "".join(
        f'[[schemes.tiers]]\ncode = "{code}"\nname = "档"\nyuan_per_year = 10\n'
        + "".join(f"{key} = {value}\n" for key, value in tier.items())
        for code, tier in zip("ab", tiers, strict=True)
    )
    plan = read_plan(
        'code = "x"\ntitle = "x"\ntitle_en = "x"\nversion = "1"\neffective_from = 2020-01-01\nissuer = "u"\nsource = "x"\ntop = "u"\n'
        '[[units]]\nid = "u"\nname = "u"\nkind = "bureau"\n'
        '[[schemes]]\ncode = "s"\nname = "s"\nbasis = "form"\nperiod = "once"\nclause = "c"\n'
        '[schemes.conditions]\nstages = ["本科", "专科"]\n'
        f'{written}[[schemes.steps]]\nkind = "approve"\nname = "a"\nrole = "approver"\n[clauses]\nc = "c"\n'
    )
    found = [one.context["tier"] for one in check_plan(plan) if one.code == "plan_tier_unreachable"]
    assert found == unreachable


def test_parts_that_do_not_make_their_whole_are_told() -> None:
    text = bundled_text("taian-actions")
    plan = read_plan(text)
    whole = next(target for target in plan.targets if target.parts)
    part = whole.parts[0][0]
    number = next(n for n, target in enumerate(plan.targets) if target.code == part)
    at = line_of(text, ("targets", number, "value"))
    assert at is not None
    lines = text.splitlines()
    lines[at - 1] = "value = 1000000"
    found = check_plan(read_plan("\n".join(lines)))
    assert [one.place for one in found if one.code == "plan_parts_differ"] == [f"targets.{whole.code}"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("schemes", 0, "tiers", 1, "yuan_per_year"), "yuan_per_year = 3000"),
        (("schemes", 1, "conditions", "categories"), 'categories = ["建档立卡"]'),
        (("duties", 2, "due", "MonthDay", "month"), "due = { month = 3, day = 31 }"),
        (("units", 2, "parent"), 'parent = "college"'),
        (("duties", 0, "due", "MonthDay", "day"), "due = { month = 3, day = 20 }"),
        (("schemes", 0, "tiers", 2, "categories"), "[[schemes.tiers]]"),
        (("schemes", 0, "steps", 1, "days"), "[[schemes.steps]]"),
    ],
)
def test_the_line_of_a_word_is_found_by_its_path(path: tuple[str | int, ...], line: str) -> None:
    at = line_of(S0, path)
    assert at is not None and S0.splitlines()[at - 1] == line


def test_a_repealed_plan_decides_nothing_more_and_is_repealed_once() -> None:
    from mingzhang.domain.plan.adoption import RepealPlan
    from tests.given import by, sealed

    reason = sealed("t-0000000001", text="synthetic")
    known = given(house(), by("administrator-1", RepealPlan(plan=PLAN, reason=reason, on=date(2020, 3, 20)), date(2020, 3, 20)))
    known.when(RepealPlan(plan=PLAN, reason=reason), actor="administrator-1", at=date(2020, 3, 21)).refused("plan_repealed")
    again = S0.replace("2020.1", "2020.9")
    known.when(AdoptPlan(text=again), actor="administrator-1", at=date(2020, 3, 22)).refused("dated_before_basis", since="2020-03-20")
    known.when(AdoptPlan(text=again, on=date(2020, 3, 20)), actor="administrator-1", at=date(2020, 3, 22)).accepted()
    assert adopted()[0] == f"plan/{PLAN}"


def test_a_plan_is_not_repealed_before_it_began() -> None:
    from mingzhang.domain.plan.adoption import RepealPlan
    from tests.given import sealed

    command = RepealPlan(plan=PLAN, reason=sealed("t-0000000001", text="synthetic"), on=date(2019, 12, 31))
    given(house()).when(command, actor="administrator-1", at=date(2020, 3, 20)).refused("dated_before_basis")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('code = "二档"', 'code = "三档"', "plan_tier_twice"),
        ('categories = ["特困", "孤儿", "低保"]', 'categories = ["特困", "低保户子女"]', "plan_category_unknown"),
        ('payer = "finance-office"', 'payer = "treasury"', "plan_unit_unknown"),
        ('period = "term"\npaid_in = 2\npayer', 'period = "school-year"\npaid_in = 2\npayer', "plan_round_missing"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(old: str, new: str, code: str) -> None:
    assert old in S0
    assert code in {found.code for found in check_plan(read_plan(S0.replace(old, new, 1)))}
