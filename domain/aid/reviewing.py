"""审核: in stages, each by somebody else, by the role and level the plan names; what was not handed in and who is not eligible stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Context
from ..plan.adoption import scheme_in_force
from ..plan.schemes import Scheme, Step
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from .application import Application, application_parts
from .basis import basis_of, standing_basis
from .eligibility import unmet_by_lists
from .facts import ApplicationReturned, ExceptionGranted, ReviewPassed, ReviewRejected
from .on_application import OnApplication
from .procedure import next_step, refuse_other_role, refuse_out_of_order, refuse_same_person, refuse_unmet


@dataclass(frozen=True, kw_only=True)
class _Review(OnApplication):
    roles: ClassVar[frozenset[str]] = frozenset({"reviewer", "second-reviewer"})

    def preferred_role(self, streams: Streams, day: date) -> str | None:
        case = streams.read(Application, *application_parts(self.application))
        if case.stand != "submitted":
            return None
        scheme, _version = scheme_in_force(streams, case.scheme, day)
        return next_step(case, scheme)[1].role

    def _step(self, streams: Streams, case: Application, scheme: Scheme, context: Context) -> tuple[int, Step]:
        """The review that comes next, if it is this role's."""
        number, step = refuse_out_of_order(streams, case, scheme, "review", self.on or context.today)
        refuse_other_role(streams, case, step, context)
        return number, step


@dataclass(frozen=True, kw_only=True)
class PassReview(_Review):
    """Passes the next review the plan lays down; documents still missing block it, and so does a condition that is not met."""

    name: ClassVar[str] = "PassReview"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self.open_case(streams, context)
        number, step = self._step(streams, case, scheme, context)
        if case.documents_missing:
            raise Refused("documents_missing", application=case.stream, missing=list(case.documents_missing))
        basis = standing_basis(streams, case)
        if basis.is_form and scheme.documents and case.documents_present is None:
            raise Refused("documents_missing", application=case.stream, missing=["/".join(one.any_of) for one in scheme.documents])
        refuse_unmet(scheme, basis, case, number)
        refuse_same_person(case, basis, context.actor, step.name)
        acting = context.acting_as
        fact = ReviewPassed(
            **self.stamp(context, case.submitted_ref, *case.steps_because, basis.ref, version.ref),
            step=step.name,
            number=number,
            acting_role=acting.role if acting else step.role or "",
            acting_unit=acting.unit if acting else "",
        )
        return [(case.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RejectReview(_Review):
    name: ClassVar[str] = "RejectReview"
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self.open_case(streams, context)
        number, step = self._step(streams, case, scheme, context)
        basis = basis_of(streams, case)  # withdrawn or not: that may be the reason
        refuse_same_person(case, basis, context.actor, step.name)
        because = self.stamp(context, case.submitted_ref, basis.ref if basis else "", *case.compared_because, version.ref)
        return [(case.stream, ReviewRejected(**because, step=step.name, number=number, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class ReturnApplication(OnApplication):
    """退回补正."""

    name: ClassVar[str] = "ReturnApplication"
    roles: ClassVar[frozenset[str]] = frozenset({"reviewer", "second-reviewer", "approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, _, _ = self.open_case(streams, context)
        return [(case.stream, ApplicationReturned(**self.stamp(context, case.submitted_ref), reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class GrantException(OnApplication):
    """领导小组审核确认: a case that the automatic comparison did not find, and that qualifies all the same, goes on as if it had."""

    name: ClassVar[str] = "GrantException"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self.open_case(streams, context)
        step = next((step for step in scheme.steps if step.kind == "crosscheck" and step.exception), None)
        if step is None:
            raise Refused("exception_not_foreseen", application=case.stream, scheme=scheme.code)
        if case.compared is None:
            kinds = [one.kind for one in scheme.conditions.lists]
            raise Refused("comparison_missing", application=case.stream, step=step.name, kinds=kinds)
        if unmet_by_lists(scheme, case) is None:
            raise Refused("exception_not_needed", application=case.stream)
        basis = standing_basis(streams, case)
        refuse_same_person(case, basis, context.actor, step.name)
        because = self.stamp(context, case.submitted_ref, *case.compared_because, basis.ref, version.ref)
        return [(case.stream, ExceptionGranted(**because, reason=self.reason))]
