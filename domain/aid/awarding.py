"""审批: the award, under the plan version of that day and on everything decided before; suspended, resumed or revoked by later facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Context, refuse_before
from ..plan.schemes import Scheme
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import current_student, enrolled_on, same_person, standing_of, standing_refs
from .application import Application, Stand, existing_application
from .basis import Basis, basis_of, standing_basis
from .eligibility import unmet
from .facts import AwardApproved, AwardRefused, AwardResumed, AwardRevoked, AwardSuspended, WaiverGranted
from .on_application import OnApplication
from .procedure import next_step, refuse_other_role, refuse_out_of_order, refuse_same_person
from .stacking import standing_beside


@dataclass(frozen=True, kw_only=True)
class ApproveAward(OnApplication):
    """审批. The tier follows from the basis as it is now; `amount_fen` is given only where the plan leaves the figure open."""

    name: ClassVar[str] = "ApproveAward"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    amount_fen: int | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self.open_case(streams, context)
        day = self.on or context.today
        _, step = refuse_out_of_order(streams, case, scheme, "approve", day)
        refuse_other_role(streams, case, step, context)
        student = current_student(streams, case.student)
        for ref in same_person(streams, student):  # files merged after both had applied
            other = streams.read(Application, case.scheme, ref, case.period)
            if other.stream != case.stream and other.stand in ("approved", "suspended"):
                raise Refused("application_exists", application=other.stream, stand=other.stand)
        basis = standing_basis(streams, case)
        refuse_same_person(case, basis, context.actor, step.name)
        found = unmet(scheme, basis, case)
        if found is not None:
            raise found
        # A grant is judged on the day it is paid: somebody on leave now may be back by then. A waiver has no later day.
        if scheme.kind == "waiver" and scheme.conditions.enrolled and not enrolled_on(streams, student, day):
            held = standing_of(streams, student, day)
            raise Refused("not_enrolled", student=student.id, on=day.isoformat(), status=held and held.status, says=held and held.ref)
        for other in standing_beside(streams, version, scheme, student, case, day):
            raise Refused("schemes_do_not_stack", application=case.stream, other=other.stream)
        amount, tier, clause = self._amount(scheme, basis, case.period)
        because = self.stamp(
            context, *case.steps_because, case.submitted_ref, basis.ref, *standing_refs(streams, student, day), version.ref
        )
        approved = AwardApproved(
            **because,
            scheme=case.scheme,
            student=case.student,
            period=case.period,
            unit=basis.unit,
            kind=scheme.kind,
            tier=tier,
            amount_fen=amount,
            categories=basis.categories,
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
                unit=basis.unit,
                amount_fen=amount,
                award=ref,
            )
            events.append((f"payment/{case.scheme}/{case.student}/{case.period}/1", granted))
        return events

    def _amount(self, scheme: Scheme, basis: Basis, when: str) -> tuple[int, str | None, str]:
        """(fen for the period, tier, clause)."""
        if scheme.amount == "tiers":
            if self.amount_fen is not None:
                raise Refused("amount_set_by_plan", scheme=scheme.code, application=self.application)
            tier = scheme.tier_for(basis)
            if tier is None:
                raise Refused("no_tier_fits", scheme=scheme.code, student=basis.student, categories=list(basis.categories))
            return scheme.fen_per_period(tier, when), tier.code, tier.clause or scheme.clause
        if self.amount_fen is None:
            raise Refused("amount_needed", scheme=scheme.code, application=self.application)
        if self.amount_fen <= 0:
            raise Refused("amount_not_positive", amount_fen=self.amount_fen)
        least, most = scheme.least_fen, scheme.most_fen
        if scheme.amount == "range" and least is not None and most is not None and not least <= self.amount_fen <= most:
            raise Refused("amount_outside_range", scheme=scheme.code, amount_fen=self.amount_fen, least_fen=least, most_fen=most)
        tier = scheme.tier_for(basis)
        return self.amount_fen, tier.code if tier else None, (tier.clause if tier else "") or scheme.clause


@dataclass(frozen=True, kw_only=True)
class RefuseAward(OnApplication):
    """不予批准, at whatever step the case stands: who is not eligible need not go through the rest."""

    name: ClassVar[str] = "RefuseAward"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self.open_case(streams, context)
        basis = basis_of(streams, case)
        refuse_same_person(case, basis, context.actor, next_step(case, scheme)[1].name)
        because = self.stamp(context, case.submitted_ref, *case.steps_because, version.ref)
        return [(case.stream, AwardRefused(**because, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class OnAward(OnApplication):
    """Base of what can befall an award that stands in one of `stands`."""

    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    stands: ClassVar[tuple[Stand, ...]] = ("approved", "suspended")

    def award(self, streams: Streams, context: Context) -> Application:
        """The award, or why it cannot be decided on."""
        case = existing_application(streams, self.application)
        if case.stand not in self.stands:
            raise Refused("award_not_approved", application=case.stream, stand=case.stand)
        current_student(streams, case.student, also_restricted=True)
        refuse_own_family(streams, context.actor, case.student)
        self.refuse_out_of_time(context, (case.decided_on, case.approved_ref))
        return case


@dataclass(frozen=True, kw_only=True)
class RevokeAward(OnAward):
    """No further payment; what was paid is for a clawback to ask back."""

    name: ClassVar[str] = "RevokeAward"
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = self.award(streams, context)
        return [(case.stream, AwardRevoked(**self.stamp(context, case.approved_ref), reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class SuspendAward(OnAward):
    """No payment until it is resumed."""

    name: ClassVar[str] = "SuspendAward"
    stands: ClassVar[tuple[Stand, ...]] = ("approved",)
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = self.award(streams, context)
        return [(case.stream, AwardSuspended(**self.stamp(context, case.approved_ref), reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class ResumeAward(OnAward):
    """A suspended award stands again."""

    name: ClassVar[str] = "ResumeAward"
    stands: ClassVar[tuple[Stand, ...]] = ("suspended",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = self.award(streams, context)
        refuse_before(self.on or context.today, (case.suspended_on, case.suspended_ref))
        return [(case.stream, AwardResumed(**self.stamp(context, case.suspended_ref, case.approved_ref)))]
