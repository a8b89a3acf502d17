"""自查、复查、考评、迎检: which inspections there were by a day, what each found, and how far each finding has come."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from mingzhang.domain.sealed import Sealed

from .boxes import boxes_of
from .due_tables import INSPECTION, INSPECTION_STEP
from .projection import View
from .register.offices import units_below


class FindingRow(NamedTuple):
    """`state`: raised, answered or rectified; days are ISO; the texts are sealed; clause: of the plan; subject: the stream it is about."""

    number: int
    severity: str
    state: str
    raised_on: str
    rectify_by: str | None
    answered_on: str | None
    rectified_on: str | None
    rectified_ref: str | None
    clause: str | None
    subject: str | None
    amount_fen: int | None
    text: Sealed | None
    answer: Sealed | None
    ref: str


class InspectionRow(NamedTuple):
    """`by` inspects `unit`; `closed_on` None while it runs; sha256: of its report."""

    inspection: str
    kind: str
    unit: str
    by: str
    plan: str | None
    opened_on: str
    closed_on: str | None
    sha256: str | None
    findings: tuple[FindingRow, ...]
    ref: str


def inspections(view: View, unit: str | None = None, inspection: str | None = None) -> list[InspectionRow]:
    """The inspections opened by the day, in that order, with their findings by number. A unit means itself and those below it."""
    held = view.held(INSPECTION, (lambda c: c.inspection == inspection) if inspection is not None else None)
    opened = view.rows(select(held).order_by(held.c.effective_from, held.c.fact_leaf))
    wanted = units_below(view, unit) if unit is not None else None
    steps: dict[str, list[Any]] = {}
    points = view.points(INSPECTION_STEP)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        steps.setdefault(row.inspection, []).append(row)
    boxes = boxes_of(view, [step.fact_leaf for of_one in steps.values() for step in of_one if step.number is not None])
    found = []
    for row in opened:
        if wanted is not None and row.unit not in wanted:
            continue
        of_this = steps.get(row.inspection, [])
        closed = next((step for step in of_this if step.step == "closed"), None)
        found.append(
            InspectionRow(
                row.inspection,
                row.kind,
                row.unit,
                row.inspector_unit,
                row.plan,
                row.effective_from,
                closed.effective_on if closed is not None else None,
                closed.sha256 if closed is not None else None,
                _findings(of_this, boxes),
                closed.ref if closed is not None else row.ref,
            )
        )
    return found


def _findings(steps: list[Any], boxes: dict[int, Sealed]) -> tuple[FindingRow, ...]:
    found: dict[int, FindingRow] = {}
    for step in steps:
        if step.step == "raised":
            found[step.number] = FindingRow(
                step.number, step.severity, "raised", step.effective_on, step.rectify_by, None, None, None, step.clause, step.subject,
                step.amount_fen, boxes.get(step.fact_leaf), None, step.ref,
            )  # fmt: skip
        elif step.step == "answered":
            answer = boxes.get(step.fact_leaf)
            found[step.number] = found[step.number]._replace(state="answered", answered_on=step.effective_on, answer=answer, ref=step.ref)
        elif step.step == "rectified":
            done = {"state": "rectified", "rectified_on": step.effective_on, "rectified_ref": step.ref, "ref": step.ref}
            found[step.number] = found[step.number]._replace(**done)
    return tuple(found[number] for number in sorted(found))
