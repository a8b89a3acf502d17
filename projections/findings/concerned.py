"""Whose business a finding is: the units that its payments were made for, else those of the students, pairings or notices it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from ..aid_steps import BATCH_STEP, PAYMENT_STEP
from ..bitemporal import Timeline
from ..due_tables import DUTY_RECORD
from ..finding import Finding
from ..notices import NOTICE
from ..pairing_tables import PAIRING
from ..projection import View
from ..register.recognition import STUDENT

_AT_ONCE = 500
_STUDENT_AT = {"payment": 2, "application": 2, "entry": 2, "student": 1, "loan": 1}
"""Where in a stream's name the student stands."""


def units_concerned(view: View, findings: Sequence[Finding]) -> list[set[str]]:
    """Of each finding the units it concerns; none where it is about a fund, or about people of no unit."""
    payments = {one: sorted(_payments(finding)) for one, finding in enumerate(findings)}
    students = {one: sorted(_students(finding)) for one, finding in enumerate(findings)}
    paid_for = _units_paid_for(view, {payment.split("/")[2] for some in payments.values() for payment in some})
    of_student = _units(view, STUDENT, "student", {student for some in students.values() for student in some})
    of_pairing = _units(view, PAIRING, "pairing", {pairing for finding in findings for pairing in _pairings(finding)})
    of_office = {row.notice: row.unit for row in view.rows(select(view.points(NOTICE)))}
    of_office |= {row.batch: row.unit for row in view.rows(select(view.points(BATCH_STEP, lambda c: c.step == "prepared")))}
    of_office |= {row.ref.rpartition("@")[0]: row.unit for row in view.rows(select(view.points(DUTY_RECORD)))}
    found = []
    for one, finding in enumerate(findings):
        units = {paid_for[payment] for payment in payments[one] if payment in paid_for}
        units |= {of_pairing[pairing] for pairing in _pairings(finding) if pairing in of_pairing}
        units |= {unit} if (unit := of_office.get(finding.subject)) and not units else set()
        units |= {str(unit) for unit in _listed(finding.facts.get("units"))}
        found.append(units or {of_student[student] for student in students[one] if student in of_student})
    return found


def _payments(finding: Finding) -> set[str]:
    cited = {event.rpartition("@")[0] for event in finding.events if event.startswith("payment/")}
    return cited | ({finding.payment} if finding.payment is not None else set())


def _students(finding: Finding) -> set[str]:
    found = {finding.subject, *(str(student) for student in _listed(finding.facts.get("students")))}
    for event in finding.events:
        parts = event.rpartition("@")[0].split("/")
        place = _STUDENT_AT.get(parts[0])
        if place is not None and len(parts) > place:
            found.add(parts[place])
    return found


def _pairings(finding: Finding) -> Iterator[str]:
    one = finding.facts.get("pairing")
    yield from (str(pairing) for pairing in (*_listed(finding.facts.get("pairings")), *([one] if one else [])))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _units_paid_for(view: View, students: Collection[str]) -> dict[str, str]:
    """Payment -> the unit it was made for, as it was last instructed."""
    found: dict[str, str] = {}
    for part in _parts(students):
        points = view.points(PAYMENT_STEP, _among("student", part))
        for row in view.rows(select(points).where(points.c.unit.is_not(None)).order_by(points.c.fact_leaf)):
            found[row.ref.rpartition("@")[0]] = row.unit
    return found


def _units(view: View, timeline: Timeline, key: str, wanted: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(wanted):
        history = view.history(timeline, _among(key, part))
        for row in view.rows(select(history).order_by(history.c.effective_from)):
            if row.unit is not None:
                found[getattr(row, key)] = row.unit
    return found


def _parts(wanted: Collection[str]) -> Iterator[list[str]]:
    some = sorted(wanted)
    yield from (some[start : start + _AT_ONCE] for start in range(0, len(some), _AT_ONCE))


def _among(column: str, values: list[str]) -> Callable[[Any], Any]:
    return lambda c: c[column].in_(values)
