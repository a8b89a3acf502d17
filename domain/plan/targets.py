"""指标: the numbered targets of a plan, each with its direction, measure, due date and owner, and the reports that are owed on it.

A figure that adds up over the year (adds_up) never falls from one report to the next; a share may. Parts that must add up say so.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from .words import Words

if TYPE_CHECKING:
    from .vocabulary import Plan

ReportKind = Literal["monthly", "quarterly", "half-yearly"]
"""月调度, 季汇总, 半年通报."""

Direction = Literal["at_least", "at_most"]


def _exact(value: object) -> Decimal:
    """A whole number or a number in quotes; a float would already have lost what was written."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('write a target as a whole number or as text ("6.71")')
    try:
        figure = Decimal(value)
    except InvalidOperation:
        raise ValueError('write a target as a whole number or as text ("6.71")') from None
    if not figure.is_finite() or figure < 0:
        raise ValueError("a target is not below zero")
    return figure


Figure = Annotated[Decimal, BeforeValidator(_exact)]
"""Written as a whole number or as text, kept exactly."""


class ReportRule(Words):
    """A report on progress that a plan asks for: its kind, its name (月调度), and within how many days after the period's end."""

    kind: ReportKind
    """月调度, 季汇总, 半年通报."""
    name: str
    """As the sheets of the 《进度》 workbook are called."""
    within_days: int = Field(ge=0, le=90)
    """Handed in within so many days after the period's end."""
    clause: str
    """Where it is laid down."""


class Target(Words):
    """One target: so much of something by a day, and who answers for it."""

    code: str
    """The indicator as workbooks write it."""
    name: str | None = None
    """Where it is called otherwise as well."""
    action: str
    """The action it belongs to (行动)."""
    measure: str
    """What is counted: 所, 万元, %."""
    value: Figure
    """How much."""
    direction: Direction = "at_least"
    """At least so much, or at most."""
    since: date | None = None
    """Pursued from then on; left out: from the first day of the due year."""
    due: date
    """By when."""
    owner: str
    """A unit of the plan."""
    adds_up: bool = False
    """Each figure contains the ones before it, so that it cannot fall within a year."""
    reports: tuple[ReportKind, ...] | None = None
    """Which of the plan's reports are owed on it; left out: all, an empty list: none."""
    parts: tuple[tuple[str, ...], ...] = ()
    """Each list names targets of this plan, in the same measure, whose values add up to this one's (23 = 12 + 11 = 8 + 15)."""
    clause: str
    """Where it is laid down."""

    @property
    def pursued_from(self) -> date:
        return self.since or date(self.due.year, 1, 1)


class UnevenParts(NamedTuple):
    """Parts that do not make their whole: `total` is what they add up to; `unknown` are parts that are no target of the plan, or one in
    another measure (they are not in the total)."""

    target: str
    value: Decimal
    parts: tuple[str, ...]
    total: Decimal
    unknown: tuple[str, ...]


def parts_that_do_not_add_up(plan: Plan) -> list[UnevenParts]:
    """Every list of parts whose values are not the whole's (23 = 12 + 11 = 8 + 15), in the order of the plan's text."""
    targets = {target.code: target for target in plan.targets}
    found = []
    for whole in plan.targets:
        for parts in whole.parts:
            known = [targets[code] for code in parts if code in targets and targets[code].measure == whole.measure]
            unknown = tuple(code for code in parts if code not in {part.code for part in known})
            total = sum((part.value for part in known), Decimal(0))
            if unknown or total != whole.value:
                found.append(UnevenParts(whole.code, whole.value, parts, total, unknown))
    return found
