"""What a school records of a left-behind child: on the register, file and contact card, care given, off the register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student, every_reference
from ..unit import working_unit
from ..values.periods import period_of_kind
from .facts import CareKind, CareRecorded, ContactCardIssued, LeftBehindEnded, LeftBehindFileOpened, LeftBehindRegistered
from .state import LeftBehindChild, left_behind_child

KEEPERS = frozenset({"helper-clerk", "clerk"})


@dataclass(frozen=True, kw_only=True)
class RegisterLeftBehind(Command):
    """Takes a child on the register for a term, by whose first day it is told whether that was in time."""

    name: ClassVar[str] = "RegisterLeftBehind"
    roles: ClassVar[frozenset[str]] = KEEPERS
    student: str
    unit: str
    term: str
    person: Sealed
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"leftbehind/{self.student}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        day = self.on or context.today
        term = period_of_kind(self.term, "term")
        if day > term.last:
            raise Refused("left_behind_term_over", term=self.term, on=day.isoformat(), last=term.last.isoformat())
        working_unit(streams, self.unit, day)
        student = current_student(streams, self.student)
        for ref in every_reference(streams, student.id):
            child = streams.read(LeftBehindChild, ref)
            if child.running:
                raise Refused("left_behind_registered", student=ref, since=child.since.isoformat())
            if child.ended_on is not None and day < child.ended_on:
                raise Refused("dated_before_basis", on=day.isoformat(), since=child.ended_on.isoformat(), says=child.ended_ref)
        stream = streams.read(LeftBehindChild, student.id).stream
        common = self.stamp(context, self.source, student.ref)
        return [(stream, LeftBehindRegistered(**common, unit=self.unit, term=self.term, person=self.person))]


@dataclass(frozen=True, kw_only=True)
class LeftBehindCommand(Command):
    """Base of what is done for a child on the register."""

    roles: ClassVar[frozenset[str]] = KEEPERS
    student: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (left_behind_child(streams, self.student).unit,)

    def _child(self, streams: Streams, context: Context) -> tuple[LeftBehindChild, date]:
        """The child, on the register that day, which is no later than today."""
        self.refuse_out_of_time(context)
        current_student(streams, self.student)
        child, day = left_behind_child(streams, self.student), self.on or context.today
        child.check_day(day)
        return child, day


@dataclass(frozen=True, kw_only=True)
class OpenLeftBehindFile(LeftBehindCommand):
    name: ClassVar[str] = "OpenLeftBehindFile"
    sha256: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        child, _day = self._child(streams, context)
        return [(child.stream, LeftBehindFileOpened(**self.stamp(context, child.registered_ref), sha256=self.sha256))]


@dataclass(frozen=True, kw_only=True)
class IssueContactCard(LeftBehindCommand):
    name: ClassVar[str] = "IssueContactCard"
    person: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        child, _day = self._child(streams, context)
        return [(child.stream, ContactCardIssued(**self.stamp(context, child.registered_ref), person=self.person))]


@dataclass(frozen=True, kw_only=True)
class RecordCare(LeftBehindCommand):
    name: ClassVar[str] = "RecordCare"
    kind: CareKind
    text: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        child, _day = self._child(streams, context)
        return [(child.stream, CareRecorded(**self.stamp(context, child.registered_ref), kind=self.kind, text=self.text))]


@dataclass(frozen=True, kw_only=True)
class EndLeftBehind(LeftBehindCommand):
    name: ClassVar[str] = "EndLeftBehind"
    reason: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        child, _day = self._child(streams, context)
        if child.ended_on is not None:
            raise Refused("left_behind_ended", student=child.id, ended_on=child.ended_on.isoformat())
        return [(child.stream, LeftBehindEnded(**self.stamp(context, child.registered_ref), reason=self.reason))]
