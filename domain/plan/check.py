"""A plan is checked for what it says against itself: days that do not exist, tiers nobody can reach, schemes that pay nobody.

Each contradiction is a code with its place; the sentence is made by the command line. Adopting a contradictory plan is not forbidden
(real plans contradict themselves), but nobody shall be able to say they were not told.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field

from .vocabulary import MonthDay, Plan, Scheme


@dataclass(frozen=True)
class Contradiction:
    code: str
    place: str
    context: dict[str, object] = field(default_factory=dict)


def check_plan(plan: Plan) -> list[Contradiction]:
    """Every contradiction found, in the order of the plan's text."""
    found: list[Contradiction] = []
    for scheme in plan.schemes:
        found += _tiers(scheme)
        found += _stacking(plan, scheme)
    for duty in plan.duties:
        days = [duty.due] if isinstance(duty.due, MonthDay) else list(duty.between or ())
        for day in days:
            if day.day > calendar.monthrange(2020, day.month)[1]:
                found.append(Contradiction("plan_day_impossible", f"duties.{duty.code}", {"month": day.month, "day": day.day}))
        if duty.between and _as_number(duty.between[0]) > _as_number(duty.between[1]):
            found.append(Contradiction("plan_window_backwards", f"duties.{duty.code}"))
        known = {unit.id for unit in plan.units} | {unit.kind for unit in plan.units}
        for who in (duty.owner, duty.recipient):
            if who is not None and who not in known:
                found.append(Contradiction("plan_unit_unknown", f"duties.{duty.code}", {"unit": who}))
    return found


def _as_number(day: MonthDay) -> int:
    return day.month * 100 + day.day


def _tiers(scheme: Scheme) -> list[Contradiction]:
    """Tiers stand highest first; one behind a tier for everybody, or whose categories are all taken before, is never reached."""
    found: list[Contradiction] = []
    taken: set[str] = set()
    everybody = False
    above = None
    for tier in scheme.tiers:
        place = f"schemes.{scheme.code}.tiers.{tier.code}"
        if everybody or (tier.categories is not None and set(tier.categories) <= taken):
            found.append(Contradiction("plan_tier_unreachable", place, {"tier": tier.code}))
        if above is not None and tier.fen_per_year > above:
            amounts = {"tier": tier.code, "amount_fen": tier.fen_per_year, "above_fen": above}
            found.append(Contradiction("plan_tier_above_higher", place, amounts))
        taken |= set(tier.categories or ())
        everybody = everybody or tier.categories is None
        above = tier.fen_per_year
    return found


def _stacking(plan: Plan, scheme: Scheme) -> list[Contradiction]:
    """What may stand beside what is said on both sides, or it is a contradiction."""
    others = {other.code: other for other in plan.schemes}
    found = []
    for code in scheme.stacks_with:
        other = others.get(code)
        if other is None:
            found.append(Contradiction("plan_scheme_unknown", f"schemes.{scheme.code}.stacks_with", {"scheme": code}))
        elif scheme.code not in other.stacks_with:
            found.append(Contradiction("plan_stacking_one_sided", f"schemes.{scheme.code}.stacks_with", {"scheme": code}))
    return found
