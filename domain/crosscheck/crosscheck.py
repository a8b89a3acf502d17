"""A list comes in once, row by row, and stays; a newer one of its kind supersedes it, and people resolve the differences found in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..aid.application import Application
from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, State, Streams, replace
from ..student.student import refuse_ended_person
from ..survey.entry import Entry
from .facts import DifferenceResolved, Finding, ListCompared, ListReceived, ListWithdrawn, NamedBy, PersonListed, Right

COMPARERS = frozenset({"clerk", "reviewer", "applicant-clerk"})


@dataclass(frozen=True)
class CrossCheck(State):
    """`crosscheck/<id>`: a list that was received, or a comparison. resolved: student, row of the list, newest resolution, right side."""

    prefix: ClassVar[str] = "crosscheck"
    kind: str = ""
    unit: str = ""
    as_of: date = date.min
    received_ref: str = ""
    withdrawn: bool = False
    compared: ListCompared | None = None
    resolved: tuple[tuple[str, str, str, Right], ...] = ()

    def evolve(self, fact: Fact, ref: str) -> CrossCheck:
        match fact:
            case ListReceived():
                return replace(self, kind=fact.kind, unit=fact.unit, as_of=fact.as_of, received_ref=ref)
            case ListWithdrawn():
                return replace(self, withdrawn=True)
            case ListCompared():
                return replace(self, compared=fact)
            case DifferenceResolved():
                kept = tuple(one for one in self.resolved if one[:2] != (fact.student, fact.says))
                return replace(self, resolved=(*kept, (fact.student, fact.says, ref, fact.right)))
        return self


def received_list(streams: Streams, crosscheck: str) -> CrossCheck:
    """The list, or `list_unknown`, `list_withdrawn`."""
    found = streams.read(CrossCheck, crosscheck)
    if not found.received_ref:
        raise Refused("list_unknown", crosscheck=crosscheck)
    if found.withdrawn:
        raise Refused("list_withdrawn", crosscheck=crosscheck)
    return found


@dataclass(frozen=True, kw_only=True)
class ReceiveList(Command):
    """Takes a list in; its rows follow in the same transaction. `on` is the day as of which it was drawn up."""

    name: ClassVar[str] = "ReceiveList"
    roles: ClassVar[frozenset[str]] = COMPARERS
    crosscheck: str
    kind: str
    sources: tuple[str, ...]
    files: int
    rows: int
    accepted: int
    refused: int

    def needs(self) -> tuple[str, ...]:
        return (f"crosscheck/{self.crosscheck}",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        state = streams.read(CrossCheck, self.crosscheck)
        if state.exists:
            raise Refused("crosscheck_exists", crosscheck=self.crosscheck)
        fact = ListReceived(
            **self.stamp(context, *self.sources),
            kind=self.kind,
            unit=context.acting_as.unit if context.acting_as else "",
            as_of=self.on or context.today,
            files=self.files,
            rows=self.rows,
            accepted=self.accepted,
            refused=self.refused,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class ListPerson(Command):
    """Takes one valid row of a list in. Whoever it names need be nobody's student: no file is opened for them."""

    name: ClassVar[str] = "ListPerson"
    roles: ClassVar[frozenset[str]] = COMPARERS
    crosscheck: str
    student: str
    category: str | None = None
    support: str | None = None
    entitled: bool | None = None
    household: str | None = None
    named_by: NamedBy = "id_number"
    person: Sealed
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"listing/{self.crosscheck}/{self.student}", f"student/{self.student}")

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        received = received_list(streams, self.crosscheck)
        refuse_ended_person(streams, self.student)
        fact = PersonListed(
            **self.stamp(context, received.received_ref, self.source),
            crosscheck=self.crosscheck,
            student=self.student,
            kind=received.kind,
            category=self.category,
            support=self.support,
            entitled=self.entitled,
            household=self.household,
            named_by=self.named_by,
            person=self.person,
        )
        return [(f"listing/{self.crosscheck}/{self.student}", fact)]


@dataclass(frozen=True, kw_only=True)
class WithdrawList(Command):
    """A list of the wrong kind or day counts no longer; what was compared with it stays as it was found, until it is compared again."""

    name: ClassVar[str] = "WithdrawList"
    roles: ClassVar[frozenset[str]] = COMPARERS
    crosscheck: str
    reason: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"crosscheck/{self.crosscheck}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(CrossCheck, self.crosscheck).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = received_list(streams, self.crosscheck)
        self.refuse_out_of_time(context, (state.as_of, state.received_ref))
        corrects = state.received_ref
        return [(state.stream, ListWithdrawn(**self.stamp(context, corrects), corrects=corrects, reason=self.reason))]


@dataclass(frozen=True, kw_only=True)
class ResolveDifference(Command):
    """Says which side of a difference is right. A later resolution takes the place of an earlier one and names it."""

    name: ClassVar[str] = "ResolveDifference"
    roles: ClassVar[frozenset[str]] = COMPARERS
    comparison: str
    crosscheck: str
    student: str
    right: Right
    reason: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"crosscheck/{self.comparison}", f"crosscheck/{self.crosscheck}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        """That of the application or survey entry that was compared."""
        return tuple(unit for one in self._findings(streams) if (unit := _unit_of(streams, one.basis.rpartition("@")[0])))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        comparison = streams.read(CrossCheck, self.comparison)
        if comparison.compared is None:
            raise Refused("comparison_unknown", comparison=self.comparison)
        received = received_list(streams, self.crosscheck)
        day = comparison.compared.effective_on
        refuse_own_family(streams, context.actor, self.student)
        refuse_ended_person(streams, self.student)
        self.refuse_out_of_time(context, (day, comparison.ref))
        events: list[Event] = []
        for finding in self._findings(streams):
            for match in finding.matches:
                if match.crosscheck != self.crosscheck or not match.name_differs:
                    continue
                before = next((one for one in received.resolved if one[:2] == (self.student, match.says)), None)
                if before is not None and before[3] == self.right:
                    raise Refused("difference_already_resolved", student=self.student, crosscheck=self.crosscheck, says=before[2])
                fact = DifferenceResolved(
                    **self.stamp(context, comparison.ref, match.says, finding.basis, before[2] if before else ""),
                    student=self.student,
                    comparison=self.comparison,
                    says=match.says,
                    ours=finding.basis,
                    right=self.right,
                    corrects=before[2] if before else None,
                    reason=self.reason,
                )
                events.append((received.stream, fact))
        if not events:
            raise Refused("difference_unknown", student=self.student, comparison=self.comparison)
        return events

    def _findings(self, streams: Streams) -> list[Finding]:
        compared = streams.read(CrossCheck, self.comparison).compared
        return [one for one in compared.findings if one.student == self.student] if compared is not None else []


def _unit_of(streams: Streams, stream: str) -> str:
    if stream.startswith("entry/"):
        return streams.at(Entry, stream).unit
    return streams.at(Application, stream).unit
