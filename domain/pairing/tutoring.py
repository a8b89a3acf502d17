"""学业帮扶: a course failed after the resit is helped with by one teacher and one fellow student (朋辈), checked three times a term.

The failed courses of a student stand in one stream for each term, together with who helps in which and whether the parents were told: so
nobody is helped twice in one course, and nobody without a failed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..plan.adoption import AdoptedPlan, PlanVersion
from ..plan.pairing_rules import TutoringRules
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, State, Streams, replace
from ..student.student import Student, current_student, same_person, unit_of_student
from ..unit import working_unit
from ..values.periods import period_of_kind
from .pairing import Pairing, PairingCommand, PairingEstablished


class CourseFailed(Fact):
    """On the list after the resit (挂科名单) below the pass mark; `person` seals name, numbers and mark."""

    topic = "tutoring.course_failed"
    course: str
    person: Sealed


class CoursePassed(Fact):
    """On the same list with a mark that is no failure: no help is owed."""

    topic = "tutoring.course_passed"
    course: str
    person: Sealed


class TutorArranged(Fact):
    """The pairing in which this course is helped with: `tutor` a teacher, `peer` a fellow student (朋辈), if there is one."""

    topic = "tutoring.tutor_arranged"
    course: str
    pairing: str
    tutor: str
    peer: str | None = None


class ParentsNotified(Fact):
    """The parents were told of the term's failures; `note` seals how and what."""

    topic = "tutoring.parents_notified"
    courses: tuple[str, ...]
    note: Sealed


class TutoringChecked(Fact):
    """A check (期初, 期中, 期末) of one pairing was made on `effective_on`; `findings` are sealed."""

    topic = "tutoring.checked"
    check: str
    findings: Sealed


@dataclass(frozen=True)
class Courses(State):
    """`tutoring/<student>/<period>`: failed and passed courses with the facts that say so, and the pairing of each."""

    prefix: ClassVar[str] = "tutoring"
    failed: tuple[tuple[str, str], ...] = ()
    passed: tuple[tuple[str, str], ...] = ()
    pairings: tuple[tuple[str, str], ...] = ()
    told: frozenset[str] = frozenset()

    def evolve(self, fact: Fact, ref: str) -> Courses:
        match fact:
            case CourseFailed():
                return replace(self, failed=(*self.failed, (fact.course, ref)))
            case CoursePassed():
                left = tuple(one for one in self.failed if one[0] != fact.course)
                return replace(self, failed=left, passed=(*self.passed, (fact.course, ref)))
            case TutorArranged():
                others = tuple(one for one in self.pairings if one[0] != fact.course)
                return replace(self, pairings=(*others, (fact.course, fact.pairing)))
            case ParentsNotified():
                return replace(self, told=self.told | set(fact.courses))
        return self


def courses_of(streams: Streams, student: Student, period: str) -> Courses:
    """The courses of a person in a term, whichever of their references they were listed under; what follows is recorded under their own.

    A course passed or listed again under the file's own reference counts for more than what another says.
    """
    own = streams.read(Courses, student.id, period)
    for ref in same_person(streams, student)[1:]:
        other = streams.read(Courses, ref, period)
        known = dict(own.failed) | dict(own.passed)
        own = replace(
            own,
            failed=(*own.failed, *(one for one in other.failed if one[0] not in known)),
            passed=(*own.passed, *(one for one in other.passed if one[0] not in known)),
            pairings=(*own.pairings, *(one for one in other.pairings if one[0] not in dict(own.pairings))),
            told=own.told | other.told,
        )
    return own


def tutoring_in_force(streams: Streams, plan: str, day: date) -> tuple[TutoringRules, PlanVersion]:
    """What the plan's version of that day says about tutoring; `plan_without_tutoring` where it says nothing."""
    version = streams.read(AdoptedPlan, plan).on(day)
    rules = version.plan.tutoring
    if rules is None:
        raise Refused("plan_without_tutoring", plan=plan)
    return rules, version


@dataclass(frozen=True, kw_only=True)
class ListCourse(Command):
    """One row of the 挂科名单. `mark` None: no mark at all (缺考), which is a failure. Whether it is one is for the plan to say."""

    name: ClassVar[str] = "ListCourse"
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
    plan: str
    student: str
    period: str
    course: str
    mark: Decimal | None
    person: Sealed
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"tutoring/{self.student}/{self.period}", f"student/{self.student}", f"plan/{self.plan}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        student = current_student(streams, self.student)
        period_of_kind(self.period, "term")
        rules, version = tutoring_in_force(streams, self.plan, self.on or context.today)
        state = courses_of(streams, student, self.period)
        known = dict(state.failed) | dict(state.passed)
        failed = self.mark is None or self.mark < rules.pass_mark
        if self.course in (dict(state.failed) if failed else dict(state.passed)):
            raise Refused("course_listed", student=student.id, course=self.course, period=self.period)
        kind = CourseFailed if failed else CoursePassed
        because = (self.source, student.ref, version.ref, known.get(self.course, ""))
        return [(state.stream, kind(**self.stamp(context, *because), course=self.course, person=self.person))]


@dataclass(frozen=True, kw_only=True)
class ArrangeTutor(Command):
    """One row of the 安排表: a new pairing of kind tutoring for one failed course of one student."""

    name: ClassVar[str] = "ArrangeTutor"
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
    pairing: str
    student: str
    period: str
    course: str
    unit: str
    tutor: str
    peer: str | None = None
    person: Sealed
    source: str = ""

    def needs(self) -> tuple[str, ...]:
        return (f"pairing/{self.pairing}", f"tutoring/{self.student}/{self.period}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        student = current_student(streams, self.student)
        unit = working_unit(streams, self.unit, self.on or context.today)
        state = courses_of(streams, student, self.period)
        failure = dict(state.failed).get(self.course)
        if failure is None:
            raise Refused("course_not_failed", student=student.id, course=self.course, period=self.period)
        before = dict(state.pairings).get(self.course)
        if before is not None and not streams.read(Pairing, before).ended:
            raise Refused("course_has_tutor", pairing=before, course=self.course)
        pairing = streams.read(Pairing, self.pairing)
        if pairing.exists:
            raise Refused("pairing_exists", pairing=self.pairing)
        helpers = (self.tutor, self.peer) if self.peer else (self.tutor,)
        established = PairingEstablished(
            **self.stamp(context, self.source, student.ref, failure),
            kind="tutoring",
            student=student.id,
            unit=unit.id,
            helpers=helpers,
            person=self.person,
        )
        arranged = TutorArranged(
            **self.stamp(context, streams.next_ref(pairing.stream), failure),
            course=self.course,
            pairing=self.pairing,
            tutor=self.tutor,
            peer=self.peer,
        )
        return [(pairing.stream, established), (state.stream, arranged)]


@dataclass(frozen=True, kw_only=True)
class NotifyParents(Command):
    """Tells the parents of all failures of the term they have not been told of; none is refused (`parents_told`)."""

    name: ClassVar[str] = "NotifyParents"
    roles: ClassVar[frozenset[str]] = frozenset({"helper-clerk"})
    student: str
    period: str
    note: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"tutoring/{self.student}/{self.period}", f"student/{self.student}")

    def units(self, streams: Streams) -> tuple[str, ...]:
        return unit_of_student(streams, self.student)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        student = current_student(streams, self.student)
        state = courses_of(streams, student, self.period)
        untold = {course: ref for course, ref in state.failed if course not in state.told}
        if not untold:
            raise Refused("parents_told" if state.failed else "no_course_failed", student=student.id, period=self.period)
        return [(state.stream, ParentsNotified(**self.stamp(context, *untold.values()), courses=tuple(untold), note=self.note))]


@dataclass(frozen=True, kw_only=True)
class CheckTutoring(PairingCommand):
    """A check of a pairing, by its name in the plan (期中); one of another name is refused (`check_unknown`)."""

    name: ClassVar[str] = "CheckTutoring"
    plan: str
    check: str
    findings: Sealed

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        state = self._helped(streams)
        self.refuse_out_of_time(context, (state.since, state.established_ref))
        if state.kind != "tutoring":
            raise Refused("pairing_not_tutoring", pairing=self.pairing)
        rules, version = tutoring_in_force(streams, self.plan, self.on or context.today)
        names = [check.name for check in rules.checks]
        if self.check not in names:
            raise Refused("check_unknown", check=self.check, checks=names)
        fact = TutoringChecked(**self.stamp(context, state.established_ref, version.ref), check=self.check, findings=self.findings)
        return [(state.stream, fact)]
