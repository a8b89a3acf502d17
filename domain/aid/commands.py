"""From a survey entry to an award: apply, review, approve, each by somebody else, each under the plan version of that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..plan.adoption import PlanVersion, scheme_in_force
from ..plan.vocabulary import Scheme, Step
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import Student, current_student, enrolled_on, same_person, standing_of, standing_refs
from ..survey.entry import Entry, current_entry
from ..values.periods import period_of_kind
from .application import Application, application_parts, existing_application
from .facts import (
    ApplicationReturned,
    ApplicationSubmitted,
    AwardApproved,
    AwardRefused,
    AwardRevoked,
    ReviewPassed,
    ReviewRejected,
    WaiverGranted,
)


@dataclass(frozen=True, kw_only=True)
class SubmitApplication(Command):
    """Applies on behalf of a student whom the period's survey round names."""

    name: ClassVar[str] = "SubmitApplication"
    roles: ClassVar[frozenset[str]] = frozenset({"applicant-clerk"})
    scheme: str
    student: str
    period: str

    def needs(self) -> tuple[str, ...]:
        key = f"{self.scheme}/{self.student}/{self.period}"
        return (f"application/{key}", f"student/{self.student}", f"entry/{self.period}/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Entry, self.period, self.student).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        scheme, version = scheme_in_force(streams, self.scheme, self.on or context.today)
        period_of_kind(self.period, scheme.period)
        student = current_student(streams, self.student)
        for ref in same_person(streams, student):
            other = streams.read(Application, self.scheme, ref, self.period)
            if other.exists and other.stand not in ("returned", "none"):
                raise Refused("application_exists", application=other.stream, stand=other.stand)
        entry = current_entry(streams, self.period, self.student)
        _refuse_ineligible(scheme, entry, self.student)
        because = (entry.facts[-1], student.details_ref, version.ref)
        fact = ApplicationSubmitted(
            **self.stamp(context, *because),
            scheme=self.scheme,
            student=self.student,
            period=self.period,
            unit=entry.unit,
            basis=entry.facts[-1],
        )
        return [(f"application/{self.scheme}/{self.student}/{self.period}", fact)]


def _refuse_ineligible(scheme: Scheme, entry: Entry, student: str) -> None:
    wanted = scheme.conditions.categories
    if wanted and not set(wanted) & set(entry.categories):
        raise Refused("category_not_covered", scheme=scheme.code, student=student, categories=list(entry.categories), wanted=list(wanted))
    stages = scheme.conditions.stages
    if stages and entry.stage not in stages:
        raise Refused("stage_not_covered", scheme=scheme.code, student=student, stage=entry.stage, wanted=list(stages))
    if scheme.amount == "tiers" and scheme.tier_for(entry.categories) is None:
        raise Refused("no_tier_fits", scheme=scheme.code, student=student, categories=list(entry.categories))


def _refuse_stacking(streams: Streams, version: PlanVersion, scheme: Scheme, student: Student, case: Application) -> None:
    """A student has, for one period, beside this scheme only those of the plan that it stacks with: `schemes_do_not_stack`."""
    for other in version.plan.schemes:
        if other.code == scheme.code or other.code in scheme.stacks_with:
            continue
        for ref in same_person(streams, student):
            found = streams.read(Application, f"{version.plan.code}.{other.code}", ref, case.period)
            if found.stand in ("approved", "suspended"):
                raise Refused("schemes_do_not_stack", application=case.stream, other=found.stream)


@dataclass(frozen=True, kw_only=True)
class _OnApplication(Command):
    """Base of all commands about one application, named `application/<scheme>/<student>/<period>`."""

    application: str

    def needs(self) -> tuple[str, ...]:
        scheme, student, period = application_parts(self.application)
        return (f"application/{scheme}/{student}/{period}", f"student/{student}", f"entry/{period}/{student}")

    def units(self, streams: Streams) -> Iterable[str]:
        """That of the award; of a case still open that of its entry, which a correction may have moved."""
        case = streams.read(Application, *application_parts(self.application))
        entry = streams.read(Entry, case.period, case.student) if case.stand in ("submitted", "returned") else None
        unit = entry.unit if entry is not None and entry.exists else case.unit
        return (unit,) if unit else ()

    def _case(self, streams: Streams, context: Context) -> tuple[Application, Scheme, PlanVersion]:
        """The open case with its scheme, or why it cannot be decided."""
        case = existing_application(streams, self.application)
        if case.stand != "submitted":
            raise Refused("application_not_open", application=case.stream, stand=case.stand)
        scheme, version = scheme_in_force(streams, case.scheme, self.on or context.today)
        case.refuse_if_held()
        refuse_own_family(streams, context.actor, case.student)
        self.refuse_out_of_time(context, *case.bases)
        return case, scheme, version

    def _review_step(self, case: Application, scheme: Scheme, context: Context) -> tuple[int, Step]:
        """The review that comes next, if it is this role's: else `reviews_complete` or `step_needs_other_role`."""
        number, step = _next_step(case, scheme)
        if step.kind != "review":
            raise Refused("reviews_complete", application=case.stream, next=step.name)
        if context.acting_as is not None and context.acting_as.role != step.role:
            raise Refused("step_needs_other_role", application=case.stream, step=step.name, role=step.role)
        return number, step


def _next_step(case: Application, scheme: Scheme) -> tuple[int, Step]:
    number = len(case.reviews)
    return number, scheme.steps[min(number, len(scheme.steps) - 1)]


def _refuse_same_person(case: Application, entry: Entry, actor: str, step: str) -> None:
    """Whoever surveyed or applied does not decide that case, and nobody decides two of its steps."""
    earlier = {person: "survey" for person in entry.surveyors}
    earlier |= {person: "application" for person in case.applicants}
    earlier |= {review.actor: "review" for review in case.reviews}
    if actor in earlier:
        raise Refused("same_person_decided_twice", application=case.stream, staff=actor, did=earlier[actor], step=step)


@dataclass(frozen=True, kw_only=True)
class PassReview(_OnApplication):
    """Passes the next review the plan lays down; documents still missing block it."""

    name: ClassVar[str] = "PassReview"
    roles: ClassVar[frozenset[str]] = frozenset({"reviewer", "second-reviewer"})

    def preferred_role(self, streams: Streams, day: date) -> str | None:
        case = streams.read(Application, *application_parts(self.application))
        if case.stand != "submitted":
            return None
        scheme, _version = scheme_in_force(streams, case.scheme, day)
        return _next_step(case, scheme)[1].role

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self._case(streams, context)
        number, step = self._review_step(case, scheme, context)
        if case.documents_missing:
            raise Refused("documents_missing", application=case.stream, missing=list(case.documents_missing))
        entry = current_entry(streams, case.period, case.student)
        _refuse_same_person(case, entry, context.actor, step.name)
        acting = context.acting_as
        fact = ReviewPassed(
            **self.stamp(context, case.submitted_ref, *(r.ref for r in case.reviews), entry.facts[-1], version.ref),
            step=step.name,
            number=number,
            acting_role=acting.role if acting else step.role,
            acting_unit=acting.unit if acting else "",
        )
        return [(case.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RejectReview(_OnApplication):
    name: ClassVar[str] = "RejectReview"
    roles: ClassVar[frozenset[str]] = frozenset({"reviewer", "second-reviewer"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self._case(streams, context)
        number, step = self._review_step(case, scheme, context)
        entry = streams.read(Entry, case.period, case.student)  # withdrawn or not: that may be the reason
        _refuse_same_person(case, entry, context.actor, step.name)
        because = self.stamp(context, case.submitted_ref, entry.facts[-1], version.ref)
        return [(case.stream, ReviewRejected(**because, step=step.name, number=number, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class ReturnApplication(_OnApplication):
    """退回补正."""

    name: ClassVar[str] = "ReturnApplication"
    roles: ClassVar[frozenset[str]] = frozenset({"reviewer", "second-reviewer", "approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, _, _ = self._case(streams, context)
        return [(case.stream, ApplicationReturned(**self.stamp(context, case.submitted_ref), reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class ApproveAward(_OnApplication):
    """审批. The tier follows from the entry as it is now; `amount_fen` is given only where the plan leaves the figure to the school."""

    name: ClassVar[str] = "ApproveAward"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    amount_fen: int | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self._case(streams, context)
        _, step = _next_step(case, scheme)
        if step.kind != "approve":
            raise Refused("review_missing", application=case.stream, step=step.name, role=step.role)
        day = self.on or context.today
        student = current_student(streams, case.student)
        for ref in same_person(streams, student):  # files merged after both had applied
            other = streams.read(Application, case.scheme, ref, case.period)
            if other.stream != case.stream and other.stand in ("approved", "suspended"):
                raise Refused("application_exists", application=other.stream, stand=other.stand)
        entry = current_entry(streams, case.period, case.student)
        _refuse_same_person(case, entry, context.actor, step.name)
        _refuse_ineligible(scheme, entry, case.student)
        # A grant is judged on the day it is paid: somebody on leave now may be back by then. A waiver has no later day.
        if scheme.kind == "waiver" and scheme.conditions.enrolled and not enrolled_on(streams, student, day):
            held = standing_of(streams, student, day)
            raise Refused("not_enrolled", student=student.id, on=day.isoformat(), status=held and held.status, says=held and held.ref)
        _refuse_stacking(streams, version, scheme, student, case)
        amount, tier, clause = self._amount(scheme, entry)
        because = self.stamp(
            context,
            *(review.ref for review in case.reviews),
            case.submitted_ref,
            entry.facts[-1],
            *standing_refs(streams, student, day),
            version.ref,
        )
        approved = AwardApproved(
            **because,
            scheme=case.scheme,
            student=case.student,
            period=case.period,
            unit=entry.unit,
            kind=scheme.kind,
            tier=tier,
            amount_fen=amount,
            categories=entry.categories,
            plan_version=version.plan.version,
            clause=clause,
        )
        events: list[Event] = [(case.stream, approved)]
        if scheme.kind == "waiver":
            ref = streams.next_ref(case.stream)
            granted = WaiverGranted(
                **(because | {"because": (ref,)}),
                scheme=case.scheme,
                student=case.student,
                period=case.period,
                unit=entry.unit,
                amount_fen=amount,
                award=ref,
            )
            events.append((f"payment/{case.scheme}/{case.student}/{case.period}/1", granted))
        return events

    def _amount(self, scheme: Scheme, entry: Entry) -> tuple[int, str | None, str]:
        """(fen for the period, tier, clause)."""
        if scheme.amount == "unset":
            if self.amount_fen is None:
                raise Refused("amount_needed", scheme=scheme.code, application=self.application)
            if self.amount_fen <= 0:
                raise Refused("amount_not_positive", amount_fen=self.amount_fen)
            return self.amount_fen, None, scheme.clause
        if self.amount_fen is not None:
            raise Refused("amount_set_by_plan", scheme=scheme.code, application=self.application)
        tier = scheme.tier_for(entry.categories)
        if tier is None:
            raise Refused("no_tier_fits", scheme=scheme.code, student=entry.student, categories=list(entry.categories))
        return scheme.fen_per_period(tier), tier.code, tier.clause or scheme.clause


@dataclass(frozen=True, kw_only=True)
class RefuseAward(_OnApplication):
    name: ClassVar[str] = "RefuseAward"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self._case(streams, context)
        entry = streams.read(Entry, case.period, case.student)
        _refuse_same_person(case, entry, context.actor, _next_step(case, scheme)[1].name)
        because = self.stamp(context, case.submitted_ref, *(r.ref for r in case.reviews), version.ref)
        return [(case.stream, AwardRefused(**because, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class RevokeAward(_OnApplication):
    name: ClassVar[str] = "RevokeAward"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = existing_application(streams, self.application)
        if case.stand not in ("approved", "suspended"):
            raise Refused("award_not_approved", application=case.stream, stand=case.stand)
        refuse_own_family(streams, context.actor, case.student)
        self.refuse_out_of_time(context, (case.decided_on, case.approved_ref))
        return [(case.stream, AwardRevoked(**self.stamp(context, case.approved_ref), reason=self.reason))]
