"""申请: a case begins with a survey's entry or with the row of an application form, and documents are checked against the plan's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from ..command import Command, Context
from ..plan.adoption import scheme_in_force
from ..plan.schemes import Scheme
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Event, Streams
from ..student.student import current_student, same_person
from ..survey.entry import Entry, current_entry
from ..unit import working_unit
from ..values.periods import period_of_kind
from .application import Application
from .basis import of_entry, standing_basis
from .eligibility import missing_documents, unmet_by_person
from .facts import ApplicationSubmitted, DocumentsChecked, FormRecorded
from .on_application import OnApplication


@dataclass(frozen=True, kw_only=True)
class _Apply(Command):
    roles: ClassVar[frozenset[str]] = frozenset({"applicant-clerk"})
    scheme: str
    student: str
    period: str

    def needs(self) -> tuple[str, ...]:
        key = f"{self.scheme}/{self.student}/{self.period}"
        return (f"application/{key}", f"student/{self.student}", f"entry/{self.period}/{self.student}")

    def _refuse_second(self, streams: Streams, context: Context) -> tuple[str, ...]:
        """One case per scheme, person and period, under whichever reference: `application_exists`. A returned one is handed in anew, not
        before it was sent back; the facts that sent it back are given."""
        sent_back = []
        for ref in same_person(streams, current_student(streams, self.student)):
            other = streams.read(Application, self.scheme, ref, self.period)
            if other.exists and other.stand not in ("returned", "none"):
                raise Refused("application_exists", application=other.stream, stand=other.stand)
            self.refuse_out_of_time(context, (other.returned_on, other.returned_ref))
            sent_back.append(other.returned_ref)
        return tuple(sent_back)


@dataclass(frozen=True, kw_only=True)
class SubmitApplication(_Apply):
    """Applies on behalf of a student whom the period's survey round names."""

    name: ClassVar[str] = "SubmitApplication"

    def units(self, streams: Streams) -> tuple[str, ...]:
        unit = streams.read(Entry, self.period, self.student).unit
        return (unit,) if unit else ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        scheme, version = scheme_in_force(streams, self.scheme, self.on or context.today)
        _refuse_other_basis(scheme, "survey")
        period_of_kind(self.period, scheme.period)
        student = current_student(streams, self.student)
        sent_back = self._refuse_second(streams, context)
        basis = of_entry(current_entry(streams, self.period, self.student))
        found = unmet_by_person(scheme, basis)
        if found is not None:
            raise found
        if scheme.tiers and scheme.tier_for(basis) is None:
            raise Refused("no_tier_fits", scheme=scheme.code, student=self.student, categories=list(basis.categories))
        fact = ApplicationSubmitted(
            **self.stamp(context, basis.ref, student.details_ref, version.ref, *sent_back),
            scheme=self.scheme,
            student=self.student,
            period=self.period,
            unit=basis.unit,
            basis=basis.ref,
        )
        return [(f"application/{self.scheme}/{self.student}/{self.period}", fact)]


@dataclass(frozen=True, kw_only=True)
class SubmitForm(_Apply):
    """Hands in one row of an application form (申请花名册). Whether the applicant is eligible is judged later, by people and lists: a row
    is a claim, and also the claim of somebody not eligible is on record."""

    name: ClassVar[str] = "SubmitForm"
    unit: str
    person: Sealed
    categories: tuple[str, ...] = ()
    stage: str | None = None
    grade: str | None = None
    admitted_to: str | None = None
    province: str | None = None
    household_in: tuple[str, ...] = ()
    asked_fen: int | None = None
    fees_fen: int | None = None
    board_fen: int | None = None
    handed_in_on: date | None = None
    documents: tuple[str, ...] | None = None
    household: str | None = None
    account_given: bool = False
    account_in_own_name: bool | None = None
    source: str = ""

    def units(self, streams: Streams) -> tuple[str, ...]:
        return (self.unit,)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        scheme, version = scheme_in_force(streams, self.scheme, self.on or context.today)
        _refuse_other_basis(scheme, "form")
        period_of_kind(self.period, scheme.period)
        working_unit(streams, self.unit, self.on or context.today)
        if self.handed_in_on is not None and self.handed_in_on > context.today:
            raise Refused("effective_in_future", on=self.handed_in_on.isoformat(), today=context.today.isoformat())
        student = current_student(streams, self.student)
        sent_back = self._refuse_second(streams, context)
        case = streams.read(Application, self.scheme, self.student, self.period)
        ref = streams.next_ref(case.stream)
        form = FormRecorded(
            **self.stamp(context, self.source, student.details_ref, version.ref),
            scheme=self.scheme,
            student=self.student,
            period=self.period,
            unit=self.unit,
            categories=self.categories,
            stage=self.stage,
            grade=self.grade,
            admitted_to=self.admitted_to,
            province=self.province,
            household_in=self.household_in,
            asked_fen=self.asked_fen,
            fees_fen=self.fees_fen,
            board_fen=self.board_fen,
            handed_in_on=self.handed_in_on,
            documents=self.documents,
            household=self.household,
            account_given=self.account_given,
            account_in_own_name=self.account_in_own_name,
            person=self.person,
        )
        submitted = ApplicationSubmitted(
            **self.stamp(context, ref, version.ref, *sent_back),
            scheme=self.scheme,
            student=self.student,
            period=self.period,
            unit=self.unit,
            basis=ref,
        )
        events: list[Event] = [(case.stream, form), (case.stream, submitted)]
        if self.documents is not None and scheme.documents:
            missing = missing_documents(scheme, self.documents)
            checked = DocumentsChecked(**self.stamp(context, ref, version.ref), present=self.documents, missing=missing)
            events.append((case.stream, checked))
        return events


def _refuse_other_basis(scheme: Scheme, basis: str) -> None:
    """A scheme is applied for in one way (`basis_differs`): by the survey that names everybody, or by forms."""
    if scheme.basis != basis:
        raise Refused("basis_differs", scheme=scheme.code, basis=scheme.basis)


@dataclass(frozen=True, kw_only=True)
class CheckDocuments(OnApplication):
    """材料: what lies there now. Documents handed in later are added to those on record; what is still missing blocks the reviews."""

    name: ClassVar[str] = "CheckDocuments"
    roles: ClassVar[frozenset[str]] = frozenset({"applicant-clerk", "clerk", "reviewer", "second-reviewer"})
    present: tuple[str, ...] = ()

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        case, scheme, version = self.open_case(streams, context)
        basis = standing_basis(streams, case)
        had = case.documents_present if case.documents_present is not None else (basis.documents or ())
        present = tuple(dict.fromkeys((*had, *self.present)))
        missing = missing_documents(scheme, present)
        if present == case.documents_present and missing == case.documents_missing:
            return []
        because = self.stamp(context, case.submitted_ref, version.ref)
        return [(case.stream, DocumentsChecked(**because, present=present, missing=missing))]
