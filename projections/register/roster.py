"""Who is recognised on a day, what stands awarded to them, and what they have been paid by then; merged files are one person."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from sqlalchemy import select

from mingzhang.domain.sealed import Sealed

from ..aid_steps import PAYMENT_STEP, StandingAward, standing_awards
from ..bitemporal import Where
from ..boxes import boxes_of, sealed, with_box
from ..projection import View
from .offices import units_below
from .recognition import DETAILS, ENROLMENT, IDENTIFIED, STUDENT, fixes, survivors, weight


class IdentifiedRow(NamedTuple):
    """`ref` is the fact by which the student is recognised."""

    student: str
    unit: str
    categories: tuple[str, ...]
    level: str | None
    person: Sealed
    ref: str


class RosterRow(NamedTuple):
    """awards: {scheme, period, amount_fen, state: approved or suspended}; paid_fen: paid minus returned, reversed and clawed back by the
    day; details: boxes of later corrections of personal details, oldest first, each to be laid over `person`."""

    student: str
    person: Sealed
    unit: str
    categories: tuple[str, ...]
    level: str | None
    awards: list[dict[str, Any]]
    paid_fen: int
    enrolment: str | None
    details: tuple[Sealed, ...]


class EnrolmentRow(NamedTuple):
    """The enrolment status on a day: since when (ISO), by which fact, and when the school registered it."""

    student: str
    status: str
    since: str
    ref: str
    leaf: int
    registered_on: str | None


class Recognised(NamedTuple):
    """As IdentifiedRow, before any box is looked at; `leaf` is the fact whose box tells who it is, `box` its JSON if at hand,
    `person_of` the file it stands in, `since` the day it holds from."""

    student: str
    unit: str
    categories: tuple[str, ...]
    level: str | None
    ref: str
    leaf: int
    box: str | None
    person_of: str
    since: str


def recognised(view: View, merged: dict[str, str], boxes: bool = True) -> list[Recognised]:
    """One row for each person, under the file that answers for them, in no particular order."""
    held = view.held(IDENTIFIED)
    statement: Any = select(held)
    if boxes:
        statement = with_box(held)
    corrected = fixes(view)
    found: dict[str, Recognised] = {}
    for row in view.rows(statement):
        unit, level, leaf, ref, box = row.unit, row.level, row.fact_leaf, row.ref, row.box if boxes else None
        categories, since = orjson.loads(row.categories), row.effective_from
        fix = corrected.get((row.round, row.student)) if corrected and row.round is not None else None
        if fix is not None:
            plain = fix.plain
            unit, level = plain.get("unit", unit), plain.get("level", level)
            categories = plain.get("categories", categories)
            leaf, ref, box, since = fix.leaf, fix.ref, None, fix.days["person"]
        person = merged.get(row.student, row.student)
        other = found.get(person)
        # The file that answers for the person says it, where it says anything; else the first of the others.
        if other is None or person == row.student or person != other.person_of > row.student:
            found[person] = Recognised(person, unit or "", tuple(categories or ()), level, ref, leaf, box, row.student, since)
    return list(found.values())


def _persons(view: View, rows: list[Recognised]) -> dict[str, Sealed]:
    """Each person's box: that of the fact that recognises them, else that of their file."""
    persons = {row.student: sealed(row.box) for row in rows if row.box is not None}
    rest = [row for row in rows if row.box is None]
    if not rest:
        return persons
    boxes = boxes_of(view, [row.leaf for row in rest])
    without = {row.person_of: row.student for row in rest if row.leaf not in boxes}
    persons |= {row.student: boxes[row.leaf] for row in rest if row.leaf in boxes}
    if without:
        history = view.history(STUDENT)
        leaves = {row.student: row.fact_leaf for row in view.rows(select(history)) if row.student in without}
        of_files = boxes_of(view, leaves.values())
        persons |= {without[student]: of_files[leaf] for student, leaf in leaves.items() if leaf in of_files}
    return persons


def _narrowed(view: View, rows: list[Recognised], unit: str | None, category: str | None) -> list[Recognised]:
    wanted = units_below(view, unit) if unit is not None else None
    kept = [
        row for row in rows if (wanted is None or row.unit in wanted) and (category is None or category in row.categories)
    ]
    kept.sort(key=lambda row: (row.unit, row.student))
    return kept


def identified(view: View, unit: str | None = None, category: str | None = None) -> list[IdentifiedRow]:
    """The recognised on the day, in the order of unit and student. A unit means itself and those below it."""
    rows = _narrowed(view, recognised(view, survivors(view)), unit, category)
    persons = _persons(view, rows)
    return [IdentifiedRow(row.student, row.unit, row.categories, row.level, persons[row.student], row.ref) for row in rows]


def roster(view: View, scheme: str | None = None, unit: str | None = None, category: str | None = None) -> list[RosterRow]:
    """The recognised on the day with what stands awarded and is paid, in the order of unit and student. Whoever applied by a form and was
    awarded something is recognised by that award.

    scheme: only those to whom something of it (`<plan>.<scheme>`) stands awarded, and only its awards and payments.
    """
    merged = survivors(view)
    awards: dict[str, list[dict[str, Any]]] = {}
    standing = standing_awards(view, scheme)
    for award in standing:
        awards.setdefault(merged.get(award.student, award.student), []).append(
            {"scheme": award.scheme, "period": award.period, "amount_fen": award.amount_fen, "state": award.state}
        )
    rows = recognised(view, merged)
    rows += _awarded_only(standing, merged, {row.student for row in rows})
    if scheme is not None:
        rows = [row for row in rows if row.student in awards]
    rows = _narrowed(view, rows, unit, category)
    persons = _persons(view, rows)
    paid = paid_by_person(view, merged, scheme)
    enrolled = enrolment_by_person(view, merged)
    details = _details(view, merged)
    return [
        RosterRow(
            row.student,
            persons[row.student],
            row.unit,
            row.categories,
            row.level,
            sorted(awards.get(row.student, ()), key=lambda award: (award["period"], award["scheme"])),
            paid.get(row.student, 0),
            enrolled.get(row.student),
            details.get(row.student, ()),
        )
        for row in rows
    ]


def _awarded_only(awards: list[StandingAward], merged: dict[str, str], known: set[str]) -> list[Recognised]:
    """Those whom nothing but an award recognises: the oldest one says unit and categories, the student's file who they are."""
    found: dict[str, Recognised] = {}
    for award in sorted(awards, key=lambda award: award.leaf):
        person = merged.get(award.student, award.student)
        if person not in known and person not in found:
            found[person] = Recognised(
                person, award.unit, award.categories, None, award.ref, award.leaf, None, award.student, award.since
            )
    return list(found.values())


def paid_by_person(view: View, merged: dict[str, str], scheme: str | None = None) -> dict[str, int]:
    """What each person has kept by the day, in fen."""
    where: Where | None = (lambda c: c.scheme == scheme) if scheme is not None else None
    total = view.total(PAYMENT_STEP, by=["student"], of=["moved_fen"], where=where)
    found: dict[str, int] = {}
    for row in view.rows(select(total.c.student, total.c.moved_fen)):
        person = merged.get(row.student, row.student)
        found[person] = found.get(person, 0) + row.moved_fen
    return found


def enrolment_by_person(view: View, merged: dict[str, str]) -> dict[str, str]:
    """Each person's enrolment status on the day."""
    return {person: row.status for person, row in _standing(view, merged, None).items()}


def _standing(view: View, merged: dict[str, str], where: Where | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in view.rows(select(view.held(ENROLMENT, where))):
        person = merged.get(row.student, row.student)
        found[person] = max(found.get(person, row), row, key=weight)
    return found


def _details(view: View, merged: dict[str, str]) -> dict[str, tuple[Sealed, ...]]:
    held = view.held(DETAILS)
    leaves: dict[str, dict[int, None]] = {}
    for row in view.rows(select(held.c.student, held.c.fact_leaf).order_by(held.c.fact_leaf)):
        leaves.setdefault(merged.get(row.student, row.student), {})[row.fact_leaf] = None
    boxes = boxes_of(view, [leaf for some in leaves.values() for leaf in some])
    return {student: tuple(boxes[leaf] for leaf in some if leaf in boxes) for student, some in leaves.items()}


def enrolments(view: View) -> dict[str, EnrolmentRow]:
    """Each person's enrolment on the day, by whichever of their files, under the file that answers for them (`survivors`)."""
    return {person: _enrolment(row) for person, row in _standing(view, survivors(view), None).items()}


def _enrolment(row: Any) -> EnrolmentRow:
    return EnrolmentRow(row.student, row.status, row.effective_from, row.ref, row.fact_leaf, row.registered_on)
