"""结对帮扶 and 学业帮扶: what a plan wants of a pairing, month by month, quarter by quarter and year by year, and of a tutor, week by week.

What a record must be (in time, no copy, possible) is said by figures as well; where a plan is silent the figures of WORKBOOKS.md stand.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from ..values.cadences import Cadence, Years
from .words import Words


class PairingRules(Words):
    """What a pairing owes; an absent word is no duty."""

    call: Cadence | None = None
    """How often somebody telephones (电话)."""
    visit: Cadence | None = None
    """How often somebody visits (入户, 走访)."""
    support: Cadence | None = None
    """How often money or goods are given; no amount is asked."""
    problem_solved: Cadence | None = None
    """How often a concrete problem is solved."""
    years: Years = "own"
    """Whose years a yearly duty counts in: twelve months from the first full one on, or calendar years."""
    cadres_per_household: int | None = Field(default=None, ge=1)
    """A unit helps at least one household for so many cadres."""
    recorded_within_days: int = Field(default=30, ge=0)
    """A contact written down later than that is late."""
    copied_from: int = Field(default=5, ge=2)
    """One helper, one day, one text on so many pairings looks copied."""
    visits_a_day: int = Field(default=8, ge=1)
    """More visits of one helper in a day are impossible."""
    clause: str = ""
    """Where it is laid down."""


class CheckWeeks(Words):
    """One check of a term (期初, 期中, 期末): within the weeks `first` to `last`, both included, counted from the term's first Monday."""

    name: str
    """As `tutoring check --check` names it."""
    first: int = Field(ge=1)
    """The first week."""
    last: int = Field(ge=1)
    """The last week; the checks follow one another."""


class TutoringRules(Words):
    """What a failed course sets off, each term."""

    pass_mark: int = Field(default=60, ge=0, le=100)
    """A mark of so much or more is no failure."""
    checks: tuple[CheckWeeks, ...] = ()
    """In each of these windows a tutor has at least one record."""
    weekly_duty_minutes: int | None = Field(default=None, ge=1)
    """In every week one record of so many minutes or more (值班)."""
    parents_notified: bool = False
    """Parents are told of failures each term."""
    clause: str = ""
    """Where it is laid down."""

    @model_validator(mode="after")
    def _in_order(self) -> TutoringRules:
        before = 0
        for check in self.checks:
            if not before < check.first <= check.last:
                raise ValueError(f"check {check.name}: weeks {check.first} to {check.last} do not follow week {before}")
            before = check.last
        return self
