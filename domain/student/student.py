"""One student, one file (一生一案): registered once, merged where two files were one person, enrolled or not on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from ..facts import Fact
from ..privacy.facts import HoldReleased, PersonHeld, RestrictionLifted
from ..refusal import Refused
from ..streams import State, Streams, replace
from .data_state import THERE, DataState, data_after
from .facts import (
    AccountCleared,
    AccountDoubted,
    AccountSaidWrong,
    CategoryDetermined,
    CategoryEnded,
    DetailsCorrected,
    EnrolmentChanged,
    HouseholdRecorded,
    IdentityMerged,
    IdentityMergedInto,
    IdentitySplit,
    InfoCardFiled,
    InfoCardIssued,
    PersonErased,
    PersonRestricted,
    SafetyNetLayerApplied,
    StudentRegistered,
)

PRESENT = frozenset({"在读", "复学"})


class Standing(NamedTuple):
    """An enrolment status from a day on, and the fact that says so."""

    since: date
    status: str
    ref: str


class AccountKnown(NamedTuple):
    """An account put right after the survey: since when, and the fact whose box holds it."""

    since: date
    ref: str


class Clearing(NamedTuple):
    """A doubtful account somebody answers for: the fact that holds it, why it was doubtful, with whom, who cleared it, and what took that
    back (empty: nothing)."""

    account: str
    code: str
    others: tuple[str, ...]
    by: str
    ref: str
    doubted: str = ""


class HouseholdKnown(NamedTuple):
    """The household the student belongs to, and the fact that says so."""

    household: str
    ref: str


class Drawn(NamedTuple):
    """What was done for a period: `what` names the layer, empty for a card."""

    period: str
    what: str
    since: date
    ref: str


@dataclass(frozen=True)
class Student(State):
    """said_wrong: facts that hold an account to which a payment was stopped, and the fact that says so. layers, cards: of the safety net
    drawn on, and of 动态信息卡 filled in."""

    prefix: ClassVar[str] = "student"
    unit: str = ""
    stage: str | None = None
    source: str = ""
    registered_ref: str = ""
    details_ref: str = ""
    standings: tuple[Standing, ...] = ()
    categories: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    merges: tuple[tuple[str, str], ...] = ()
    survivor: str | None = None
    standing_of_data: DataState = THERE
    account: AccountKnown | None = None
    clearings: tuple[Clearing, ...] = ()
    said_wrong: tuple[tuple[str, str], ...] = ()
    household: HouseholdKnown | None = None
    layers: tuple[Drawn, ...] = ()
    cards: tuple[Drawn, ...] = ()
    cards_filed: tuple[str, ...] = ()

    def evolve(self, fact: Fact, ref: str) -> Student:
        match fact:
            case StudentRegistered():
                return replace(self, unit=fact.unit, stage=fact.stage, source=fact.source, registered_ref=ref, details_ref=ref)
            case EnrolmentChanged():
                kept = tuple(s for s in self.standings if s.ref != fact.corrects)
                unit = fact.unit or self.unit
                return replace(self, standings=(*kept, Standing(fact.effective_on, fact.status, ref)), unit=unit)
            case DetailsCorrected():
                account = AccountKnown(fact.effective_on, ref) if "account" in fact.fields else self.account
                return replace(self, details_ref=ref, account=account)
            case AccountCleared():
                cleared = Clearing(fact.account, fact.code, fact.others, fact.actor, ref)
                return replace(self, clearings=(*self.clearings, cleared))
            case AccountDoubted():
                left = tuple(one._replace(doubted=ref) if one.ref == fact.corrects else one for one in self.clearings)
                return replace(self, clearings=left)
            case AccountSaidWrong():
                return replace(self, said_wrong=(*self.said_wrong, (fact.account, ref)))
            case HouseholdRecorded():
                return replace(self, household=HouseholdKnown(fact.household, ref))
            case CategoryDetermined():
                return replace(self, categories=fact.categories)
            case CategoryEnded():
                return replace(self, categories=())
            case IdentityMerged():
                return replace(self, others=(*self.others, fact.other), merges=(*self.merges, (fact.other, ref)))
            case IdentityMergedInto():
                return replace(self, survivor=fact.survivor)
            case IdentitySplit():
                others = tuple(other for other in self.others if other != fact.other)
                return replace(self, others=others, survivor=None if fact.other == self.id else self.survivor)
            case PersonErased() | PersonRestricted() | RestrictionLifted() | PersonHeld() | HoldReleased():
                return replace(self, standing_of_data=data_after(self.standing_of_data, fact, ref))
            case SafetyNetLayerApplied():
                return replace(self, layers=(*self.layers, Drawn(fact.period, fact.layer, fact.effective_on, ref)))
            case InfoCardIssued():
                return replace(self, cards=(*self.cards, Drawn(fact.period, "", fact.effective_on, ref)))
            case InfoCardFiled():
                return replace(self, cards_filed=(*self.cards_filed, fact.period))
        return self

    @property
    def erased(self) -> bool:
        return self.standing_of_data.erased

    @property
    def restricted(self) -> bool:
        return self.standing_of_data.restricted

    def standing(self, day: date) -> Standing | None:
        """The enrolment status in effect on `day`, the later-recorded fact winning a tie; None where no register says anything."""
        held: Standing | None = None
        for standing in self.standings:
            if standing.since <= day and (held is None or standing.since >= held.since):
                held = standing
        return held


def current_student(streams: Streams, ref: str, *, also_restricted: bool = False) -> Student:
    """The student behind a reference, a merged one followed to the file that answers for it.

    also_restricted: for what must go on while the data are only kept, such as paying what was awarded before (个人信息保护法 art. 47).
    Refused `student_unknown`, `person_erased` or `person_restricted`.
    """
    student = last_file(streams, ref)
    if not student.exists:
        raise Refused("student_unknown", student=ref)
    refuse_ended(student, also_restricted=also_restricted)
    return student


def refuse_ended(student: Student, *, also_restricted: bool = False) -> None:
    """Nothing more is written about somebody whose data were erased (`person_erased`), nor, but for what must go on, about somebody whose
    data are only kept (`person_restricted`)."""
    if student.erased:
        raise Refused("person_erased", student=student.id)
    if student.restricted and not also_restricted:
        raise Refused("person_restricted", student=student.id)


def refuse_ended_person(streams: Streams, ref: str, *, also_restricted: bool = False) -> None:
    """As `current_student`, for somebody who need be nobody's student."""
    student = last_file(streams, ref)
    if student.exists:
        refuse_ended(student, also_restricted=also_restricted)


def unit_of_student(streams: Streams, ref: str) -> tuple[str, ...]:
    """The unit whose business the student is: that of the file that answers for them. Nothing for somebody unknown."""
    unit = last_file(streams, ref).unit
    return (unit,) if unit else ()


def every_reference(streams: Streams, ref: str) -> tuple[str, ...]:
    """As `same_person`, from any of the references, whether the file is known or erased or not."""
    return tuple(dict.fromkeys((ref, *same_person(streams, last_file(streams, ref)))))


def last_file(streams: Streams, ref: str) -> Student:
    """The file that answers for a reference, whether it is known, erased or not."""
    student = streams.read(Student, ref)
    seen = {ref}
    while student.survivor is not None and student.survivor not in seen:
        seen.add(student.survivor)
        student = streams.read(Student, student.survivor)
    return student


def standing_of(streams: Streams, student: Student, day: date) -> Standing | None:
    """The enrolment status of a person on `day` over every reference they ever had; of two for one day, the one that stops a payment."""
    held = [found for ref in same_person(streams, student) if (found := streams.read(Student, ref).standing(day)) is not None]
    return max(held, key=lambda one: (one.since, one.status not in PRESENT), default=None)


def enrolled_on(streams: Streams, student: Student, day: date) -> bool:
    """Whether the student may be paid on `day`. Somebody only a survey knows counts as enrolled: the department vouches for them."""
    held = standing_of(streams, student, day)
    return held.status in PRESENT if held is not None else student.source == "survey"


def same_person(streams: Streams, student: Student) -> tuple[str, ...]:
    """Every reference this person ever had, their own first: what was awarded or paid under any of them counts."""
    found = [student.id]
    for ref in found:
        found.extend(other for other in streams.read(Student, ref).others if other not in found)
    return tuple(found)


def standing_refs(streams: Streams, student: Student, day: date) -> tuple[str, ...]:
    """What a decision about the student on `day` relies on, as `because` names it: which files are this person, and their enrolment."""
    merges = [
        merge for ref in same_person(streams, student) for file in [streams.read(Student, ref)] for other, merge in file.merges
        if other in file.others
    ]  # fmt: skip
    held = standing_of(streams, student, day)
    return (*merges, held.ref) if held is not None else tuple(merges)
