"""一生一策 一生一案: of everybody recognised and not yet out of poverty, what is planned, which layers caught them, where the card is."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.student.facts import LAYERS

from ..bitemporal import Points
from ..boxes import BOXES, keep
from ..projection import LogEvent, Projection, View, Writer, on
from ..tables import text, whole
from .recognition import survivors
from .roster import identified
from .survey import lifted_students

CARE = Points(
    "student_care",
    columns=[text("student"), text("kind"), text("period"), text("layer"), whole("helped"), text("ref")],
    indexes=[["student"]],
)


class CareRow(NamedTuple):
    """layers: (layer, whether it helped) in the order of the three; the rest are days (ISO), None where it has not been done."""

    student: str
    unit: str
    categories: tuple[str, ...]
    care_plan_on: str | None
    layers: tuple[tuple[str, bool], ...]
    card_issued_on: str | None
    card_filed_on: str | None


class Care(Projection):
    name = "care"
    kept = (CARE, BOXES)

    @on(
        "student.care_plan_drawn_up", "student.safety_net_layer_applied", "student.info_card_issued", "student.info_card_filed"
    )
    def _step(self, event: LogEvent, writer: Writer) -> None:
        said = event.state
        helped = said.get("helped")
        row = (
            event.stream.partition("/")[2], event.topic.partition(".")[2], said["period"], said.get("layer"),
            None if helped is None else int(helped), event.ref,
        )  # fmt: skip
        writer.happened(CARE, event, row)
        keep(writer, event)


def care(view: View, period: str, unit: str | None = None) -> list[CareRow]:
    """Everybody recognised on the day whom the newest survey does not call lifted out of poverty, with what was done in the period."""
    merged = survivors(view)
    done: dict[str, dict[str, str]] = {}
    layers: dict[str, dict[str, bool]] = {}
    points = view.points(CARE, lambda c: c.period == period)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        person = merged.get(row.student, row.student)
        if row.layer is None:
            done.setdefault(person, {})[row.kind] = row.effective_on
        else:
            layers.setdefault(person, {})[row.layer] = bool(row.helped)
    lifted = lifted_students(view, merged)
    return [
        CareRow(
            student=one.student,
            unit=one.unit,
            categories=one.categories,
            care_plan_on=done.get(one.student, {}).get("care_plan_drawn_up"),
            layers=tuple((layer, helped[layer]) for layer in LAYERS if layer in (helped := layers.get(one.student, {}))),
            card_issued_on=done.get(one.student, {}).get("info_card_issued"),
            card_filed_on=done.get(one.student, {}).get("info_card_filed"),
        )
        for one in identified(view, unit)
        if one.student not in lifted
    ]
