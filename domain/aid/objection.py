"""异议, 举报: an objection stops the case it is about, and only that one, by a fact in the case's own stream, until it is decided.

Upheld, it has consequences in the same transaction: an open case is refused, an award revoked, and what was paid of it is asked back.
Whoever disagrees appeals (`appeal`), in the same stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..command import Command, Context
from ..facts import Fact
from ..money.asked_back import ClawbackRaised
from ..money.chain import payments_of
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, State, Streams, replace
from ..student.student import current_student
from .application import Application, application_parts, existing_application
from .basis import basis_of
from .facts import AwardRefused, AwardRevoked, CaseFreed, CaseHeld
from .procedure import refuse_same_person


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


class AppealRaised(Fact):
    """申诉 against `decision`, a fact: an objection's, or one that rejected, refused or revoked the application without one."""

    topic = "objection.appeal_raised"
    application: str
    decision: str
    statement: Sealed


class AppealDecided(Fact):
    """`granted`: what was decided is undone in the same transaction, as far as it can be."""

    topic = "objection.appeal_decided"
    application: str
    granted: bool
    finding: Sealed


Outcome = Literal["", "upheld", "dismissed"]


@dataclass(frozen=True)
class Objection(State):
    """`objection/<id>`. `outcome` is the first decision's; it stays empty where the stream begins with an appeal. open, appeal_open: what
    waits for a decision; hands: everybody who has taken down or decided something here."""

    prefix: ClassVar[str] = "objection"
    application: str = ""
    open: bool = False
    taker: str = ""
    raised_on: date | None = None
    outcome: Outcome = ""
    decided_on: date | None = None
    decided_ref: str = ""
    hands: tuple[str, ...] = ()
    appeal_open: bool = False
    appeal_ref: str = ""
    appeal_on: date | None = None

    def evolve(self, fact: Fact, ref: str) -> Objection:
        hands = (*self.hands, fact.actor)
        match fact:
            case ObjectionRaised():
                return replace(self, application=fact.application, open=True, taker=fact.actor, raised_on=fact.effective_on, hands=hands)
            case ObjectionUpheld() | ObjectionDismissed():
                outcome: Outcome = "upheld" if isinstance(fact, ObjectionUpheld) else "dismissed"
                return replace(self, open=False, outcome=outcome, decided_on=fact.effective_on, decided_ref=ref, hands=hands)
            case AppealRaised():
                raised = replace(self, application=fact.application, appeal_open=True, appeal_ref=ref, appeal_on=fact.effective_on)
                return replace(raised, taker=self.taker or fact.actor, hands=hands)
            case AppealDecided():
                return replace(self, appeal_open=False, hands=hands)
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
        current_student(streams, case.student, also_restricted=True)
        self.refuse_out_of_time(context, (case.submitted_on, case.submitted_ref))
        raised = ObjectionRaised(**self.stamp(context, case.ref), application=case.stream, statement=self.statement)
        ref = streams.next_ref(state.stream)
        return [(state.stream, raised), (case.stream, CaseHeld(**self.stamp(context, ref), objection=self.objection))]


def refuse_decider(streams: Streams, context: Context, case: Application, hands: tuple[str, ...]) -> None:
    """Neither whoever had a hand in it before, nor whoever approved the award or took any other step of the case, nor family decides:
    `same_person_decided_twice`."""
    did = "objection" if context.actor in hands else "approval" if context.actor == case.approver else ""
    if did:
        raise Refused("same_person_decided_twice", staff=context.actor, did=did, step="decision", application=case.stream)
    current_student(streams, case.student, also_restricted=True)
    refuse_same_person(case, basis_of(streams, case), context.actor, "decision")
    refuse_own_family(streams, context.actor, case.student)


@dataclass(frozen=True, kw_only=True)
class OnObjection(Command):
    """Base of the decisions; a leading group decides by its approver, a supervising office by its inspector."""

    roles: ClassVar[frozenset[str]] = frozenset({"approver", "inspector"})
    objection: str
    finding: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        state = streams.read(Objection, self.objection)
        return (existing_application(streams, state.application).unit,) if state.exists else ()

    def waiting(self, streams: Streams, context: Context) -> tuple[Objection, Application]:
        """The open objection and its case, or why this actor cannot decide it today."""
        state = streams.read(Objection, self.objection)
        if not state.open:
            raise Refused("objection_not_open", objection=self.objection)
        case = existing_application(streams, state.application)
        refuse_decider(streams, context, case, state.hands)
        self.refuse_out_of_time(context, (state.raised_on, f"{state.stream}@1"))
        return state, case

    def consequences(self, streams: Streams, context: Context, case: Application, ref: str) -> list[Event]:
        """What follows where the objection was right, by the decision `ref`: the award revoked and what was paid asked back, or the open
        case refused."""
        if case.stand in ("approved", "suspended"):
            revoked = streams.next_ref(case.stream)
            events: list[Event] = [(case.stream, AwardRevoked(**self.stamp(context, ref, case.approved_ref), reason=self.finding))]
            for payment in payments_of(streams, case.scheme, case.student, case.period):
                asked = payment.paid_fen - payment.clawback_fen + payment.clawed_back_fen
                if asked > 0:
                    stamped = self.stamp(context, payment.paid_ref, ref, revoked)
                    if payment.paid_on is not None:  # a decision recorded late may be older than the payment
                        stamped["effective_on"] = max(stamped["effective_on"], payment.paid_on)
                    fact = ClawbackRaised(**stamped, amount_fen=asked, reason=self.finding)
                    events.append((payment.stream, fact))
            return events
        if case.stand in ("submitted", "returned"):
            return [(case.stream, AwardRefused(**self.stamp(context, ref, case.submitted_ref), reason=self.finding))]
        return []


@dataclass(frozen=True, kw_only=True)
class DismissObjection(OnObjection):
    name: ClassVar[str] = "DismissObjection"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, case = self.waiting(streams, context)
        fact = ObjectionDismissed(**self.stamp(context, state.ref), application=case.stream, finding=self.finding)
        ref = streams.next_ref(state.stream)
        return [(state.stream, fact), (case.stream, CaseFreed(**self.stamp(context, ref), objection=self.objection))]


@dataclass(frozen=True, kw_only=True)
class UpholdObjection(OnObjection):
    """The objection was right: an award that stands is revoked with it, a case still open is refused, and it stays held for good."""

    name: ClassVar[str] = "UpholdObjection"

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state, case = self.waiting(streams, context)
        ref = streams.next_ref(state.stream)
        fact = ObjectionUpheld(**self.stamp(context, state.ref), application=case.stream, finding=self.finding)
        return [(state.stream, fact), *self.consequences(streams, context, case, ref)]
