"""异议: an objection stops the case it is about, and only that one, by a fact in the case's own stream, until it is decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, State, Streams, replace
from .application import Application, application_parts, existing_application
from .facts import AwardRefused, AwardRevoked, CaseFreed, CaseHeld


class ObjectionRaised(Fact):
    """`statement` seals what was said, and by whom if they said so, under a reference of the objector's own."""

    topic = "objection.raised"
    application: str
    statement: Sealed


class ObjectionUpheld(Fact):
    """成立: the award is revoked, or the open case refused, in the same transaction."""

    topic = "objection.upheld"
    application: str
    finding: Sealed


class ObjectionDismissed(Fact):
    """不成立: the case is freed in the same transaction."""

    topic = "objection.dismissed"
    application: str
    finding: Sealed


@dataclass(frozen=True)
class Objection(State):
    prefix: ClassVar[str] = "objection"
    application: str = ""
    open: bool = False
    taker: str = ""

    def evolve(self, fact: Fact, ref: str) -> Objection:
        match fact:
            case ObjectionRaised():
                return replace(self, application=fact.application, open=True, taker=fact.actor)
            case ObjectionUpheld() | ObjectionDismissed():
                return replace(self, open=False)
        return self


@dataclass(frozen=True, kw_only=True)
class RaiseObjection(Command):
    """Whoever takes an objection down; the case is held in the same transaction."""

    name: ClassVar[str] = "RaiseObjection"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk", "applicant-clerk", "reviewer", "second-reviewer", "inspector"})
    objection: str
    application: str
    statement: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Application, *application_parts(self.application)).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case = existing_application(streams, self.application)
        state = streams.read(Objection, self.objection)
        if state.exists:
            raise Refused("objection_exists", objection=self.objection)
        if case.stand in ("refused", "rejected", "revoked"):
            raise Refused("application_not_open", application=case.stream, stand=case.stand)
        raised = ObjectionRaised(**self.stamp(context, case.ref), application=case.stream, statement=self.statement)
        ref = streams.next_ref(state.stream)
        return [(state.stream, raised), (case.stream, CaseHeld(**self.stamp(context, ref), objection=self.objection))]


def _decided(streams: Streams, objection: str, context: Context) -> tuple[Objection, Application]:
    state = streams.read(Objection, objection)
    if not state.open:
        raise Refused("objection_not_open", objection=objection)
    if state.taker == context.actor:
        raise Refused("same_person_decided_twice", staff=context.actor, did="objection", step="decision", application=state.application)
    case = existing_application(streams, state.application)
    refuse_own_family(streams, context.actor, case.student)
    return state, case


@dataclass(frozen=True, kw_only=True)
class _OnObjection(Command):
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    objection: str
    finding: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        state = streams.read(Objection, self.objection)
        return (existing_application(streams, state.application).unit,) if state.exists else ()


@dataclass(frozen=True, kw_only=True)
class DismissObjection(_OnObjection):
    name: ClassVar[str] = "DismissObjection"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, case = _decided(streams, self.objection, context)
        fact = ObjectionDismissed(**self.stamp(context, state.ref), application=case.stream, finding=self.finding)
        ref = streams.next_ref(state.stream)
        return [(state.stream, fact), (case.stream, CaseFreed(**self.stamp(context, ref), objection=self.objection))]


@dataclass(frozen=True, kw_only=True)
class UpholdObjection(_OnObjection):
    """The objection was right: an award that stands is revoked with it, a case still open is refused, and it stays held for good."""

    name: ClassVar[str] = "UpholdObjection"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, case = _decided(streams, self.objection, context)
        ref = streams.next_ref(state.stream)
        events: list[Event] = [
            (
                state.stream,
                ObjectionUpheld(**self.stamp(context, state.ref), application=case.stream, finding=self.finding),
            )
        ]
        if case.stand in ("approved", "suspended"):
            events.append((case.stream, AwardRevoked(**self.stamp(context, ref, case.approved_ref), reason=self.finding)))
        elif case.stand in ("submitted", "returned"):
            events.append((case.stream, AwardRefused(**self.stamp(context, ref, case.submitted_ref), reason=self.finding)))
        return events
