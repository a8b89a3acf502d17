"""What a case rests on: the survey's entry or the row of an application form; every later step reads it in one shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..refusal import Refused
from ..sealed import Sealed
from ..streams import Streams
from ..survey.entry import Entry
from .application import Application


@dataclass(frozen=True)
class Basis:
    """`ref` is the fact it is said by, since when it holds, and who recorded it. The rest is what the conditions of a scheme look at
    (see `plan.schemes.Conditions`); None where the source does not ask for it. `is_form`: a row of a 申请花名册."""

    student: str
    unit: str
    ref: str
    since: date
    recorders: tuple[str, ...]
    withdrawn: bool
    account_given: bool
    person: Sealed | None
    categories: tuple[str, ...]
    stage: str | None
    level: str | None = None
    is_form: bool = False
    grade: str | None = None
    admitted_to: str | None = None
    province: str | None = None
    household_in: tuple[str, ...] = ()
    handed_in_on: date | None = None
    documents: tuple[str, ...] | None = None
    household: str | None = None


def of_entry(entry: Entry) -> Basis:
    return Basis(
        student=entry.student,
        unit=entry.unit,
        ref=entry.facts[-1],
        since=entry.since,
        recorders=entry.surveyors,
        withdrawn=entry.withdrawn,
        account_given=entry.account_given,
        person=entry.person,
        categories=entry.categories,
        stage=entry.stage,
        level=entry.level,
    )


def basis_of(streams: Streams, case: Application) -> Basis | None:
    """The newest form where the case has one, else the entry of the round that decides its period; None where there is neither."""
    form = case.form
    if form is None:
        entry = streams.read(Entry, case.period, case.student)
        return of_entry(entry) if entry.exists else None
    return Basis(
        student=form.student,
        unit=form.unit,
        ref=case.form_ref,
        since=form.effective_on,
        recorders=case.recorders,
        withdrawn=False,
        account_given=form.account_given,
        person=form.person,
        categories=form.categories,
        stage=form.stage,
        is_form=True,
        grade=form.grade,
        admitted_to=form.admitted_to,
        province=form.province,
        household_in=form.household_in,
        handed_in_on=form.handed_in_on or form.effective_on,
        documents=form.documents,
        household=form.household,
    )


def standing_basis(streams: Streams, case: Application) -> Basis:
    """The basis, or `not_surveyed` / `entry_withdrawn`."""
    found = basis_of(streams, case)
    if found is None:
        raise Refused("not_surveyed", round=case.period, student=case.student)
    if found.withdrawn:
        raise Refused("entry_withdrawn", round=case.period, student=case.student)
    return found
