"""A difference is decided by somebody who did not record what makes it: asked back, freed to be paid after, or let stand with a reason.

The decision carries what was looked at and is refused where that has changed meanwhile. Asking back follows in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..aid.application import Application
from ..command import Command, Context, refuse_before
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..student.student import current_student, every_reference
from .asked_back import ClawbackRaised
from .chain import free_fen, payments_of
from .difference import Difference, DifferenceDecided, Reason, Remedy
from .differing import Differing, differing
from .payment import Payment


@dataclass(frozen=True, kw_only=True)
class DecideDifference(Command):
    """difference_fen, reasons: as they were looked at; ended: as `differing` wants it."""

    name: ClassVar[str] = "DecideDifference"
    roles: ClassVar[frozenset[str]] = frozenset({"approver"})
    scheme: str
    student: str
    period: str
    remedy: Remedy
    difference_fen: int
    reasons: tuple[Reason, ...]
    ended: tuple[str, ...] = ()
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        units = (streams.read(Application, self.scheme, ref, self.period).unit for ref in every_reference(streams, self.student))
        return tuple(dict.fromkeys(unit for unit in units if unit))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        about = f"{self.scheme}/{self.student}/{self.period}"
        found = differing(streams, self.scheme, self.student, self.period, self.on or context.today, self.ended)
        if found is None:
            raise Refused("no_difference", difference=about)
        if (found.difference_fen, {*found.reasons}) != (self.difference_fen, {*self.reasons}):
            raise Refused("difference_changed", difference=about, seen_fen=self.difference_fen, now_fen=found.difference_fen)
        if found.difference_fen == 0 or found.decided:
            raise Refused("difference_decided", difference=about, says=found.decided)
        student = current_student(streams, found.student, also_restricted=True)
        refuse_own_family(streams, context.actor, student.id)
        self._refuse_recorder(streams, context, found)
        wanted = "claw-back" if found.difference_fen < 0 else "top-up"
        if self.remedy not in (wanted, "let-stand"):
            raise Refused("remedy_differs", difference=about, remedy=self.remedy, difference_fen=found.difference_fen)
        if self.remedy == "top-up" and found.obstacle is not None:
            raise Refused("payment_obstructed", payment=found.award, obstacle=found.obstacle.code, says=found.obstacle.says)
        if self.remedy == "top-up":
            _refuse_above_award(streams, found)
        stream = f"{Difference.prefix}/{found.scheme}/{found.student}/{found.period}"
        ref = streams.next_ref(stream)
        says = tuple(reason.says for reason in found.reasons)
        looked_at = [streams.at(Payment, name).last_ref for name, _fen in found.take_back]
        refuse_before(self.on or context.today, *_since(streams, looked_at))
        fact = DifferenceDecided(
            **self.stamp(context, *says, *looked_at),
            scheme=found.scheme,
            student=found.student,
            period=found.period,
            unit=found.unit,
            remedy=self.remedy,
            paid_fen=found.paid_fen,
            asked_back_fen=found.asked_back_fen,
            due_fen=found.due_fen,
            difference_fen=found.difference_fen,
            reasons=found.reasons,
            top_up=_next_top_up(streams, found) if self.remedy == "top-up" else None,
            reason=self.reason,
        )
        events: list[Event] = [(stream, fact)]
        if self.remedy == "claw-back":
            events += self._asked_back(streams, context, found, ref, says)
        return events

    def _refuse_recorder(self, streams: Streams, context: Context, found: Differing) -> None:
        """Whoever recorded a late fact does not decide what follows from it, nor does anybody before it holds."""
        for reason in found.reasons:
            stream, _, version = reason.says.rpartition("@")
            for recorded in streams.facts(stream):
                if recorded.originator_version != int(version):
                    continue
                refuse_before(self.on or context.today, (recorded.fact.effective_on, reason.says))
                if recorded.fact.actor == context.actor:
                    about = {"application": found.award, "staff": context.actor, "says": reason.says}
                    raise Refused("same_person_decided_twice", **about, did="late_fact", step="difference")

    def _asked_back(self, streams: Streams, context: Context, found: Differing, ref: str, says: tuple[str, ...]) -> list[Event]:
        events: list[Event] = []
        left_fen = -found.difference_fen
        for name, held_fen in found.take_back:
            fen = min(left_fen, held_fen)
            if fen > 0:
                payment = streams.at(Payment, name)
                refuse_before(self.on or context.today, (payment.paid_on, payment.paid_ref))
                because = self.stamp(context, payment.paid_ref, ref, *says)
                events.append((name, ClawbackRaised(**because, amount_fen=fen, reason=self.reason)))
                left_fen -= fen
        return events


def _since(streams: Streams, refs: Collection[str]) -> list[tuple[date, str]]:
    """Since when each of these facts holds."""
    known = (one for ref in refs for one in streams.facts(ref.rpartition("@")[0]))
    return [(one.fact.effective_on, one.ref) for one in known if one.ref in refs]


def _refuse_above_award(streams: Streams, found: Differing) -> None:
    """What is paid never exceeds the award as it stands: where a plan was amended, the award is decided anew first."""
    _, scheme, student, period = found.award.split("/")
    case = streams.read(Application, scheme, student, period)
    if found.difference_fen > free_fen(streams, case):
        raise Refused("award_not_reassessed", application=case.stream, award_fen=case.amount_fen, due_fen=found.due_fen)


def _next_top_up(streams: Streams, found: Differing) -> str:
    """The first top-up of the award that neither a payment nor a decision has taken."""
    _, scheme, student, period = found.award.split("/")
    taken = {payment.stream for payment in payments_of(streams, scheme, student, period)}
    for ref in every_reference(streams, student):
        taken |= streams.read(Difference, scheme, ref, period).top_ups.keys()
    number = 1
    while f"payment/{scheme}/{student}/{period}/t{number}" in taken:
        number += 1
    return f"payment/{scheme}/{student}/{period}/t{number}"
