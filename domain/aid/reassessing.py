"""重新核定: what an award comes to is decided anew, by a version of its plan that is named; what was paid stays paid.

The first decision stays on record with its day, and the new one beside it. An award may come to nothing and still stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Context
from ..plan.adoption import AdoptedPlan, PlanVersion
from ..plan.schemes import Scheme, Tier
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student, standing_refs
from .application import Application
from .awarding import OnAward
from .basis import basis_of, standing_basis
from .due_amounts import due_under
from .facts import AwardReassessed, WaiverGranted
from .procedure import refuse_same_person


@dataclass(frozen=True, kw_only=True)
class ReassessAward(OnAward):
    """Decides the amount of a standing award anew.

    tier: that of the version which is to count; amount_fen: where the plan leaves the figure open, and 0 anywhere; neither: what the
    version gives for the case as it now stands. version: by its name, default the one in force on the day.
    """

    name: ClassVar[str] = "ReassessAward"
    reason: Sealed
    tier: str | None = None
    amount_fen: int | None = None
    version: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = self.award(streams, context)
        day = self.on or context.today
        self.refuse_out_of_time(context, (case.amount_on, case.amount_ref))
        basis = basis_of(streams, case) if self.amount_fen == 0 else standing_basis(streams, case)
        refuse_same_person(case, basis, context.actor, "reassessment")
        version = _version(streams, case, self.version, day)
        scheme = version.plan.scheme(case.scheme.partition(".")[2])
        tier, amount, clause = self._decided(streams, case, scheme)
        if (tier, amount) == (case.tier, case.amount_fen):
            raise Refused("reassessment_changes_nothing", application=case.stream, amount_fen=amount, tier=tier)
        student = current_student(streams, case.student, also_restricted=True)
        rests_on = basis.ref if basis is not None else case.basis
        stamped = self.stamp(context, case.amount_ref, case.approved_ref, rests_on, *standing_refs(streams, student, day), version.ref)
        fact = AwardReassessed(
            **stamped,
            scheme=case.scheme,
            student=case.student,
            period=case.period,
            before_fen=case.amount_fen,
            amount_fen=amount,
            before_tier=case.tier,
            tier=tier,
            plan_version=version.plan.version,
            clause=clause,
            reason=self.reason,
        )
        events: list[Event] = [(case.stream, fact)]
        if case.kind == "waiver":  # no money moves: what is waived from now on is the new amount
            ref = streams.next_ref(case.stream)
            granted = WaiverGranted(
                **(stamped | {"because": (ref, case.approved_ref)}),
                scheme=case.scheme,
                student=case.student,
                period=case.period,
                unit=case.unit,
                amount_fen=amount,
                award=case.approved_ref,
            )
            events.append((f"payment/{case.scheme}/{case.student}/{case.period}/1", granted))
        return events

    def _decided(self, streams: Streams, case: Application, scheme: Scheme) -> tuple[str | None, int, str]:
        """(tier, fen for the period, clause)."""
        if self.amount_fen == 0:
            return None, 0, scheme.clause
        if self.amount_fen is None and self.tier is None:
            basis = standing_basis(streams, case)
            due = due_under(scheme, basis, case)
            if due.code is not None:
                raise Refused("award_not_due", application=case.stream, reason=due.code)
            if due.amount_fen is None:
                raise Refused("amount_needed", scheme=scheme.code, application=case.stream)
            tier = scheme.tier_for(basis)
            return due.tier, due.amount_fen, (tier.clause if tier else "") or scheme.clause
        chosen = _tier(scheme, self.tier) if self.tier is not None else None
        clause = (chosen.clause if chosen else "") or scheme.clause
        if scheme.amount == "tiers":
            if self.amount_fen is not None or chosen is None:
                raise Refused("amount_set_by_plan", scheme=scheme.code, application=case.stream)
            return chosen.code, scheme.fen_per_period(chosen, case.period), clause
        if self.amount_fen is None:
            raise Refused("amount_needed", scheme=scheme.code, application=case.stream)
        if self.amount_fen < 0:
            raise Refused("amount_not_positive", amount_fen=self.amount_fen)
        least, most = scheme.least_fen, scheme.most_fen
        if scheme.amount == "range" and least is not None and most is not None and not least <= self.amount_fen <= most:
            raise Refused("amount_outside_range", scheme=scheme.code, amount_fen=self.amount_fen, least_fen=least, most_fen=most)
        return chosen.code if chosen else case.tier, self.amount_fen, clause


def _tier(scheme: Scheme, written: str) -> Tier:
    for tier in scheme.tiers:
        if written in (tier.code, tier.name):
            return tier
    raise Refused("tier_unknown", scheme=scheme.code, tier=written, tiers=[tier.code for tier in scheme.tiers])


def _version(streams: Streams, case: Application, named: str | None, day: date) -> PlanVersion:
    """The version named, else that of the day. Refused `plan_version_unknown`; a version not yet in force decides nothing."""
    plan = streams.read(AdoptedPlan, case.scheme.partition(".")[0])
    if named is None:
        return plan.on(day)
    found = [version for version in plan.versions if version.plan.version == named and version.since <= day]
    if not found:
        known = [version.plan.version for version in plan.versions if version.since <= day]
        raise Refused("plan_version_unknown", plan=plan.id, version=named, versions=known)
    return found[-1]
