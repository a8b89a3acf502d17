"""A plan is checked for what it says against itself: days that do not exist, tiers nobody can reach, steps that do not fit their days.

Each contradiction is a code with its place; the sentence is made by the command line. Adopting a contradictory plan is not forbidden
(real plans contradict themselves), but nobody shall be able to say they were not told. What makes no sense in any year (`FAULTS`) is
refused at adoption.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..refusal import Refused
from ..values.categories import CATEGORIES
from .course import misfits
from .schemes import Scheme, Tier
from .targets import parts_that_do_not_add_up
from .vocabulary import Plan, line_of, read_plan
from .words import MonthDay

Path = tuple[str | int, ...]
FAULTS = frozenset({"plan_day_impossible", "plan_window_backwards", "plan_tier_unreachable", "plan_tier_twice"})


@dataclass(frozen=True)
class Contradiction:
    """`place` is the path in words, `path` the same as the TOML is nested: by it the line is found."""

    code: str
    place: str
    context: dict[str, object] = field(default_factory=dict)
    path: Path = ()


def check_plan(plan: Plan) -> list[Contradiction]:
    """Every contradiction found, in the order of the plan's text."""
    found: list[Contradiction] = []
    for number, scheme in enumerate(plan.schemes):
        found += _tiers(scheme, ("schemes", number))
        found += _stacking(plan, scheme, ("schemes", number))
        found += _days_of_scheme(scheme, ("schemes", number))
        found += _words_of_scheme(plan, scheme, ("schemes", number))
        for misfit in misfits(scheme, plan.effective_from.year):
            place = f"schemes.{scheme.code}.steps.{misfit.step}"
            found.append(Contradiction(misfit.code, place, misfit.context, ("schemes", number, "steps", misfit.number)))
    for number, duty in enumerate(plan.duties):
        path: Path = ("duties", number)
        place = f"duties.{duty.code}"
        found += _days(duty.days_of_the_year(), place, path)
        if duty.between and _as_number(duty.between[0]) > _as_number(duty.between[1]):
            found.append(Contradiction("plan_window_backwards", place, {}, path))
        known = {unit.id for unit in plan.units} | {unit.kind for unit in plan.units}
        for who in (duty.owner, duty.recipient):
            if who is not None and who not in known:
                found.append(Contradiction("plan_unit_unknown", place, {"unit": who}, path))
        if duty.scheme is not None and duty.scheme not in {scheme.code for scheme in plan.schemes}:
            found.append(Contradiction("plan_scheme_unknown", place, {"scheme": duty.scheme}, path))
    for uneven in parts_that_do_not_add_up(plan):
        number = next(n for n, target in enumerate(plan.targets) if target.code == uneven.target)
        said: dict[str, object] = {"value": str(uneven.value), "total": str(uneven.total), "parts": list(uneven.parts)}
        found.append(Contradiction("plan_parts_differ", f"targets.{uneven.target}", said, ("targets", number)))
    units = {unit.id for unit in plan.units}
    for number, target in enumerate(plan.targets):
        if target.owner not in units:
            found.append(Contradiction("plan_unit_unknown", f"targets.{target.code}", {"unit": target.owner}, ("targets", number)))
    return found


def _words_of_scheme(plan: Plan, scheme: Scheme, path: Path) -> list[Contradiction]:
    """Names that lead nowhere: a category no survey knows, a payer that is no unit, a tier named twice, a survey the plan does not hold."""
    found = []
    place = f"schemes.{scheme.code}"
    categories = {*scheme.conditions.categories, *(category for tier in scheme.tiers for category in tier.categories or ())}
    for category in sorted(categories - set(CATEGORIES)):
        found.append(Contradiction("plan_category_unknown", place, {"category": category}, path))
    if scheme.payer is not None and scheme.payer not in {unit.id for unit in plan.units}:
        found.append(Contradiction("plan_unit_unknown", place, {"unit": scheme.payer}, path))
    codes = [tier.code for tier in scheme.tiers]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        found.append(Contradiction("plan_tier_twice", place, {"tier": code}, path))
    if scheme.basis == "survey" and scheme.kind != "loan" and (scheme.period != "term" or not plan.rounds):
        found.append(Contradiction("plan_round_missing", place, {"period": scheme.period}, path))
    return found


def refuse_faults(text: str) -> None:
    """Refuses a plan that says what no year can hold, with the fault's own code, its place, and its line in the text."""
    for found in check_plan(read_plan(text)):
        if found.code in FAULTS:
            raise Refused(found.code, place=found.place, line=line_of(text, found.path), **found.context)


def _as_number(day: MonthDay) -> int:
    return day.month * 100 + day.day


def _days(days: Iterator[MonthDay] | Sequence[MonthDay], place: str, path: Path) -> Iterator[Contradiction]:
    for day in days:
        if day.day > calendar.monthrange(2020, day.month)[1]:
            yield Contradiction("plan_day_impossible", place, {"month": day.month, "day": day.day}, path)


def _days_of_scheme(scheme: Scheme, path: Path) -> Iterator[Contradiction]:
    windows = [("conditions", scheme.conditions.window), ("loan", scheme.loan.window if scheme.loan else None)]
    windows += [(f"steps.{step.name}", step.window) for step in scheme.steps]
    for where, window in windows:
        if window is None:
            continue
        place = f"schemes.{scheme.code}.{where}"
        wrong = list(_days((window.first, window.last), place, path))
        yield from wrong
        if not wrong and _as_number(window.first) > _as_number(window.last):
            yield Contradiction("plan_window_backwards", place, {}, path)
    ends = [step.by for step in scheme.steps if step.by is not None]
    if scheme.payment is not None and isinstance(scheme.payment.by, MonthDay):
        ends.append(scheme.payment.by)
    yield from _days(ends, f"schemes.{scheme.code}", path)


def _tiers(scheme: Scheme, path: Path) -> list[Contradiction]:
    """The first tier that fits counts, so one behind a tier that takes all it could have is never reached; nor is one whose students the
    scheme's own conditions leave out."""
    found: list[Contradiction] = []
    wanted = scheme.conditions
    for number, tier in enumerate(scheme.tiers):
        place = f"schemes.{scheme.code}.tiers.{tier.code}"
        where: Path = (*path, "tiers", number)
        before = scheme.tiers[:number]
        left_out = (wanted.stages and tier.stages and not set(wanted.stages) & set(tier.stages)) or (
            wanted.categories and tier.categories is not None and not set(wanted.categories) & set(tier.categories)
        )
        if left_out or _taken(tier, before):
            found.append(Contradiction("plan_tier_unreachable", place, {"tier": tier.code}, where))
        here, above = tier.fen_per_year, before[-1].fen_per_year if before else None
        if here is not None and above is not None and here > above and _by_category_only(tier) and _by_category_only(before[-1]):
            amounts: dict[str, object] = {"tier": tier.code, "amount_fen": here, "above_fen": above}
            found.append(Contradiction("plan_tier_above_higher", place, amounts, where))
    return found


def _by_category_only(tier: Tier) -> bool:
    return not (tier.levels or tier.stages or tier.admitted_to or tier.provinces or tier.other_provinces)


def _taken(tier: Tier, before: Sequence[Tier]) -> bool:
    """Whether tiers before it take everybody it could have: one of them is as wide in every respect, or several share its categories."""
    if any(_as_wide(other, tier) for other in before):
        return True
    if tier.categories is None:
        return False
    taken = {category for other in before if _by_category_only(other) for category in other.categories or ()}
    return set(tier.categories) <= taken


def _as_wide(wide: Tier, narrow: Tier) -> bool:
    def covers(one: Sequence[str], other: Sequence[str]) -> bool:
        return not one or (bool(other) and set(other) <= set(one))

    categories = wide.categories is None or (narrow.categories is not None and set(narrow.categories) <= set(wide.categories))
    pairs = [(wide.levels, narrow.levels), (wide.stages, narrow.stages), (wide.admitted_to, narrow.admitted_to)]
    same = all(covers(one, other) for one, other in [*pairs, (wide.provinces, narrow.provinces)])
    elsewhere = not wide.other_provinces or set(wide.other_provinces) == set(narrow.other_provinces)
    return categories and same and elsewhere


def _stacking(plan: Plan, scheme: Scheme, path: Path) -> list[Contradiction]:
    """What may stand beside what is said on both sides, or it is a contradiction."""
    others = {other.code: other for other in plan.schemes}
    found = []
    place = f"schemes.{scheme.code}.stacks_with"
    for code in scheme.stacks_with:
        other = others.get(code)
        if other is None:
            found.append(Contradiction("plan_scheme_unknown", place, {"scheme": code}, path))
        elif scheme.code not in other.stacks_with:
            found.append(Contradiction("plan_stacking_one_sided", place, {"scheme": code}, path))
    return found
