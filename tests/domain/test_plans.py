"""A plan decides by the version in force on the day, and what it gives follows from its tiers to the fen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.awarding import ApproveAward
from mingzhang.domain.aid.facts import ApplicationSubmitted, AwardApproved, FormRecorded, ReviewPassed, WaiverGranted
from mingzhang.domain.aid.reviewing import PassReview
from mingzhang.domain.aid.submitting import SubmitApplication
from mingzhang.domain.plan.adoption import AdoptedPlan, AdoptPlan, AmendPlan, PlanAmended, PlanRepealed
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.vocabulary import read_plan
from mingzhang.domain.refusal import Refused
from mingzhang.domain.unit import UnitRegistered
from tests.college import GRANT, PLAN, S1, SPRING, WAIVER, adopted, appointed, approved, case, house, opened, reviewed, sha, surveyed, unit
from tests.given import by, given, sealed

TEXT = bundled_text(PLAN)
REASON = sealed("t-0000000001", text="synthetic")
DEARER = TEXT.replace('version = "2020.1"', 'version = "2020.2"').replace("yuan_per_year = 4000", "yuan_per_year = 4400")
DAY = date(2020, 3, 25)
APPROVE = ApproveAward(application=case())


def amended(since: date, text: str = DEARER) -> tuple[str, PlanAmended]:
    fact = PlanAmended(
        actor="founder",
        effective_on=since,
        because=(f"plan/{PLAN}@1",),
        code=PLAN,
        plan_version="2020.2",
        text=text,
        sha256=sha(text),
        reason=REASON,
    )
    return f"plan/{PLAN}", fact


def repealed(since: date) -> tuple[str, PlanRepealed]:
    return f"plan/{PLAN}", PlanRepealed(actor="founder", effective_on=since, code=PLAN, reason=REASON)


@pytest.mark.parametrize("code", bundled_codes())
def test_every_plan_that_comes_along_can_be_read(code: str) -> None:
    assert read_plan(bundled_text(code)).code == code


def test_adopting_a_plan_registers_the_units_that_are_not_there_yet() -> None:
    known = given(unit("college", "bureau", "school"), unit("bureau"), appointed("administrator-1", "administrator", "bureau"))
    outcome = known.when(AdoptPlan(text=TEXT), actor="administrator-1")
    registered = [r.originator_id for r in outcome.recorded if isinstance(r.fact, UnitRegistered)]
    assert registered[:2] == ["unit/student-office", "unit/finance-office"]
    assert "unit/college" not in registered
    assert all(r.fact.because == (f"plan/{PLAN}@1",) for r in outcome.recorded[1:])


def test_a_plan_decides_from_the_day_it_names() -> None:
    known = given(appointed("administrator-1", "administrator", "bureau", since=date(2019, 1, 1)))
    outcome = known.when(AdoptPlan(text=TEXT), actor="administrator-1", at=date(2019, 12, 1))
    assert outcome.state(AdoptedPlan, PLAN).versions[0].since == date(2020, 1, 1)


def test_a_plan_is_adopted_once() -> None:
    given(house()).when(AdoptPlan(text=TEXT), actor="administrator-1").refused("plan_already_adopted", plan=PLAN)


def test_an_amendment_needs_a_version_of_its_own() -> None:
    given(house()).when(AmendPlan(text=TEXT, reason=REASON), actor="administrator-1").refused("plan_version_exists", version="2020.1")


def test_an_amendment_stands_beside_the_version_it_amends() -> None:
    event = amended(date(2020, 4, 1))
    fact = event[1].model_copy(update={"actor": "administrator-1"})
    command = AmendPlan(text=DEARER, reason=REASON, on=date(2020, 4, 1))
    given(house()).when(command, actor="administrator-1").then((event[0], fact))


@pytest.mark.parametrize(
    ("day", "version", "amount_fen"),
    [(date(2020, 3, 31), "2020.1", 200_000), (date(2020, 4, 1), "2020.2", 220_000), (date(2020, 4, 2), "2020.2", 220_000)],
)
def test_an_award_is_decided_by_the_version_in_force_that_day(day: date, version: str, amount_fen: int) -> None:
    known = given(opened(), reviewed(), amended(date(2020, 4, 1)))
    award = known.when(APPROVE, actor="approver-1", at=day).only(AwardApproved)
    assert (award.plan_version, award.amount_fen) == (version, amount_fen)
    assert award.because[-1] == f"plan/{PLAN}@{1 if version == '2020.1' else 2}"


def test_an_amendment_recorded_late_but_of_the_same_day_wins() -> None:
    known = given(opened(), reviewed(), amended(date(2020, 1, 1)))
    assert known.when(APPROVE, actor="approver-1").only(AwardApproved).plan_version == "2020.2"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2020, 3, 24), None), (date(2020, 3, 25), "plan_repealed"), (date(2020, 3, 26), "plan_repealed")]
)
def test_a_repealed_plan_decides_no_more(day: date, code: str | None) -> None:
    outcome = given(opened(), reviewed(), repealed(DAY)).when(APPROVE, actor="approver-1", at=day)
    if code:
        outcome.refused(code)
    else:
        outcome.accepted()


def test_a_plan_not_yet_in_force_decides_nothing() -> None:
    known = given(appointed("clerk-1", "clerk", "bureau"), adopted(since=date(2020, 9, 1)))
    with pytest.raises(Refused, match="plan_not_yet_effective"):
        known.store.state(AdoptedPlan, PLAN).on(date(2020, 8, 31))


@pytest.mark.parametrize(
    ("scheme", "code"),
    [("grant", "scheme_malformed"), ("fuxin-2021.grant", "plan_not_adopted"), (f"{PLAN}.golden", "scheme_unknown")],
)
def test_a_scheme_that_no_plan_has_is_refused(scheme: str, code: str) -> None:
    command = SubmitApplication(scheme=scheme, student=S1, period=SPRING)
    given(opened(), surveyed()).when(command, actor="applicant-clerk-1").refused(code)


@pytest.mark.parametrize(
    ("categories", "tier", "amount_fen"),
    [
        (("建档立卡",), "建档立卡", 200_000),
        (("建档立卡", "低保"), "建档立卡", 200_000),
        (("特困",), "二档", 150_000),
        (("孤儿",), "二档", 150_000),
        (("低保",), "二档", 150_000),
        (("低保", "残疾学生"), "二档", 150_000),
        (("残疾学生",), "三档", 100_000),
        (("其他",), "三档", 100_000),
        (("低保边缘",), "三档", 100_000),
        ((), "三档", 100_000),
    ],
)
def test_the_highest_tier_of_any_category_counts(categories: tuple[str, ...], tier: str, amount_fen: int) -> None:
    award = given(opened(), reviewed(S1, categories)).when(APPROVE, actor="approver-1").only(AwardApproved)
    assert (award.tier, award.amount_fen, award.categories) == (tier, amount_fen, categories)


def test_no_amount_is_accepted_where_the_plan_sets_it() -> None:
    command = ApproveAward(application=case(), amount_fen=1)
    given(opened(), reviewed()).when(command, actor="approver-1").refused("amount_set_by_plan")


@pytest.mark.parametrize(("amount_fen", "code"), [(None, "amount_needed"), (0, "amount_not_positive"), (-1, "amount_not_positive")])
def test_the_school_says_what_a_waiver_is_worth(amount_fen: int | None, code: str) -> None:
    command = ApproveAward(application=case(scheme=WAIVER), amount_fen=amount_fen)
    given(opened(), reviewed(scheme=WAIVER)).when(command, actor="approver-1").refused(code)


def test_a_waiver_is_granted_with_its_award_and_stands_in_the_payments_place() -> None:
    known = given(opened(), reviewed(scheme=WAIVER))
    outcome = known.when(ApproveAward(application=case(scheme=WAIVER), amount_fen=80_000), actor="approver-1", at=DAY)
    award = outcome.only(AwardApproved)
    assert (award.kind, award.tier, award.amount_fen) == ("waiver", None, 80_000)
    ref = f"{case(scheme=WAIVER)}@3"
    granted = WaiverGranted(
        actor="approver-1",
        effective_on=DAY,
        because=(ref,),
        scheme=WAIVER,
        student=S1,
        period=SPRING,
        unit="shifan",
        amount_fen=80_000,
        award=ref,
    )
    assert outcome.recorded[1].originator_id == f"payment/{WAIVER}/{S1}/{SPRING}/1"
    assert outcome.recorded[1].fact == granted


def test_a_waiver_is_for_the_categories_the_plan_names() -> None:
    command = SubmitApplication(scheme=WAIVER, student=S1, period=SPRING)
    given(opened(), surveyed(S1, ("低保",))).when(command, actor="applicant-clerk-1").refused("category_not_covered", wanted=["建档立卡"])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('kind = "grant"', 'kind = "gift"', "schemes.0.kind"),
        ("paid_in = 2", "paid_in = 3", "schemes.0"),
        ("yuan_per_year = 4000", "yuan_per_year = 4000.5", "schemes.0.tiers.0.yuan_per_year"),
        ("yuan_per_year = 4000", "yuan_per_year = -1", "schemes.0.tiers.0.yuan_per_year"),
        ('clause = "aid"', 'clause = "nowhere"', "plan"),
        ('top = "bureau"', 'top = "nowhere"', "plan"),
        ('code = "fuxin-2020"', 'code = "fuxin-2020"\nsurprise = 1', "surprise"),
        ('code = "fuxin-2020"', "code = ", "TOML"),
    ],
)
def test_a_plan_outside_the_vocabulary_is_refused_with_its_place(old: str, new: str, place: str) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    known = given(appointed("administrator-1", "administrator", "bureau"))
    known.when(AdoptPlan(text=text), actor="administrator-1").refused("plan_malformed", place=place)


def test_an_approval_names_the_policy_version_and_all_it_relied_on() -> None:
    award = AwardApproved(
        actor="approver-1",
        effective_on=DAY,
        because=(f"{case()}@2", f"{case()}@1", f"entry/{SPRING}/{S1}@1", f"student/{S1}@2", f"plan/{PLAN}@1"),
        scheme=GRANT,
        student=S1,
        period=SPRING,
        unit="shifan",
        kind="grant",
        tier="建档立卡",
        amount_fen=200_000,
        categories=("建档立卡",),
        plan_version="2020.1",
        clause="aid",
    )
    given(opened(), reviewed()).when(APPROVE, actor="approver-1", at=DAY).then((case(), award))


def test_an_award_may_be_dated_back_and_is_then_decided_as_of_that_day() -> None:
    known = given(
        opened(),
        reviewed(),
        amended(date(2020, 4, 1)),
        by("administrator-1", AmendPlan(text=DEARER.replace("2020.2", "2020.3"), reason=REASON, on=date(2020, 5, 1))),
    )
    command = ApproveAward(application=case(), on=date(2020, 3, 31))
    assert known.when(command, actor="approver-1", at=date(2020, 4, 2)).only(AwardApproved).plan_version == "2020.1"


def test_two_schemes_that_do_not_stack_are_not_both_awarded() -> None:
    apart = TEXT.replace('stacks_with = ["grant"]', "").replace('stacks_with = ["tuition-waiver"]', "").replace("2020.1", "2020.2")
    waiver = WAIVER
    amended = by("administrator-1", AmendPlan(text=apart, reason=REASON), date(2020, 3, 2))
    asked = (
        by("applicant-clerk-1", SubmitApplication(scheme=waiver, student=S1, period=SPRING), date(2020, 3, 21)),
        by("reviewer-1", PassReview(application=case(scheme=waiver)), date(2020, 3, 22)),
    )
    known = given(opened(), amended, approved(), asked)
    second = ApproveAward(application=case(scheme=waiver), amount_fen=100)
    known.when(second, actor="approver-1").refused("schemes_do_not_stack", other=case())


@pytest.mark.parametrize(
    ("kind", "period"), [("year", "2020"), ("year", "2019"), ("school-year", "2019-2020"), ("school-year", "2020-2021"), ("once", "once")]
)
def test_schemes_that_do_not_stack_meet_wherever_their_periods_do(kind: str, period: str) -> None:
    """A waiver by year, by school year or once in a life, beside a grant for the spring term of 2020."""
    apart = TEXT.replace('stacks_with = ["grant"]', "").replace('stacks_with = ["tuition-waiver"]', "").replace("2020.1", "2020.2")
    grant, _code, waiver = apart.partition('code = "tuition-waiver"')
    text = grant + _code + waiver.replace('period = "term"', f'period = "{kind}"', 1)
    known = given(opened(), by("administrator-1", AmendPlan(text=text, reason=REASON), date(2020, 3, 2)), reviewed())
    other = f"application/{WAIVER}/{S1}/{period}"
    submitted = ApplicationSubmitted(
        actor="applicant-clerk-1", effective_on=DAY, scheme=WAIVER, student=S1, period=period, unit="shifan", basis=""
    )
    award = AwardApproved(
        actor="approver-2",
        effective_on=DAY,
        scheme=WAIVER,
        student=S1,
        period=period,
        unit="shifan",
        kind="waiver",
        amount_fen=100,
        categories=(),
        plan_version="2020.2",
        clause="",
    )
    known.add((other, submitted), (other, award))
    outcome = known.when(APPROVE, actor="approver-1")
    if period in ("2019", "2020-2021"):
        outcome.accepted()
    else:
        outcome.refused("schemes_do_not_stack", other=other)


def test_an_award_for_once_meets_those_of_every_term() -> None:
    apart = TEXT.replace('stacks_with = ["grant"]', "").replace('stacks_with = ["tuition-waiver"]', "").replace("2020.1", "2020.2")
    grant, _code, waiver = apart.partition('code = "tuition-waiver"')
    text = grant + _code + waiver.replace('period = "term"', 'period = "once"', 1)
    known = given(opened(), by("administrator-1", AmendPlan(text=text, reason=REASON), date(2020, 3, 2)), approved())
    other = f"application/{WAIVER}/{S1}/once"
    what: dict[str, Any] = {"effective_on": DAY, "scheme": WAIVER, "student": S1, "period": "once", "unit": "shifan"}
    form = FormRecorded(actor="clerk-2", **what, categories=("建档立卡",), person=sealed(S1))
    submitted = ApplicationSubmitted(actor="clerk-2", **what, basis=f"{other}@1")
    passed = ReviewPassed(
        actor="reviewer-2", effective_on=DAY, step="学生处审核", number=0, acting_role="reviewer", acting_unit="shifan"
    )
    known.add((other, form), (other, submitted), (other, passed))
    second = ApproveAward(application=other, amount_fen=100)
    known.when(second, actor="approver-1").refused("schemes_do_not_stack", other=case())


def test_an_amendment_that_would_never_decide_is_refused() -> None:
    known = given(house(), amended(date(2020, 4, 1)))
    late = AmendPlan(text=DEARER.replace("2020.2", "2020.3"), reason=REASON, on=date(2020, 3, 1))
    known.when(late, actor="administrator-1", at=date(2020, 5, 1)).refused("plan_version_overtaken", since="2020-04-01")
