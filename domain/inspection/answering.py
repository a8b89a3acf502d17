"""审计发现的答复: what the audit rules find is answered by the office: explained (说明), corrected (整改) or referred on (移送).

An answer does not make a finding go away: it is worked out anew from the facts and stays visible, as answered. A further answer takes the
place of the one before; both stay on record. Nobody answers for what they are found to have done themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ..command import Command, Context
from ..facts import Fact
from ..plan.finding_rules import AuditRule
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace

AnswerKind = Literal["explained", "corrected", "referred"]


class AuditFindingAnswered(Fact):
    """The answer to what `rule` found about `subject` (the reference of a student, a fund, a notice, a helper), and `payment` where it is
    about one. text: sealed, under the student's key where it is about a student."""

    topic = "finding.answered"
    rule: AuditRule
    subject: str
    payment: str | None = None
    kind: AnswerKind
    text: Sealed


@dataclass(frozen=True)
class AuditFinding(State):
    """`finding/<id>`: a stream for what is found anew each time, so that its answers stay together."""

    prefix: ClassVar[str] = "finding"
    kind: AnswerKind | None = None
    answered_ref: str = ""

    def evolve(self, fact: Fact, ref: str) -> AuditFinding:
        return replace(self, kind=fact.kind, answered_ref=ref) if isinstance(fact, AuditFindingAnswered) else self


@dataclass(frozen=True, kw_only=True)
class AnswerAuditFinding(Command):
    """`events`: the facts that show the finding, on which the answer rests; about_units: whose business it is, all of which whoever answers
    has to cover; concerned: staff whom the finding is about. Refused `answers_for_oneself`."""

    name: ClassVar[str] = "AnswerAuditFinding"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "clerk", "treasurer", "approver", "inspector"})
    finding: str
    rule: AuditRule
    subject: str
    payment: str | None = None
    events: tuple[str, ...]
    about_units: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    kind: AnswerKind
    text: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"finding/{self.finding}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return self.about_units

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(AuditFinding, self.finding)
        if context.actor in self.concerned:
            raise Refused("answers_for_oneself", finding=self.finding, staff=context.actor)
        self.refuse_out_of_time(context)
        fact = AuditFindingAnswered(
            **self.stamp(context, *self.events, state.answered_ref),
            rule=self.rule,
            subject=self.subject,
            payment=self.payment,
            kind=self.kind,
            text=self.text,
        )
        return [(state.stream, fact)]
