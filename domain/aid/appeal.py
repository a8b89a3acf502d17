"""申诉: whoever disagrees with a decision appeals once, and somebody who had no hand in it decides; a granted appeal undoes the decision.

An appeal against an objection's decision lies in that objection's stream; one against a rejection, a refusal or a revocation begins a
stream of its own. While it is open the case is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..money.asked_back import ClawbackDropped
from ..money.chain import payments_of
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student
from .application import STOPPED, Application, application_parts, existing_application
from .facts import ApplicationReturned, AwardResumed, AwardSuspended, CaseFreed, CaseHeld
from .objection import AppealDecided, AppealRaised, Objection, OnObjection, refuse_decider


@dataclass(frozen=True, kw_only=True)
class RaiseAppeal(Command):
    """Whoever takes an appeal down: against the decision of `objection`, or, where that stream is new, against the one that rejected,
    refused or revoked `application`."""

    name: ClassVar[str] = "RaiseAppeal"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk", "applicant-clerk", "reviewer", "second-reviewer", "inspector"})
    objection: str
    application: str
    statement: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Application, *application_parts(self.application)).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = existing_application(streams, self.application)
        current_student(streams, case.student, also_restricted=True)
        state = streams.read(Objection, self.objection)
        if state.exists:
            decision, since = state.decided_ref, state.decided_on
            if state.application != case.stream or state.open:
                raise Refused("objection_not_decided", objection=self.objection)
            if state.appeal_ref:
                raise Refused("appeal_exists", objection=self.objection)
        else:
            if case.stand not in STOPPED:
                raise Refused("nothing_to_appeal", application=case.stream, stand=case.stand)
            case.refuse_if_held()
            before = dict(case.appeals).get(case.stopped_ref)
            if before is not None:
                raise Refused("appeal_exists", objection=before)
            decision, since = case.stopped_ref, case.stopped_on
        self.refuse_out_of_time(context, (since, decision))
        raised = AppealRaised(**self.stamp(context, decision), application=case.stream, decision=decision, statement=self.statement)
        ref = streams.next_ref(state.stream)
        events: list[Event] = [(state.stream, raised)]
        if self.objection not in case.held_by:  # an upheld objection holds it already
            events.append((case.stream, CaseHeld(**self.stamp(context, ref), objection=self.objection)))
        return events


@dataclass(frozen=True, kw_only=True)
class DecideAppeal(OnObjection):
    """Granted against a dismissed objection, it has that objection's consequences; against any other decision, a revoked award stands
    again (and what it made due is no longer asked back), and a case refused or rejected goes back to be completed and decided anew."""

    name: ClassVar[str] = "DecideAppeal"
    granted: bool

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Objection, self.objection)
        if not state.appeal_open:
            raise Refused("appeal_not_open", objection=self.objection)
        case = existing_application(streams, state.application)
        refuse_decider(streams, context, case, (*state.hands, case.stopped_by))
        self.refuse_out_of_time(context, (state.appeal_on, state.appeal_ref))
        ref = streams.next_ref(state.stream)
        fact = AppealDecided(**self.stamp(context, state.appeal_ref), application=case.stream, granted=self.granted, finding=self.finding)
        events: list[Event] = [(state.stream, fact)]
        freed = (case.stream, CaseFreed(**self.stamp(context, ref), objection=self.objection))
        if state.outcome == "dismissed":
            return [*events, *(self.consequences(streams, context, case, ref) if self.granted else [freed])]
        if not self.granted:
            return [*events, *([freed] if state.outcome == "" else [])]
        if state.decided_ref and state.decided_ref not in case.stopped_because:
            return [*events, freed]  # something else had stopped the case before
        return [*events, freed, *self._undone(streams, context, case, ref, state.decided_ref)]

    def _undone(self, streams: Streams, context: Context, case: Application, ref: str, decided: str) -> list[Event]:
        if case.stand in ("rejected", "refused"):
            return [(case.stream, ApplicationReturned(**self.stamp(context, ref, case.stopped_ref), reason=self.finding))]
        if case.stand != "revoked":
            return []
        events: list[Event] = [(case.stream, AwardResumed(**self.stamp(context, ref, case.stopped_ref)))]
        if case.stood_before == "suspended":
            events.append((case.stream, AwardSuspended(**self.stamp(context, ref, case.suspended_ref), reason=self.finding)))
        undone = {case.stopped_ref, decided} - {""}
        for payment in payments_of(streams, case.scheme, case.student, case.period):
            asked = {says: amount for because, amount, says in payment.clawbacks if undone & set(because)}
            # What has come back already counts towards what is owed for other reasons first.
            owed = min(sum(asked.values()), payment.clawback_fen - payment.clawed_back_fen)
            if owed > 0:
                because_of = self.stamp(context, ref, payment.last_ref, *asked)
                events.append((payment.stream, ClawbackDropped(**because_of, amount_fen=owed, demands=tuple(asked))))
        return events
