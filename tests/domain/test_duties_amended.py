"""A duty that fell due before an amendment or the repeal is owed as it was: it stays on the list, and so it can be done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.duty.duty import DischargeDuty
from mingzhang.domain.plan.adoption import PlanAmended, PlanRepealed
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.vocabulary import read_plan
from tests.college import PLAN, house, sha
from tests.given import given

from .test_duties import ACTOR, CARDS, TEXT


def amended(since: date, *duties: str) -> tuple[str, Any]:
    """The plan with these duties alone, as of that day."""
    text = bundled_text(PLAN)
    start, end = text.index("[[duties]]"), text.index("[clauses]")
    kept = [part for part in text[start:end].split("[[duties]]") if any(f'code = "{code}"' in part for code in duties)]
    new = text[:start] + "".join(f"[[duties]]{part}" for part in kept) + text[end:]
    new = new.replace('version = "2020.1"', 'version = "2020.2"', 1).replace("effective_from = 2020-01-01", f"effective_from = {since}", 1)
    fact = PlanAmended(
        actor="founder", effective_on=since, code=PLAN, plan_version="2020.2", text=new, sha256=sha(new), reason=TEXT
    )
    return f"plan/{PLAN}", fact


OTHER = next(one.code for one in read_plan(bundled_text(PLAN)).duties if one.code != "info-cards")


@pytest.mark.parametrize("kept", ["info-cards", OTHER])
def test_a_duty_owed_before_an_amendment_is_discharged_after_it(kept: str) -> None:
    """Whether the new version still has it or not: it stays on the list, and so it can be done."""
    known = given(house(), amended(date(2021, 2, 1), kept))
    known.when(DischargeDuty(**CARDS), actor=ACTOR, at=date(2021, 3, 1)).accepted()


def test_a_duty_that_an_amendment_took_away_is_owed_no_more() -> None:
    known = given(house(), amended(date(2021, 2, 1), OTHER))
    known.when(DischargeDuty(**(CARDS | {"period": "2022"})), actor=ACTOR, at=date(2022, 3, 1)).refused("duty_unknown")


def test_a_duty_owed_before_the_repeal_is_discharged_after_it() -> None:
    repealed = PlanRepealed(actor="founder", effective_on=date(2021, 2, 1), code=PLAN, reason=TEXT)
    known = given(house(), (f"plan/{PLAN}", repealed))
    known.when(DischargeDuty(**CARDS), actor=ACTOR, at=date(2021, 3, 1)).accepted()
    known.when(DischargeDuty(**(CARDS | {"period": "2022"})), actor=ACTOR, at=date(2021, 3, 1)).refused("plan_repealed")
