"""Whether a scheme's conditions are met, one after the other in the order the plan's vocabulary lays down; the first that is not is named.

What a list says was written into the case by the comparison, so nothing is looked up here.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..plan.schemes import OnList, Scheme
from ..refusal import Refused
from ..values.periods import period
from .application import Application
from .basis import Basis
from .facts import ListMatch


def unmet(scheme: Scheme, basis: Basis, case: Application) -> Refused | None:
    """The first condition the case does not meet, as the refusal it leads to; None for an eligible case.

    Codes in this order: category_not_covered, level_not_covered, stage_not_covered, grade_not_covered, admission_not_covered, not_compared,
    then by the lists not_on_list, policy_ended, list_class_not_covered, list_row_refused, then household_elsewhere, outside_window,
    no_tier_fits.
    """
    found = unmet_by_person(scheme, basis)
    if found is None and scheme.conditions.lists:
        found = unmet_by_lists(scheme, case)
    if found is None:
        found = _unmet_by_place_and_day(scheme, basis, case)
    if found is None and scheme.tiers and scheme.tier_for(basis) is None:
        found = Refused("no_tier_fits", scheme=scheme.code, student=basis.student, categories=list(basis.categories))
    return found


def unmet_by_person(scheme: Scheme, basis: Basis) -> Refused | None:
    """By what the student is: category, level, stage, grade, admission."""
    wanted = scheme.conditions
    about = {"scheme": scheme.code, "student": basis.student}
    if wanted.categories and not set(wanted.categories) & set(basis.categories):
        return Refused("category_not_covered", **about, categories=list(basis.categories), wanted=list(wanted.categories))
    if wanted.levels and basis.level not in wanted.levels:
        return Refused("level_not_covered", **about, level=basis.level, wanted=list(wanted.levels))
    if wanted.stages and basis.stage not in wanted.stages:
        return Refused("stage_not_covered", **about, stage=basis.stage, wanted=list(wanted.stages))
    if wanted.grades and basis.grade not in wanted.grades:
        return Refused("grade_not_covered", **about, grade=basis.grade, wanted=list(wanted.grades))
    if wanted.admitted_to and basis.admitted_to not in wanted.admitted_to:
        return Refused("admission_not_covered", **about, admitted_to=basis.admitted_to, wanted=list(wanted.admitted_to))
    return None


def unmet_by_lists(scheme: Scheme, case: Application) -> Refused | None:
    """By the lists of other offices, as the newest comparison found them; an exception of the leading group stands in for a list."""
    if case.exception_ref:
        return None
    about = {"scheme": scheme.code, "application": case.stream}
    if case.compared is None:
        return Refused("not_compared", **about, kinds=[one.kind for one in scheme.conditions.lists])
    named = [(match, clause) for match in case.compared.matches for clause in scheme.conditions.lists if clause.kind == match.kind]
    if any(counts(match, clause) for match, clause in named):
        return None
    standing = [(match, clause) for match, clause in named if not match.refused]
    if any(match.entitled is False and _in_class(match, clause) for match, clause in standing):
        return Refused("policy_ended", **about, kinds=_kinds(match for match, _ in standing))
    if standing:
        values = sorted({match.value for match, _ in standing if match.value})
        return Refused("list_class_not_covered", **about, kinds=_kinds(match for match, _ in standing), values=values)
    if named:
        return Refused("list_row_refused", **about, kinds=_kinds(match for match, _ in named))
    return Refused("not_on_list", **about, kinds=[one.kind for one in scheme.conditions.lists])


def counts(match: ListMatch, clause: OnList) -> bool:
    """Whether being on this list makes eligible: a row that was accepted, of a class that counts, and still entitled."""
    return not match.refused and match.entitled is not False and match.kind == clause.kind and _in_class(match, clause)


def _in_class(match: ListMatch, clause: OnList) -> bool:
    return not clause.values or match.value in clause.values


def _kinds(matches: Iterable[ListMatch]) -> list[str]:
    return sorted({match.kind for match in matches})


def _unmet_by_place_and_day(scheme: Scheme, basis: Basis, case: Application) -> Refused | None:
    about = {"scheme": scheme.code, "student": basis.student}
    places = scheme.conditions.household
    if places and not set(places) & set(basis.household_in):
        return Refused("household_elsewhere", **about, wanted=list(places))
    window = scheme.window_in(period(case.period).first)
    if window is not None and basis.handed_in_on is not None and not window[0] <= basis.handed_in_on <= window[1]:
        first, last = (day.isoformat() for day in window)
        return Refused("outside_window", **about, on=basis.handed_in_on.isoformat(), first=first, last=last)
    return None


def missing_documents(scheme: Scheme, present: Iterable[str]) -> tuple[str, ...]:
    """Of the documents a scheme asks for those not handed in; alternatives are named together, 学生证复印件/录取通知书复印件."""
    had = {one.strip() for one in present}
    return tuple("/".join(wanted.any_of) for wanted in scheme.documents if not had & set(wanted.any_of))
