"""What was applied for, how far each case has come, and what was awarded."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import and_, select

from .aid_steps import APPLICATION_STEP
from .bitemporal import Where
from .projection import View
from .register.offices import units_below

_CASE_STANDS = {
    "submitted": "submitted",
    "review_rejected": "rejected",
    "returned": "returned",
    "approved": "approved",
    "refused": "refused",
    "suspended": "suspended",
    "resumed": "approved",
    "revoked": "revoked",
}


class ApplicationRow(NamedTuple):
    """`application` is its stream; held: an objection is open; reviews: passed since it was last submitted."""

    application: str
    scheme: str
    student: str
    period: str
    unit: str
    stand: str
    tier: str | None
    amount_fen: int
    held: bool
    reviews: int
    ref: str


def all_equal(**wanted: object) -> Where | None:
    """Equal to each value that is given; among them where it is a list."""
    given = {name: value for name, value in wanted.items() if value is not None}
    if not given:
        return None
    return lambda c: and_(
        *(c[name].in_(value) if isinstance(value, list) else c[name] == value for name, value in given.items())
    )


def applications(
    view: View, scheme: str | None = None, period: str | None = None, unit: str | None = None, stand: str | None = None
) -> list[ApplicationRow]:
    """The applications as they stood on the day, in the order of scheme, period and student. A unit means itself and those below it."""
    points = view.points(APPLICATION_STEP, all_equal(scheme=scheme, period=period))
    cases: dict[tuple[str, str, str], dict[str, Any]] = {}
    held: dict[tuple[str, str, str], set[str]] = {}
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        key = (row.scheme, row.period, row.student)
        case = cases.setdefault(key, {"unit": "", "stand": "none", "tier": None, "amount_fen": 0, "reviews": 0})
        case["ref"] = row.ref
        case["stand"] = _CASE_STANDS.get(row.step, case["stand"])
        if row.step in ("submitted", "returned"):
            case["reviews"] = 0
        if row.step == "review_passed":
            case["reviews"] += 1
        if row.step in ("submitted", "approved"):
            case["unit"] = row.unit
        if row.step in ("approved", "reassessed"):
            case["tier"], case["amount_fen"] = row.tier, row.amount_fen
        if row.step == "held":
            held.setdefault(key, set()).add(row.objection)
        if row.step == "freed":
            held.get(key, set()).discard(row.objection)
    wanted = units_below(view, unit) if unit is not None else None
    return [
        ApplicationRow(
            application=f"application/{key[0]}/{key[2]}/{key[1]}",
            scheme=key[0],
            student=key[2],
            period=key[1],
            held=bool(held.get(key)),
            **case,
        )
        for key, case in sorted(cases.items())
        if (stand is None or case["stand"] == stand) and (wanted is None or case["unit"] in wanted)
    ]
