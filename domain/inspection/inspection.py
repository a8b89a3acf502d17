"""自查、复查、考评、迎检: an inspection raises findings, the unit answers each, and somebody else confirms that it is put right.

It is closed when nothing is left open: what was found and never put right cannot disappear with the inspection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ..command import Command, Context
from ..facts import Fact
from ..plan.adoption import AdoptedPlan
from ..plan.duties import InspectionKind
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import ROLES
from ..streams import Event, State, Streams, replace
from ..unit import existing_unit
from ..values.ids import refuse_unusable
from .sample import SampleDrawn, SeedCommitted

Severity = Literal["high", "medium", "low"]
_STREAM = re.compile(r"[a-z]+(?:/[0-9A-Za-z._-]+)+")


class InspectionOpened(Fact):
    """`by` (a unit, or an office outside as it is written) inspects `unit`. plan: under which plan; scope: sealed text."""

    topic = "inspection.opened"
    kind: InspectionKind
    unit: str
    by: str
    plan: str | None = None
    scope: Sealed | None = None


class FindingRaised(Fact):
    """发现问题 number `number` of the inspection. clause: of the plan, where it speaks of one; rectify_by: 整改期限; subject: the stream it
    is about, where there is one; text sealed."""

    topic = "inspection.finding_raised"
    number: int
    severity: Severity
    text: Sealed
    clause: str | None = None
    subject: str | None = None
    amount_fen: int | None = None
    rectify_by: date | None = None


class FindingAnswered(Fact):
    """整改答复 of the unit inspected."""

    topic = "inspection.finding_answered"
    number: int
    text: Sealed


class FindingRectified(Fact):
    """销号: somebody other than who answered has seen that it is put right."""

    topic = "inspection.finding_rectified"
    number: int
    note: Sealed | None = None


class InspectionClosed(Fact):
    """findings: how many there were, all of them put right. sha256: of the inspection's report."""

    topic = "inspection.closed"
    kind: InspectionKind
    unit: str
    findings: int
    sha256: str | None = None


class Finding(NamedTuple):
    number: int
    raised_ref: str
    raised_on: date
    answered_ref: str = ""
    answered_on: date | None = None
    answered_by: str = ""
    rectified_ref: str = ""
    rectified_on: date | None = None


@dataclass(frozen=True)
class Inspection(State):
    prefix: ClassVar[str] = "inspection"
    kind: InspectionKind = "self-check"
    unit: str = ""
    opened_on: date = date.min
    opened_ref: str = ""
    plan: str | None = None
    findings: tuple[Finding, ...] = ()
    commitments: tuple[tuple[str, SeedCommitted], ...] = ()
    draws: tuple[tuple[str, SampleDrawn], ...] = ()
    closed_ref: str = ""

    def evolve(self, fact: Fact, ref: str) -> Inspection:
        match fact:
            case InspectionOpened():
                return replace(self, kind=fact.kind, unit=fact.unit, opened_on=fact.effective_on, opened_ref=ref, plan=fact.plan)
            case FindingRaised():
                return replace(self, findings=(*self.findings, Finding(fact.number, ref, fact.effective_on)))
            case FindingAnswered():
                said = {"answered_ref": ref, "answered_on": fact.effective_on, "answered_by": fact.actor}
                return self._with(fact.number, **said)
            case FindingRectified():
                return self._with(fact.number, rectified_ref=ref, rectified_on=fact.effective_on)
            case SeedCommitted():
                return replace(self, commitments=(*self.commitments, (ref, fact)))
            case SampleDrawn():
                return replace(self, draws=(*self.draws, (ref, fact)))
            case InspectionClosed():
                return replace(self, closed_ref=ref)
        return self

    def _with(self, number: int, **said: object) -> Inspection:
        return replace(self, findings=tuple(one._replace(**said) if one.number == number else one for one in self.findings))  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class OnInspection(Command):
    """A command on an inspection that runs, by somebody responsible for the unit inspected."""

    inspection: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (running_inspection(streams, self.inspection).unit,)


@dataclass(frozen=True, kw_only=True)
class OpenInspection(Command):
    name: ClassVar[str] = "OpenInspection"
    roles: ClassVar[frozenset[str]] = frozenset({"inspector", "administrator", "clerk"})
    inspection: str
    kind: InspectionKind
    unit: str
    by: str
    plan: str | None = None
    scope: Sealed | None = None

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_unusable("inspection", self.inspection)
        state = streams.read(Inspection, self.inspection)
        if state.exists:
            raise Refused("inspection_exists", inspection=self.inspection)
        unit = existing_unit(streams, self.unit)
        version = streams.read(AdoptedPlan, self.plan).on(self.on or context.today) if self.plan else None
        self.refuse_out_of_time(context)
        fact = InspectionOpened(
            **self.stamp(context, unit.ref, version.ref if version else ""),
            kind=self.kind,
            unit=self.unit,
            by=self.by,
            plan=self.plan,
            scope=self.scope,
        )
        return [(state.stream, fact)]


def running_inspection(streams: Streams, inspection: str) -> Inspection:
    """The inspection, or `inspection_unknown`, `inspection_closed`."""
    found = streams.read(Inspection, inspection)
    if not found.exists:
        raise Refused("inspection_unknown", inspection=inspection)
    if found.closed_ref:
        raise Refused("inspection_closed", inspection=inspection)
    return found


def open_finding(state: Inspection, number: int) -> Finding:
    """The finding, or `finding_unknown`, `finding_rectified`."""
    for one in state.findings:
        if one.number == number:
            if one.rectified_ref:
                raise Refused("finding_rectified", inspection=state.id, number=number)
            return one
    raise Refused("finding_unknown", inspection=state.id, number=number, numbers=[one.number for one in state.findings])


@dataclass(frozen=True, kw_only=True)
class RaiseFinding(OnInspection):
    """The next finding of the inspection gets the next number. What it is about and which clause it goes against are names that are on
    record: `finding_subject_unknown`, `finding_clause_unknown`; whatever else is to be said goes into the sealed text."""

    name: ClassVar[str] = "RaiseFinding"
    roles: ClassVar[frozenset[str]] = frozenset({"inspector"})
    severity: Severity
    text: Sealed
    clause: str | None = None
    subject: str | None = None
    amount_fen: int | None = None
    rectify_by: date | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = running_inspection(streams, self.inspection)
        self.refuse_out_of_time(context, (state.opened_on, state.opened_ref))
        if self.subject is not None and _STREAM.fullmatch(self.subject) is None:
            raise Refused("finding_subject_unknown", inspection=self.inspection)
        if self.clause is not None:
            known = streams.read(AdoptedPlan, state.plan).on(self.on or context.today).plan.clauses if state.plan else {}
            if self.clause not in known:
                raise Refused("finding_clause_unknown", inspection=self.inspection, clauses=sorted(known))
        if self.rectify_by is not None and self.rectify_by < (self.on or context.today):
            raise Refused("rectify_by_passed", inspection=self.inspection, rectify_by=self.rectify_by.isoformat())
        fact = FindingRaised(
            **self.stamp(context, state.opened_ref),
            number=len(state.findings) + 1,
            severity=self.severity,
            text=self.text,
            clause=self.clause,
            subject=self.subject,
            amount_fen=self.amount_fen,
            rectify_by=self.rectify_by,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class AnswerFinding(OnInspection):
    """The unit says what it has done about it; a further answer takes the place of the first."""

    name: ClassVar[str] = "AnswerFinding"
    roles: ClassVar[frozenset[str]] = frozenset(ROLES) - {"inspector", "privacy-officer"}
    number: int
    text: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = running_inspection(streams, self.inspection)
        finding = open_finding(state, self.number)
        self.refuse_out_of_time(context, (finding.raised_on, finding.raised_ref))
        fact = FindingAnswered(**self.stamp(context, finding.raised_ref), number=self.number, text=self.text)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RectifyFinding(OnInspection):
    """Refused `finding_not_answered`, or `same_person_rectified` for whoever gave the answer."""

    name: ClassVar[str] = "RectifyFinding"
    roles: ClassVar[frozenset[str]] = frozenset({"inspector"})
    number: int
    note: Sealed | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = running_inspection(streams, self.inspection)
        finding = open_finding(state, self.number)
        if not finding.answered_ref:
            raise Refused("finding_not_answered", inspection=self.inspection, number=self.number)
        if finding.answered_by == context.actor:
            raise Refused("same_person_rectified", inspection=self.inspection, number=self.number, staff=context.actor)
        self.refuse_out_of_time(context, (finding.answered_on, finding.answered_ref))
        fact = FindingRectified(**self.stamp(context, finding.answered_ref), number=self.number, note=self.note)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class CloseInspection(OnInspection):
    """Refused `findings_open` with their numbers while one of them is not put right."""

    name: ClassVar[str] = "CloseInspection"
    roles: ClassVar[frozenset[str]] = frozenset({"inspector"})
    sha256: str | None = None

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = running_inspection(streams, self.inspection)
        left = [one.number for one in state.findings if not one.rectified_ref]
        if left:
            raise Refused("findings_open", inspection=self.inspection, numbers=left)
        put_right = ((one.rectified_on, one.rectified_ref) for one in state.findings)
        self.refuse_out_of_time(context, (state.opened_on, state.opened_ref), *put_right)
        fact = InspectionClosed(
            **self.stamp(context, state.opened_ref, *(one.rectified_ref for one in state.findings)),
            kind=state.kind,
            unit=state.unit,
            findings=len(state.findings),
            sha256=self.sha256,
        )
        return [(state.stream, fact)]
