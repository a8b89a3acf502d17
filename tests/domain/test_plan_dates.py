"""A term begins before it ends, whichever of its two days is told first."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.dates import PlanDateSet, SetPlanDate
from tests.college import FIRST_DAY, appointed, sha, unit
from tests.given import Given, by, given, sealed

CODE = "hunan-tutoring"
TEXT = bundled_text(CODE)
DAY = date(2023, 9, 20)


def told(name: str, day: date) -> SetPlanDate:
    return SetPlanDate(plan=CODE, date_name=name, period="2023-autumn", day=day, source=sealed("t-0000000001", text="synthetic"))


def school() -> Given:
    fact = PlanAdopted(actor="founder", effective_on=FIRST_DAY, code=CODE, plan_version="2023.1", text=TEXT, sha256=sha(TEXT))
    return given(unit("college", kind="school"), (f"plan/{CODE}", fact), appointed("clerk-1", "clerk", "college"))


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        (("term-start", date(2023, 9, 4)), ("term-end", date(2024, 1, 7)), True),
        (("term-start", date(2023, 9, 4)), ("term-end", date(2023, 9, 4)), False),
        (("term-end", date(2024, 1, 7)), ("term-start", date(2024, 1, 8)), False),
    ],
)
def test_a_term_does_not_end_before_it_begins(first: tuple[str, date], second: tuple[str, date], fits: bool) -> None:
    outcome = school().add(by("clerk-1", told(*first), DAY)).when(told(*second), actor="clerk-1", at=DAY)
    if fits:
        assert outcome.only(PlanDateSet).day == second[1]
    else:
        outcome.refused("plan_dates_backwards", other=first[0], other_day=first[1].isoformat())
