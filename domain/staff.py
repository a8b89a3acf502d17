"""Staff act in a role at a unit, from a day until they are relieved, and sign with a key of their own; what they decide on their own family
is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from .command import Authority, Command, Context, refuse_before
from .facts import Fact
from .refusal import Refused
from .sealed import Sealed
from .streams import Event, State, Streams, replace
from .student.student import every_reference, refuse_ended_person
from .unit import Unit, existing_unit, lies_within
from .values.ids import refuse_unusable

ROLES = (
    "administrator", "surveyor", "clerk", "applicant-clerk", "reviewer", "second-reviewer", "approver", "treasurer", "preparer",
    "checker", "releaser", "cashier", "helper-clerk", "inspector", "privacy-officer",
)  # fmt: skip
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_PERSONAL_NUMBER = re.compile(r"(?:1\d{10}|\d{15}|\d{17}[\dXx])")


class StaffAppointed(Fact):
    """A role at a unit from `effective_on`. `person` seals the name, where it is given."""

    topic = "staff.appointed"
    role: str
    unit: str
    person: Sealed | None = None


class StaffRelieved(Fact):
    """The appointment ends on `effective_on`, that day no longer included."""

    topic = "staff.relieved"
    role: str
    unit: str


class StaffKnown(Fact):
    """A line of the staff register (教职工): whose pay account must not be a student's. `person` seals name, numbers and post."""

    topic = "staff.known"
    unit: str | None = None
    person: Sealed


class InterestDeclared(Fact):
    """The staff member is family of this student, or is the student."""

    topic = "staff.interest_declared"
    student: str


class StaffKeyEnrolled(Fact):
    """From this place in the log on, what the staff member records is signed with this key. `public_key`: base64 of its 32 bytes; `key`:
    its id; `issued_by`: `office`, where an administrator made it and could have kept a copy, or `self`, where it was signed for with the
    key before it."""

    topic = "staff.key_enrolled"
    public_key: str
    key: str
    issued_by: Literal["office", "self"]


class StaffKeyRevoked(Fact):
    """From this place in the log on, nothing signed with the key is taken. What it signed before stays signed."""

    topic = "staff.key_revoked"
    key: str
    reason: Literal["lost", "replaced", "relieved"]


@dataclass(frozen=True)
class SigningKey:
    """A key and its life in the log's order: enrolled by `ref`, live until `revoked_by` (None: still)."""

    key: str
    public_key: str
    issued_by: str
    since: date
    ref: str
    until: date | None = None
    revoked_by: str | None = None
    reason: str | None = None

    @property
    def live(self) -> bool:
        return self.revoked_by is None

    def ended_by(self, revocation: StaffKeyRevoked, ref: str) -> SigningKey:
        if not self.live or self.key != revocation.key:
            return self
        return replace(self, until=revocation.effective_on, revoked_by=ref, reason=revocation.reason)


@dataclass(frozen=True)
class Appointment:
    role: str
    unit: str
    since: date
    until: date | None
    ref: str

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def ended_by(self, relief: StaffRelieved) -> bool:
        """A relief ends what holds without end, and what was to end on a later day."""
        return (self.role, self.unit) == (relief.role, relief.unit) and (self.until is None or self.until > relief.effective_on)


@dataclass(frozen=True)
class Staff(State):
    prefix: ClassVar[str] = "staff"
    appointments: tuple[Appointment, ...] = ()
    family: frozenset[str] = frozenset()
    known: bool = False
    keys: tuple[SigningKey, ...] = ()

    @property
    def live_key(self) -> SigningKey | None:
        """The key they sign with, by what is recorded so far; there is one at most."""
        return next((key for key in reversed(self.keys) if key.live), None)

    def evolve(self, fact: Fact, ref: str) -> Staff:
        match fact:
            case StaffAppointed():
                new = Appointment(fact.role, fact.unit, fact.effective_on, None, ref)
                return replace(self, appointments=(*self.appointments, new))
            case StaffRelieved():
                return replace(
                    self,
                    appointments=tuple(
                        replace(a, until=fact.effective_on) if a.ended_by(fact) else a
                        for a in self.appointments
                    ),
                )
            case StaffKnown():
                return replace(self, known=True)
            case InterestDeclared():
                return replace(self, family=self.family | {fact.student})
            case StaffKeyEnrolled():
                enrolled = SigningKey(fact.key, fact.public_key, fact.issued_by, fact.effective_on, ref)
                return replace(self, keys=(*self.keys, enrolled))
            case StaffKeyRevoked():
                return replace(self, keys=tuple(key.ended_by(fact, ref) for key in self.keys))
        return self


def authority(streams: Streams, command: Command, context: Context) -> tuple[Authority, str]:
    """In which appointment the actor may give the command today, and the fact that made it.

    Refused `staff_unknown`, `role_missing` (no appointment in any wanted role today) or `unit_not_covered`.
    """
    staff = streams.read(Staff, context.actor)
    if not staff.appointments:
        raise Refused("staff_unknown", staff=context.actor)
    held = [a for a in staff.appointments if a.role in command.roles and a.holds(context.today)]
    if not held:
        raise Refused("role_missing", staff=context.actor, command=command.name, roles=sorted(command.roles))
    preferred = command.preferred_role(streams, command.on or context.today)
    held.sort(key=lambda a: a.role != preferred)
    wanted = list(command.units(streams))
    for appointment in held:
        if all(lies_within(streams, unit, appointment.unit) for unit in wanted):
            return Authority(appointment.role, appointment.unit), appointment.ref
    beyond = [unit for unit in wanted if not any(lies_within(streams, unit, a.unit) for a in held)] or wanted
    raise Refused("unit_not_covered", staff=context.actor, command=command.name, units=beyond, covers=[a.unit for a in held])


def names_somebody(staff: str) -> bool:
    """Whether a staff id tells who its owner is: Chinese characters (a name), an identity number or a mobile number. The id stands
    plain in every record of what they do."""
    return _HAN.search(staff) is not None or _PERSONAL_NUMBER.fullmatch(staff) is not None


def refuse_personal(staff: str) -> None:
    """Refuses (`staff_id_personal`) such an id, without repeating it."""
    if names_somebody(staff):
        raise Refused("staff_id_personal")


def refuse_own_family(streams: Streams, actor: str, student: str) -> None:
    """Nobody decides on their own family or on themselves (declared interests): `decided_on_own_family`."""
    family = streams.read(Staff, actor).family
    if family and not family.isdisjoint(every_reference(streams, student)):
        raise Refused("decided_on_own_family", staff=actor, student=student)


@dataclass(frozen=True, kw_only=True)
class AppointStaff(Command):
    name: ClassVar[str] = "AppointStaff"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    staff: str
    role: str
    unit: str
    person: Sealed | None = None

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_personal(self.staff)
        refuse_unusable("staff", self.staff)
        if self.role not in ROLES:
            raise Refused("role_unknown", role=self.role, roles=list(ROLES))
        unit = existing_unit(streams, self.unit)
        state = streams.read(Staff, self.staff)
        day = self.on or context.today
        if any(a.role == self.role and a.unit == self.unit and (a.until is None or a.until > day) for a in state.appointments):
            raise Refused("staff_already_appointed", staff=self.staff, role=self.role, unit=self.unit)
        fact = StaffAppointed(**self.stamp(context, unit.ref), role=self.role, unit=self.unit, person=self.person)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class RelieveStaff(Command):
    """Nobody relieves themselves as administrator: so whoever relieves one is left, and a ledger is never without."""

    name: ClassVar[str] = "RelieveStaff"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    staff: str
    role: str
    unit: str

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Staff, self.staff)
        relief = StaffRelieved(**self.stamp(context), role=self.role, unit=self.unit)
        held = [a for a in state.appointments if a.ended_by(relief)]
        if not held:
            raise Refused("staff_not_appointed", staff=self.staff, role=self.role, unit=self.unit)
        if self.role == "administrator" and self.staff == context.actor:
            raise Refused("last_administrator", staff=self.staff)
        refuse_before(relief.effective_on, *((a.since, a.ref) for a in held))
        return [(state.stream, relief.model_copy(update={"because": tuple(a.ref for a in held)}))]


@dataclass(frozen=True, kw_only=True)
class RegisterStaff(Command):
    """Takes one line of the staff register in; a person known already is left as they are."""

    name: ClassVar[str] = "RegisterStaff"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "clerk"})
    staff: str
    person: Sealed
    unit: str | None = None
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"staff/{self.staff}",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        refuse_personal(self.staff)
        state = streams.read(Staff, self.staff)
        if state.known:
            return []
        if self.unit and not streams.read(Unit, self.unit).exists:
            raise Refused("unit_unknown", unit=self.unit)
        fact = StaffKnown(**self.stamp(context, self.source), unit=self.unit, person=self.person)
        return [(state.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class DeclareInterest(Command):
    name: ClassVar[str] = "DeclareInterest"
    roles: ClassVar[frozenset[str]] = frozenset(ROLES)
    staff: str
    student: str

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = streams.read(Staff, self.staff)
        if not state.exists:
            raise Refused("staff_unknown", staff=self.staff)
        if self.student in state.family:
            raise Refused("interest_already_declared", staff=self.staff, student=self.student)
        refuse_ended_person(streams, self.student)
        return [(state.stream, InterestDeclared(**self.stamp(context, state.ref), student=self.student))]
