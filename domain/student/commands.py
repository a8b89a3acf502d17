"""What an office does to a student's file: open it, correct it, note a change of enrolment, join two files that are one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..command import Command, Context
from ..refusal import Refused
from ..sealed import Sealed
from ..staff import refuse_own_family
from ..streams import Event, Streams
from ..survey.entry import Entry
from ..unit import existing_unit
from .facts import (
    CategoryDetermined,
    CategoryEnded,
    DetailsCorrected,
    Enrolment,
    EnrolmentChanged,
    IdentityMerged,
    IdentityMergedInto,
    IdentitySplit,
    StudentRegistered,
)
from .student import Student, current_student, every_reference, last_file, refuse_ended, unit_of_student

REGISTRARS = frozenset({"clerk", "administrator"})


@dataclass(frozen=True, kw_only=True)
class RegisterStudent(Command):
    """Takes one line of the school's register (学籍名册) in: opens the file if need be, and enrols from the day of admission."""

    name: ClassVar[str] = "RegisterStudent"
    roles: ClassVar[frozenset[str]] = REGISTRARS
    student: str
    unit: str
    person: Sealed
    stage: str | None = None
    admitted_on: date | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.student}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        """The unit that enrols, and the one whose student they are already, if they come from another."""
        return (self.unit, *unit_of_student(streams, self.student))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Student, self.student)
        refuse_ended(state)
        existing_unit(streams, self.unit)
        events: list[Event] = []
        if not state.exists:
            opened = StudentRegistered(
                **self.stamp(context, self.source), source="register", unit=self.unit, stage=self.stage, person=self.person
            )
            events.append((state.stream, opened))
        admitted = self.admitted_on
        if admitted is not None and not any(s.since == admitted and s.status == "在读" for s in state.standings):
            common = self.stamp(context, self.source, state.registered_ref or f"{state.stream}@1") | {"effective_on": admitted}
            events.append((state.stream, EnrolmentChanged(**common, status="在读", unit=self.unit)))
        return events


@dataclass(frozen=True, kw_only=True)
class RegisterListedStudent(Command):
    """Opens a file for somebody whom a list names and no register does; somebody known already is left as they are."""

    name: ClassVar[str] = "RegisterListedStudent"
    roles: ClassVar[frozenset[str]] = REGISTRARS | {"helper-clerk", "applicant-clerk"}
    student: str
    unit: str
    person: Sealed
    stage: str | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.student}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Student, self.student)
        refuse_ended(state)
        if state.exists:
            return []
        existing_unit(streams, self.unit)
        common = self.stamp(context, self.source)
        return [(state.stream, StudentRegistered(**common, source="list", unit=self.unit, stage=self.stage, person=self.person))]


@dataclass(frozen=True, kw_only=True)
class ChangeEnrolment(Command):
    """学籍异动: holds from `on`. The same change told twice is recorded once."""

    name: ClassVar[str] = "ChangeEnrolment"
    roles: ClassVar[frozenset[str]] = REGISTRARS
    student: str
    status: Enrolment
    registered_on: date | None = None
    corrects: str | None = None
    note: Sealed | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"student/{self.student}",)

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = current_student(streams, self.student)
        day = self.on or context.today
        if self.corrects is not None and not any(s.ref == self.corrects for s in state.standings):
            raise Refused("correction_names_nothing", student=state.id, corrects=self.corrects)
        if self.corrects is None and any(s.since == day and s.status == self.status for s in state.standings):
            return []
        fact = EnrolmentChanged(
            **self.stamp(context, self.source, self.corrects or state.registered_ref),
            status=self.status,
            registered_on=self.registered_on.isoformat() if self.registered_on else None,
            corrects=self.corrects,
            note=self.note,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class CorrectDetails(Command):
    """Puts personal details right; `fields` names what changed, `person` seals the new values and the reason."""

    name: ClassVar[str] = "CorrectDetails"
    roles: ClassVar[frozenset[str]] = REGISTRARS
    student: str
    fields: tuple[str, ...]
    account_in_own_name: bool | None = None
    person: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = current_student(streams, self.student)
        if not self.fields:
            raise Refused("nothing_to_correct", student=state.id)
        fact = DetailsCorrected(
            **self.stamp(context, state.details_ref),
            corrects=state.details_ref,
            fields=self.fields,
            account_in_own_name=self.account_in_own_name,
            person=self.person,
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class DetermineCategory(Command):
    """认定 outside a survey round: a family thrown back joins at once."""

    name: ClassVar[str] = "DetermineCategory"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk", "approver"})
    student: str
    categories: tuple[str, ...]
    level: str | None = None
    source: str = ""

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = current_student(streams, self.student)
        if not self.categories:
            raise Refused("category_missing", student=state.id)
        refuse_own_family(streams, context.actor, state.id)
        fact = CategoryDetermined(
            **self.stamp(context, self.source or state.ref), categories=self.categories, level=self.level, unit=state.unit
        )
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class EndCategory(Command):
    """退出. `not_in_round` names the round as `source`: whoever is named by it after all, by whichever reference, stays recognised."""

    name: ClassVar[str] = "EndCategory"
    roles: ClassVar[frozenset[str]] = frozenset({"clerk", "approver"})
    student: str
    reason: Literal["lifted", "left", "not_in_round", "error"]
    source: str = ""

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        # Whoever closes a round ends what it no longer names and cannot pick: also of somebody erased it may come to its end.
        state = last_file(streams, self.student) if self.reason == "not_in_round" else current_student(streams, self.student)
        if self.reason == "not_in_round" and _named_by(streams, self.source, state.id):
            return []
        return [(state.stream, CategoryEnded(**self.stamp(context, self.source, state.ref), reason=self.reason))]


def _named_by(streams: Streams, source: str, student: str) -> bool:
    """Whether the round that `source` refers to has an entry of this person."""
    round_id = source.removeprefix("round/").rpartition("@")[0]
    entries = (streams.read(Entry, round_id, ref) for ref in every_reference(streams, student))
    return any(entry.exists and not entry.withdrawn for entry in entries)


@dataclass(frozen=True, kw_only=True)
class MergeIdentities(Command):
    """Two files are one person: `other` is answered for by `student` from now on, in both streams at once."""

    name: ClassVar[str] = "MergeIdentities"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "clerk"})
    student: str
    other: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (*unit_of_student(streams, self.student), *unit_of_student(streams, self.other))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        survivor, other = current_student(streams, self.student), current_student(streams, self.other)
        if survivor.id == other.id:
            raise Refused("identities_already_one", student=survivor.id, other=self.other)
        ref = streams.next_ref(survivor.stream)
        merged = IdentityMerged(**self.stamp(context, survivor.ref, other.ref), other=other.id, reason=self.reason)
        return [(survivor.stream, merged), (other.stream, IdentityMergedInto(**self.stamp(context, ref), survivor=survivor.id))]


@dataclass(frozen=True, kw_only=True)
class SplitIdentities(Command):
    """A merge was wrong: the two files stand apart again."""

    name: ClassVar[str] = "SplitIdentities"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    student: str
    other: str
    corrects: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return tuple(unit for unit in (streams.read(Student, ref).unit for ref in (self.student, self.other)) if unit)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        survivor, other = streams.read(Student, self.student), streams.read(Student, self.other)
        refuse_ended(survivor)
        if other.survivor != survivor.id:
            raise Refused("identities_not_merged", student=self.student, other=self.other)
        if (other.id, self.corrects) not in survivor.merges:
            raise Refused("correction_names_nothing", student=survivor.id, corrects=self.corrects)
        fact = IdentitySplit(**self.stamp(context, self.corrects), other=other.id, corrects=self.corrects, reason=self.reason)
        return [(survivor.stream, fact), (other.stream, fact)]
