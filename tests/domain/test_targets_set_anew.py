"""A target set otherwise is judged anew: what was lowered may be met now, what was raised no longer is."""

from __future__ import annotations

from decimal import Decimal

from mingzhang.domain.plan.adoption import AmendPlan
from mingzhang.domain.programme.facts import TargetMet
from mingzhang.domain.programme.target import StandingTarget
from tests.domain.test_programmes import DAY, PLAN, TRAINED, WHY, adopted, correction, figure, setting, text
from tests.given import by


def test_a_target_that_is_lowered_to_what_is_reached_already_is_met() -> None:
    known = adopted(TRAINED).add(by("clerk-1", figure("90"), DAY))
    outcome = known.when(setting(value=Decimal(80)), actor="clerk-1", at=DAY)
    assert outcome.topics() == ["target.set", "target.met"]
    met = outcome.only(TargetMet)
    assert (met.figure, met.effective_on) == (f"target/{PLAN}/培训@2", DAY)
    assert met.because == (f"target/{PLAN}/培训@2", f"target/{PLAN}/培训@3")


def test_a_target_that_is_raised_is_no_longer_met_until_a_figure_reaches_it() -> None:
    known = adopted(TRAINED).add(by("clerk-1", figure("100"), DAY))
    assert known.when(setting(value=Decimal(150)), actor="clerk-1", at=DAY).topics() == ["target.set"]
    assert known.store.state(StandingTarget, PLAN, "培训").met_by == ""
    assert known.when(correction("120"), actor="clerk-1", at=DAY).topics() == ["progress.corrected"]
    assert known.when(figure("150", DAY), actor="clerk-1", at=DAY).topics() == ["progress.reported", "target.met"]


def test_a_target_that_changes_hands_stays_met() -> None:
    known = adopted(TRAINED).add(by("clerk-1", figure("100"), DAY))
    assert known.when(setting(value=Decimal(100), owner="bureau"), actor="clerk-1", at=DAY).topics() == ["target.set"]
    assert known.store.state(StandingTarget, PLAN, "培训").met_by == f"target/{PLAN}/培训@2"


def test_an_amendment_that_lowers_a_target_judges_it_anew() -> None:
    known = adopted(TRAINED).add(by("clerk-1", figure("90"), DAY))
    amend = AmendPlan(text=text(TRAINED.replace("100", "80"), version="2"), reason=WHY)
    assert known.when(amend, actor="administrator-1", at=DAY).topics()[-2:] == ["target.set", "target.met"]
