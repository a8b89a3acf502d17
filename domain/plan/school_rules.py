"""控辍保学, 学校结对, 留守儿童: what a plan wants of dropout cases, of paired schools and of the register of left-behind children.

An absent word is no duty: a plan that says nothing about joint research owes none, and a stage without a cap has none.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from .words import MonthDay, Stage, Words

TeamRole = Literal["teacher", "village-cadre", "guardian"]
Side = Literal["town", "village"]

_FOUR_DECIMALS = Decimal("0.0001")


def _percent(value: object) -> Decimal:
    """A percentage as written (`"0.6"`, `95`); a float would have lost what was written."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("write a percentage as a whole number or as text, such as \"0.6\"")
    try:
        percent = Decimal(value)
    except InvalidOperation:
        raise ValueError("write a percentage as a whole number or as text, such as \"0.6\"") from None
    if not percent.is_finite() or not 0 <= percent <= 100:
        raise ValueError("a percentage lies between 0 and 100")
    return percent


Percent = Annotated[Decimal, BeforeValidator(_percent)]
"""Written as text or a whole number, kept exactly."""


class Term(Words):
    """A term of every year as the plan counts it, both days included; it ends in the year it begins in."""

    name: str
    """As `schoolpair list` shows it."""
    first: MonthDay
    """Its first day."""
    last: MonthDay
    """Its last day."""

    @model_validator(mode="after")
    def _order(self) -> Term:
        if (self.first.month, self.first.day) > (self.last.month, self.last.day):
            raise ValueError(f"term {self.name} ends before it begins")
        return self

    def in_year(self, year: int) -> tuple[date, date]:
        """First and last day of the term in that year."""
        return self.first.in_year(year), self.last.in_year(year)


class DropoutRules(Words):
    """三帮一: who helps each pupil who has dropped out, and how many may be lost."""

    team: tuple[TeamRole, ...] = ()
    """Who each case must have."""
    caps: dict[Stage, Percent] = Field(default_factory=dict)
    """学段 → percent of the pupils at the start of the year that those not returned by `counted_on` may not exceed."""
    counted_on: MonthDay = MonthDay(month=12, day=31)
    """The day on which it is counted."""
    clause: str
    """Where it is laid down."""

    def above_cap(self, stage: str, not_returned: int, pupils: int) -> bool | None:
        """Whether so many of so many are more than the cap, worked out without rounding; None where the stage has no cap."""
        cap = {str(name): percent for name, percent in self.caps.items()}.get(stage)
        return None if cap is None else not_returned * 100 > cap * pupils


class SchoolPairRules(Words):
    """What the two schools of a pair owe each year, and by which day of the year they are paired."""

    fixed_by: MonthDay | None = None
    """The day of the year by which the pairs are fixed."""
    joint_research_per_term: int = Field(default=0, ge=0)
    """联合教研: meetings in each of `terms`."""
    exchanged_each_way: int = Field(default=0, ge=0)
    """互派挂职: people a year from the town to the village, and as many back."""
    terms: tuple[Term, ...] = ()
    """The terms of a year as they are counted here."""
    clause: str
    """Where it is laid down."""

    @model_validator(mode="after")
    def _terms(self) -> SchoolPairRules:
        if self.joint_research_per_term and not self.terms:
            raise ValueError("joint research per term needs the terms")
        return self


class LeftBehindRules(Words):
    """How soon after a term's first day a left-behind child is registered, and which papers the child has."""

    registered_within_days: int | None = Field(default=None, ge=0)
    """Within so many days of the first day of the term (1 March, 1 September)."""
    file: bool = False
    """一人一档: every child has a file."""
    contact_card: bool = False
    """联系卡: every child has a card."""
    clause: str
    """Where it is laid down."""


def rate_percent(not_returned: int, pupils: int) -> Decimal:
    """How many per hundred, to four decimals, halves rounded up. ValueError where there are no pupils."""
    if pupils <= 0:
        raise ValueError("a rate needs pupils")
    return (Decimal(not_returned) * 100 / Decimal(pupils)).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)
