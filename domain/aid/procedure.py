"""The steps of a scheme in their order: which comes next for a case, who may take it, and when it can be done at the earliest."""

from __future__ import annotations

from datetime import date, timedelta

from ..calendar import last_notice_day
from ..command import Context
from ..plan.schemes import Level, Scheme, Step
from ..refusal import Refused
from ..streams import Streams
from ..unit import Unit, UnitKind
from .application import Application
from .basis import Basis
from .eligibility import unmet, unmet_by_lists

_RANKS: dict[UnitKind, int] = {"village": 0, "department": 0, "township": 1, "school": 1, "bureau": 2}


def next_step(case: Application, scheme: Scheme) -> tuple[int, Step]:
    """The 0-based place of the first step not yet taken, and the step; the approval is last and never counted as taken here."""
    for number, step in enumerate(scheme.steps):
        if not is_done(case, scheme, step):
            return number, step
    return len(scheme.steps) - 1, scheme.steps[-1]


def is_done(case: Application, scheme: Scheme, step: Step) -> bool:
    """Whether the case has this step behind it. A review needs as many different people as the plan says; nobody whom no list names passes
    a comparison, so that none of them hangs in public."""
    if step.kind == "review":
        return len({review.actor for review in case.reviews if review.step == step.name}) >= step.votes
    if step.kind == "notice":
        return any(notice.step == step.name for notice in case.notices)
    if step.kind == "crosscheck":
        return bool(case.exception_ref) or (bool(case.compared_ref) and unmet_by_lists(scheme, case) is None)
    return False


def refuse_out_of_order(streams: Streams, case: Application, scheme: Scheme, wanted: str, day: date) -> tuple[int, Step]:
    """The next step, if it is of the kind `wanted`; else the refusal that names the step that is missing, and when it can be done.

    review_missing, notice_missing (with `earliest`: the first day on which the case can go on), comparison_missing (where there was one,
    what the lists say instead), and reviews_complete where only the approval is left.
    """
    number, step = next_step(case, scheme)
    if step.kind == wanted:
        return number, step
    about = {"application": case.stream, "step": step.name}
    if step.kind == "review":
        raise Refused("review_missing", **about, role=step.role)
    if step.kind == "notice":
        raise Refused("notice_missing", **about, earliest=_earliest_after_notice(streams, case, step, day))
    if step.kind == "crosscheck":
        found = unmet_by_lists(scheme, case) if case.compared is not None else None
        if found is not None:
            raise found
        raise Refused("comparison_missing", **about, kinds=[one.kind for one in scheme.conditions.lists])
    raise Refused("reviews_complete", application=case.stream, next=step.name)


def _earliest_after_notice(streams: Streams, case: Application, step: Step, day: date) -> str | None:
    """The day after the notice has run its length, hung up on `day` if it is not up yet; None where its length is the office's to say."""
    if case.running is not None:
        return (case.running[1] + timedelta(days=1)).isoformat()
    if step.days is None:
        return None
    return (last_notice_day(day, step.days, step.day_kind, streams) + timedelta(days=1)).isoformat()


def refuse_other_role(streams: Streams, case: Application, step: Step, context: Context) -> None:
    """A step belongs to a role (`step_needs_other_role`) and to a level of the administration or one above (`step_needs_other_level`)."""
    acting = context.acting_as
    if acting is None:
        return
    if acting.role != step.role:
        raise Refused("step_needs_other_role", application=case.stream, step=step.name, role=step.role)
    if step.level is not None and not reaches(streams, streams.read(Unit, acting.unit), step.level):
        raise Refused("step_needs_other_level", application=case.stream, step=step.name, level=step.level, unit=acting.unit)


def reaches(streams: Streams, unit: Unit, level: Level) -> bool:
    """Offices and groups of no rank of their own act for the house they belong to; those of none, for whom they please."""
    while unit.kind not in _RANKS and unit.parent is not None:
        unit = streams.read(Unit, unit.parent)
    return unit.kind not in _RANKS or _RANKS[unit.kind] >= _RANKS[level]


def refuse_same_person(case: Application, basis: Basis | None, actor: str, step: str) -> None:
    """Whoever surveyed or applied does not decide that case, and nobody decides two of its steps."""
    earlier = dict.fromkeys(basis.recorders if basis is not None else (), "application" if basis and basis.is_form else "survey")
    earlier |= dict.fromkeys(case.applicants, "application")
    earlier |= {review.actor: "review" for review in case.reviews}
    if case.granted_by:
        earlier[case.granted_by] = "exception"
    if actor in earlier:
        raise Refused("same_person_decided_twice", application=case.stream, staff=actor, did=earlier[actor], step=step)


def refuse_unmet(scheme: Scheme, basis: Basis, case: Application, number: int) -> None:
    """A form is a claim: its first condition that is not met stops the step `number`, except that lists which the plan has compared only
    later need not have been compared yet. What a survey says was judged when the application was submitted."""
    if not basis.is_form:
        return
    found = unmet(scheme, basis, case)
    later = any(step.kind == "crosscheck" for step in scheme.steps[number + 1 :])
    if found is not None and not (found.code == "not_compared" and later):
        raise found
