"""摸底排查登记: one entry per student and round; a correction is a new fact that names what it corrects, with before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..student.facts import StudentRegistered
from ..student.student import Student, current_student, every_reference, refuse_ended_person
from ..unit import existing_unit
from .round import open_round

PlainValue = str | int | bool | tuple[str, ...] | None
PLAIN_FIELDS = ("unit", "categories", "kinds", "level", "stage", "new", "lifted", "income_fen", "household_size")


class EntryRecorded(Fact):
    """A row of a survey workbook. `person` seals name, numbers, class, address, phone, account and remark.

    income_fen: yearly income per head of the household, in fen; kinds: the sub-kinds as written (城市低保); lifted: 已脱贫;
    new: 新增; account_given: whether the sealed fields hold an account to pay to; account_in_own_name: whether that account is in the name
    of the same row (None: there is none, or nobody looked).
    """

    topic = "entry.recorded"
    schema_version = 2
    round: str
    student: str
    unit: str
    categories: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    level: str | None = None
    stage: str | None = None
    new: bool | None = None
    lifted: bool | None = None
    income_fen: int | None = None
    household_size: int | None = None
    account_given: bool = False
    account_in_own_name: bool | None = None
    person: Sealed

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Nobody compared the account's name with the student's then."""
        state.setdefault("account_in_own_name", None)


class EntryCorrected(Fact):
    """`before` and `after` hold the plain fields that changed; `sealed_fields` names the personal ones, whose old values stay in the
    corrected fact's box and whose new values, with the reason, are in `person` (all sealed fields, not the changed ones alone)."""

    topic = "entry.corrected"
    schema_version = 2
    round: str
    student: str
    corrects: str
    before: dict[str, PlainValue]
    after: dict[str, PlainValue]
    sealed_fields: tuple[str, ...] = ()
    account_given: bool = False
    account_in_own_name: bool | None = None
    person: Sealed

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Nobody compared the account's name with the student's then."""
        state.setdefault("account_in_own_name", None)


class EntryWithdrawn(Fact):
    """The entry should never have been: it counts from no day on."""

    topic = "entry.withdrawn"
    round: str
    student: str
    corrects: str
    reason: Sealed


@dataclass(frozen=True)
class Entry(State):
    """`entry/<round>/<student>`; the plain values in force, who recorded them, and the file row that came first.

    `source` is that row's import.
    """

    prefix: ClassVar[str] = "entry"
    student: str = ""
    unit: str = ""
    categories: tuple[str, ...] = ()
    level: str | None = None
    stage: str | None = None
    account_given: bool = False
    person: Sealed | None = None
    plain: tuple[tuple[str, PlainValue], ...] = ()
    surveyors: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    since: date = date.min
    sheet: str | None = None
    row: int | None = None
    source: str = ""
    withdrawn: bool = False

    admitted_to: ClassVar[None] = None  # a survey asks neither; an application form does (plan.schemes.Described)
    province: ClassVar[None] = None

    def evolve(self, fact: Fact, ref: str) -> Entry:
        match fact:
            case EntryRecorded():
                return replace(
                    self,
                    student=fact.student,
                    unit=fact.unit,
                    categories=fact.categories,
                    level=fact.level,
                    stage=fact.stage,
                    account_given=fact.account_given,
                    person=fact.person,
                    plain=tuple((name, getattr(fact, name)) for name in PLAIN_FIELDS),
                    surveyors=(*self.surveyors, fact.actor),
                    facts=(*self.facts, ref),
                    since=fact.effective_on,
                    sheet=fact.sheet,
                    row=fact.row,
                    source=fact.because[0] if fact.because else "",
                    withdrawn=False,
                )
            case EntryCorrected():
                plain = dict(self.plain) | fact.after
                categories = plain["categories"]
                level, stage, unit = plain["level"], plain["stage"], plain["unit"]
                return replace(
                    self,
                    unit=str(unit),
                    categories=categories if isinstance(categories, tuple) else (),
                    level=level if isinstance(level, str) else None,
                    stage=stage if isinstance(stage, str) else None,
                    account_given=fact.account_given,
                    person=fact.person,
                    plain=tuple(plain.items()),
                    surveyors=(*self.surveyors, fact.actor),
                    facts=(*self.facts, ref),
                    since=fact.effective_on,
                )
            case EntryWithdrawn():
                return replace(self, withdrawn=True, facts=(*self.facts, ref))
        return self


@dataclass(frozen=True, kw_only=True)
class RecordEntry(Command):
    """Takes one valid row in. A student no register knows is registered by it; one this round already has is not taken twice."""

    name: ClassVar[str] = "RecordEntry"
    roles: ClassVar[frozenset[str]] = frozenset({"surveyor"})
    round: str
    student: str
    unit: str
    person: Sealed
    categories: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    level: str | None = None
    stage: str | None = None
    new: bool | None = None
    lifted: bool | None = None
    income_fen: int | None = None
    household_size: int | None = None
    account_given: bool = False
    account_in_own_name: bool | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"entry/{self.round}/{self.student}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        found = open_round(streams, self.round)
        existing_unit(streams, self.unit)
        student = streams.read(Student, self.student)
        if student.exists:
            current_student(streams, self.student)
        for ref in every_reference(streams, self.student) if student.others or student.survivor else (self.student,):
            entry = streams.read(Entry, self.round, ref)
            if entry.exists and not entry.withdrawn:
                raise Refused("already_surveyed", round=self.round, student=self.student, first=entry.facts[0])
        events: list[Event] = []
        common = self.stamp(context, self.source)
        if not student.exists:
            opened = StudentRegistered(**common, source="survey", unit=self.unit, stage=self.stage, person=self.person)
            events.append((student.stream, opened))
            common = common | {"because": (*common["because"], f"{student.stream}@1")}
        else:
            common = common | {"because": (*common["because"], student.details_ref)}
        fact = EntryRecorded(
            **common,
            round=self.round,
            student=self.student,
            unit=self.unit,
            categories=self.categories,
            kinds=self.kinds,
            level=self.level,
            stage=self.stage or found.stage,
            new=self.new,
            lifted=self.lifted,
            income_fen=self.income_fen,
            household_size=self.household_size,
            account_given=self.account_given,
            account_in_own_name=self.account_in_own_name,
            person=self.person,
        )
        events.append((f"entry/{self.round}/{self.student}", fact))
        return events


@dataclass(frozen=True, kw_only=True)
class CorrectEntry(Command):
    """Puts an entry right: `after` holds the plain fields as they should be, `sealed_fields` the personal ones that differ."""

    name: ClassVar[str] = "CorrectEntry"
    roles: ClassVar[frozenset[str]] = frozenset({"surveyor", "clerk"})
    round: str
    student: str
    after: tuple[tuple[str, PlainValue], ...] = ()
    sealed_fields: tuple[str, ...] = ()
    account_given: bool = False
    account_in_own_name: bool | None = None
    person: Sealed
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"entry/{self.round}/{self.student}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        """The unit the entry stands in, and the one it is moved to."""
        moved_to = dict(self.after).get("unit")
        return (current_entry(streams, self.round, self.student).unit, *((moved_to,) if isinstance(moved_to, str) else ()))

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        open_round(streams, self.round)
        entry = current_entry(streams, self.round, self.student)
        refuse_ended_person(streams, self.student)
        now = dict(entry.plain)
        unknown = sorted(name for name, _value in self.after if name not in PLAIN_FIELDS)
        if unknown:
            raise Refused("field_unknown", fields=unknown, known=list(PLAIN_FIELDS))
        after = {name: value for name, value in self.after if now.get(name) != value}
        if "unit" in after:
            existing_unit(streams, str(after["unit"]))
        if not after and not self.sealed_fields:
            return []
        fact = EntryCorrected(
            **self.stamp(context, self.source, entry.facts[-1]),
            round=self.round,
            student=self.student,
            corrects=entry.facts[-1],
            before={name: now.get(name) for name in after},
            after=after,
            sealed_fields=self.sealed_fields,
            account_given=self.account_given,
            account_in_own_name=self.account_in_own_name,
            person=self.person,
        )
        return [(entry.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class WithdrawEntry(Command):
    name: ClassVar[str] = "WithdrawEntry"
    roles: ClassVar[frozenset[str]] = frozenset({"surveyor", "clerk"})
    round: str
    student: str
    reason: Sealed

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (current_entry(streams, self.round, self.student).unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        open_round(streams, self.round)
        entry = current_entry(streams, self.round, self.student)
        refuse_ended_person(streams, self.student)
        fact = EntryWithdrawn(
            **self.stamp(context, entry.facts[-1]),
            round=self.round,
            student=self.student,
            corrects=entry.facts[-1],
            reason=self.reason,
        )
        return [(entry.stream, fact)]


def current_entry(streams: Streams, round_id: str, student: str) -> Entry:
    """The entry in force, or `not_surveyed` / `entry_withdrawn`."""
    entry = streams.read(Entry, round_id, student)
    if not entry.exists:
        raise Refused("not_surveyed", round=round_id, student=student)
    if entry.withdrawn:
        raise Refused("entry_withdrawn", round=round_id, student=student)
    return entry
