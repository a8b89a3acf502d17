"""留守儿童: who is on the register on any day, registered in time or late, with or without file and contact card."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import select

from mingzhang.domain.plan.school_rules import LeftBehindRules
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.periods import period

from .boxes import sealed, with_box
from .leftbehind_tables import CHILD, STEP
from .projection import View
from .register.offices import units_below
from .tables import FOREVER


class ChildRow(NamedTuple):
    """A stay on the register begun by the day. `until`: the day it ended (ISO), None while it runs. file_on, card_on: when first opened and
    issued during the stay; cared: how often somebody cared; `person`: box of guardian and parents."""

    student: str
    unit: str
    term: str
    since: str
    until: str | None
    file_on: str | None
    card_on: str | None
    cared: int
    last_care_on: str | None
    person: Sealed
    ref: str

    def late_days(self, rules: LeftBehindRules) -> int:
        """How many days after the last permitted one of the term the child was registered; 0 in time, or where the plan sets none."""
        if rules.registered_within_days is None:
            return 0
        last = period(self.term).first + timedelta(days=rules.registered_within_days)
        return max(0, (date.fromisoformat(self.since) - last).days)


def left_behind(view: View, unit: str | None = None) -> list[ChildRow]:
    """All stays begun by the day, in the order of unit, child and beginning. A unit means itself and those below it."""
    day = view.as_of.day
    wanted = units_below(view, unit) if unit is not None else None
    steps: dict[str, list[tuple[str, str]]] = {}
    points = view.points(STEP)
    for row in view.rows(select(points).order_by(points.c.effective_on, points.c.fact_leaf)):
        steps.setdefault(row.student, []).append((row.step, row.effective_on))
    history = view.history(CHILD, lambda c: c.effective_from <= day)
    found = []
    for row in view.rows(with_box(history).order_by(history.c.unit, history.c.student, history.c.effective_from)):
        if wanted is not None and row.unit not in wanted:
            continue
        until = row.effective_until if row.effective_until != FOREVER and row.effective_until <= day else None
        during = [(step, on) for step, on in steps.get(row.student, ()) if row.effective_from <= on and (until is None or on < until)]
        care = [on for step, on in during if step == "care_recorded"]
        found.append(
            ChildRow(
                row.student, row.unit, row.term, row.effective_from, until, _first(during, "file_opened"),
                _first(during, "contact_card_issued"), len(care), care[-1] if care else None, sealed(row.box), row.ref,
            )
        )  # fmt: skip
    return found


def _first(during: list[tuple[str, str]], wanted: str) -> str | None:
    return next((on for step, on in during if step == wanted), None)
